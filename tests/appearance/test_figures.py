"""Bodies and faces from words."""

import numpy as np
import pytest

from clipactor_node import body as bodies
from clipactor_node.appearance.figure import FIGURES, betas_of, merged, seed_of
from clipactor_node.appearance.outfit import shipped
from clipactor_node.appearance.outfit.proposing import propose

BODY = bodies.load()


def height(text: str) -> float:
    return float(np.ptp(BODY.shape(propose(text).betas(BODY))[:, 1]))


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("a person is walking", 1.69),
        ("a woman is walking", 1.65),
        ("a man is walking", 1.74),
        ("a child is walking", 1.21),
        ("a toddler is walking", 0.93),
        ("a tall man is walking", 1.91),
        ("a short woman is walking", 1.50),
        ("a man who is very tall is walking", 1.91),
        ("a tall, fat, old man is walking", 1.88),
    ],
)
def test_words_say_how_tall_somebody_is(text, metres):
    assert height(text) == pytest.approx(metres, abs=0.02)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("an old fat man in a suit", {"man", "old", "fat"}),
        ("a pregnant woman", {"woman", "pregnant"}),
        ("a muscular firefighter", {"muscular"}),
        ("a small teenage boy with freckles", {"man", "teenager", "little"}),
        ("a thin person with broad shoulders", {"thin", "broad"}),
        ("a grandmother is dancing", {"woman", "old"}),
        ("a person in an old coat and a big hat", set()),
        ("a person in a short skirt and thin tights", set()),
        ("a person in skinny jeans", set()),
        ("a young woman, no, she is old", {"woman", "old"}),
        ("old and fat", {"old", "fat"}),
    ],
)
def test_adjectives_of_people_are_not_those_of_clothes(text, figure):
    assert set(propose(text).outfit.figure) == figure


def test_named_people_bring_their_bodies_and_words_win():
    assert set(propose("santa claus").outfit.figure) == {"man", "old", "fat"}
    assert set(propose("a thin santa claus").outfit.figure) == {"man", "old", "thin"}


def test_of_words_that_exclude_each_other_the_last_counts():
    assert merged(("woman", "fat", "man", "thin")) == ("man", "thin")


def test_a_name_is_always_the_same_person_and_others_differ():
    first = propose("Steve Jobs is walking")
    assert first.betas(BODY, 3) == first.betas(BODY, 4) == propose("steve jobs").betas(BODY)
    assert propose("Albert Einstein").betas(BODY) != first.betas(BODY)
    doctor = propose("a doctor is walking")
    assert doctor.betas(BODY) == ()
    assert doctor.betas(BODY, 1) != doctor.betas(BODY, 2)
    assert doctor.betas(BODY, 1) == doctor.betas(BODY, 1)
    assert seed_of("emma", 5) == seed_of("emma")


def test_nobody_is_taller_or_smaller_than_people_are():
    for seed in range(1, 60):
        for words in (("tall", "man"), ("short", "woman"), ("child",), ()):
            tall = np.ptp(BODY.shape(betas_of(words, BODY, seed))[:, 1])
            assert 1.0 < tall < 2.15


def test_every_word_of_a_figure_changes_the_body():
    for word in FIGURES:
        moved = np.abs(BODY.shape(betas_of((word,), BODY)) - BODY.template).max()
        assert moved > 0.001, word


def test_a_body_without_those_parameters_keeps_its_shape():
    other = bodies.load().without("tongue")
    few = other.shape_directions[:, :, :0]
    from dataclasses import replace

    assert betas_of(("child", "fat"), replace(other, shape_directions=few, shape_names=())) == ()


def test_marks_come_with_their_colors():
    marks = dict(propose("a woman with dark red lipstick and freckles").outfit.marks)
    assert marks["freckles"] is None
    assert marks["lipstick"][0] > 2 * marks["lipstick"][2]
    assert "makeup" not in dict(propose("a woman without makeup").outfit.marks)


def test_marks_are_painted_where_they_belong():
    from clipactor_node.appearance.garments import Outfit
    from clipactor_node.appearance.painting import head, skin_marks
    from clipactor_node.appearance.painting.surface import surface_coordinates

    surface = surface_coordinates(BODY)
    bare, _ = head.person(Outfit(), surface)
    x, up, forward = surface.head.T
    for mark, (at_x, at_up) in {"lipstick": (0.0, -0.069), "blush": (0.043, -0.036)}.items():
        painted, _ = head.person(Outfit(marks=((mark, None),)), surface)
        changed = np.abs(painted - bare).sum(1)
        near = surface.skull & (np.hypot(x - at_x, up - at_up) < 0.012) & (forward > -0.04)
        far = np.hypot(x - at_x, up - at_up) > 0.07
        assert changed[near].max() > 30, mark
        assert changed[far].max() < 2, mark
    assert set(skin_marks._SHARES) == {*skin_marks._USUAL, "freckles", "wrinkles"}


def test_at_least_three_hundred_people_and_roles():
    assert len(shipped()) >= 300


def test_what_is_said_and_cannot_be_made_is_told():
    notes = propose("an angel with white wings and a sword").notes
    assert [note for note in notes if "wings" in note]
    assert [note for note in notes if "sword" in note]
    assert not [note for note in propose("an angel without wings").notes if "wings" in note]


@pytest.mark.parametrize(
    ("command", "figure"),
    [
        ("a child jumps", {"child"}),
        ("a girl is dancing", {"woman", "child"}),
        ("a fat man is walking", {"man", "fat"}),
        ("a person walks", None),
        ("jump", None),
    ],
)
def test_commands_that_name_a_body_ask_for_it(command, figure):
    from clipactor_node.language import parse
    from clipactor_node.player import AppearanceRequest

    request = AppearanceRequest.of(parse(command))
    assert (None if request is None else set(request.proposed.outfit.figure)) == figure
