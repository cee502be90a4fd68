"""From a form to a mesh of cloth, cut along its pattern."""

import numpy as np

from clipactor_node.appearance.cloth.body_field import Grid
from clipactor_node.appearance.cloth.cutting import Pattern, cut
from clipactor_node.appearance.cloth.sheet import Sheet, averages, is_manifold, largest
from clipactor_node.appearance.cloth.surface_nets import surface_nets

_RELAX = 15
_AROUND = 0.03
"""Metres beyond the pattern's lines of which a mesh is made before it is cut."""


def sewn(form: np.ndarray, grid: Grid, cuts: list[Pattern], count: int = 1) -> Sheet:
    """The form's surface within the lines, even, its borders exactly on them."""
    sheet = surface_nets(form, grid.low, grid.step)
    near = np.ones(len(sheet.faces), bool)
    for pattern in cuts:
        near &= (pattern(sheet.vertices)[sheet.faces] > -_AROUND).all(1)
    sheet = relaxed(largest(sheet.kept(near), count), form, grid)
    for pattern in cuts:
        sheet = cut(sheet, pattern)
    return largest(sheet, count)


def relaxed(sheet: Sheet, form: np.ndarray, grid: Grid) -> Sheet:
    """Vertices spread evenly over the form's surface."""
    mean, points = averages(len(sheet.vertices), sheet.faces), sheet.vertices
    for _ in range(_RELAX):
        points = points + 0.5 * (mean @ points - points)
        points = points - 0.9 * grid.sample(form, points)[:, None] * grid.gradient(form, points)
    return sheet.moved(points)


def thinned(sheet: Sheet, count: int) -> Sheet:
    """At most about `count` vertices, which keep the form best (quadric error metric)."""
    if len(sheet.vertices) <= count:
        return sheet
    import fast_simplification  # a compiled library that few garments need

    share = 1.0 - count / len(sheet.vertices)
    points, faces = fast_simplification.simplify(
        sheet.vertices.astype(np.float32), sheet.faces.astype(np.int32), target_reduction=share
    )
    fewer = Sheet(points.astype(float), faces.astype(np.int64)).kept(np.ones(len(faces), bool))
    return fewer if is_manifold(fewer.faces) else sheet
