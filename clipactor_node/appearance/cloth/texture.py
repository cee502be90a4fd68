"""The picture on a dressed body: skin and cloth, painted texel by texel."""

from dataclasses import dataclass, replace

import numba
import numpy as np

from clipactor_node.appearance.cloth.atlas import PAD, Chart, charts_of, filled, packed, spread
from clipactor_node.appearance.cloth.fabrics import stitched, woven
from clipactor_node.appearance.cloth.finishing import finished
from clipactor_node.appearance.cloth.hair import scalp
from clipactor_node.appearance.cloth.layout import Worn, faces_left
from clipactor_node.appearance.cloth.printing import without_print
from clipactor_node.appearance.cloth.stitching import sewn_on, trims_colored
from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.appearance.painting import head, texel_layers
from clipactor_node.appearance.painting.patterns import cloth
from clipactor_node.appearance.painting.surface import Surface, surface_at, surface_coordinates
from clipactor_node.body import Body
from clipactor_node.geometry import JOINT_INDEX, rasterize, vertex_normals

_ARM = [i for n, i in JOINT_INDEX.items() if n.endswith(("_shoulder", "_elbow", "_wrist"))]
_OWN_DETAILS = ("outer", "shoes", "top", "hair", "headwear")
"""Slots whose collars, lapels, soles and brims are meshes, and whose buttons are `stitching`."""
_HEAD, _HAND, _REST = 2.0, 1.0, 0.7
"""How many texels per metre skin gets, cloth being 1."""


@dataclass(frozen=True)
class Atlas:
    """Where everything lies in the picture.

    Fields:
        uv: (U, 2) in [0, 1], the body's own points first. metres: (U,) per texel.
        size: texels.
    """

    uv: np.ndarray
    metres: np.ndarray
    size: int


def atlas_of(body: Body, skin: np.ndarray, worn: list[Worn], size: int) -> Atlas:
    """Lay out the seen skin and every panel."""
    uv, faces = body.uv.astype(float), body.uv_faces[skin]
    charts = [Chart(points, _skin_scale(body, points, skin)) for points in charts_of(len(uv), faces)]
    points, start = [uv], len(uv)
    for w in worn:
        left = w.mesh.uv_faces[faces_left(w.mesh.faces, w.vertices)]
        charts += [Chart(own + start, 1.0) for own in charts_of(len(w.mesh.uv), left)]
        points.append(w.mesh.uv.astype(float))
        start += len(w.mesh.uv)
    whole = np.concatenate(points)
    flat, units = packed(whole, charts, size)
    metres = units.copy()
    for chart in charts:
        if chart.points[0] < len(uv):  # units of a skin chart are its share of the body's map
            metres[chart.points] *= _metres_per_unit(body, chart.points, skin)
    return Atlas(flat, metres, size)


def _skin_scale(body: Body, points: np.ndarray, skin: np.ndarray) -> float:
    own = np.isin(body.uv_faces[skin][:, 0], points)
    place = body.template[np.unique(body.faces[skin][own])]
    surface = surface_coordinates(body)
    reach = np.abs(place[:, 0]).max()
    on_head = place[:, 1].min() > surface.y_at(6) - 0.06
    wanted = _HEAD if on_head else _HAND if reach > surface.x_at(2) else _REST
    return wanted * _metres_per_unit(body, points, skin)


def _metres_per_unit(body: Body, points: np.ndarray, skin: np.ndarray) -> float:
    own = np.isin(body.uv_faces[skin][:, 0], points)
    corners, flat = body.template[body.faces[skin][own]], body.uv[body.uv_faces[skin][own]]
    area = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    ).sum()
    a, b = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    return float(np.sqrt(area / max(np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum(), 1e-12)))


@dataclass(frozen=True)
class Texels:
    """The covered texels of one owner: rows, columns (N,); faces (N,) of the whole mesh; barycentrics (N,
    3)."""

    rows: np.ndarray
    columns: np.ndarray
    faces: np.ndarray
    shares: np.ndarray

    def blend(self, values: np.ndarray, faces: np.ndarray) -> np.ndarray:
        """Values (V, ...) at the corners of faces (F, 3), interpolated."""
        flat = np.ascontiguousarray(values.reshape(len(values), -1), np.float32)
        out = np.zeros((len(self.faces), flat.shape[1]), np.float32)
        _blend(flat, np.ascontiguousarray(faces, np.int32), self.faces, self.shares, out)
        return out.reshape(len(out), *values.shape[1:])

    def nearest(self, values: np.ndarray, faces: np.ndarray) -> np.ndarray:
        """Values (V, ...) of the corner that weighs most."""
        corner = self.shares.argmax(1)
        return values[faces[self.faces, corner]]


@numba.njit(cache=True, error_model="numpy")
def _blend(
    values: np.ndarray, faces: np.ndarray, ids: np.ndarray, shares: np.ndarray, out: np.ndarray
) -> None:
    for n in range(len(ids)):
        for corner in range(3):
            vertex, share = faces[ids[n], corner], shares[n, corner]
            for k in range(values.shape[1]):
                out[n, k] += share * values[vertex, k]


def painted(
    dressed: Body,
    owner: np.ndarray,
    atlas: Atlas,
    body: Body,
    outfit: Outfit,
    pieces: list[Piece],
    worn: list[Worn],
) -> np.ndarray:
    """(size, size, 3) uint8, sRGB; v = 1 is the first row."""
    size = atlas.size
    points = np.ones((len(dressed.uv), 3))
    points[:, 0], points[:, 1] = atlas.uv[:, 0] * size, (1.0 - atlas.uv[:, 1]) * size
    ids, shares = rasterize(points, dressed.uv_faces, size, size)
    image = np.zeros((size, size, 3), np.float32)
    covered = ids >= 0
    of = np.where(covered, owner[ids], -2)
    normals = vertex_normals(dressed.template, dressed.faces)
    for number in range(-1, len(worn)):
        rows, columns = np.nonzero(of == number)
        if not len(rows):
            continue
        texels = Texels(rows, columns, ids[rows, columns], shares[rows, columns])
        if number < 0:
            colors = _skin(texels, dressed, normals, atlas, body, outfit, pieces)
        else:
            colors = _garment(texels, dressed, normals, atlas, body, outfit, pieces, worn, number)
        image[rows, columns] = colors
    spread(image, covered, PAD)
    return np.clip(np.rint(filled(image, covered)), 0, 255).astype(np.uint8)


def _skin(
    texels: Texels,
    dressed: Body,
    normals: np.ndarray,
    atlas: Atlas,
    body: Body,
    outfit: Outfit,
    pieces: list[Piece],
) -> np.ndarray:
    """Skin, eyes, mouth, and everything that is painted on them."""
    whole = surface_coordinates(body)
    # Where the body was before it drew back: faces of the skin come first, with the same corners.
    faces, count = dressed.faces, len(body.template)
    surface = surface_at(
        body,
        texels.blend(body.template, np.minimum(faces, count - 1)),
        texels.blend(normals, faces),
        texels.nearest(atlas.metres, dressed.uv_faces),
        skull=texels.nearest(whole.skull, np.minimum(faces, count - 1)),
        eyes=texels.nearest(whole.eyes, np.minimum(faces, count - 1)),
        eye_angle=texels.blend(whole.eye_angle, np.minimum(faces, count - 1)),
        inside=texels.nearest(whole.inside, np.minimum(faces, count - 1)),
    )
    colors, _ = head.person(outfit, surface)
    for piece in outfit.pieces:
        if piece.kind == "hair" and piece in pieces:
            share = scalp(np.stack([surface.x, surface.y, surface.z], 1), outfit.hair, body) * surface.skull
            colors = colors + (np.array(piece.color) * 0.85 - colors) * share[:, None]
        elif piece not in pieces and not (piece.slot == "neckwear" and outfit.get("top") in pieces):
            colors = texel_layers.over(colors, piece, outfit, surface)
    return head.finish(colors, outfit, surface)


def _garment(
    texels: Texels,
    dressed: Body,
    normals: np.ndarray,
    atlas: Atlas,
    body: Body,
    outfit: Outfit,
    pieces: list[Piece],
    worn: list[Worn],
    number: int,
) -> np.ndarray:
    """Cloth, its seams, and what is worn on it without cloth of its own."""
    piece, mesh = pieces[number], worn[number].mesh
    first = len(body.uv) + sum(len(w.mesh.uv) for w in worn[:number])
    local = np.maximum(dressed.uv_faces - first, 0)
    local = np.minimum(local, len(mesh.uv) - 1)
    uv = texels.blend(mesh.uv, local)
    depth = texels.blend(mesh.depth, local)
    surface = surface_at(
        body,
        texels.blend(dressed.template, dressed.faces),
        texels.blend(normals, dressed.faces),
        texels.nearest(atlas.metres, dressed.uv_faces),
    )
    arm = texels.blend(dressed.weights[:, _ARM].sum(1), dressed.faces) > 0.5
    colors = (
        np.broadcast_to(cloth(without_print(piece), _along_cloth(surface, uv, arm)), (len(uv), 3))
        .astype(np.float32)
        .copy()
    )
    if piece.shape.slot not in _OWN_DETAILS:
        colors = texel_layers.details(colors, piece, outfit, surface)
    colors = colors * woven(piece, uv[:, 0], uv[:, 1], depth)
    trim = texels.nearest(mesh.trim, local)
    plain = trim == 0
    colors[plain] = stitched(piece, colors[plain], uv[plain, 0], uv[plain, 1], depth[plain])
    colors[plain] = sewn_on(colors[plain], piece, surface.at(plain))
    colors = finished(trims_colored(colors, piece, trim), piece, outfit, surface, uv, depth)
    for other in outfit.pieces:
        if other not in pieces and other.shape.layer > piece.shape.layer:
            colors = texel_layers.over(colors, other, outfit, surface)
    return colors


def _along_cloth(surface: Surface, uv: np.ndarray, arm: np.ndarray) -> Surface:
    """Patterns run along the cloth of trunk and legs, around sleeves."""
    along = np.where(arm, surface.side, uv[:, 1])
    around = np.where(arm, surface.around, uv[:, 0])
    return replace(surface, along=along.astype(np.float32), around=around.astype(np.float32))
