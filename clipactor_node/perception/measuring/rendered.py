"""Drawn people whose pose is known: what recovery is measured with, and what it learns from."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.appearance.painting import paint
from clipactor_node.body import Body, Skinner
from clipactor_node.geometry import Camera, visibility
from clipactor_node.render import ENVIRONMENTS, Figure, draw_figures

OUTFITS = ("a firefighter", "a businessman in a dark suit", "a woman in a red dress", "a man in jeans")
_ROOMS = tuple(ENVIRONMENTS.values())
_OCCLUDERS = 60  # boxes that are tried at most


@dataclass(frozen=True)
class CameraSetup:
    """Where a camera stands in relation to somebody.

    Fields:
        azimuth: radians about +y from where the person heads; pi / 2: at the left side.
        elevation: radians above the horizon. fov: vertical, degrees.
    """

    azimuth: float
    elevation: float
    fov: float

    def camera(self, joints: np.ndarray, heading: float, side: int) -> Camera:
        """Sees all of (..., 3) `joints` of somebody who heads `heading` radians about +y; a square picture
        of `side` pixels."""
        return Camera.around(
            joints, heading + self.azimuth, self.elevation, self.fov, side, side, margin=1.35
        )


SETUPS = tuple(
    CameraSetup(float(np.radians(azimuth)), float(np.radians(elevation)), fov)
    for elevation, fov in ((0.0, 40.0), (12.0, 55.0), (30.0, 65.0))
    for azimuth in (0.0, 40.0, -85.0, 155.0)
)
"""The twelve of `clipactor eval camera`: front, slanting, from the side and from behind; level to steep."""


@dataclass(frozen=True)
class Dressed:
    """Somebody who can be drawn: a skinner and the colors (V, 3) uint8 of its vertices."""

    skinner: Skinner
    colors: np.ndarray

    @classmethod
    def of(cls, body: Body, outfit: str) -> "Dressed":
        """The body in the clothes that words describe, painted."""
        painted = paint(propose_outfit(outfit).outfit, body)
        return cls(Skinner(body, offsets=painted.rest_offsets), painted.srgb)


@dataclass(frozen=True)
class Scene:
    """A picture with the truth.

    Fields:
        picture: (H, W, 3) uint8. camera: that took it.
        transforms: (55, 4, 4) joint -> world, SMPL axes.
        hidden: share of the person's pixels that boxes cover.
    """

    picture: np.ndarray
    camera: Camera
    transforms: np.ndarray
    hidden: float


def draw_scene(
    person: Dressed, transforms: np.ndarray, camera: Camera, hidden: float, rng: np.random.Generator
) -> Scene:
    """Draw somebody, and boxes in front that hide at least the share `hidden` of the person."""
    vertices = person.skinner.vertices(transforms)
    room = _ROOMS[int(rng.integers(len(_ROOMS)))]
    picture = draw_figures([Figure(vertices, person.skinner.faces, person.colors)], camera, room)
    scene = Scene(picture, camera, transforms, 0.0)
    return covered(scene, person, hidden, rng) if hidden > 0.0 else scene


def covered(scene: Scene, person: Dressed, hidden: float, rng: np.random.Generator) -> Scene:
    """The same scene with boxes in front that hide at least the share `hidden` of the person."""
    vertices = person.skinner.vertices(scene.transforms)
    person_at = visibility(vertices, person.skinner.faces, scene.camera)[0] >= 0
    picture = scene.picture.copy()
    return Scene(picture, scene.camera, scene.transforms, _cover(picture, person_at, hidden, rng))


def held_out(name: str) -> bool:
    """Whether a clip is kept for measuring: a fifth of all, by the first word of the name, so that no
    variant of what is measured was learnt from."""
    word = name.rpartition("/")[2].split("_")[0]
    return hashlib.sha256(word.encode()).digest()[0] % 5 == 0


def held_out_names(names: Sequence[str]) -> list[str]:
    """Those of `names` that are kept for measuring, sorted."""
    return sorted(name for name in names if held_out(name))


def _cover(picture: np.ndarray, person_at: np.ndarray, share: float, rng: np.random.Generator) -> float:
    """Paint boxes of one color each over a picture, in place, until enough is hidden -> how much is."""
    rows, columns = np.nonzero(person_at)
    if not len(rows):
        return 0.0
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    seen = person_at.copy()
    for _ in range(_OCCLUDERS):
        at = int(rng.integers(len(rows)))
        half_h, half_w = rng.uniform(0.06, 0.16, 2) * [height, max(width, 0.4 * height)]
        top, bottom = int(max(rows[at] - half_h, 0)), int(rows[at] + half_h + 1)
        left, right = int(max(columns[at] - half_w, 0)), int(columns[at] + half_w + 1)
        picture[top:bottom, left:right] = rng.integers(30, 226, 3)
        seen[top:bottom, left:right] = False
        hidden = 1.0 - float(seen.sum()) / len(rows)
        if hidden >= share:
            return hidden
    return hidden
