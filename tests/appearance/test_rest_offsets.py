"""Plain clothes: never a bare body, borders that run straight, feet that stay on the floor."""

import numpy as np
import pytest

from clipactor_node.appearance.painting import paint_with_shape, per_body
from clipactor_node.appearance.painting.painter import regions, rest_offsets_of, shoe_offsets
from clipactor_node.appearance.painting.plain_clothes import EVERYDAY
from clipactor_node.appearance.painting.plain_clothes import _plain_clothes as from_disk
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import Body, Skinner, load
from clipactor_node.geometry.skeleton import JOINT_INDEX

BODY = load()
CLOTHES = paint_with_shape(EVERYDAY, BODY)
OFFSETS = CLOTHES.rest_offsets


def worn(body: Body) -> np.ndarray:
    """(V,) what covers each vertex: a kind of garment, or "skin"."""
    owner, _ = regions(EVERYDAY, body)
    return np.array([piece.kind for piece in EVERYDAY.pieces] + ["skin"])[owner]


REGION = worn(BODY)
EDGES = np.unique(
    np.sort(np.concatenate([BODY.faces[:, [0, 1]], BODY.faces[:, [1, 2]], BODY.faces[:, [2, 0]]]), 1), axis=0
)


def mostly(*joints: str) -> np.ndarray:
    return BODY.weights[:, [JOINT_INDEX[j] for j in joints]].sum(1) > 0.9


@pytest.mark.parametrize(
    ("joints", "expected"),
    [
        (("spine1", "spine2", "spine3"), {"t-shirt"}),
        (("pelvis",), {"t-shirt", "jeans"}),
        (("left_hip", "right_hip", "left_knee", "right_knee"), {"jeans", "t-shirt"}),
        (("left_ankle", "left_foot"), {"sneakers", "jeans"}),
        (("left_wrist", "left_index1", "left_thumb2", "left_middle3"), {"skin"}),
        (("left_collar",), {"t-shirt", "skin"}),
    ],
)
def test_every_part_wears_what_it_should(joints, expected):
    assert set(REGION[mostly(*joints)]) <= expected


def test_the_face_is_skin_and_the_skull_is_hair():
    landmark = {name: REGION[vertex] for name, vertex in BODY.landmarks.items()}
    assert landmark["nose"] == landmark["chin"] == landmark["left_ear"] == landmark["throat"] == "skin"
    assert landmark["crown"] == "hair"
    assert landmark["left_big_toe"] in ("sneakers",)
    assert surface_coordinates(BODY).eyes[BODY.landmarks["left_eye"]]
    assert landmark["navel"] == "t-shirt"


def test_colors_are_those_of_the_garments_up_to_their_borders():
    np.testing.assert_array_equal(
        np.unique(CLOTHES.srgb[REGION == "t-shirt"], axis=0), [EVERYDAY["top"].color]
    )
    assert CLOTHES.srgb.dtype == np.uint8


def test_the_two_sides_are_dressed_alike():
    from scipy.spatial import cKDTree

    mirror = cKDTree(BODY.template).query(BODY.template * [-1, 1, 1])[1]
    assert (REGION[mirror] == REGION).mean() > 0.999


def test_cloth_is_near_the_skin_and_skin_is_bare():
    length = np.linalg.norm(OFFSETS, axis=1)
    assert np.isfinite(OFFSETS).all()
    assert length[REGION != "sneakers"].max() < 0.04
    assert length.max() < 0.10  # toes are drawn into one tip
    beside = np.zeros(len(length), bool)
    beside[EDGES[REGION[EDGES[:, 0]] != REGION[EDGES[:, 1]]]] = True
    assert not OFFSETS[(REGION == "skin") & ~beside].any()


def test_borders_run_along_their_lines():
    """After sliding, vertices on both sides of a border lie on it; before they were a mesh width off."""
    for name, limit in (("t-shirt", 0.012), ("hair", 0.012)):
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


def test_the_last_garment_that_covers_a_vertex_owns_it():
    owner, fields = regions(EVERYDAY, BODY)
    assert fields.shape[1] == len(owner) == len(BODY.template)
    assert (fields.max(0) > 0).all() and set(owner) == {-1, 0, 1, 2, 3}
    assert (fields[1:].max(0)[owner == -1] <= 0).all()


def test_any_shape_and_mesh_can_be_dressed(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    from clipactor_node.body import cached_subdivision

    fine = cached_subdivision(BODY.without("tongue"))
    assert np.isfinite(paint_with_shape(EVERYDAY, fine).rest_offsets).all()
    region = worn(fine)
    assert all((region == n).sum() > 500 for n in ("t-shirt", "jeans", "sneakers", "hair", "skin"))


def test_clothes_with_a_shape_have_their_thickness_in_it():
    assert not CLOTHES.displacement[REGION != "skin"].any()
    points = BODY.template + OFFSETS
    away = np.linalg.norm(points - BODY.template, axis=1)[REGION == "t-shirt"]
    assert np.median(away) > 0.004


def test_trousers_end_on_the_shoes():
    """No skin shows between them, though the hem of jeans is higher than sneakers are."""
    leg = surface_coordinates(BODY).leg
    assert set(REGION[leg]) == {"jeans", "sneakers"}
    assert not CLOTHES.srgb[leg & (REGION == "skin")].any()


def test_plain_clothes_are_kept_and_made_anew_when_damaged(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    np.testing.assert_allclose(from_disk(BODY).rest_offsets, OFFSETS, atol=1e-7)
    (path,) = (tmp_path / "cache" / "body").glob("plain-clothes-*.npz")
    stamp = path.stat().st_mtime_ns
    np.testing.assert_array_equal(from_disk(BODY).rest_offsets, np.load(path)["rest_offsets"])
    np.testing.assert_array_equal(from_disk(BODY).srgb, CLOTHES.srgb)
    assert path.stat().st_mtime_ns == stamp
    for damage in (b"", b"damaged", path.read_bytes()[:1000]):
        path.write_bytes(damage)
        np.testing.assert_allclose(from_disk(BODY).rest_offsets, OFFSETS, atol=1e-7)
    blind = BODY.without("left_eye", "right_eye")  # its file is the same
    assert from_disk(blind).rest_offsets.shape == blind.template.shape


def test_without_a_place_to_keep_them_plain_clothes_are_computed(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "file"))
    np.testing.assert_allclose(from_disk(BODY).rest_offsets, OFFSETS, atol=1e-7)


def test_what_depends_on_a_body_is_computed_once_for_it():
    made = []
    kept = per_body.PerBody(lambda body: made.append(body) or len(made))
    other = BODY.without("tongue")
    assert [kept(BODY), kept(other), kept(BODY), kept(other)] == [1, 2, 1, 2]


def test_shoes_have_a_shape_in_every_outfit_and_bare_feet_none():
    feet = shoe_offsets(BODY)
    assert rest_offsets_of(EVERYDAY, BODY) is feet
    assert rest_offsets_of(EVERYDAY.without("shoes"), BODY) is None
    moved = np.linalg.norm(feet, axis=1) > 0
    assert moved.any() and BODY.template[moved, 1].max() < surface_coordinates(BODY).y_at(1.0)
