"""Faces, manners and speech in a command."""

import pytest

from clipactor_node.errors import PromptError
from clipactor_node.face import EXPRESSIONS
from clipactor_node.language import MANNERS, parse
from clipactor_node.language.feelings import _FACES
from clipactor_node.motion import MANNERS as KNOWN


def layers(text):
    return [layer for step in parse(text).plan for layer in step]


def test_every_word_names_what_there_is():
    assert set(_FACES) <= set(EXPRESSIONS)
    assert set(MANNERS) == set(KNOWN)


@pytest.mark.parametrize(
    ("text", "face", "alone"),
    [
        ("she smiles", "smile", True),
        ("he closes his eyes", "eyes_closed", True),
        ("she winks", "wink", True),
        ("wink with your right eye", "wink_right", True),
        ("puff your cheeks", "cheeks_puffed", True),
        ("raise your eyebrows", "brows_up", True),
        ("walk with a smile", "smile", False),
        ("she laughs", "laugh", False),
        ("he looks surprised", "surprised", False),
        ("wave without a smile", "", False),
        ("don't smile", "", True),
        ("blow a kiss", "", False),
        ("roll forward", "", False),
        ("close the door", "", False),
    ],
)
def test_faces(text, face, alone):
    (layer,) = layers(text)
    assert (layer.face, layer.face_alone) == (face, alone)


@pytest.mark.parametrize(
    ("text", "manner", "plain"),
    [
        ("walk angrily", "angry", "walk"),
        ("walk very sadly", "sad", "walk"),
        ("walks like an old man", "old", "walks"),
        ("walks as if drunk", "drunk", "walks"),
        ("proudly marches", "proud", "marches"),
        ("an angry man walks", "angry", "walks"),
        ("he is tired", "tired", ""),
        ("dance like a robot", "", "dance like a robot"),
        ("wave, not angrily", "", None),
    ],
)
def test_manners(text, manner, plain):
    layer = layers(text)[0]
    assert layer.manner == manner
    assert plain is None or layer.plain == plain


def test_a_feeling_is_no_look():
    assert parse("an angry man walks").appearance == ""
    assert parse("the smiling girl waves").appearance == ""
    assert "red coat" in parse("an angry man in a red coat walks").appearance


def test_and_is_at_once_and_then_is_not():
    assert [len(step) for step in parse("waves and smiles").plan] == [2]
    assert [len(step) for step in parse("waves, then smiles").plan] == [1, 1]


@pytest.mark.parametrize(
    ("text", "speech", "done"),
    [
        ('say: "hello world"', "hello world", []),
        ('waves and says "hello, how are you"', "hello, how are you", ["waves"]),
        ("he says 'it's me' and bows", "it's me", ["bows"]),
        ("say: good morning", "good morning", []),
        ("shake your head to say no", "", ["shake your head to say no"]),
    ],
)
def test_speech(text, speech, done):
    prompt = parse(text)
    assert prompt.speech == speech
    assert list(prompt.actions) == done


def test_nothing_to_say_is_no_speech():
    with pytest.raises(PromptError):
        parse('""')
    assert parse('say: ""').speech == ""
