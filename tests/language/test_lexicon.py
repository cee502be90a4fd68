"""The word lists: every entry is of a kind that the parser knows."""

from collections import Counter
from typing import get_args

import pytest

from clipactor_node.language import lexicon as lex
from clipactor_node.language import parse, spaced, tokens, translated
from clipactor_node.language.foreign_words import ENTRIES, Kind


def test_every_irregular_form_is_of_a_verb():
    missing = set(lex.IRREGULAR.values()) - lex.VERBS
    assert missing == {"die"}  # no verb in its base form: "die Frau" is German


def test_every_direction_and_number_is_one():
    assert set(lex.DIRECTIONS.values()) <= set(get_args(lex.Direction)) - {""}
    assert all(number > 0 for number in lex.NUMBERS.values())


@pytest.mark.parametrize("name", [name for name in vars(lex) if name.isupper()])
def test_words_are_lower_case(name):
    words = [" ".join(word) if isinstance(word, tuple) else word for word in getattr(lex, name)]
    assert words and all(word and word == word.lower() for word in words)


def test_a_foreign_word_has_one_meaning():
    words = Counter(word for entry in ENTRIES for word in (*entry.words, *entry.chinese))
    assert [word for word, count in words.items() if count > 1] == []
    assert all(isinstance(entry.kind, Kind) and (entry.words or entry.chinese) for entry in ENTRIES)


def test_an_unknown_kind_is_an_error():
    with pytest.raises(ValueError, match="hat"):
        Kind("hat")


def test_a_sentence_of_another_language_is_translated_word_by_word():
    assert translated(["un", "hombre", "con", "camisa", "azul", "oscuro"]) == [
        "a",
        "man",
        "with",
        "shirt",
        "dark",
        "blue",
    ]
    assert translated(["a", "man", "in", "blue", "jeans"]) == ["a", "man", "in", "blue", "jeans"]
    assert tokens(spaced("红色t恤")) == ["red", "t-shirt"]


def test_tokens_are_words_and_marks_as_typed():
    assert tokens("Isn't a T-shirt, #FF8000 & red?") == [
        "Isn't",
        "a",
        "T-shirt",
        ",",
        "#FF8000",
        "&",
        "red",
        "?",
    ]


@pytest.mark.parametrize(
    "text", ["I'd like you to dance", "i would like you to dance", "could you please dance"]
)
def test_how_people_ask_is_nobody_who_acts(text):
    assert (parse(text).actions, parse(text).subject) == (("dance",), "")
