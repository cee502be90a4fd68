"""Paraphrases and the sentences that stand for a text."""

import pytest

from clipactor_node.language import is_vague, label_layers, label_sentences, normal_form, query_sentences


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("walk", "walking"),
        ("walk", "A person is walking."),
        ("a person walks forward", "walking forward"),
        ("jump over the fence", "someone jumps over a fence"),
        ("sits down", "the man sat down"),
    ],
)
def test_paraphrases_have_one_normal_form(one, other):
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("walk", "walk backwards"),
        ("turn left", "turn right"),
        ("run", "does not run"),
        ("kick", "two kicks"),
        ("a robot walks", "a person walks"),
    ],
)
def test_different_meanings_have_different_normal_forms(one, other):
    assert normal_form(one) != normal_form(other)


def test_a_named_subject_and_clothes_leave_the_query():
    assert query_sentences("Freddie Mercury in a white vest is dancing") == ("a person dancing",)


def test_of_an_unnamed_subject_the_command_itself_counts_too():
    assert query_sentences("a man is dancing") == ("a person dancing", "a man is dancing")


def test_what_is_negated_leaves_the_query():
    assert query_sentences("a robot does not run but walks") == ("a person walks",)


def test_no_word_of_a_label_is_lost():
    assert label_sentences("star jumps") == ("star jumps", "a person star jumps")
    assert label_sentences("a person jumps") == ("a person jumps",)


@pytest.mark.parametrize("text", ["", "123", "🎉"])
def test_texts_without_words_stand_for_themselves(text):
    assert query_sentences(text) == (text,)
    assert label_sentences(text) == (text,)


@pytest.mark.parametrize("text", ["let the arms hang", "zip it and bow down twice", "a grumpy walk"])
def test_a_label_whose_words_are_not_all_in_its_actions_is_compared_whole(text):
    assert label_sentences(text)[0] == text
    assert set(text.split()) <= set(" ".join(label_sentences(text)[1:]).split())


@pytest.mark.parametrize(
    ("label", "asked", "vague"),
    [
        ("carry something heavy", "carry a suitcase", True),
        ("lift something heavy", "lift your right arm", False),
        ("carry a box", "carry a suitcase", False),
        ("carry something", "carry", False),
    ],
)
def test_a_label_may_leave_the_thing_open(label, asked, vague):
    assert is_vague(label_layers(label)[0], label_layers(asked)[0]) is vague
