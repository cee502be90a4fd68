"""A dressed mesh with fewer vertices, and the same picture on it."""

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from clipactor_node.body.detail import COARSE, decimated
from clipactor_node.body.export.skinned_mesh import SkinnedMesh


def coarser(mesh: SkinnedMesh, share: float = COARSE) -> SkinnedMesh:
    """A share of a mesh's vertices that keeps its form best; takes some tenths of a second.

    Every corner of a new face lies on the map where its vertex lay, in the panel that most of them share; a
    corner that lies in another goes to the nearest vertex of that panel.
    """
    kept, faces = decimated(mesh.body(), share)
    number = np.full(len(mesh.positions), -1, np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    uv_faces, part_of_face = mesh.uv_faces, mesh.part_of_face
    if len(mesh.uv_faces):
        uv_faces, part_of_face = _mapped(mesh, kept[faces])
    moved = number[mesh.expression_vertices] >= 0
    return replace(
        mesh,
        positions=mesh.positions[kept],
        faces=faces,
        displacement=None if mesh.displacement is None else mesh.displacement[kept],
        colors=mesh.colors[kept],
        uv_faces=uv_faces,
        part_of_face=part_of_face,
        joints=mesh.joints[kept],
        weights=mesh.weights[kept],
        correctives=mesh.correctives and mesh.correctives.gathered(kept),
        swing=None if mesh.swing is None else mesh.swing[kept],
        expression_vertices=number[mesh.expression_vertices[moved]],
        expression_offsets=mesh.expression_offsets[moved],
    )


def _mapped(mesh: SkinnedMesh, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of faces between vertices of a mesh, (F, 3): points of its map, (F, 3) int32, and its part, (F,)."""
    ends = mesh.uv_faces
    links = sparse.coo_array(
        (np.ones(ends.size), (ends.ravel(), np.roll(ends, 1, axis=1).ravel())), (len(mesh.uv), len(mesh.uv))
    )
    pieces, piece = csgraph.connected_components(links, directed=False)
    used = np.unique(piece[ends])  # points of no face are pieces, too
    count, number = len(used), np.full(pieces, -1)
    number[used] = np.arange(count)
    panel = number[piece]
    point = np.full((len(mesh.positions), count), -1, np.int32)
    point[mesh.faces.ravel(), panel[ends.ravel()]] = ends.ravel()
    chosen = (point[corners] >= 0).sum(1).argmax(1)
    found = point[corners, chosen[:, None]]
    for own in np.unique(chosen[(found < 0).any(1)]):
        missing = (found < 0) & (chosen == own)[:, None]
        there = np.flatnonzero(point[:, own] >= 0)
        nearest = cKDTree(mesh.positions[there]).query(mesh.positions[corners[missing]])[1]
        found[missing] = point[there[nearest], own]
    part = np.zeros(count, mesh.part_of_face.dtype)
    part[panel[ends[:, 0]]] = mesh.part_of_face
    return found, part[chosen]
