"""Mid-point subdivision: every triangle becomes four, everything on it is carried over."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy import sparse

from clipactor_node.body.correctives import Correctives
from clipactor_node.body.loading import load
from clipactor_node.body.model import Body
from clipactor_node.body.open_format import write_open_body
from clipactor_node.body.skeleton import JOINT_COUNT
from clipactor_node.errors import ModelError
from clipactor_node.home import user_home

_VERSION = 1  # of what `subdivided` computes; part of the name in the cache


def cached_subdivision(body: Body) -> Body:
    """`subdivided(body)`, computed once per body file and kept in `CLIPACTOR_HOME/cache/body`."""
    if not body.sha256:
        return subdivided(body)
    parts = hashlib.sha256(body.parts.tobytes()).hexdigest()[:8]  # `without` keeps the file's hash
    path = user_home() / "cache" / "body" / f"{body.sha256[:16]}-{parts}-sub{_VERSION}.npz"
    try:
        return load(path)
    except ModelError:  # not there yet, or damaged: make it anew
        _write_whole(subdivided(body), path)
        return load(path)


def subdivided(body: Body) -> Body:
    """A body with a new vertex in the middle of every edge.

    Old vertices keep their numbers; a new one has the mean of its edge's ends in everything: place, skin
    weights, shape, expression and corrective directions, UV. Joints are regressed from the old vertices.
    """
    edges, corner = _edges(body.faces)
    uv, uv_faces = body.uv, body.uv_faces
    if len(uv):
        uv_edges, uv_corner = _edges(uv_faces)
        uv_faces = _split(uv_faces, uv_corner + len(uv))
        uv = _extended(uv, uv_edges)
    count = len(body.template)
    regressor = sparse.csr_array(body.joint_regressor)
    regressor.resize((JOINT_COUNT, count + len(edges)))
    return replace(
        body,
        name=f"{body.name}, subdivided",
        template=_extended(body.template, edges),
        faces=_split(body.faces, corner + count),
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


def _split(faces: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """(F, 3) corners and (F, 3) edge mid-points -> (4F, 3), same orientation."""
    a, b, c = faces.T
    ab, bc, ca = middle.T
    quarters = np.stack([[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]])
    return np.ascontiguousarray(quarters.transpose(2, 0, 1).reshape(-1, 3), np.int32)


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


def _write_whole(body: Body, path: Path) -> None:
    """Writes beside the place and moves: whoever reads meanwhile sees a whole file or none."""
    part = path.with_suffix(".part.npz")
    write_open_body(body, part)
    part.replace(path)
