"""Plain clothes: never a bare body, borders that run straight, feet that stay on the floor."""

import numpy as np
import pytest

from clipactor_node.appearance.painting.rest_offsets import cached_plain_offsets, plain_offsets
from clipactor_node.body import Skinner, load, plain_colors
from clipactor_node.body.regions import COLORS, REGION_NAMES, region_fields, regions
from clipactor_node.geometry.skeleton import JOINT_INDEX

BODY = load()
REGION = np.array(REGION_NAMES)[regions(BODY)]
OFFSETS = plain_offsets(BODY)
EDGES = np.unique(
    np.sort(np.concatenate([BODY.faces[:, [0, 1]], BODY.faces[:, [1, 2]], BODY.faces[:, [2, 0]]]), 1), axis=0
)


def mostly(*joints: str) -> np.ndarray:
    return BODY.weights[:, [JOINT_INDEX[j] for j in joints]].sum(1) > 0.9


@pytest.mark.parametrize(
    ("joints", "expected"),
    [
        (("spine1", "spine2", "spine3"), {"shirt"}),
        (("pelvis",), {"shirt", "trousers"}),
        (("left_hip", "right_hip", "left_knee", "right_knee"), {"trousers", "shirt"}),
        (("left_ankle", "left_foot"), {"shoes", "soles", "trousers"}),
        (("left_wrist", "left_index1", "left_thumb2", "left_middle3"), {"skin"}),
        (("left_collar",), {"shirt", "skin"}),
    ],
)
def test_every_part_wears_what_it_should(joints, expected):
    assert set(REGION[mostly(*joints)]) <= expected


def test_the_face_is_skin_and_the_skull_is_hair():
    landmark = {name: REGION[vertex] for name, vertex in BODY.landmarks.items()}
    assert landmark["nose"] == landmark["chin"] == landmark["left_ear"] == landmark["throat"] == "skin"
    assert landmark["crown"] == "hair"
    assert landmark["left_big_toe"] in ("shoes", "soles")
    assert landmark["left_eye"] == "pupil"
    assert landmark["navel"] == "shirt"


def test_colors_are_those_of_the_regions():
    np.testing.assert_array_equal(plain_colors(BODY)[REGION == "shirt"][0], COLORS["shirt"])
    assert plain_colors(BODY).dtype == np.uint8


def test_the_two_sides_are_dressed_alike():
    from scipy.spatial import cKDTree

    mirror = cKDTree(BODY.template).query(BODY.template * [-1, 1, 1])[1]
    assert (REGION[mirror] == REGION).mean() > 0.999


def test_cloth_is_near_the_skin_and_skin_is_bare():
    length = np.linalg.norm(OFFSETS, axis=1)
    assert np.isfinite(OFFSETS).all()
    assert length[(REGION != "shoes") & (REGION != "soles")].max() < 0.04
    assert length.max() < 0.10  # toes are drawn into one tip
    beside = np.zeros(len(length), bool)
    beside[EDGES[REGION[EDGES[:, 0]] != REGION[EDGES[:, 1]]]] = True
    assert not OFFSETS[(REGION == "skin") & ~beside].any()


def test_borders_run_along_their_lines():
    """After sliding, vertices on both sides of a border lie on it; before they were a mesh width off."""
    for name, limit in (("shirt", 0.012), ("hair", 0.012)):
        across = EDGES[(REGION[EDGES] == name).sum(1) == 1]
        across = across[(REGION[across] == "skin").any(1)]
        gap = np.linalg.norm(np.subtract(*(BODY.template + OFFSETS)[across].transpose(1, 0, 2)), axis=1)
        before = np.linalg.norm(np.subtract(*BODY.template[across].transpose(1, 0, 2)), axis=1)
        assert np.median(gap) < limit < np.median(before) + 0.004


def test_soles_stay_on_the_floor_and_joints_where_they_are():
    plain, dressed = Skinner(BODY), Skinner(BODY, offsets=OFFSETS)
    transforms = plain.transforms(np.zeros((55, 3)), np.zeros(3))
    low = [skinner.vertices(transforms)[:, 1].min() for skinner in (plain, dressed)]
    assert abs(low[0] - low[1]) < 0.003
    np.testing.assert_array_equal(plain.rest_joints, dressed.rest_joints)


def test_fields_decide_regions():
    fields = region_fields(BODY)
    assert fields.shape == (len(REGION_NAMES), len(BODY.template))
    inside = fields[regions(BODY), np.arange(len(BODY.template))]
    assert (inside > 0).all()


def test_any_shape_and_mesh_can_be_dressed(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    from clipactor_node.body import cached_subdivision

    fine = cached_subdivision(BODY.without("tongue"))
    assert np.isfinite(plain_offsets(fine)).all()
    counts = np.bincount(regions(fine), minlength=len(REGION_NAMES))
    assert (
        counts[[REGION_NAMES.index(n) for n in ("shirt", "trousers", "shoes", "hair", "skin")]] > 500
    ).all()


def test_the_cut_is_kept_and_made_anew_when_damaged(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    np.testing.assert_allclose(cached_plain_offsets(BODY), OFFSETS, atol=1e-7)
    (path,) = (tmp_path / "cache" / "body").iterdir()
    stamp = path.stat().st_mtime_ns
    np.testing.assert_array_equal(cached_plain_offsets(BODY), np.load(path))
    assert path.stat().st_mtime_ns == stamp
    for damage in (b"", b"damaged", path.read_bytes()[:1000]):
        path.write_bytes(damage)
        np.testing.assert_allclose(cached_plain_offsets(BODY), OFFSETS, atol=1e-7)
    blind = BODY.without("left_eye", "right_eye")  # its file is the same
    assert cached_plain_offsets(blind).shape == blind.template.shape


def test_without_a_place_to_keep_it_the_cut_is_computed(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "file"))
    np.testing.assert_allclose(cached_plain_offsets(BODY), OFFSETS, atol=1e-7)
