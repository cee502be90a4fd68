"""Garments on the shipped body: whole, bound, hidden where they should, steady in poses."""

import numpy as np
import pytest

from clipactor_node.appearance import PLAIN, Outfit, piece
from clipactor_node.appearance.cloth import FitMeter, GarmentSpec, dressed, garment_of
from clipactor_node.appearance.cloth.cuts import cut_of, rank
from clipactor_node.appearance.cloth.footwear import LASTS, left_shoe
from clipactor_node.appearance.cloth.garment import merged, read_garment, write_garment
from clipactor_node.appearance.cloth.hats import HATS, hat_sheet
from clipactor_node.appearance.cloth.pose_shapes import features, leg_poses
from clipactor_node.appearance.cloth.sheet import border_loops, is_manifold
from clipactor_node.appearance.cloth.tailoring import tailored
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import Skinner, load
from clipactor_node.errors import ClipActorError, InvalidChoice
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.render.sheets import POSES, pose_named

BODY = load()
OUTFIT = Outfit(
    hair="bald", pieces=(piece("t-shirt", (200, 30, 30)), piece("jeans", (40, 60, 120)), piece("sneakers"))
)
SKIRT = GarmentSpec("skirt", 2.0, top=4.05, ease=0.007, flare=0.22)


@pytest.fixture(scope="module")
def clothed():
    return dressed(OUTFIT, BODY, texture=512)


@pytest.fixture(scope="module")
def shirt():
    return garment_of(cut_of(OUTFIT["top"], OUTFIT), BODY)


@pytest.fixture(scope="module")
def skirt():
    return garment_of(SKIRT, BODY)


def cloth_alone(garment):
    """Faces without the folded edge: their corners are those that lie inside a panel."""
    return garment.faces[(garment.depth[garment.uv_faces] >= 0).all(1)]


def test_a_shirt_has_four_borders_trousers_three_and_a_skirt_two(clothed, shirt, skirt):
    jeans = garment_of(cut_of(OUTFIT["bottom"], OUTFIT), BODY)
    for garment, loops in ((shirt, 4), (jeans, 3), (skirt, 2)):
        assert len(border_loops(cloth_alone(garment))) == loops
        assert is_manifold(garment.faces)


def test_what_is_made_is_finite_whole_and_weighted(shirt, skirt):
    for garment in (shirt, skirt):
        assert np.abs(garment.weights.sum(1) - 1).max() < 1e-5
        assert np.abs(garment.anchors.rows.sum(1) - 1).max() < 1e-5
        assert np.isfinite(garment.vertices).all() and np.isfinite(garment.uv).all()
        assert garment.faces.max() < len(garment.vertices) and garment.uv_faces.max() < len(garment.uv)


def test_a_garment_is_the_same_when_it_is_made_again():
    top = GarmentSpec("trunk", 4.3, sleeve=0.1, ease=0.008, arm_ease=0.010)
    one, again = tailored(top, BODY), tailored(top, BODY)
    for name in ("vertices", "faces", "weights", "anchor_shares", "uv", "depth", "hides"):
        assert np.array_equal(getattr(again, name), getattr(one, name)), name


def test_a_garment_comes_back_from_its_file_and_a_damaged_file_is_none(tmp_path, shirt):
    path = tmp_path / "x.safetensors"
    write_garment(path, shirt)
    assert np.array_equal(read_garment(path).vertices, shirt.vertices)
    path.write_bytes(path.read_bytes()[:900])
    assert read_garment(path) is None
    assert read_garment(tmp_path / "none.safetensors") is None


def test_cloth_lies_outside_the_skin_and_hides_the_trunk(shirt):
    surface = surface_coordinates(BODY)
    navel = BODY.landmarks["navel"]
    assert shirt.hides[navel]
    assert not shirt.hides[surface.skull].any() and not shirt.hides[surface.leg].any()
    hem = surface.y_at(3.35)
    hidden = BODY.template[shirt.hides]
    assert hidden[:, 1].min() > hem - 0.05


def test_the_whole_is_a_body_that_shapes_poses_and_export_take(clothed):
    whole = clothed.body
    assert np.array_equal(whole.landmarks["navel"], BODY.landmarks["navel"])
    bare, seen = Skinner(BODY), clothed.skinner()
    assert np.allclose(seen.rest_joints, bare.rest_joints, atol=1e-6)
    tall = clothed.skinner(betas=whole.betas(height=2))
    assert np.allclose(tall.rest_joints, Skinner(BODY, BODY.betas(height=2)).rest_joints, atol=1e-6)
    assert np.ptp(tall.rest_vertices[:, 1]) > np.ptp(seen.rest_vertices[:, 1]) + 0.05
    assert len(clothed.owner) == len(whole.faces) == len(whole.uv_faces)
    assert set(np.unique(clothed.owner)) == {-1, 0, 1, 2}


def test_clothes_follow_every_shape(clothed):
    """Of a fat body no covered skin comes out."""
    fat = BODY.betas(weight=2.0)
    skinner = Skinner(clothed.body, fat)
    count = len(BODY.template)
    shirt = np.unique(clothed.body.faces[clothed.owner == 2])
    grown = skinner.rest_vertices[shirt] - clothed.body.template[shirt]
    skin = Skinner(BODY, fat).rest_vertices - BODY.template
    assert np.abs(grown).max() == pytest.approx(np.abs(skin[clothed.covered.any(0)]).max(), rel=0.25)
    assert len(skinner.rest_vertices) > count


@pytest.mark.parametrize("name", tuple(POSES))
def test_hardly_any_skin_shows_and_cloth_is_hardly_stretched(clothed, name):
    fit = FitMeter(clothed, len(BODY.template)).measure(pose_named(BODY, name))
    assert fit.covered > 5000
    assert fit.shows <= 0.01 * fit.covered
    assert fit.stretched < 0.03


def test_a_skirt_goes_along_with_a_stride_in_one_piece(skirt):
    assert len(skirt.bends) == 4 and np.abs(skirt.bends).max() < 1.0
    poses = leg_poses()
    assert features(poses).shape == (len(poses), 36)
    left, right = JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]
    mirrored = poses[1 : 1 + (len(poses) - 1) // 2], poses[1 + (len(poses) - 1) // 2 :]
    assert np.allclose(mirrored[0][:, left, 0], mirrored[1][:, right, 0])
    sides = skirt.weights[:, left] - skirt.weights[:, right]
    assert np.corrcoef(sides, skirt.vertices[:, 0])[0, 1] > 0.8


def test_colors_reach_the_texture(clothed):
    texels = clothed.texture.reshape(-1, 3).astype(int)
    for color in ((200, 30, 30), (40, 60, 120)):
        assert (np.abs(texels - color).max(1) < 25).mean() > 0.05
    assert clothed.texture.shape == (512, 512, 3)


def test_shoes_stand_on_the_floor():
    surface, floor = surface_coordinates(BODY), float(BODY.template[:, 1].min())
    for last in LASTS.values():
        upper, sole = left_shoe(last, BODY, surface)
        assert sole.vertices[:, 1].min() == pytest.approx(floor, abs=0.001)
        assert upper.vertices[:, 0].min() > 0.0
        toes = BODY.template[BODY.landmarks["left_big_toe"]]
        assert sole.vertices[:, 2].max() > toes[2] - 0.005  # the tightest end where the toes do


def test_every_hat_sits_around_the_skull():
    crown = float(BODY.template[:, 1].max())
    for kind in HATS:
        sheet = hat_sheet(kind, BODY)
        assert np.isfinite(sheet.vertices).all() and is_manifold(sheet.faces)
        assert abs(sheet.vertices[:, 0].mean()) < (0.03 if kind == "beret" else 0.005)  # worn aslant
        assert sheet.vertices[:, 1].min() > crown - 0.26  # the lowest covers the neck


def test_boots_go_under_trousers_and_tucked_shirts_inside():
    outfit = PLAIN.with_piece(piece("boots")).with_piece(piece("shirt"))
    assert rank(outfit["shoes"], outfit) < rank(outfit["bottom"], outfit)
    assert rank(outfit["top"], outfit) < rank(outfit["bottom"], outfit)
    assert rank(PLAIN["top"], PLAIN) > rank(PLAIN["bottom"], PLAIN)


def test_garments_that_do_not_exist_are_named():
    with pytest.raises(InvalidChoice, match="legs"):
        GarmentSpec("leg", 1.0)
    with pytest.raises(ClipActorError, match="neckline"):
        GarmentSpec("trunk", 3.0, neck="crow")


def test_parts_become_one_garment(shirt, skirt):
    both = merged([shirt, skirt])
    assert len(both.vertices) == len(shirt.vertices) + len(skirt.vertices)
    assert both.anchors.rows.shape[0] == len(both.vertices)
    assert np.array_equal(both.bends[:, len(shirt.vertices) :], skirt.bends)
    assert both.panel.max() == shirt.panel.max() + skirt.panel.max() + 1
