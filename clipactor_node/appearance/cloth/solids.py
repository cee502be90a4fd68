"""Solid shapes that accessories are put together from: tubes, rounded boxes, balls, plates."""

import numpy as np

from clipactor_node.appearance.cloth.sheet import Sheet, joined


def ring_grid(around: int, rows: int, closed: bool = False) -> np.ndarray:
    """Triangles between rings of `around` vertices; closed: the last ring goes over into the first."""
    ring, found = np.arange(around), []
    for row in range(rows if closed else rows - 1):
        nxt = (row + 1) % rows
        a, b = row * around + ring, row * around + np.roll(ring, -1)
        c, d = nxt * around + ring, nxt * around + np.roll(ring, -1)
        found += [np.stack([a, b, d], 1), np.stack([a, d, c], 1)]
    return np.concatenate(found)


def outside(sheet: Sheet) -> Sheet:
    """Faces turned so that the volume within is positive: normals point outwards."""
    a, b, c = (sheet.vertices[sheet.faces[:, k]] - sheet.vertices.mean(0) for k in range(3))
    return sheet if (np.cross(b, c) * a).sum() > 0 else Sheet(sheet.vertices, sheet.faces[:, ::-1])


def tube(
    path: np.ndarray, radius: np.ndarray | float, sides: int = 10, closed: bool = False, flat: float = 1.0
) -> Sheet:
    """A tube along a path (N, 3) metres.

    Args:
        radius: (N,) or one, metres. flat: its thickness towards the middle of the path, share of the radius.
    """
    path = np.asarray(path, float)
    ahead = np.roll(path, -1, 0) - np.roll(path, 1, 0)
    if not closed:
        ahead[0], ahead[-1] = path[1] - path[0], path[-1] - path[-2]
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-12
    out = path - path.mean(0)
    out -= (out * ahead).sum(1, keepdims=True) * ahead
    length = np.linalg.norm(out, axis=1, keepdims=True)
    upright = np.cross(ahead, np.array([0.0, 1.0, 0.0]) + 1e-6)
    out = np.where(length > 0.1 * length.max() + 1e-9, out, upright)
    out /= np.linalg.norm(out, axis=1, keepdims=True) + 1e-12
    side = np.cross(ahead, out)
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    wide = np.broadcast_to(np.asarray(radius, float), len(path))[:, None, None]
    points = path[:, None] + wide * (
        flat * np.cos(turn)[None, :, None] * out[:, None] + np.sin(turn)[None, :, None] * side[:, None]
    )
    faces = ring_grid(sides, len(path), closed)
    vertices = points.reshape(-1, 3)
    if not closed:
        vertices = np.concatenate([vertices, path[:1], path[-1:]])
        ring, last, end = np.arange(sides), (len(path) - 1) * sides, len(path) * sides
        faces = np.concatenate(
            [
                faces,
                np.stack([np.roll(ring, -1), ring, np.full(sides, end)], 1),
                np.stack([last + ring, last + np.roll(ring, -1), np.full(sides, end + 1)], 1),
            ]
        )
    return outside(Sheet(vertices, faces))


def ball(
    centre: np.ndarray, half: np.ndarray, power: float = 1.0, steps: int = 12, around: int = 20
) -> Sheet:
    """An ellipsoid with half axes (3,); power below 1: towards a box with rounded edges."""
    high = np.linspace(-0.5 * np.pi * 0.98, 0.5 * np.pi * 0.98, steps)
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)

    def squared(values: np.ndarray) -> np.ndarray:
        return np.sign(values) * np.abs(values) ** power

    y = np.repeat(squared(np.sin(high)), around)
    flat = np.repeat(np.abs(np.cos(high)) ** power, around)
    x, z = (flat * np.tile(squared(f(turn)), steps) for f in (np.cos, np.sin))
    points = np.concatenate([np.stack([x, y, z], 1), [[0, -1, 0], [0, 1, 0]]]) * half + centre
    ring, last, end = np.arange(around), (steps - 1) * around, steps * around
    caps = [
        np.stack([np.roll(ring, -1), ring, np.full(around, end)], 1),
        np.stack([last + ring, last + np.roll(ring, -1), np.full(around, end + 1)], 1),
    ]
    return outside(Sheet(points, np.concatenate([ring_grid(around, steps), *caps])))


def disc(outline: np.ndarray, bulge: np.ndarray, rings: int = 4) -> Sheet:
    """A plate within a closed outline (N, 3), its middle pushed out by `bulge` (3,) metres."""
    middle, count = outline.mean(0), len(outline)
    shares = np.linspace(1.0, 0.0, rings + 1)[:-1]
    points = [middle + s * (outline - middle) + (1 - s * s) * bulge for s in shares]
    vertices = np.concatenate([*points, (middle + bulge)[None]])
    ring, last = np.arange(count), (rings - 1) * count
    fan = np.stack([last + ring, last + np.roll(ring, -1), np.full(count, rings * count)], 1)
    sheet = Sheet(vertices, np.concatenate([ring_grid(count, rings), fan]))
    return sheet if (sheet.normals.mean(0) * bulge).sum() >= 0 else Sheet(vertices, sheet.faces[:, ::-1])


def mirrored(sheet: Sheet) -> Sheet:
    """The same on the other side of the body."""
    return Sheet(sheet.vertices * [-1, 1, 1], sheet.faces[:, ::-1])


def pair(sheet: Sheet) -> Sheet:
    """Left and right."""
    return joined([sheet, mirrored(sheet)])
