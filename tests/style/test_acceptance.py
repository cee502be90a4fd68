"""When a refined style is no longer what its words say."""

import numpy as np
import pytest

from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.appearance.painting import paint, regions
from clipactor_node.style.acceptance import named_parts, spoilt


def parts_of(prompt, body):
    outfit = propose_outfit(prompt).outfit
    colors = 255.0 * paint(outfit, body).colors
    return named_parts(prompt, body.template, regions(outfit, body)[0], colors), colors


@pytest.fixture
def batman(body):
    return parts_of("Batman", body)


def test_the_proposal_itself_spoils_nothing(batman):
    parts, colors = batman
    assert spoilt(parts, colors) == []


def test_a_pink_groin_is_found_though_it_is_a_small_part_of_the_leggings(batman, body):
    parts, colors = batman
    (leggings,) = (part for part in parts if part.name == "leggings")
    place = body.template[leggings.where]
    groin = leggings.where[np.argsort(-place[:, 1] + 2 * np.abs(place[:, 0]))[: len(place) // 6]]
    pink = colors.copy()
    pink[groin] += [11.0, -8.0, 0.0]  # no channel by more than eleven
    (said,) = spoilt(parts, pink)
    assert said.startswith("leggings (") and "up to" in said


def test_folds_and_buttons_and_what_cannot_be_seen_are_no_stains(batman, body):
    parts, colors = batman
    assert spoilt(parts, colors + [2.0, 2.0, 0.0]) == []
    random = np.random.default_rng(0)
    folds = colors * (1.0 + 0.08 * random.standard_normal(len(colors)))[:, None]  # light and dark, close by
    assert spoilt(parts, folds.clip(0, 255)) == []


def test_nearer_to_the_color_is_no_worse(batman):
    parts, colors = batman
    better = colors.copy()
    for part in parts:
        better[part.where] = part.wanted[0]
    assert spoilt(parts, better) == []


def test_only_what_the_words_name_is_held(body):
    assert {part.name for part in parts_of("a person in a red t-shirt", body)[0]} == {"t-shirt"}
    assert parts_of("somebody", body)[0] == []
