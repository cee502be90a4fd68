"""Folds, normal maps and prints: where they are, how high, and that they are the same every time."""

import numpy as np
import pytest

from clipactor_node.appearance import Outfit, piece
from clipactor_node.appearance.cloth.cuts import cut_of
from clipactor_node.appearance.cloth.fabrics import material_of
from clipactor_node.appearance.cloth.folds import fold_heights
from clipactor_node.appearance.cloth.printing import printed, without_print
from clipactor_node.appearance.cloth.relief import normal_map, relief
from clipactor_node.appearance.cloth.smooth_noise import ridges, waves
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.kinds import FIGURES
from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.appearance.painting.surface import surface_at, surface_coordinates
from clipactor_node.body import load

BODY = load()
BARE = surface_coordinates(BODY)
SHIRT = GarmentSpec("trunk", 3.5, sleeve=1.9, ease=0.012)


def chest(step=0.004, facing=1.0):
    """A grid of texels before or behind the chest: points, their surface, x and y."""
    x, y = np.meshgrid(np.arange(-0.14, 0.14, step), np.arange(-0.12, 0.12, step))
    middle = BARE.y_at(5.02)
    points = np.stack([x.ravel(), middle + y.ravel(), np.full(x.size, 0.12 * facing)], 1)
    normal = np.tile([0.0, 0.0, facing], (len(points), 1))
    return surface_at(BODY, points, normal, np.full(len(points), 0.001)), x, y


def test_noise_is_the_same_every_time_smooth_and_as_wide_as_asked():
    u = np.linspace(0, 3.0, 6000)
    first, again = (waves(u, np.zeros_like(u), 0.10, 1.0, 3) for _ in range(2))
    assert np.array_equal(first, again)
    assert np.abs(np.diff(first)).max() < 0.1
    crests = ((first[1:-1] > first[:-2]) & (first[1:-1] > first[2:])).sum()
    assert 15 < crests < 60  # 3 m in waves of about 0.1 m
    crest = ridges(u, np.zeros_like(u), 0.10, 1.0, 3)
    assert crest.min() >= 0 and crest.max() <= 1


def test_a_sleeve_folds_at_the_elbow_more_than_at_the_upper_arm():
    away = fold_heights(SHIRT, BARE)
    assert away.min() >= 0 and away.max() < 0.012
    elbow, upper = (away[BARE.arm & (np.abs(BARE.side - BARE.x_at(at)) < 0.03)].max() for at in (1.0, 0.62))
    assert elbow > 1.5 * upper


def test_trousers_break_on_the_shoe_and_shorts_do_not_fold_at_the_knee():
    long, short = GarmentSpec("legs", 0.84, ease=0.012), GarmentSpec("legs", 2.25, ease=0.012)
    hem = BARE.leg & (BARE.y > BARE.y_at(0.9)) & (BARE.y < BARE.y_at(1.2))
    assert fold_heights(long, BARE)[hem].max() > 0.005
    knee = BARE.leg & (np.abs(BARE.y - BARE.y_at(2.0)) < 0.05)
    assert fold_heights(short, BARE)[knee].max() < 1e-3


def test_a_kilt_has_as_many_pleats_as_its_cut_says():
    kilt = cut_of(piece("kilt"), Outfit(pieces=(piece("kilt"),)))
    angle = np.linspace(-np.pi, np.pi, 4000, endpoint=False)
    points = np.stack([0.2 * np.sin(angle), np.full(4000, BARE.y_at(2.3)), 0.2 * np.cos(angle) - 0.005], 1)
    away = fold_heights(kilt, surface_at(BODY, points, points * [1, 0, 1] / 0.2, np.full(4000, 0.001)))
    edges = (np.abs(np.diff(np.concatenate([away, away[:1]]) > 0.5 * away.max()).astype(int))).sum()
    assert edges == 2 * kilt.pleats


def test_a_normal_map_of_a_slope_leans_down_the_slope():
    rows, columns = np.mgrid[0:16, 0:16].astype(np.float32)
    covered, metres = np.ones((16, 16), bool), np.full((16, 16), 0.001, np.float32)
    rises_right = normal_map(0.0005 * columns, covered, metres)[8, 8] / 127.5 - 1
    assert rises_right == pytest.approx([-0.5 / np.sqrt(1.25), 0, 1 / np.sqrt(1.25)], abs=0.01)
    rises_up = normal_map(-0.0005 * rows, covered, metres)[8, 8] / 127.5 - 1  # the first row is v = 1
    assert rises_up == pytest.approx([0, -0.5 / np.sqrt(1.25), 1 / np.sqrt(1.25)], abs=0.01)
    covered[:, 8:] = False
    assert tuple(normal_map(0.0005 * columns, covered, metres)[8, 12]) == (128, 128, 255)


def test_knit_is_rougher_than_satin():
    surface, x, y = chest()
    u, v, depth = x.ravel(), y.ravel(), np.full(x.size, 0.2)
    rough = {}
    for kind in ("sweater", "tie"):
        height = relief(piece(kind), Outfit(), surface, u, v, depth, np.zeros(len(u), bool))
        rough[kind] = height.std()
    assert rough["sweater"] > 3 * max(rough["tie"], 1e-5)
    assert material_of(piece("chainmail")) == "mail" and material_of(piece("t-shirt")) == "cotton"


@pytest.mark.parametrize("figure", FIGURES)
def test_figures_are_printed_on_the_chest_alone(figure):
    shirt = piece("t-shirt", (20, 20, 20), pattern="emblem", second=(250, 250, 250), figure=figure)
    for facing, inked in ((1.0, True), (-1.0, False)):
        surface, x, _ = chest(facing=facing)
        colors = printed(np.full((x.size, 3), 20.0, np.float32), shirt, surface)
        share = (colors[:, 0] > 200).mean()
        assert (0.02 < share < 0.4) == inked


def test_a_number_is_on_chest_and_back_and_read_from_left_to_right():
    shirt = piece("jersey", (20, 20, 20), pattern="emblem", second=(250, 250, 250), text="17")
    for facing in (1.0, -1.0):
        surface, x, y = chest(0.002, facing)
        ink = (printed(np.full((x.size, 3), 20.0, np.float32), shirt, surface)[:, 0] > 135).reshape(x.shape)
        # Seen from in front the reader's left is -x, from behind +x. The 7 has its bar on top, the 1 has not.
        left, right = (ink & (facing * x < 0)), (ink & (facing * x > 0))
        top = y > y[ink].max() - 0.02
        assert (right & top).sum() > 1.5 * (left & top).sum()
    assert without_print(shirt).pattern == "plain"


@pytest.mark.parametrize(
    ("text", "figure", "said", "color"),
    [
        ("a man in a red jersey with number 10 in white", None, "10", (242, 242, 240)),
        ("a boy in a number seven shirt", None, "7", None),
        ('a woman in a black t-shirt that says "Hello, World"', None, "Hello, World", None),
        ("a man in a green t-shirt reading ROS 2", None, "ROS 2", None),
        ("a man in a blue t-shirt with a yellow star", "star", None, (245, 210, 40)),
        ("a woman in a white t-shirt with a red heart", "heart", None, (200, 24, 34)),
        ("a man in a black t-shirt with a white logo", "shield", None, (242, 242, 240)),
    ],
)
def test_what_is_printed_is_read_from_the_sentence(text, figure, said, color):
    top = propose_outfit(text).outfit["top"]
    assert (top.figure, top.text) == (figure, said)
    assert color is None or top.second == color


def test_what_cannot_be_printed_is_said():
    long = propose_outfit('a man in a t-shirt that says "a sentence that nobody can read from afar"')
    assert long.outfit["top"].text == "a sentence that nobody c" and "24 letters" in " ".join(long.notes)
    anchor = propose_outfit("a sailor in a white t-shirt with a blue anchor")
    assert anchor.outfit["top"].figure == "shield" and "anchor" in " ".join(anchor.notes)


def test_a_number_of_something_else_is_not_printed():
    assert propose_outfit("a man who is the number 1 dancer").outfit["top"].text in (None, "1")
    assert propose_outfit("a woman in a dress, size 10").outfit["dress"].text is None
