"""Mid-point subdivision: edges get a vertex in their middle, everything on them is carried over."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import sparse

from clipactor_node.body.correctives import Correctives
from clipactor_node.body.loading import load
from clipactor_node.body.model import Body
from clipactor_node.body.open_format import write_open_body
from clipactor_node.errors import ModelError
from clipactor_node.files import replacing
from clipactor_node.geometry import JOINT_COUNT
from clipactor_node.home import user_home

_VERSION = 2  # of what is computed here; part of the name in the cache


def cached_subdivision(body: Body) -> Body:
    """`subdivided(body)`, computed once per body file and kept in `CLIPACTOR_HOME/cache/body`."""
    return _cached(body, subdivided, "sub")


def cached_refinement(body: Body) -> Body:
    """`refined(body)`, kept in the same way."""
    return _cached(body, refined, "refined")


def _cached(body: Body, make: Callable[[Body], Body], kind: str) -> Body:
    if not body.sha256:
        return make(body)
    parts = hashlib.sha256(body.parts.tobytes()).hexdigest()[:8]  # `without` keeps the file's hash
    path = user_home() / "cache" / "body" / f"{body.sha256[:16]}-{parts}-{kind}{_VERSION}.npz"
    try:
        return load(path)
    except ModelError:  # not there yet, or damaged: make it anew
        with replacing(path) as part:
            write_open_body(make(body), part)
        return load(path)


def subdivided(body: Body) -> Body:
    """A body with a new vertex in the middle of every edge, so that each triangle becomes four.

    Old vertices keep their numbers; a new one has the mean of its edge's ends in everything: place, skin
    weights, shape, expression and corrective directions, UV. Joints are regressed from the old vertices.
    """
    edges, _ = _edges(body.faces)
    return _with_middles(body, np.ones(len(edges), bool), f"{body.name}, subdivided")


def refined(body: Body) -> Body:
    """The same with new vertices on the longest edges only, so that there are twice as many vertices."""
    edges, _ = _edges(body.faces)
    length = np.linalg.norm(body.template[edges[:, 0]] - body.template[edges[:, 1]], axis=1)
    longest = np.zeros(len(edges), bool)
    longest[np.argsort(-length, kind="stable")[: len(body.template)]] = True
    return _with_middles(body, longest, f"{body.name}, refined")


def _with_middles(body: Body, chosen: np.ndarray, name: str) -> Body:
    """A body with a new vertex in the middle of each chosen (E,) bool edge of `_edges(body.faces)`."""
    edges, corner = _edges(body.faces)
    cut = chosen[corner]
    edges, middle = edges[chosen], (np.cumsum(chosen) - 1)[corner]
    uv, uv_faces = body.uv, body.uv_faces
    if len(uv):  # cut where the surface is, which the map may show in two places
        uv_edges, uv_corner = _edges(uv_faces)
        uv_chosen = np.zeros(len(uv_edges), bool)
        uv_chosen[uv_corner[cut]] = True
        uv_faces = _split(uv_faces, (np.cumsum(uv_chosen) - 1)[uv_corner] + len(uv), cut)
        uv = _extended(uv, uv_edges[uv_chosen])
    count = len(body.template)
    regressor = sparse.csr_array(body.joint_regressor)
    regressor.resize((JOINT_COUNT, count + len(edges)))
    return replace(
        body,
        name=name,
        template=_extended(body.template, edges),
        faces=_split(body.faces, middle + count, cut),
        weights=_extended(body.weights, edges),
        joint_regressor=regressor,
        uv=uv,
        uv_faces=uv_faces,
        shape_directions=_extended(body.shape_directions, edges),
        expression_directions=_extended(body.expression_directions, edges),
        parts=np.concatenate([body.parts, body.parts[edges[:, 0]]]),
        correctives=body.correctives and _extended_correctives(body.correctives, edges, count),
        sha256="",
        path=None,
    )


def _edges(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unique edges (E, 2), and for each face the edges opposite to nothing: ab, bc, ca (F, 3)."""
    pairs = np.sort(np.stack([faces, np.roll(faces, -1, axis=1)], -1).reshape(-1, 2), axis=1)
    edges, index = np.unique(pairs, axis=0, return_inverse=True)
    return edges, index.reshape(-1, 3).astype(np.int32)


def _split(faces: np.ndarray, middle: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """Triangles cut at the middles of some of their edges; orientation stays.

    Args:
        faces: (F, 3) corners a, b, c; middle: (F, 3) new vertices on ab, bc, ca.
        cut: (F, 3) bool: which of them there are.

    Returns:
        (F', 3) int32: the uncut ones, then those with one, two and three edges cut.
    """
    cuts = cut.sum(1)
    # Turned so that the only cut edge is ab, and the only uncut one is ca.
    first = np.where(cuts == 1, cut.argmax(1), np.where(cuts == 2, (cut.argmin(1) + 1) % 3, 0))
    turn = (first[:, None] + np.arange(3)) % 3
    faces, middle = np.take_along_axis(faces, turn, 1), np.take_along_axis(middle, turn, 1)

    def pieces(number: int, *triangles: str) -> np.ndarray:
        of = cuts == number
        points = dict(zip("abcxyz", [*faces[of].T, *middle[of].T], strict=True))
        corners = [[points[name] for name in triangle] for triangle in triangles]
        return np.array(corners).transpose(2, 0, 1).reshape(-1, 3)

    return np.ascontiguousarray(
        np.concatenate(
            [
                pieces(0, "abc"),
                pieces(1, "axc", "xbc"),
                pieces(2, "xby", "axy", "ayc"),
                pieces(3, "axz", "xby", "zyc", "xyz"),
            ]
        ),
        np.int32,
    )


def _extended(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    middle = 0.5 * (values[edges[:, 0]] + values[edges[:, 1]])
    return np.concatenate([values, middle.astype(values.dtype)])


def _extended_correctives(correctives: Correctives, edges: np.ndarray, count: int) -> Correctives:
    starts, vertices, directions = [0], [], []
    for joint in range(JOINT_COUNT):
        own = slice(correctives.starts[joint], correctives.starts[joint + 1])
        dense = np.zeros((count, *correctives.directions.shape[1:]), np.float32)
        dense[correctives.vertices[own]] = correctives.directions[own]
        moved = np.zeros(count, bool)
        moved[correctives.vertices[own]] = True
        near = np.flatnonzero(moved[edges].any(1))
        middle = 0.5 * (dense[edges[near, 0]] + dense[edges[near, 1]])
        vertices += [correctives.vertices[own], (count + near).astype(np.int32)]
        directions += [correctives.directions[own], middle]
        starts.append(starts[-1] + len(vertices[-1]) + len(vertices[-2]))
    return Correctives(np.array(starts, np.int32), np.concatenate(vertices), np.concatenate(directions))
