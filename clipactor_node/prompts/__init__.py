"""A command taken apart: control word, actions and their plan, subject, clothes."""

from clipactor_node.prompts.normal import (
    label_layers,
    label_sentences,
    normal_form,
    query_sentences,
)
from clipactor_node.prompts.parse import parse
from clipactor_node.prompts.prompt import CONTROLS, Layer, Prompt, Step, is_generic

__all__ = [
    "CONTROLS",
    "Layer",
    "Prompt",
    "Step",
    "is_generic",
    "label_layers",
    "label_sentences",
    "normal_form",
    "parse",
    "query_sentences",
]
