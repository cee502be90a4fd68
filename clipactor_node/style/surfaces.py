"""What a style is laid on (the template of Eq. 3): the body, or what is worn. Needs no torch."""

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.appearance.painting import Proposal, regions
from clipactor_node.body import Body, Skinner, decimated
from clipactor_node.errors import StyleError
from clipactor_node.geometry import rasterize
from clipactor_node.style.entry import Style
from clipactor_node.style.frames import Frames, Shown
from clipactor_node.style.schedule import Schedule

if TYPE_CHECKING:
    from clipactor_node.appearance.cloth import DressedBody

TEXTURE = 1024
"""Texels along a side of the picture of a style on clothes."""
_VERTICES = {"smpl": 6890, "smplx": 10475}


def laid_on(frames: Frames, schedule: Schedule, prompt: str) -> "tuple[Frames, DressedBody | None]":
    """The same frames of the surface that a schedule names, and what is worn, if it is that.

    Raises:
        StyleError: the body has no UV map, by which clothes are drawn.
    """
    if schedule.surface == "dressed":
        look = worn_for(prompt, frames.body)
        return in_clothes(frames, look), look
    if schedule.surface == "body":
        return frames.subdivided(schedule.subdivisions), None
    share = _VERTICES[schedule.surface] / len(frames.body.template)
    return (replace(frames, shown=Shown(*decimated(frames.body, share))) if share < 1 else frames), None


def worn_for(prompt: str, body: Body, texture: int = 0) -> "DressedBody":
    """What a prompt says is worn, as meshes on that body; `texture` texels along a side, 0: `TEXTURE`.

    Raises:
        StyleError: the body has no UV map, by which clothes are drawn.
    """
    if not len(body.uv_faces):
        raise StyleError(
            f"the body {body.name} has no UV map, by which clothes of cloth are drawn; choose a preset that "
            "is laid on the body itself, such as cpu-preview"
        )
    from clipactor_node.appearance.cloth import dressed  # a third of a second that others do not need

    return dressed(propose_outfit(prompt).outfit, body, texture or TEXTURE)


def in_clothes(frames: Frames, look: "DressedBody") -> Frames:
    """The same frames of a dressed body, of what of it is seen."""
    number = np.zeros(len(look.body.template), np.int32)
    number[look.seen] = np.arange(len(look.seen), dtype=np.int32)
    return replace(frames, body=look.body, shown=Shown(look.seen, number[look.body.faces], look.offsets))


def geometry_of(look: "DressedBody") -> str:
    """16 hex digits: the same for clothes that a picture fits, whatever is drawn in it."""
    sha = hashlib.sha256(str(look.texture.shape).encode())
    for array in (look.body.faces, look.body.uv_faces, np.rint(look.body.uv * look.texture.shape[0] * 8)):
        sha.update(np.ascontiguousarray(array, np.int32).tobytes())
    return sha.hexdigest()[:16]


def proposal_on(look: "DressedBody") -> Proposal:
    """Where the field starts on clothes: their texture at every seen vertex, no displacement."""
    point = np.zeros(len(look.body.template), np.int64)
    point[look.body.faces.ravel()] = look.body.uv_faces.ravel()
    size = look.texture.shape[0]
    uv = look.body.uv[point[look.seen]]
    rows = np.clip(((1 - uv[:, 1]) * size).astype(int), 0, size - 1)
    columns = np.clip((uv[:, 0] * size).astype(int), 0, size - 1)
    colors = look.texture[rows, columns].astype(np.float32) / 255
    return Proposal(colors, np.zeros(len(colors), np.float32))


def owners_on(look: "DressedBody | None", frames: Frames, prompt: str) -> np.ndarray:
    """(n,) what each vertex of `frames.template` belongs to: a number of the outfit's pieces, -1 skin."""
    outfit = propose_outfit(prompt).outfit
    if look is None:
        owner, _ = regions(outfit, frames.body)
        return owner if frames.shown is None else owner[frames.shown.pick]
    numbers = np.array([outfit.pieces.index(piece) for piece in look.pieces] + [-1])
    owner = np.full(len(look.body.template), -1)
    owner[look.body.faces] = numbers[look.owner][:, None]
    return owner[look.seen]


@dataclass(frozen=True)
class Texels:
    """Where in the T-pose the texels of a picture are.

    Fields:
        covered: (S, S) bool. points: (N, 3) float32 metres, of the covered ones in reading order.
    """

    covered: np.ndarray
    points: np.ndarray

    def spread(self, values: np.ndarray) -> np.ndarray:
        """(S, S, C) of values (N, C); what is not covered has those of the nearest that is, so that no seam
        shows."""
        from scipy import ndimage

        whole = np.zeros((*self.covered.shape, values.shape[1]), values.dtype)
        whole[self.covered] = values
        nearest = ndimage.distance_transform_edt(~self.covered, return_distances=False, return_indices=True)
        return whole[tuple(nearest)]


def texels_of(look: "DressedBody") -> Texels:
    """Those of the look's own texture."""
    size, body = look.texture.shape[0], look.body
    at = np.ones((len(body.uv), 3))
    at[:, 0], at[:, 1] = body.uv[:, 0] * size, (1.0 - body.uv[:, 1]) * size
    ids, shares = rasterize(at, np.ascontiguousarray(body.uv_faces, np.int32), size, size)
    covered = ids >= 0
    corners = (body.template + look.offsets)[body.faces[ids[covered]]]
    return Texels(covered, np.einsum("nk,nkc->nc", shares[covered], corners).astype(np.float32))


def worn_in(style: Style, body: Body) -> "DressedBody":
    """The clothes of a style that was made on clothes, with its picture and its displacement.

    Raises:
        StyleError: it was made on the body itself, or its clothes are cut otherwise by now.
    """
    if style.texture is None:
        raise StyleError(f"the style {style.card.prompt!r} is painted on the body: use --clothes paint")
    look = worn_for(style.card.prompt, body, style.texture.shape[0])
    if geometry_of(look) != style.card.geometry:
        raise StyleError(
            f"the clothes of {style.card.prompt!r} are cut otherwise than when its style was made; "
            "optimize it again, or use --clothes paint"
        )
    frames_of_it = Skinner(look.body, offsets=look.offsets)
    normals = frames_of_it.normals(frames_of_it.rest_vertices)[look.seen]
    offsets = look.offsets.copy()
    offsets[look.seen] += style.displacement.astype(np.float32)[:, None] * normals
    return replace(look, texture=style.texture, offsets=offsets)
