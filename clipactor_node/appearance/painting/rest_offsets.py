"""Plain clothes, the cut: the skin moved in the T-pose until it hangs like cloth.

Vertices beside a seam slide onto it, which makes borders straight that would follow the mesh's edges.
Then each garment is smoothed (the heat flow of the surface, Desbrun et al. 1999) and moved outward.
"""

import contextlib
import hashlib
import inspect
import os
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from clipactor_node.body import REGION_NAMES, SHIRT_LENGTH, Body, region_fields, regions
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.home import user_home

_SEAM = 0.001  # metres from the border to the vertices on either side of it
_MELTING = (0.05, 0.04)  # metres; toes are two centimetres thick


def plain_offsets(body: Body) -> np.ndarray:
    """(V, 3) float32 metres to add to the T-pose: shirt, trousers, shoes and hair have a body of their own.

    Give them to `Skinner(body, offsets=...)`, and its vertices the colors of `plain_colors`.
    """
    region = regions(body)
    place = _onto_seams(body, region)
    at = dict(zip(JOINT_INDEX, body.joints(body.template), strict=True))
    cloth = place.copy()
    for name, cut in (("trousers", _trousers), ("shirt", _shirt), ("shoes", _shoes), ("hair", _hair)):
        own = np.isin(region, [REGION_NAMES.index(n) for n in (name, "soles" if name == "shoes" else name)])
        if own.any():
            cloth[own] = cut(place, own, at, body.faces)[own]
    return (cloth - body.template).astype(np.float32)


def cached_plain_offsets(body: Body) -> np.ndarray:
    """`plain_offsets(body)`, kept in `CLIPACTOR_HOME/cache/body` until body or recipe change."""
    if not body.sha256:
        return plain_offsets(body)
    digest = hashlib.sha256(f"{body.sha256} {body.name}".encode() + body.parts.tobytes())
    for recipe in (__file__, inspect.getfile(inspect.unwrap(regions))):
        digest.update(Path(recipe).read_bytes())
    path = user_home() / "cache" / "body" / f"cut-{digest.hexdigest()[:16]}.npy"
    try:
        kept = np.load(path)
        if kept.shape == body.template.shape and np.isfinite(kept).all():
            return kept.astype(np.float32)
    except (OSError, ValueError, EOFError):  # not there yet, or damaged
        pass
    offsets = plain_offsets(body)
    with contextlib.suppress(OSError):  # a home that cannot be written costs half a second, no more
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        with open(part, "wb") as file:
            np.save(file, offsets)
        part.replace(path)
    return offsets


def _onto_seams(body: Body, region: np.ndarray) -> np.ndarray:
    """The template with the ends of every edge that crosses a border slid along it, up to the border."""
    points = body.template.astype(np.float64)
    fields = region_fields(body)
    edges = np.unique(
        np.sort(np.concatenate([body.faces[:, p] for p in ([0, 1], [1, 2], [2, 0])]), 1), axis=0
    )
    edges = edges[region[edges[:, 0]] != region[edges[:, 1]]]
    top = region[edges].max(1)  # the region painted last is the one whose border this is
    a, b = (fields[top, edges[:, k]] for k in (0, 1))
    crossing = points[edges[:, 0]] + (a / (a - b))[:, None] * (points[edges[:, 1]] - points[edges[:, 0]])
    along = points[edges[:, 1]] - points[edges[:, 0]]
    along *= _SEAM / np.maximum(np.linalg.norm(along, axis=1), _SEAM)[:, None]
    ends = np.concatenate([edges[:, 0], edges[:, 1]])
    wanted = np.concatenate([crossing - along, crossing + along])
    count = np.bincount(ends, minlength=len(points))
    sums = np.stack([np.bincount(ends, wanted[:, k], len(points)) for k in range(3)], 1)
    return np.where(count[:, None] > 0, sums / np.maximum(count, 1)[:, None], points)


def _shirt(points, own, at, faces) -> np.ndarray:
    smooth = _smoothed(points, own, faces, 0.022)
    hem = at["pelvis"][1] - SHIRT_LENGTH
    loose = np.clip((at["spine3"][1] - points[:, 1]) / (at["spine3"][1] - hem), 0, 1)
    sleeve = np.clip((np.abs(points[:, 0]) - at["left_shoulder"][0]) / 0.1, 0, 1)
    return smooth + (0.005 + 0.010 * loose**2 + 0.007 * sleeve)[:, None] * _normals(smooth, faces)


def _trousers(points, own, at, faces) -> np.ndarray:
    """Straight legs: below the knee the cloth is smoothed until the calf no longer shows."""
    knee, ankle = at["left_knee"][1], at["left_ankle"][1]
    top = at["pelvis"][1]
    tight, straight = _smoothed(points, own, faces, 0.03), _smoothed(points, own, faces, 0.075)
    share = np.clip((top - 0.12 - points[:, 1]) / (top - 0.12 - knee), 0, 1)[:, None]
    smooth = (1 - share) * tight + share * straight
    down = np.clip((top - points[:, 1]) / (top - ankle), 0, 1)
    return smooth + (0.004 + 0.020 * down)[:, None] * _normals(smooth, faces)


def _shoes(points, own, at, faces) -> np.ndarray:
    """Toes melt into one tip, and the whole foot is then drawn out to where they ended; the sole is flat."""
    result = points.copy()
    for side in (points[:, 0] > 0, points[:, 0] < 0):
        foot = own & side
        free = foot & ~_beside(foot, faces)  # the rim stays where the trousers end
        toes = free & (points[:, 2] > at["left_foot"][2] - 0.02)
        melted = points
        for width in _MELTING:  # each step on the surface the last one left
            melted = _smoothed(melted, toes, faces, width)
        melted = _smoothed(melted, free, faces, 0.02)
        grown = melted + 0.007 * _normals(melted, faces)
        low, high = points[foot].min(0), points[foot].max(0)
        small, large = grown[foot].min(0), grown[foot].max(0)
        wide = np.array([0.004, 0.0, 0.010])
        scale = np.where([True, False, True], (high - low + 2 * wide) / (large - small), 1.0)
        grown[:, [0, 2]] = ((grown - small) * scale + low - wide)[:, [0, 2]]
        down = np.clip((-_normals(grown, faces)[:, 1] - 0.25) / 0.5, 0, 1)
        grown[:, 1] = np.maximum((1 - down) * grown[:, 1] + down * low[1], low[1])
        result[free] = grown[free]
    return result


def _hair(points, own, at, faces) -> np.ndarray:
    """Thickest at the crown, thin at the hairline."""
    inner = _smoothed(own.astype(np.float64)[:, None], own, faces, 0.04, points)[:, 0]
    smooth = _smoothed(points, own, faces, 0.012)
    return smooth + (0.002 + 0.016 * inner**2)[:, None] * _normals(smooth, faces)


def _beside(own: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(V,) bool: vertices of a region that share a face with one outside it."""
    inside = own[faces]
    result = np.zeros(len(own), bool)
    result[faces[inside.any(1) & ~inside.all(1)]] = True
    return result & own


def _smoothed(
    values: np.ndarray, own: np.ndarray, faces: np.ndarray, width: float, points: np.ndarray | None = None
) -> np.ndarray:
    """Values (V, C) after heat has flowed about `width` metres over the surface; outside `own` they stay.

    One implicit step of `area dx/dt = laplacian x` with cotangent weights. `points`: the surface, if it
    is not `values`.
    """
    points = values if points is None else points
    used = faces[own[faces].any(1)]
    area, laplacian = _laplacian(points, used)
    inside, rim = np.flatnonzero(own), np.setdiff1d(np.unique(used), np.flatnonzero(own))
    system = sparse.diags_array(area) + 0.5 * width**2 * laplacian
    system = system.tocsr()[inside]
    right = area[inside, None] * values[inside] - system[:, rim] @ values[rim]
    result = values.copy()
    result[inside] = splu(system[:, inside].tocsc()).solve(right)
    return result


def _laplacian(points: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, sparse.csr_array]:
    """(V,) thirds of the faces' areas and the (V, V) positive cotangent Laplacian."""
    count = len(points)
    corner = points[faces]
    double = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
    area = np.bincount(faces.ravel(), np.repeat(np.maximum(double, 1e-12) / 6, 3), count) + 1e-12
    matrix = sparse.csr_array((count, count))
    for k in range(3):
        i, j = faces[:, (k + 1) % 3], faces[:, (k + 2) % 3]
        u, v = corner[:, (k + 1) % 3] - corner[:, k], corner[:, (k + 2) % 3] - corner[:, k]
        weight = np.clip(0.5 * np.einsum("fi,fi->f", u, v) / np.maximum(double, 1e-12), 0.05, 5.0)
        ends = (np.concatenate([i, j, i, j]), np.concatenate([j, i, i, j]))
        entries = np.concatenate([-weight, -weight, weight, weight])
        matrix = matrix + sparse.coo_array((entries, ends), (count, count)).tocsr()
    return area, matrix


def _normals(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    a, b, c = points[faces].transpose(1, 0, 2)
    cross = np.cross(b - a, c - a)
    sums = np.stack([np.bincount(faces.ravel(), np.repeat(cross[:, k], 3), len(points)) for k in range(3)], 1)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-20)
