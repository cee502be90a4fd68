"""A style of one body on another."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body.subdivision import subdivided
from clipactor_node.style import Style, StyleCard, transfer


def clothed(body):
    card = StyleCard(
        key="k", prompt="plain", seed=0, preset="", schedule={}, model="", body="", frames="", clip="",
        vertices=len(body.template), subdivisions=0, status="complete", iterations=0, images=0, seconds=0.0,
        score=0.0, proposal_score=0.0, moved=0.0, losses=[], scores=[], events=[], made_with={}, created="",
    )  # fmt: skip
    relief = (0.02 * np.sin(9 * body.template[:, 1])).astype(np.float16)
    return Style(card, plain_clothes(body).srgb, relief, body.template.astype(np.float16))


@pytest.fixture(scope="module")
def finer(body):
    return subdivided(body)


def test_to_a_subdivision_and_back_is_no_change(body, finer):
    style = clothed(body)
    there = transfer(style, finer.template)
    assert len(there.colors) == len(finer.template) == there.card.vertices
    back = transfer(there, body.template)
    assert np.array_equal(back.colors, style.colors)
    assert np.array_equal(back.displacement, style.displacement)


def test_new_vertices_look_like_their_surroundings(body, finer):
    there = transfer(clothed(body), finer.template)
    exact = clothed(finer)
    same = (np.abs(there.colors.astype(int) - exact.colors).max(1) < 40).mean()
    assert same > 0.97
    assert np.abs(there.displacement.astype(float) - exact.displacement).max() < 0.005


def test_a_smaller_body_wears_the_same_clothes(body):
    small = replace(body, template=(0.6 * body.template + [0.0, 0.2, 0.0]).astype(np.float32))
    worn = transfer(clothed(body), small.template)
    assert (np.abs(worn.colors.astype(int) - plain_clothes(body).srgb).max(1) < 30).mean() > 0.97


def test_its_own_body_changes_nothing(body):
    style = clothed(body)
    assert np.array_equal(transfer(style, body.template).colors, style.colors)
