"""A dressed body by itself: everything that poses and draws it, without the files it was made from."""

import io
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from PIL import Image
from scipy import sparse

from clipactor_node.body.correctives import FEATURES, Correctives
from clipactor_node.body.export.picture import Part, Picture
from clipactor_node.body.model import Body
from clipactor_node.body.skin_weights import strongest
from clipactor_node.body.skinning import Skinner
from clipactor_node.errors import ModelError
from clipactor_node.geometry import JOINT_COUNT

BASE_COLOR, NORMAL, METALLIC_ROUGHNESS = "base_color", "normal", "metallic_roughness"
KINDS = (BASE_COLOR, NORMAL, METALLIC_ROUGHNESS)
NO_PART = 255
_STILL_M = 1e-5
"""Expressions that move a vertex by less leave it alone."""
_COLORS = 512
"""Texels of the coarse picture that colors of vertices are taken from."""


@dataclass(frozen=True, eq=False)
class SkinnedMesh:
    """V vertices in the T-pose, F triangles, and what moves and colors them. Metres, SMPL axes.

    Fields:
        positions: (V, 3) float32. faces: (F, 3) int32. displacement: (V,) metres, or None.
        colors: (V, 3) uint8, sRGB.
        uv: (U, 2) float32, v up. uv_faces: (F, 3) int32.
        pictures: kind (of `KINDS`) -> bytes of a WebP or PNG file; none: `colors` are everything.
        parts: name, roughness and whether its inside is seen, of each. part_of_face: (F,) uint8, 255: none.
        rest_joints: (55, 3) float32. joints: (V, K) uint8. weights: (V, K) float32, rows sum to 1.
        correctives: of the pose, or None.
        swing: (V,) uint8, how freely each vertex hangs (`body.Swing`), or None: nothing does.
        expression_names: E of them. expression_vertices: (N,) int32. expression_offsets: (N, E, 3) float32.
    """

    positions: np.ndarray
    faces: np.ndarray
    displacement: np.ndarray | None
    colors: np.ndarray
    uv: np.ndarray
    uv_faces: np.ndarray
    pictures: dict[str, bytes]
    parts: tuple[tuple[str, float, bool], ...]
    part_of_face: np.ndarray
    rest_joints: np.ndarray
    joints: np.ndarray
    weights: np.ndarray
    correctives: Correctives | None
    expression_names: tuple[str, ...]
    expression_vertices: np.ndarray
    expression_offsets: np.ndarray
    swing: np.ndarray | None = None

    @classmethod
    def of(
        cls,
        skinner: Skinner,
        surface: np.ndarray | Picture,
        displacement: np.ndarray | None = None,
        swing: np.ndarray | None = None,
    ) -> "SkinnedMesh":
        """What exporters take, as one record. With pictures, vertices that no face uses are left out.

        Args:
            skinner: poses every vertex of its body.
            surface: (V, 3) uint8, sRGB, or pictures.
            displacement: (V,) metres along the normals.
            swing: (V,) uint8, 0 where it moves with the body, 255 where it hangs free.
        """
        body = skinner.body
        drawn = isinstance(surface, Picture)
        kept = np.unique(body.faces) if drawn else np.arange(len(body.template))
        number = np.zeros(len(body.template), np.int32)
        number[kept] = np.arange(len(kept), dtype=np.int32)
        influences = max(int((body.weights[kept] > 0).sum(1).max(initial=1)), 1)
        joints, weights = strongest(body.weights[kept], influences)
        moved = np.abs(body.expression_directions[kept]).max((1, 2), initial=0.0) > _STILL_M
        picture = surface if isinstance(surface, Picture) else Picture(np.zeros((1, 1, 3), np.uint8), ())
        part_of_face = np.full(len(body.faces), NO_PART, np.uint8)
        for index, part in enumerate(picture.parts):
            part_of_face[part.faces] = index
        mesh = cls(
            positions=np.ascontiguousarray(skinner.rest_vertices[kept], np.float32),
            faces=number[body.faces],
            displacement=None if displacement is None else np.asarray(displacement, np.float32)[kept],
            colors=surface if isinstance(surface, np.ndarray) else np.zeros((len(kept), 3), np.uint8),
            uv=np.ascontiguousarray(body.uv, np.float32),
            uv_faces=np.ascontiguousarray(body.uv_faces, np.int32),
            pictures=_encoded(picture) if drawn else {},
            parts=tuple((part.name, float(part.roughness), bool(part.double)) for part in picture.parts),
            part_of_face=part_of_face,
            rest_joints=np.ascontiguousarray(skinner.rest_joints, np.float32),
            joints=joints,
            weights=weights,
            correctives=body.correctives and body.correctives.gathered(kept),
            expression_names=body.expression_names,
            expression_vertices=np.flatnonzero(moved).astype(np.int32),
            expression_offsets=np.ascontiguousarray(
                body.expression_directions[kept][moved].transpose(0, 2, 1), np.float32
            ),
        )
        if swing is not None and swing[kept].any():
            mesh = replace(mesh, swing=np.ascontiguousarray(swing[kept], np.uint8))
        if not drawn:
            return mesh
        return replace(mesh, colors=_colors(picture.image, mesh.uv, mesh.uv_faces, mesh.faces, len(kept)))

    def image(self, kind: str = BASE_COLOR) -> np.ndarray | None:
        """(H, W, 3) uint8; None: there is no such picture.

        Raises:
            ModelError: it cannot be read.
        """
        if kind not in self.pictures:
            return None
        try:
            with Image.open(io.BytesIO(self.pictures[kind]), formats=("PNG", "WEBP")) as image:
                return np.asarray(image.convert("RGB"))
        except (OSError, Image.DecompressionBombError) as error:
            raise ModelError(f"the {kind} picture cannot be read: {error}; expected PNG or WebP") from error

    @cached_property
    def surface(self) -> np.ndarray | Picture:
        """For exporters: pictures, or (V, 3) uint8 where there are none.

        Raises:
            ModelError: a picture cannot be read.
        """
        base = self.image()
        if base is None:
            return self.colors
        parts = tuple(
            Part(name, self.part_of_face == index, roughness, double)
            for index, (name, roughness, double) in enumerate(self.parts)
        )
        return Picture(base, parts, self.image(NORMAL), self.image(METALLIC_ROUGHNESS))

    def body(self) -> Body:
        """A body of these vertices alone, of one shape.

        Raises:
            ModelError: arrays do not fit each other.
        """
        count = len(self.positions)
        weights = np.zeros((count, JOINT_COUNT), np.float32)
        rows = np.arange(count)
        for joint, share in zip(self.joints.T, self.weights.T, strict=True):
            weights[rows, joint] += share
        directions = np.zeros((count, 3, len(self.expression_names)), np.float32)
        directions[self.expression_vertices] = self.expression_offsets.transpose(0, 2, 1)
        return Body(
            name="dressed",
            template=self.positions,
            faces=self.faces,
            weights=weights,
            joint_regressor=_averages(self.positions, self.rest_joints),
            uv=self.uv,
            uv_faces=self.uv_faces,
            shape_directions=np.zeros((count, 3, 0), np.float32),
            shape_names=(),
            expression_directions=directions,
            expression_names=self.expression_names,
            parts=np.zeros(count, np.uint8),
            correctives=self.correctives,
        )

    def skinner(self) -> Skinner:
        """What poses these vertices; for one thread.

        Raises:
            ModelError: arrays do not fit each other.
        """
        return Skinner(self.body())

    def packed(self) -> bytes:
        """The record as bytes, for `unpacked` in another process."""
        arrays: dict[str, np.ndarray] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                arrays[field.name] = value
        arrays["expression_names"] = np.array(self.expression_names, np.str_)
        arrays["part_names"] = np.array([name for name, _, _ in self.parts], np.str_)
        arrays["part_surfaces"] = np.array([(r, d) for _, r, d in self.parts], np.float64).reshape(-1, 2)
        for kind, content in self.pictures.items():
            arrays[f"picture {kind}"] = np.frombuffer(content, np.uint8)
        if self.correctives is not None:
            for name in ("starts", "vertices", "directions"):
                arrays[f"correctives {name}"] = getattr(self.correctives, name)
        file = io.BytesIO()
        np.savez(file, **arrays)  # type: ignore[arg-type]  # none is numpy's allow_pickle
        return file.getvalue()

    @classmethod
    def unpacked(cls, content: bytes) -> "SkinnedMesh":
        """What `packed` gave."""
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = dict(file)
        names, surfaces = arrays.pop("part_names"), arrays.pop("part_surfaces")
        correctives = [arrays.pop(f"correctives {n}", None) for n in ("starts", "vertices", "directions")]
        pictures = {kind: arrays.pop(f"picture {kind}") for kind in KINDS if f"picture {kind}" in arrays}
        return cls(
            displacement=arrays.pop("displacement", None),
            pictures={kind: picture.tobytes() for kind, picture in pictures.items()},
            parts=tuple((str(n), float(r), bool(d)) for n, (r, d) in zip(names, surfaces, strict=True)),
            correctives=None if correctives[0] is None else Correctives(*correctives),
            expression_names=tuple(str(name) for name in arrays.pop("expression_names")),
            **arrays,
        )


def quantized(correctives: Correctives | None) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """Starts (56,), vertices (N,), metres per step, directions (N, 27) int16; none: (0,)."""
    if correctives is None:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint32), 0.0, np.zeros((0, 3 * FEATURES), np.int16)
    step = float(np.abs(correctives.directions).max(initial=0.0)) / 32767 or 1.0
    steps = np.rint(correctives.directions / step).astype(np.int16).reshape(-1, 3 * FEATURES)
    return correctives.starts.astype(np.uint32), correctives.vertices.astype(np.uint32), step, steps


def encoded(image: np.ndarray, kind: str = "WEBP") -> bytes:
    """A picture (H, W, 3) uint8 as the bytes of a file, with every color as it is."""
    file = io.BytesIO()
    options = {"lossless": True, "quality": 20, "method": 0} if kind == "WEBP" else {}
    Image.fromarray(image).save(file, kind, **options)
    return file.getvalue()


def _encoded(picture: Picture) -> dict[str, bytes]:
    images = (picture.image, picture.normal, picture.metallic_roughness)
    return {kind: encoded(image) for kind, image in zip(KINDS, images, strict=True) if image is not None}


def _colors(
    image: np.ndarray, uv: np.ndarray, uv_faces: np.ndarray, faces: np.ndarray, count: int
) -> np.ndarray:
    """(count, 3) uint8: the picture around each vertex, at one of its points on the map."""
    if min(image.shape[:2]) > _COLORS:
        shrunk = Image.fromarray(image).resize((_COLORS, _COLORS), Image.Resampling.BOX)
        image = np.asarray(shrunk)
    point = np.zeros(count, np.int64)
    point[faces.ravel()] = uv_faces.ravel()
    height, width = image.shape[:2]
    at = uv[point]
    columns = np.clip((at[:, 0] * width).astype(int), 0, width - 1)
    rows = np.clip(((1.0 - at[:, 1]) * height).astype(int), 0, height - 1)
    return image[rows, columns]


def _averages(positions: np.ndarray, joints: np.ndarray) -> sparse.csr_array:
    """(55, V): the least weights with which the outermost vertices have these joints as averages."""
    directions = np.concatenate([np.eye(3), -np.eye(3), [(1, 1, 1), (-1, -1, -1)]]).astype(np.float32)
    outermost = np.unique((positions @ directions.T).argmax(0))
    rows = np.concatenate([positions[outermost].T, np.ones((1, len(outermost)))]).astype(np.float64)
    wanted = np.concatenate([joints.T, np.ones((1, len(joints)))]).astype(np.float64)
    averages = sparse.lil_array((len(joints), len(positions)), dtype=np.float32)
    averages[:, outermost] = np.linalg.lstsq(rows, wanted, rcond=None)[0].T
    return averages.tocsr()
