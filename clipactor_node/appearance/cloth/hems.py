"""The folded edge of cloth: without it a garment looks like paper."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.appearance.cloth.sheet import Sheet, along_borders, border_edges

THICK_M, DEPTH_M = 0.0035, 0.012


@dataclass(frozen=True)
class Hem:
    """A sheet whose borders are turned inwards.

    Fields:
        sheet: the given one's vertices and faces first.
        source: (V',) of which vertex of the given sheet each is, or the fold of.
        fold: (V',) metres of cloth from the border to each vertex of the fold; 0 on the given sheet.
    """

    sheet: Sheet
    source: np.ndarray
    fold: np.ndarray


def hemmed(sheet: Sheet, thick: float = THICK_M, depth: float = DEPTH_M) -> Hem:
    """Two rings more at every border: around the edge, and back inside along the cloth."""
    border = border_edges(sheet.faces)
    on = np.unique(border)
    count, number = len(sheet.vertices), np.full(len(sheet.vertices), -1)
    number[on] = np.arange(len(on))
    normals = sheet.normals
    inward = inwards(sheet, border)
    around = sheet.vertices[on] - 0.6 * thick * normals[on] - 0.15 * thick * inward[on]
    inside = sheet.vertices[on] - thick * normals[on] + depth * inward[on]
    one, two = count + number[border], count + len(on) + number[border]
    faces = np.concatenate(
        [sheet.faces, *_strip(border[:, ::-1], one[:, ::-1]), *_strip(one[:, ::-1], two[:, ::-1])]
    )
    source = np.concatenate([np.arange(count), on, on])
    fold = np.concatenate([np.zeros(count), np.full(len(on), thick), np.full(len(on), thick + depth)])
    return Hem(Sheet(np.concatenate([sheet.vertices, around, inside]), faces), source, fold)


def _strip(near: np.ndarray, far: np.ndarray) -> list[np.ndarray]:
    """Two triangles between each edge of two rings."""
    return [
        np.stack([near[:, 0], near[:, 1], far[:, 1]], 1),
        np.stack([near[:, 0], far[:, 1], far[:, 0]], 1),
    ]


def inwards(sheet: Sheet, border: np.ndarray) -> np.ndarray:
    """(V, 3) unit vectors along the cloth, away from the border; zero off it."""
    normals = sheet.normals
    start, end = border.T
    across = np.cross(normals[start] + normals[end], sheet.vertices[end] - sheet.vertices[start])
    out = np.zeros_like(sheet.vertices)
    for column in (start, end):
        np.add.at(out, column, across)
    out = along_borders(out, border, 3)
    out -= (out * normals).sum(1, keepdims=True) * normals
    return out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-9)
