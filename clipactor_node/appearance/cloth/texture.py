"""The picture on a dressed body: skin and cloth, painted texel by texel."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numba
import numpy as np

from clipactor_node.appearance.cloth.atlas import PAD, Chart, charts_of, filled, packed, spread
from clipactor_node.appearance.cloth.fabrics import stitched, woven
from clipactor_node.appearance.cloth.finishing import finished
from clipactor_node.appearance.cloth.foreign import foreign_colors
from clipactor_node.appearance.cloth.garment import GarmentMesh
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
_BLOCK = 1 << 15
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

    def seen(self, uv_faces: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Which of the faces (F, 3) each texel of a picture of that size shows, (size, size) int32, -1: none;
        its barycentrics (size, size, 3)."""
        points = np.ones((len(self.uv), 3))
        points[:, 0], points[:, 1] = self.uv[:, 0] * size, (1.0 - self.uv[:, 1]) * size
        return rasterize(points, uv_faces, size, size)


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

    def blocks(self) -> Iterator["Texels"]:
        """The same in pieces that stay in the processor's cache, and do not hold up other threads."""
        for start in range(0, len(self.faces), _BLOCK):
            own = slice(start, start + _BLOCK)
            yield Texels(self.rows[own], self.columns[own], self.faces[own], self.shares[own])

    def blend(self, values: np.ndarray, faces: np.ndarray) -> np.ndarray:
        """Values (V, ...) at the corners of faces (F, 3), interpolated."""
        flat = np.ascontiguousarray(values.reshape(len(values), -1), np.float32)
        out = np.zeros((len(self.faces), flat.shape[1]), np.float32)
        _blend(flat, faces, self.faces, self.shares, out)
        return out.reshape(len(out), *values.shape[1:])

    def nearest(self, values: np.ndarray, faces: np.ndarray) -> np.ndarray:
        """Values (V, ...) of the corner that weighs most."""
        found = np.empty(len(self.faces), np.int32)
        _heaviest(faces, self.faces, self.shares, found)
        return values[found]


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _blend(
    values: np.ndarray, faces: np.ndarray, ids: np.ndarray, shares: np.ndarray, out: np.ndarray
) -> None:
    for n in range(len(ids)):
        for corner in range(3):
            vertex, share = faces[ids[n], corner], shares[n, corner]
            for k in range(values.shape[1]):
                out[n, k] += share * values[vertex, k]


@numba.njit(cache=True, nogil=True)
def _heaviest(faces: np.ndarray, ids: np.ndarray, shares: np.ndarray, out: np.ndarray) -> None:
    for n in range(len(ids)):
        a, b, c = shares[n, 0], shares[n, 1], shares[n, 2]
        out[n] = faces[ids[n], 0 if a >= b and a >= c else 1 if b >= c else 2]


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
    ids, shares = atlas.seen(dressed.uv_faces, size)
    image = np.zeros((size, size, 3), np.float32)
    covered = ids >= 0
    at = np.flatnonzero(covered)
    of = owner[ids.ravel()[at]]
    common = (dressed, vertex_normals(dressed.template, dressed.faces), atlas, body, outfit, pieces)
    paints: list[_Skin | _Garment] = [
        _Skin.of(*common),
        *(_Garment.of(*common, worn, n) for n in range(len(worn))),
    ]
    for number, paint in enumerate(paints, start=-1):
        rows, columns = np.divmod(at[of == number], size)
        for texels in Texels(rows, columns, ids[rows, columns], shares[rows, columns]).blocks():
            image[texels.rows, texels.columns] = paint.colors(texels)
    spread(image, covered, PAD)
    return _rounded(filled(image, covered))


@numba.njit(cache=True, nogil=True)
def _rounded(image: np.ndarray) -> np.ndarray:
    out = np.empty(image.shape, np.uint8)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            for k in range(3):
                out[row, column, k] = np.uint8(min(max(np.rint(image[row, column, k]), 0.0), 255.0))
    return out


@dataclass(frozen=True)
class _Skin:
    """Skin, eyes, mouth, and everything that is painted on them.

    Fields:
        faces: (F, 3) of the whole mesh; own: (F, 3) the same on the bare body, where the skin was before it
            drew back.
        normals: (V, 3). metres: (U,) per texel; uv_faces: (F, 3).
    """

    body: Body
    outfit: Outfit
    pieces: list[Piece]
    faces: np.ndarray
    own: np.ndarray
    uv_faces: np.ndarray
    normals: np.ndarray
    metres: np.ndarray

    @classmethod
    def of(
        cls,
        dressed: Body,
        normals: np.ndarray,
        atlas: Atlas,
        body: Body,
        outfit: Outfit,
        pieces: list[Piece],
    ) -> "_Skin":
        own = np.minimum(dressed.faces, len(body.template) - 1)
        return cls(body, outfit, pieces, dressed.faces, own, dressed.uv_faces, normals, atlas.metres)

    def colors(self, texels: Texels) -> np.ndarray:
        """(N, 3), 0-255."""
        body, outfit, own = self.body, self.outfit, self.own
        whole = surface_coordinates(body)
        surface = surface_at(
            body,
            texels.blend(body.template, own),
            texels.blend(self.normals, self.faces),
            texels.nearest(self.metres, self.uv_faces),
            skull=texels.nearest(whole.skull, own),
            eyes=texels.nearest(whole.eyes, own),
            eye_angle=texels.blend(whole.eye_angle, own),
            inside=texels.nearest(whole.inside, own),
        )
        colors, _ = head.person(outfit, surface)
        for piece in outfit.pieces:
            if piece.kind == "hair" and piece in self.pieces:
                share = (
                    scalp(np.stack([surface.x, surface.y, surface.z], 1), outfit.hair, body) * surface.skull
                )
                colors = colors + (np.array(piece.color) * 0.85 - colors) * share[:, None]
            elif piece not in self.pieces and not (
                piece.slot == "neckwear" and outfit.get("top") in self.pieces
            ):
                colors = texel_layers.over(colors, piece, outfit, surface)
        return head.finish(colors, outfit, surface)


@dataclass(frozen=True)
class _Garment:
    """Cloth, its seams, and what is worn on it without cloth of its own.

    Fields:
        local: (F, 3) faces of the whole mesh between the garment's own UVs.
        arms: (V,) share of each vertex that arms carry.
    """

    body: Body
    outfit: Outfit
    piece: Piece
    mesh: GarmentMesh
    over: tuple[Piece, ...]
    dressed: Body
    local: np.ndarray
    normals: np.ndarray
    metres: np.ndarray
    arms: np.ndarray

    @classmethod
    def of(
        cls,
        dressed: Body,
        normals: np.ndarray,
        atlas: Atlas,
        body: Body,
        outfit: Outfit,
        pieces: list[Piece],
        worn: list[Worn],
        number: int,
    ) -> "_Garment":
        piece, mesh = pieces[number], worn[number].mesh
        first = len(body.uv) + sum(len(w.mesh.uv) for w in worn[:number])
        over = [p for p in outfit.pieces if p not in pieces and p.shape.layer > piece.shape.layer]
        return cls(
            body=body,
            outfit=outfit,
            piece=piece,
            mesh=mesh,
            over=tuple(over),
            dressed=dressed,
            local=np.clip(dressed.uv_faces - first, 0, len(mesh.uv) - 1).astype(np.int32),
            normals=normals,
            metres=atlas.metres,
            arms=dressed.weights[:, _ARM].sum(1),
        )

    def colors(self, texels: Texels) -> np.ndarray:
        """(N, 3), 0-255."""
        piece, mesh, dressed = self.piece, self.mesh, self.dressed
        uv, depth = texels.blend(mesh.uv, self.local), texels.blend(mesh.depth, self.local)
        if piece.source:
            return foreign_colors(piece, uv)
        surface = surface_at(
            self.body,
            texels.blend(dressed.template, dressed.faces),
            texels.blend(self.normals, dressed.faces),
            texels.nearest(self.metres, dressed.uv_faces),
        )
        arm = texels.blend(self.arms, dressed.faces) > 0.5
        color = cloth(without_print(piece), _along_cloth(surface, uv, arm))
        colors = np.broadcast_to(color, (len(uv), 3)).astype(np.float32).copy()
        if piece.shape.slot not in _OWN_DETAILS:
            colors = texel_layers.details(colors, piece, self.outfit, surface)
        colors = colors * woven(piece, uv[:, 0], uv[:, 1], depth)
        trim = texels.nearest(mesh.trim, self.local)
        plain = trim == 0
        colors[plain] = stitched(piece, colors[plain], uv[plain, 0], uv[plain, 1], depth[plain])
        colors[plain] = sewn_on(colors[plain], piece, surface.at(plain))
        colors = finished(trims_colored(colors, piece, trim), piece, self.outfit, surface, uv, depth)
        for other in self.over:
            colors = texel_layers.over(colors, other, self.outfit, surface)
        return colors


def _along_cloth(surface: Surface, uv: np.ndarray, arm: np.ndarray) -> Surface:
    """Patterns run along the cloth of trunk and legs, around sleeves."""
    along = np.where(arm, surface.side, uv[:, 1])
    around = np.where(arm, surface.around, uv[:, 0])
    return replace(surface, along=along.astype(np.float32), around=around.astype(np.float32))
