"""A body and what it wears as one mesh: what is left of the skin, cloth over it, each part in its place."""

from dataclasses import dataclass, replace

import numba
import numpy as np
from scipy import sparse

from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.appearance.cloth.pose_shapes import JOINTS
from clipactor_node.body import Body, Correctives
from clipactor_node.geometry import JOINT_COUNT, vertex_normals

FEATURES = 9
"""Entries of R - I."""
_LONG_M = 0.25
"""Metres above the lowest point of all garments below which a hem is that of a floor-length one."""
_BENDS = 3e-3
_STILL = 3e-4
"""Pose directions, metres per unit of rotation, below which cloth is left alone."""


@dataclass(frozen=True)
class Worn:
    """A garment as it is worn.

    Fields:
        mesh: the garment.
        vertices: (V,) bool, of the garment, hidden beneath what is worn over it.
        sinks: (V,) metres by which it draws back beneath the edges of what is worn over it.
    """

    mesh: GarmentMesh
    vertices: np.ndarray
    sinks: np.ndarray


def layered(meshes: list[GarmentMesh]) -> tuple[np.ndarray, np.ndarray, list[Worn]]:
    """What is hidden when garments are worn over each other, innermost first.

    Returns:
        (B,) bool: hidden skin; (B,) metres by which skin draws back; the garments.
    """
    count = len(meshes[0].hides) if meshes else 0
    over, sinks = np.zeros(count, bool), np.zeros(count, np.float32)
    long = np.zeros(count, bool)
    floor = min((float(mesh.vertices[:, 1].min()) for mesh in meshes), default=0.0)
    worn = []
    for mesh in reversed(meshes):
        held = mesh.anchors
        beneath = held.carried((over | long).astype(np.float32)) > 0.995
        worn.append(Worn(mesh, beneath, held.carried(sinks)))
        over |= mesh.hides
        if len(mesh.bends) and mesh.vertices[:, 1].min() < floor + _LONG_M:
            long |= mesh.sinks > 0  # legs of trousers would come out of a robe's hem in a stride
        sinks = np.maximum(sinks, mesh.sinks)
    return over, sinks, worn[::-1]


def faces_left(faces: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """(F,) bool: faces with a vertex that is not hidden."""
    return ~hidden[faces].all(1)


def drawn_back(body: Body, sinks: np.ndarray, worn: list[Worn]) -> np.ndarray:
    """(V, 3) float32 metres that `one_body` is moved by, so that nothing shows through the edges of what is
    over
    it. They are offsets and no part of the template, because joints are regressed from that."""
    parts = [_inwards(body.template, body.faces, sinks)]
    parts += [_inwards(w.mesh.vertices, w.mesh.faces, w.sinks) for w in worn]
    return np.concatenate(parts)


def one_body(body: Body, skin: np.ndarray, worn: list[Worn], uv: np.ndarray) -> Body:
    """One model of all of it, with every vertex of `body` first; it is shaped, posed and exported like a
    body.

    Args:
        skin: (F,) bool, faces of the body that are seen.
        uv: (U, 2) of the body's own UVs and of the garments', one after another, in [0, 1].
    """
    anchors = [w.mesh.anchors for w in worn]
    starts = np.cumsum([len(body.template), *(len(w.mesh.vertices) for w in worn)])
    uv_starts = np.cumsum([len(body.uv), *(len(w.mesh.uv) for w in worn)])
    kept = [faces_left(w.mesh.faces, w.vertices) for w in worn]

    def all_of(own: np.ndarray) -> np.ndarray:
        return np.concatenate([own, *(a.carried(own).astype(np.float32) for a in anchors)])

    regressor = sparse.csr_array(body.joint_regressor)
    regressor.resize((JOINT_COUNT, int(starts[-1])))
    return replace(
        body,
        name=f"{body.name}, dressed",
        template=np.concatenate([body.template, *(w.mesh.vertices for w in worn)]).astype(np.float32),
        faces=_stacked(body.faces[skin], [w.mesh.faces[k] for w, k in zip(worn, kept, strict=True)], starts),
        weights=np.concatenate([body.weights, *(w.mesh.weights for w in worn)]),
        joint_regressor=regressor,
        uv=np.ascontiguousarray(uv, np.float32),
        uv_faces=_stacked(
            body.uv_faces[skin], [w.mesh.uv_faces[k] for w, k in zip(worn, kept, strict=True)], uv_starts
        ),
        shape_directions=all_of(body.shape_directions),
        expression_directions=all_of(body.expression_directions),
        parts=np.concatenate([body.parts, *(np.zeros(len(w.mesh.vertices), np.uint8) for w in worn)]),
        correctives=None if body.correctives is None else _correctives(body.correctives, worn, starts),
        sha256="",
        path=None,
    )


def owners(skin: np.ndarray, worn: list[Worn]) -> np.ndarray:
    """(F,) of every face of `one_body`: -1 the body, else the number of the garment."""
    counts = [int(faces_left(w.mesh.faces, w.vertices).sum()) for w in worn]
    return np.concatenate([np.full(int(skin.sum()), -1), np.repeat(np.arange(len(worn)), counts)])


def _stacked(own: np.ndarray, others: list[np.ndarray], starts: np.ndarray) -> np.ndarray:
    moved = [faces + start for faces, start in zip(others, starts[:-1], strict=True)]
    return np.ascontiguousarray(np.concatenate([own, *moved]), np.int32)


def _inwards(points: np.ndarray, faces: np.ndarray, by: np.ndarray) -> np.ndarray:
    if not by.any():
        return np.zeros_like(points, np.float32)
    return -by.astype(np.float32)[:, None] * vertex_normals(np.asarray(points, np.float32), faces)


def _correctives(own: Correctives, worn: list[Worn], starts: np.ndarray) -> Correctives:
    """The body's pose directions, carried by its clothes."""
    firsts, vertices, directions = [0], [], []
    entry = np.full(int(starts[0]), -1, np.int32)
    for joint in range(JOINT_COUNT):
        block = slice(own.starts[joint], own.starts[joint + 1])
        ids, moved = (
            own.vertices[block],
            np.ascontiguousarray(own.directions[block]).reshape(-1, 3 * FEATURES),
        )
        vertices.append(ids)
        directions.append(own.directions[block])
        entry[ids] = np.arange(len(ids), dtype=np.int32)
        for number, w in enumerate(worn):
            mesh = w.mesh
            moves = np.zeros((len(mesh.vertices), 3 * FEATURES), np.float32)
            if joint in JOINTS and len(mesh.bends):
                moves += mesh.bends[JOINTS.index(joint)].reshape(moves.shape)
            most = _carry(
                mesh.anchor_starts,
                mesh.anchor_ids,
                mesh.anchor_shares,
                1.0 - mesh.freedom,
                entry,
                moved,
                moves,
            )
            on = np.flatnonzero(most > (_BENDS if len(mesh.bends) else _STILL))
            vertices.append((on + starts[number]).astype(np.int32))
            directions.append(moves[on].reshape(-1, 3, FEATURES))
        entry[ids] = -1
        firsts.append(sum(len(v) for v in vertices))
    return Correctives(np.array(firsts, np.int32), np.concatenate(vertices), np.concatenate(directions))


@numba.njit(cache=True, nogil=True)
def _carry(
    starts: np.ndarray,
    ids: np.ndarray,
    shares: np.ndarray,
    much: np.ndarray,
    entry: np.ndarray,
    moved: np.ndarray,
    moves: np.ndarray,
) -> np.ndarray:
    """Add to moves (V, n) those of what each vertex is held to: `moved` (M, n) at `entry` (B,) of the body's
    vertices, -1 nowhere; (V,) the greatest number of each row."""
    most = np.zeros(len(moves), np.float32)
    for v in range(len(moves)):
        for k in range(starts[v], starts[v + 1]):
            at = entry[ids[k]]
            if at >= 0:
                share = shares[k] * much[v]
                for n in range(moves.shape[1]):
                    moves[v, n] += share * moved[at, n]
        for n in range(moves.shape[1]):
            most[v] = max(most[v], abs(moves[v, n]))
    return most
