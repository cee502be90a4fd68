"""Mid-point subdivision: four triangles for one, everything carried over, computed once."""

import numpy as np

from clipactor_node.body import Skinner, load
from clipactor_node.body.subdivision import cached_subdivision, subdivided

BODY = load()
FINE = subdivided(BODY)
COUNT = len(BODY.template)


def area(body, vertices) -> np.ndarray:
    a, b, c = vertices[body.faces].transpose(1, 0, 2)
    return 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)


def test_old_vertices_keep_their_numbers_and_faces_quadruple():
    np.testing.assert_array_equal(FINE.template[:COUNT], BODY.template)
    assert len(FINE.faces) == 4 * len(BODY.faces)
    assert len(np.unique(FINE.faces)) == len(FINE.template)


def test_the_surface_and_its_orientation_stay():
    np.testing.assert_allclose(
        area(FINE, FINE.template).reshape(-1, 4).sum(1), area(BODY, BODY.template), rtol=1e-3, atol=1e-9
    )
    a, b, c = FINE.template[FINE.faces].transpose(1, 0, 2)
    a0, b0, c0 = np.repeat(BODY.template[BODY.faces], 4, axis=0).transpose(1, 0, 2)
    assert (np.einsum("fi,fi->f", np.cross(b - a, c - a), np.cross(b0 - a0, c0 - a0)) >= 0).all()


def test_new_vertices_are_means_of_their_ends_in_everything():
    edges = np.unique(
        np.sort(
            np.concatenate([BODY.faces[:, [0, 1]], BODY.faces[:, [1, 2]], BODY.faces[:, [2, 0]]]), axis=1
        ),
        axis=0,
    )
    assert len(FINE.template) == COUNT + len(edges)
    for key in ("template", "weights", "shape_directions", "expression_directions"):
        values = getattr(BODY, key)
        np.testing.assert_allclose(getattr(FINE, key)[COUNT:], values[edges].mean(1), atol=1e-7, err_msg=key)
    if BODY.correctives is not None:
        whole = BODY.correctives.dense(COUNT)
        np.testing.assert_allclose(
            FINE.correctives.dense(len(FINE.template))[COUNT:], whole[edges].mean(1), atol=1e-7
        )


def test_uv_triangles_quadruple_in_place():
    def uv_area(body):
        (ax, ay), (bx, by), (cx, cy) = body.uv[body.uv_faces].transpose(1, 2, 0)
        return 0.5 * ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))

    np.testing.assert_allclose(uv_area(FINE), np.repeat(uv_area(BODY) / 4, 4), atol=1e-7)


def test_joints_are_the_same():
    np.testing.assert_allclose(FINE.joints(FINE.template), BODY.joints(BODY.template), atol=1e-6)


def test_posed_alike():
    pose = np.random.default_rng(2).normal(0, 0.3, (55, 3)).astype(np.float32)
    coarse, fine = Skinner(BODY), Skinner(FINE)
    transforms = coarse.transforms(pose, np.zeros(3))
    np.testing.assert_allclose(fine.vertices(transforms)[:COUNT], coarse.vertices(transforms), atol=1e-5)


def test_it_is_computed_once_and_mended_when_damaged(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    first = cached_subdivision(BODY)
    (path,) = (tmp_path / "cache" / "body").iterdir()
    np.testing.assert_allclose(first.template, FINE.template, atol=1e-7)
    np.testing.assert_allclose(first.weights, FINE.weights, atol=5e-5)
    stamp = path.stat().st_mtime_ns
    assert cached_subdivision(BODY).sha256 == first.sha256
    assert path.stat().st_mtime_ns == stamp
    path.write_bytes(b"damaged")
    assert cached_subdivision(BODY).sha256 == first.sha256


def test_a_body_without_eyes_has_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    blind = cached_subdivision(BODY.without("left_eye", "right_eye"))
    assert len(blind.template) < len(cached_subdivision(BODY).template)


def test_twice_is_sixteenfold():
    assert len(subdivided(FINE).faces) == 16 * len(BODY.faces)
