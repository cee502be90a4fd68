"""Levels of detail: the same body with half, once, twice and four times the vertices."""

import numpy as np
import pytest
import trimesh

from clipactor_node.body import Skinner, load
from clipactor_node.body.detail import DETAILS, detail_of
from clipactor_node.errors import InvalidChoice

BODY = load()
COUNT = len(BODY.template)
POSE = np.random.default_rng(5).normal(0, 0.25, (55, 3)).astype(np.float32)


@pytest.fixture(scope="module", params=DETAILS)
def detail(request):
    return detail_of(BODY, request.param)


def test_counts(detail):
    wanted = dict(zip(DETAILS, (0.5, 1, 2, 4), strict=True))[detail.name] * COUNT
    assert detail.count == pytest.approx(wanted, rel=0.01)
    assert len(detail.faces) == pytest.approx(2 * wanted, rel=0.02)
    assert len(np.unique(detail.faces)) == detail.count


def test_who_is_dressed_begins_with_the_vertices_of_the_file(detail):
    np.testing.assert_array_equal(detail.body.template[:COUNT], BODY.template)


def test_the_surface_has_no_holes(detail):
    """The shipped body has none: every edge lies between faces."""
    edges = np.sort(detail.faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    _, beside = np.unique(edges, axis=0, return_counts=True)
    assert beside.min() == 2
    assert (beside > 2).mean() < 0.005  # where fingers are simplified to less than a tube


def test_the_form_stays(detail):
    points = detail.shown(Skinner(detail.body)).rest_vertices
    mesh = trimesh.Trimesh(points, detail.faces, process=False)
    whole = trimesh.Trimesh(BODY.template, BODY.faces, process=False)
    assert mesh.volume == pytest.approx(whole.volume, rel=0.02)
    samples = trimesh.sample.sample_surface(whole, 2000, seed=1)[0]
    _, away, _ = trimesh.proximity.closest_point(mesh, samples)
    assert np.percentile(away, 99) < 0.006  # metres


def test_shown_vertices_are_posed_like_the_whole_body(detail):
    skinner = Skinner(detail.body)
    shown = detail.shown(skinner)
    transforms = skinner.transforms(POSE, np.zeros(3))
    np.testing.assert_array_equal(shown.transforms(POSE, np.zeros(3)), transforms)
    whole, some = skinner.vertices(transforms), shown.vertices(transforms)
    expected = whole if detail.pick is None else whole[detail.pick]
    np.testing.assert_allclose(some, expected, atol=1e-5)
    assert shown.normals(some).shape == (detail.count, 3)


def test_shown_vertices_can_be_dressed(detail):
    shown = detail.shown(Skinner(detail.body))
    offsets = np.full((detail.count, 3), 0.01, np.float32)
    np.testing.assert_allclose(shown.wearing(offsets).rest_vertices, shown.rest_vertices + 0.01, atol=1e-6)


def test_the_map_is_cut_where_the_surface_is(detail):
    def uv_area(body) -> float:
        (ax, ay), (bx, by), (cx, cy) = body.uv[body.uv_faces].transpose(1, 2, 0).astype(np.float64)
        return float(np.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)).sum())

    assert len(detail.body.uv_faces) == len(detail.body.faces)
    assert uv_area(detail.body) == pytest.approx(uv_area(BODY), rel=1e-5)


def test_other_names_are_refused():
    with pytest.raises(InvalidChoice, match="coarse"):
        detail_of(BODY, "huge")
