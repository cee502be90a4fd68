"""Cutting cloth exactly along a line of the pattern."""

from collections.abc import Callable

import numpy as np

from clipactor_node.appearance.cloth.sheet import Sheet, edges_of

Pattern = Callable[[np.ndarray], np.ndarray]
"""A signed distance in metres: points (N, 3) -> (N,), positive where cloth stays."""

_SNAP = 0.3
"""Share of an edge within which a vertex slides onto the line, so that no slivers are left."""


def cut(sheet: Sheet, pattern: Pattern) -> Sheet:
    """The part of a sheet where the pattern is positive; its new border lies on the zero line."""
    points, faces, _ = _divided(sheet, pattern(sheet.vertices), pattern)
    used, renumbered = np.unique(faces, return_inverse=True)
    return Sheet(points[used], renumbered.reshape(-1, 3))


def scored(sheet: Sheet, values: np.ndarray) -> tuple[Sheet, np.ndarray]:
    """The whole sheet with edges along the zero line of values (V,), and which faces are on its positive
    side."""
    points, positive, negative = _divided(sheet, values, None)
    faces = np.concatenate([positive, negative])
    used, renumbered = np.unique(faces, return_inverse=True)
    side = np.arange(len(faces)) < len(positive)
    return Sheet(points[used], renumbered.reshape(-1, 3)), side


def _divided(
    sheet: Sheet, values: np.ndarray, pattern: Pattern | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All vertices, and the faces of the positive and of the negative side.

    `values` (V,) are interpolated along the edges; `pattern` makes them exact.
    """
    edges = edges_of(sheet.faces)
    points, sign = _snapped(sheet.vertices, edges, values, pattern)
    a, b = edges[sign[edges[:, 0]] * sign[edges[:, 1]] < 0].T
    at_a, at_b = (values[a], values[b]) if pattern is None else (pattern(points[a]), pattern(points[b]))
    # A vertex moved onto the line may have pulled its neighbours' values through zero: clip the share.
    share = np.clip(at_a / np.where(at_a == at_b, 1.0, at_a - at_b), 0.15, 0.85)[:, None]
    new = points[a] + share * (points[b] - points[a])
    whole = np.concatenate([points, new])
    keys, number = a * len(points) + b, len(points) + np.arange(len(new))
    positive, negative = (
        _clipped(sheet.faces, side * sign, whole, keys, number, len(points)) for side in (1, -1)
    )
    return whole, positive, negative


def _snapped(
    points: np.ndarray, edges: np.ndarray, values: np.ndarray, pattern: Pattern | None
) -> tuple[np.ndarray, np.ndarray]:
    """Places after vertices near the line have slid onto it, and the side (V,) each is on: 1, 0 or -1."""
    a, b = edges.T
    crossed = (values[a] > 0) != (values[b] > 0)
    share = np.where(crossed, values[a] / np.where(crossed, values[a] - values[b], 1.0), 0.5)
    near = np.concatenate(
        [np.flatnonzero(crossed & (share < _SNAP)), np.flatnonzero(crossed & (share > 1 - _SNAP))]
    )
    first = share[near] < 0.5
    ends = np.where(first, a[near], b[near])
    others = np.where(first, b[near], a[near])
    along = np.where(first, share[near], 1.0 - share[near])
    order = np.lexsort((near, along))  # of several edges the one it is nearest on
    moved, chosen = np.unique(ends[order], return_index=True)
    chosen = order[chosen]
    out = points.copy()
    out[moved] += along[chosen][:, None] * (points[others[chosen]] - points[moved])
    sign = np.sign(values).astype(int)
    sign[moved] = 0
    return out, sign


def _clipped(
    faces: np.ndarray, sign: np.ndarray, points: np.ndarray, keys: np.ndarray, number: np.ndarray, count: int
) -> np.ndarray:
    """Triangles of the positive side (F', 3), vertices as numbered in `points`."""
    of = sign[faces]
    whole = faces[(of >= 0).all(1) & (of > 0).any(1)]
    mixed = faces[(of > 0).any(1) & (of < 0).any(1)]
    if not len(mixed):
        return whole
    # Turned so that the first corner is alone on its side, or the only one on the line is last.
    s = sign[mixed]
    positive, negative = (s > 0).sum(1), (s < 0).sum(1)
    lone = np.where(positive == 1, 1, -1)
    first = (s == lone[:, None]).argmax(1)
    turn = (first[:, None] + np.arange(3)) % 3
    corner = np.take_along_axis(mixed, turn, 1)

    def middle(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        key = np.minimum(one, other) * count + np.maximum(one, other)
        return number[np.minimum(np.searchsorted(keys, key), len(keys) - 1)]

    out = [whole]
    for p, n in ((1, 1), (1, 2), (2, 1)):
        a, b, c = corner[(positive == p) & (negative == n)].T
        if (p, n) == (1, 1):  # one corner lies on the line
            zero_b = sign[b] == 0
            ab, ac = middle(a, b), middle(a, c)
            out.append(np.where(zero_b[:, None], np.stack([a, b, ac], 1), np.stack([a, ab, c], 1)))
        elif p == 1:
            out.append(np.stack([a, middle(a, b), middle(a, c)], 1))
        else:
            ab, ac = middle(a, b), middle(a, c)
            short = np.linalg.norm(points[ab] - points[c], axis=1) < np.linalg.norm(
                points[b] - points[ac], axis=1
            )
            one = np.where(short[:, None], np.stack([ab, b, c], 1), np.stack([ab, b, ac], 1))
            two = np.where(short[:, None], np.stack([ab, c, ac], 1), np.stack([b, c, ac], 1))
            out += [one, two]
    return np.concatenate(out)
