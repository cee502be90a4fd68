"""Outfits on the body: where colors and cloth end up."""

import numpy as np
import pytest

from clipactor_node.appearance.colors import BASIC, NAMED, SKIN, distance
from clipactor_node.appearance.garments import PLAIN, Outfit, piece
from clipactor_node.appearance.kinds import KINDS, PATTERNS
from clipactor_node.appearance.outfit.proposing import propose
from clipactor_node.appearance.painting import paint
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import load
from clipactor_node.imagetext.embedded.readout_targets import PARTS, part_masks, read_mesh
from clipactor_node.imagetext.training.checks import HEMS, SLEEVES, check, hem_end, prompts, sleeve_end

BODY = load()
SURFACE = surface_coordinates(BODY)
MASKS = part_masks(SURFACE)


def parts(outfit: Outfit) -> dict[str, np.ndarray]:
    colors = 255 * read_mesh(paint(outfit, BODY).colors, MASKS)
    return dict(zip(PARTS, colors, strict=True))


def test_every_part_has_vertices_and_none_is_in_two_places():
    assert MASKS.sum(1).min() >= 5
    assert MASKS.sum(0).max() <= 2  # the placket may touch the belly


def test_a_t_shirt_ends_above_the_elbow_and_trousers_at_the_ankle():
    seen = parts(propose("a red t-shirt and blue trousers").outfit)
    for part, color in {"chest": "red", "upper arm": "red", "thigh": "blue", "shin": "blue"}.items():
        assert distance(seen[part], np.array(NAMED[color])) < 5, part
    for part in ("forearm", "hand", "face"):
        assert distance(seen[part], np.array(SKIN["medium"])) < 12, part


def test_an_open_jacket_shows_the_shirt():
    seen = parts(propose("an open black jacket over a white t-shirt").outfit)
    assert distance(seen["placket"], np.array(BASIC["white"])) < 15
    assert distance(seen["chest"], np.array(BASIC["black"])) < 15


@pytest.mark.parametrize(
    ("words", "name"), [("sleeveless", "none"), ("short-sleeved", "short"), ("long-sleeved", "long")]
)
def test_sleeves_end_where_the_text_says(words, name):
    colors = paint(propose(f"a {words} green shirt").outfit, BODY).colors
    seen = dict(zip(PARTS, 255 * read_mesh(colors, MASKS), strict=True))
    low, high = SLEEVES[name]
    assert low <= sleeve_end(colors, SURFACE, seen) <= high


@pytest.mark.parametrize(
    ("garment", "name"), [("shorts", "short"), ("trousers", "long"), ("knee-length skirt", "knee")]
)
def test_hems_end_where_the_text_says(garment, name):
    colors = paint(propose(f"green {garment}, barefoot").outfit, BODY).colors
    seen = dict(zip(PARTS, 255 * read_mesh(colors, MASKS), strict=True))
    low, high = HEMS[name]
    assert low <= hem_end(colors, SURFACE, seen) <= high


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_painted_and_is_seen(kind):
    new = piece(kind, (250, 0, 250))
    outfit = PLAIN.with_piece(new)
    without, painted = paint(PLAIN, BODY), paint(outfit, BODY)
    assert np.abs(painted.colors - without.colors).max() > 0.2
    assert np.abs(painted.displacement).max() <= 0.1


@pytest.mark.parametrize("pattern", [p for p in PATTERNS if p != "plain"])
def test_every_pattern_shows_both_colors(pattern):
    new = piece("sweater", NAMED["white"], pattern=pattern, second=NAMED["black"])
    colors = 255 * paint(PLAIN.with_piece(new), BODY).colors
    upper = (SURFACE.y > SURFACE.y_at(4.2)) & (SURFACE.side < SURFACE.x_at(1.5))
    away = [distance(colors[upper], np.array(NAMED[name])) for name in ("white", "black")]
    assert (away[0] < 12).sum() > 20 and (away[1] < 30).sum() > 20


def test_an_outfit_is_symmetric_unless_its_pattern_is_not():
    colors = paint(propose("a man in a suit and tie").outfit, BODY).colors
    left, right = (MASKS[PARTS.index("chest")] & side for side in (SURFACE.x > 0, SURFACE.x < 0))
    assert np.allclose(colors[left].mean(0), colors[right].mean(0), atol=0.02)


def test_eyes_and_fingers_keep_their_shape():
    displacement = paint(propose("an astronaut").outfit, BODY).displacement
    assert np.abs(displacement[SURFACE.eyes]).max() == 0
    assert displacement[SURFACE.side > SURFACE.x_at(2.2)].max() < 0.012


def test_a_proposal_fits_every_resolution():
    from clipactor_node.body.subdivision import cached_subdivision

    finer = cached_subdivision(BODY)
    outfit = propose("a red t-shirt and blue jeans").outfit
    coarse, fine = paint(outfit, BODY), paint(outfit, finer)
    assert len(fine.colors) == len(finer.template)
    same = np.abs(fine.colors[: len(BODY.template)] - coarse.colors).max(1) < 0.1
    assert same.mean() > 0.95


def test_there_are_forty_prompts_of_three_groups_and_most_proposals_are_right():
    groups = [p.group for p in prompts()]
    assert (groups.count("plain"), groups.count("job"), groups.count("paraphrase")) == (20, 10, 10)
    checks = [c for p in prompts() for c in check(p, paint(propose(p.text).outfit, BODY).colors, BODY)]
    assert sum(c.right for c in checks) / len(checks) >= 0.9


def test_a_check_can_fail():
    prompt = prompts()[0]
    wrong = paint(propose("a green dress").outfit, BODY).colors
    assert sum(c.right for c in check(prompt, wrong, BODY)) <= 2
