"""Finished looks on disk, garments in few bytes, weights that do not stretch cloth."""

import zipfile

import numpy as np
import pytest

from clipactor_node.appearance import Outfit, piece
from clipactor_node.appearance.cloth import (
    GarmentSpec,
    common_cuts,
    dressed,
    dressing,
    forget_recent,
    garment_of,
    look_files,
    shipped,
)
from clipactor_node.appearance.cloth.binding import normalized
from clipactor_node.appearance.cloth.body_field import Grid, grid_around
from clipactor_node.appearance.cloth.evening import stretching_poses
from clipactor_node.appearance.cloth.garment import sewing_recipe
from clipactor_node.appearance.cloth.packing import packed, packed_distances, unpacked, unpacked_distances
from clipactor_node.appearance.outfit import shipped as shipped_outfits
from clipactor_node.body import load
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.home import shipped_models

BODY = load()
OUTFIT = Outfit(hair="bald", pieces=(piece("shorts", (40, 60, 120)),))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """No looks are kept here yet; nothing is in memory."""
    monkeypatch.setattr(look_files, "_folder", lambda: tmp_path)
    forget_recent()
    yield tmp_path
    forget_recent()


def test_a_kept_look_is_the_one_that_was_made(home):
    first = dressed(OUTFIT, BODY, texture=256)
    assert dressed(OUTFIT, BODY, texture=256) is first
    forget_recent()
    again = dressed(OUTFIT, BODY, texture=256)
    assert again is not first and again.pieces == first.pieces
    for name in ("offsets", "texture", "owner", "folded", "covered"):
        assert np.array_equal(getattr(again, name), getattr(first, name)), name
    for name in ("template", "faces", "weights", "uv", "uv_faces", "shape_directions", "parts"):
        assert np.array_equal(getattr(again.body, name), getattr(first.body, name)), name
    assert np.array_equal(again.body.correctives.directions, first.body.correctives.directions)
    pose = np.zeros((55, 3), np.float32)
    pose[JOINT_INDEX["left_hip"]] = (-0.8, 0, 0.1)
    one, other = first.skinner(), again.skinner()
    moved = [s.vertices(s.transforms(pose, np.zeros(3, np.float32))) for s in (one, other)]
    assert np.array_equal(*moved) and np.array_equal(one.faces, other.faces)


def test_what_is_seen_is_posed_as_part_of_the_whole(home):
    look = dressed(OUTFIT, BODY, texture=256)
    pose = np.random.default_rng(0).normal(0, 0.3, (55, 3)).astype(np.float32)
    whole, seen = look.whole(), look.skinner()
    transforms = whole.transforms(pose, np.zeros(3, np.float32))
    assert np.allclose(whole.vertices(transforms)[look.seen], seen.vertices(transforms), atol=1e-6)


def test_another_color_body_size_or_outfit_is_another_look():
    key = look_files.look_key(OUTFIT, BODY, 256)
    red = Outfit(hair="bald", pieces=(piece("shorts", (200, 0, 0)),))
    assert key == look_files.look_key(Outfit(hair="bald", pieces=OUTFIT.pieces), BODY, 256)
    assert key not in (look_files.look_key(red, BODY, 256), look_files.look_key(OUTFIT, BODY, 512))


@pytest.mark.parametrize("size", [0, 5, 900, 0.5, 0.999])
def test_a_look_whose_file_is_cut_off_is_made_again(home, size):
    first = dressed(OUTFIT, BODY, texture=256)
    (path,) = home.glob("*.safetensors")
    content = path.read_bytes()
    path.write_bytes(content[: int(size if size == int(size) else size * len(content))])
    forget_recent()
    again = dressed(OUTFIT, BODY, texture=256)
    assert np.array_equal(again.texture, first.texture)
    assert path.stat().st_size == len(content)


def test_a_home_that_cannot_be_written_dresses_all_the_same(home, monkeypatch):
    monkeypatch.setattr(look_files, "_folder", lambda: home / "file" / "looks")
    (home / "file").write_text("no folder")
    assert dressed(OUTFIT, BODY, texture=256).texture.shape == (256, 256, 3)


def test_looks_that_were_not_worn_the_longest_go_first(home, monkeypatch):
    import os

    monkeypatch.setattr(look_files, "MOST_BYTES", 1000)
    for number in range(4):
        look_files.keep_look(f"look{number}", {"x": np.zeros(70, np.float32)})
        os.utime(home / f"look{number}.safetensors", (1000 + number, 1000 + number))
    look_files.keep_look("last", {"x": np.zeros(70, np.float32)})
    assert sorted(path.stem for path in home.iterdir()) == ["last", "look3"]


def test_damaged_arrays_are_no_look():
    assert dressing._read({"template": np.zeros((3, 3), np.float32)}, OUTFIT, BODY) is None


def test_a_packed_garment_differs_by_less_than_is_seen():
    garment = garment_of(GarmentSpec("skirt", 2.6, top=4.05, ease=0.007, flare=0.22), BODY)
    again = unpacked(packed(garment))
    assert again.vertices == pytest.approx(garment.vertices, abs=2e-5)
    assert again.uv == pytest.approx(garment.uv, abs=3e-5)
    assert again.weights == pytest.approx(garment.weights, abs=5e-5)
    assert again.bends.astype(float) == pytest.approx(garment.bends.astype(float), abs=1.2e-3)
    assert again.sinks == pytest.approx(garment.sinks, abs=6e-5)
    for name in ("faces", "uv_faces", "anchor_starts", "anchor_ids", "panel", "trim", "hides"):
        assert np.array_equal(getattr(again, name), getattr(garment, name)), name
        assert getattr(again, name).dtype == getattr(garment, name).dtype, name
    starts = garment.anchor_starts
    assert np.add.reduceat(again.anchor_shares, starts[:-1]) == pytest.approx(1.0, abs=1e-5)


def test_packed_distances_are_exact_near_the_skin():
    values = np.random.default_rng(1).uniform(-0.1, 0.4, (5, 6, 7)).astype(np.float32)
    found = unpacked_distances(packed_distances({"whole": values}))["whole"]
    near = np.abs(values) < 0.129
    assert found[near] == pytest.approx(values[near], abs=1.1e-4)
    assert found == pytest.approx(values, abs=5e-3)


def test_shipped_garments_of_other_code_or_damaged_ones_are_not_used(tmp_path, monkeypatch):
    spec = GarmentSpec("skirt", 2.6, top=4.05, ease=0.007, flare=0.22)
    garment = garment_of(spec, BODY)
    monkeypatch.setattr(shipped, "shipped_models", lambda: tmp_path)
    path = tmp_path / shipped.FILE
    write = {spec.key: packed(garment), "bad": b"no garment"}
    shipped.write_shipped(path, write, packed_distances({"whole": np.zeros((2, 2, 2), np.float32)}), BODY)
    assert len(shipped.shipped_garment(spec.key, BODY).vertices) == len(garment.vertices)
    assert shipped.shipped_garment("bad", BODY) is None and shipped.shipped_garment("none", BODY) is None
    assert shipped.shipped_distances(BODY, (2, 2, 2)) is not None
    assert shipped.shipped_distances(BODY, (3, 2, 2)) is None
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"other"
    shipped._members.cache_clear()
    assert shipped.shipped_garment(spec.key, BODY) is None


def test_the_most_worn_cuts_come_first():
    outfits = [named.outfit for named in shipped_outfits()]
    cuts = common_cuts(outfits)
    assert len(set(cuts)) == len(cuts) > 40
    assert cuts[0].family in ("trunk", "legs")


def test_a_cut_keeps_its_name_when_a_field_is_added(monkeypatch):
    """Fields at their default are not in it."""
    assert GarmentSpec("legs", 1.0).key == GarmentSpec("legs", 1.0, closing=0.05).key
    assert GarmentSpec("legs", 1.0).key != GarmentSpec("legs", 1.0, closing=0.06).key


def test_weights_left_out_do_not_jump():
    """A sixth weight that grows from nothing changes the others by as little as it grew."""
    weights = np.array([[0.3, 0.25, 0.2, 0.1, 0.09, small] + [0.0] * 49 for small in (0.0, 0.085, 0.0899)])
    few = normalized(weights, most=5, least=0.0)
    assert (few > 0).sum(1).max() <= 5 and few.sum(1) == pytest.approx(1.0)
    assert np.abs(few[1] - few[2]).max() < 0.03
    swapped = weights[:, [0, 1, 2, 3, 5, 4, *range(6, 55)]]
    assert np.abs(normalized(swapped)[2] - few[2]).max() < 0.02


def test_poses_that_stretch_come_with_their_mirror_image():
    poses = stretching_poses()
    left, right = JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]
    assert np.allclose(poses[0::2, left, 0], poses[1::2, right, 0])
    assert np.allclose(poses[0::2, left, 1:], -poses[1::2, right, 1:])


def test_a_coarser_grid_has_points_in_the_middle_plane():
    grid = Grid(np.array([-0.527, -0.2, -0.1]), (97, 20, 20))
    values = np.broadcast_to(np.abs(grid.axes[0]), grid.shape).astype(np.float32)
    coarse, other = grid.resampled(values, 0.015)
    assert np.abs(other.axes[0]).min() == pytest.approx(0.0, abs=1e-9)
    assert coarse.shape == other.shape and coarse.min() < 0.004


def test_what_ships_was_made_by_the_present_code():
    """If this fails: `clipactor wardrobe garments`, and its size and hash into models/registry.toml."""
    assert shipped.shipped_recipe(shipped_models() / shipped.FILE) == sewing_recipe()
    cuts = common_cuts(named.outfit for named in shipped_outfits())
    garment = shipped.shipped_garment(cuts[0].key, BODY)
    assert np.abs(garment.weights.sum(1) - 1).max() < 1e-5 and garment.faces.max() < len(garment.vertices)
    assert shipped.shipped_distances(BODY, grid_around(BODY).shape) is not None
