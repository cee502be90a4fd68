"""Cloth that hangs around both legs, and brims: what displacement along the normals can make of a body."""

import numpy as np
import pytest

from clipactor_node.appearance.outfit.proposing import propose
from clipactor_node.appearance.painting import paint
from clipactor_node.appearance.painting.draping import REACH_M, hanging
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import load

BODY = load()
SURFACE = surface_coordinates(BODY)
HEIGHTS = (2.3, 2.5, 2.7)
"""Between the knee and the crotch."""


def dressed(text: str) -> np.ndarray:
    """The T-pose in the clothes of a sentence, (V, 3)."""
    displacement = paint(propose(text).outfit, BODY).displacement
    return BODY.template + SURFACE.normal * displacement[:, None]


def slices(points: np.ndarray):
    """The points of both legs at each of `HEIGHTS`, the edges being up to 4 cm long there."""
    for height in HEIGHTS:
        yield points[SURFACE.leg & (np.abs(points[:, 1] - SURFACE.y_at(height)) < 0.02)]


def gap(text: str) -> float:
    """The widest gap between the legs, metres."""
    return max(2 * np.abs(at[:, 0]).min() for at in slices(dressed(text)))


@pytest.mark.parametrize("garment", ["knee-length skirt", "dress", "long coat", "kilt", "robe"])
def test_a_skirt_has_no_gap_between_the_legs(garment):
    assert gap(f"a blue {garment}") < 0.03
    assert gap("blue trousers") > 0.06


def test_a_skirt_widens_to_its_hem_and_is_as_deep_as_the_hips():
    knee, thigh = (next(slices(dressed(f"a {cut} red skirt"))) for cut in ("knee-length", "mini"))
    hips = np.ptp(BODY.template[SURFACE.leg | (SURFACE.y < SURFACE.y_at(3.6))][:, 2])
    assert np.ptp(knee[:, 2]) > 0.8 * hips > np.ptp(thigh[:, 2])
    widths = [np.ptp(at[:, 0]) for at in slices(dressed("a knee-length red skirt"))]
    assert widths[0] > widths[1] > widths[2]


def test_what_hangs_ends_above_the_feet_and_never_moves_arms():
    away = hanging(SURFACE, 4.0, 0.95, 0.04)
    assert away[SURFACE.arm].max() == 0
    assert away.min() >= 0 and away.max() <= REACH_M
    shoes = paint(propose("a floor-length gown and black shoes").outfit, BODY)
    toes = SURFACE.leg & (SURFACE.y < SURFACE.y_at(0.6)) & (SURFACE.z > 0.08)
    assert shoes.displacement[toes].max() < 0.02


def test_a_cape_hangs_behind_only():
    displacement = paint(propose("a red cape").outfit, BODY).displacement
    shin = SURFACE.leg & (np.abs(SURFACE.y - SURFACE.y_at(1.6)) < 0.08)
    assert displacement[shin & (SURFACE.front < -0.03)].max() > 0.04
    assert displacement[shin & (SURFACE.front > 0.03)].max() < 0.02


def test_a_brim_is_round_from_above():
    points = dressed("a brown hat")
    head = SURFACE.skull & (SURFACE.head[:, 1] > -0.01)
    eyes = (BODY.template[:, 2] - SURFACE.head[:, 2])[head]
    out = points[head] - np.stack([0 * eyes, 0 * eyes, eyes - 0.075], 1)
    angle = np.degrees(np.arctan2(out[:, 0], out[:, 2])) % 360
    radius = [np.hypot(*out[np.abs(angle - a) < 15][:, [0, 2]].T).max() for a in range(15, 360, 30)]
    assert min(radius) > 0.14
    assert np.std(radius) < 0.02


def test_a_helmet_leaves_the_ears_alone():
    displacement = paint(propose("a white helmet").outfit, BODY).displacement
    ears = SURFACE.skull & (SURFACE.head[:, 0] > 0.079)
    assert displacement[ears].max() < 0.02


def test_a_knight_wears_mail_under_his_tabard():
    outfit = propose("a knight").outfit
    assert outfit.get("overvest").kind == "tabard"
    assert outfit.get("top").kind == "chainmail"


def test_cloth_lies_flat_on_ears():
    ears = SURFACE.skull & (SURFACE.head[:, 0] > 0.079)
    for text in ("a grey beanie", "a woman with long hair", "a green hood"):
        assert paint(propose(text).outfit, BODY).displacement[ears].max() < 0.006
