"""A command taken apart: control word, actions and their plan, subject, clothes."""

from clipactor_node.prompts.normal import normal_form, sentences
from clipactor_node.prompts.parse import parse
from clipactor_node.prompts.prompt import CONTROLS, Layer, Prompt, Step

__all__ = ["CONTROLS", "Layer", "Prompt", "Step", "normal_form", "parse", "sentences"]
