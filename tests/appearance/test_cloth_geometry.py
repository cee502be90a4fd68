"""Sheets of cloth: nets, cuts, hems, panels, on forms whose right answer is known."""

import numpy as np
import pytest

from clipactor_node.appearance.cloth.atlas import Chart, charts_of, filled, packed
from clipactor_node.appearance.cloth.body_field import Grid
from clipactor_node.appearance.cloth.cutting import cut, scored
from clipactor_node.appearance.cloth.hems import hemmed
from clipactor_node.appearance.cloth.sewing import sewn
from clipactor_node.appearance.cloth.sheet import (
    Sheet,
    border_edges,
    border_loops,
    edges_of,
    is_manifold,
    largest,
    pieces,
)
from clipactor_node.appearance.cloth.surface_nets import surface_nets
from clipactor_node.appearance.cloth.unwrapping import facing_front, laid_flat

GRID = Grid(np.array((-0.3, -0.3, -0.3)), (56, 56, 56), 0.011)
BALL = (np.linalg.norm(GRID.points, axis=1) - 0.2).reshape(GRID.shape)
TUBE = (np.hypot(GRID.points[:, 0], GRID.points[:, 2]) - 0.15).reshape(GRID.shape)


def lengths(sheet: Sheet) -> np.ndarray:
    a, b = edges_of(sheet.faces).T
    return np.linalg.norm(sheet.vertices[a] - sheet.vertices[b], axis=1)


def area(sheet: Sheet) -> float:
    a, b, c = (sheet.vertices[sheet.faces[:, k]] for k in range(3))
    return 0.5 * float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())


def test_a_net_of_a_ball_is_closed_round_and_faces_outwards():
    sheet = surface_nets(BALL, GRID.low, GRID.step)
    assert is_manifold(sheet.faces) and not len(border_edges(sheet.faces))
    assert np.abs(np.linalg.norm(sheet.vertices, axis=1) - 0.2).max() < 0.003
    assert (sheet.normals * sheet.vertices).sum(1).min() > 0
    assert area(sheet) == pytest.approx(4 * np.pi * 0.2**2, rel=0.02)


def test_a_cut_leaves_a_border_on_its_line_and_no_slivers():
    slanted = lambda p: p[:, 1] + 0.3 * p[:, 0] - 0.031  # noqa: E731
    sheet = sewn(BALL, GRID, [slanted])
    border = np.unique(border_edges(sheet.faces))
    assert np.abs(slanted(sheet.vertices[border])).max() < 0.0015
    assert is_manifold(sheet.faces) and len(border_loops(sheet.faces)) == 1
    assert slanted(sheet.vertices).min() > -0.0015
    assert lengths(sheet).min() > 0.08 * GRID.step
    triangles = sheet.vertices[sheet.faces]
    sides = np.linalg.norm(triangles - np.roll(triangles, 1, 1), axis=2)
    doubled = np.linalg.norm(
        np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]), axis=1
    )
    assert np.percentile(doubled / sides.max(1) ** 2, 0.5) > 0.05


def test_a_tube_cut_twice_has_two_borders_of_its_circumference():
    sheet = sewn(TUBE, GRID, [lambda p: p[:, 1] + 0.1, lambda p: 0.12 - p[:, 1]])
    loops = border_loops(sheet.faces)
    assert len(loops) == 2
    border = border_edges(sheet.faces)
    length = np.linalg.norm(sheet.vertices[border[:, 0]] - sheet.vertices[border[:, 1]], axis=1).sum()
    assert length == pytest.approx(2 * 2 * np.pi * 0.15, rel=0.02)
    assert area(sheet) == pytest.approx(2 * np.pi * 0.15 * 0.22, rel=0.02)


def test_cutting_everything_and_nothing_away():
    sheet = surface_nets(BALL, GRID.low, GRID.step)
    whole = cut(sheet, lambda p: np.ones(len(p)))
    assert len(whole.faces) == len(sheet.faces)
    assert len(cut(sheet, lambda p: -np.ones(len(p))).faces) == 0


def test_the_largest_piece_stays():
    two = np.minimum(
        BALL, (np.linalg.norm(GRID.points - (0.27, 0.27, 0.27), axis=1) - 0.03).reshape(GRID.shape)
    )
    sheet = surface_nets(two, GRID.low, GRID.step)
    assert pieces(sheet).max() == 1
    assert np.linalg.norm(largest(sheet).vertices, axis=1).max() < 0.21


def test_a_hem_is_turned_inwards_and_shares_the_border():
    sheet = sewn(TUBE, GRID, [lambda p: p[:, 1] + 0.1, lambda p: 0.12 - p[:, 1]])
    hem = hemmed(sheet, 0.004, 0.012)
    assert is_manifold(hem.sheet.faces)
    assert np.array_equal(hem.sheet.faces[: len(sheet.faces)], sheet.faces)
    added = hem.sheet.vertices[len(sheet.vertices) :]
    assert np.hypot(added[:, 0], added[:, 2]).max() < 0.1505  # inside the tube
    assert np.abs(added[:, 1]).max() < 0.125 and np.abs(added[:, 1] - 0.01).min() > 0.08
    assert np.abs(hem.sheet.vertices[hem.source[len(sheet.vertices) :]] - added).max() < 0.014


def test_a_score_cuts_edges_but_no_cloth():
    sheet = sewn(TUBE, GRID, [lambda p: p[:, 1] + 0.1, lambda p: 0.12 - p[:, 1]])
    both, front = scored(sheet, facing_front(sheet))
    assert is_manifold(both.faces) and len(border_loops(both.faces)) == 2
    assert area(both) == pytest.approx(area(sheet), rel=0.005)
    middle = both.vertices[both.faces].mean(1)
    assert (front == (middle[:, 2] > 0)).mean() > 0.98


def test_a_tube_lies_flat_in_two_panels_of_its_true_size():
    sheet = sewn(TUBE, GRID, [lambda p: p[:, 1] + 0.1, lambda p: 0.12 - p[:, 1]])
    both, front = scored(sheet, facing_front(sheet))
    flat = laid_flat(both, front)
    assert flat.panel.max() == 1
    for panel in (0, 1):
        size = np.ptp(flat.points[flat.panel == panel], axis=0)
        assert size == pytest.approx((np.pi * 0.15, 0.22), rel=0.03)
    three, two = both.vertices[both.faces], flat.points[flat.faces]
    ratio = np.linalg.norm(two[:, 1] - two[:, 0], axis=1) / np.linalg.norm(three[:, 1] - three[:, 0], axis=1)
    assert 0.97 < np.percentile(ratio, 2) < np.percentile(ratio, 98) < 1.03


def test_charts_do_not_overlap_and_keep_their_form():
    random = np.random.default_rng(0)
    points = np.concatenate([random.uniform(0, size, (40, 2)) for size in ((1, 0.5), (0.3, 0.9), (0.2, 0.2))])
    charts = [Chart(np.arange(40 * k, 40 * k + 40), scale) for k, scale in enumerate((1.0, 1.0, 2.0))]
    flat, metres = packed(points, charts, 256)
    assert flat.min() >= 0 and flat.max() <= 1
    boxes = [(flat[c.points].min(0), flat[c.points].max(0)) for c in charts]
    for k, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[k + 1 :]:
            assert (low > other_high).any() or (other_low > high).any()
    assert metres[0] == pytest.approx(2 * metres[-1])
    assert np.ptp(flat[:40], axis=0) * 256 * metres[0] == pytest.approx(np.ptp(points[:40], axis=0))


def test_a_garment_that_is_wholly_hidden_has_no_charts():
    assert charts_of(12, np.zeros((0, 3), int)) == []


def test_pieces_of_a_flat_map_are_charts():
    faces = np.array([[0, 1, 2], [1, 2, 3], [5, 6, 7]])
    assert [list(chart) for chart in charts_of(9, faces)] == [[0, 1, 2, 3], [5, 6, 7]]


def test_empty_texels_take_the_color_of_what_is_near():
    image, covered = np.zeros((64, 64, 3), np.float32), np.zeros((64, 64), bool)
    image[:, :32], covered[:, :20] = (200, 10, 10), True
    image[:, 50:], covered[:, 50:] = (10, 10, 200), True
    out = filled(image, covered)
    assert (out[:, :20] == (200, 10, 10)).all()
    assert (out[:, 21, 0] > 150).all() and (out[:, 48, 2] > 150).all()
