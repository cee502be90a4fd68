"""A command taken apart: control word, actions and their plan, subject, clothes."""

from clipactor_node.language.cleaning import checked_words, tokens
from clipactor_node.language.feelings import MANNERS, manner_in
from clipactor_node.language.foreign import spaced, translated
from clipactor_node.language.parse import as_prompt, parse
from clipactor_node.language.prompt import Layer, Prompt, Step, is_generic
from clipactor_node.language.rules import rules_digest
from clipactor_node.language.synonyms import (
    is_action_as_object,
    is_bare,
    is_only_object,
    is_opposite,
    is_same_action,
    is_vague,
    label_layers,
    label_sentences,
    names_other_thing,
    normal_form,
    query_sentences,
)
from clipactor_node.language.targets import GO_VERBS, ME, Target

__all__ = [
    "GO_VERBS",
    "MANNERS",
    "ME",
    "Layer",
    "Prompt",
    "Step",
    "Target",
    "as_prompt",
    "checked_words",
    "is_action_as_object",
    "is_bare",
    "is_generic",
    "is_only_object",
    "is_opposite",
    "is_same_action",
    "is_vague",
    "label_layers",
    "label_sentences",
    "manner_in",
    "names_other_thing",
    "normal_form",
    "parse",
    "query_sentences",
    "rules_digest",
    "spaced",
    "tokens",
    "translated",
]
