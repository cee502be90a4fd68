"""Named expressions: within what faces can do, told apart, with the names of REP 155."""

import itertools

import numpy as np
import pytest

from clipactor_node.errors import InvalidChoice
from clipactor_node.face import EXPRESSIONS, FaceLayer, expression_of, face_of
from clipactor_node.motion import MANNERS

REP_155 = (
    " neutral angry sad happy surprised disgusted scared pleading vulnerable despaired guilty disappointed "
    "embarrassed horrified skeptical annoyed furious suspicious rejected bored tired asleep confused amazed "
    "excited "
)


def test_every_expression_has_a_name_of_rep_155_and_is_within_its_range():
    for name, expression in EXPRESSIONS.items():
        assert f" {expression.hri} " in REP_155, name
        assert (expression.face >= 0).all() and (expression.face <= 1).all(), name
        assert 0.0 <= expression.jaw <= 0.3 and max(map(abs, (*expression.gaze, *expression.head))) <= 0.45, (
            name
        )


def test_feelings_are_told_apart():
    shown = ["neutral", "happy", "sad", "angry", "surprised", "scared", "disgusted", "tired"]
    for a, b in itertools.combinations(shown, 2):
        assert np.abs(EXPRESSIONS[a].face - EXPRESSIONS[b].face).max() >= 0.35, (a, b)


def test_clips_have_faces_by_what_they_are_called():
    assert expression_of("sob into the hands") == "cry"
    assert expression_of("pick up a box", "chuckle and hold the belly") == "laugh"
    assert expression_of("a person walks") == ""


def test_every_manner_has_a_face():
    assert {manner.expression for manner in MANNERS.values()} <= EXPRESSIONS.keys()


def test_unknown_names_are_answered_with_those_there_are():
    with pytest.raises(InvalidChoice, match="smil"):
        FaceLayer().show("smille")
    with pytest.raises(InvalidChoice, match="smile"):
        face_of({"smille": 1.0})
