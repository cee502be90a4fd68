"""Pictures that show what was recovered: the body over the picture, and from the side."""

from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw

from clipactor_node.body import Skinner
from clipactor_node.geometry import Camera
from clipactor_node.perception.estimate import Estimate, pose_rows
from clipactor_node.perception.landmarks import Landmarks
from clipactor_node.perception.pictures import as_rgb
from clipactor_node.perception.view import View
from clipactor_node.render import STUDIO, Figure, draw_figures

_COLOR = (96, 165, 214)
_OPACITY = 0.72
_EYE = ((0.0, 0.0, 0.0), (0.0, 0.0, -1.0))
_BARE = replace(STUDIO, floor=False)


def overlay(picture: np.ndarray, skinner: Skinner, estimate: Estimate | None, view: View) -> np.ndarray:
    """The body over the picture, and the same from the left of the camera, side by side.

    Args:
        picture: as `as_rgb` takes it. estimate: None: nobody.

    Returns:
        (H, 2 W, 3) uint8, of even height.
    """
    shown = as_rgb(picture)
    height, width = shown.shape[:2]
    side = np.full((height, width, 3), STUDIO.background, np.uint8)
    text = "nobody is seen"
    if estimate is not None:
        skin = _posed(skinner, estimate)
        colors = np.tile(np.array(_COLOR, np.uint8), (len(skin), 1))
        figure = Figure(skin, skinner.faces, colors)
        eye = Camera(*_EYE, fov=view.fov, width=width, height=height)
        drawn = draw_figures([figure], eye, _BARE, transparent=True).astype(np.float32)
        share = drawn[..., 3:] / 255.0 * _OPACITY
        shown = np.rint(shown * (1.0 - share) + drawn[..., :3] * share).astype(np.uint8)
        beside = Camera.around(skin, np.pi / 2.0, 0.0, 30.0, width, height, margin=1.15)
        side = draw_figures([figure], beside, _BARE)
        text = f"confidence {estimate.confidence:.2f}" + ("" if estimate.legs_seen else ", legs not seen")
    both = Image.fromarray(np.concatenate([shown, side], 1))
    ImageDraw.Draw(both).text((width + 8, 6), text, fill=(40, 44, 52), font_size=max(height // 28, 11))
    out = np.asarray(both)
    return out[: height - height % 2]


def _posed(skinner: Skinner, estimate: Estimate) -> np.ndarray:
    pose = pose_rows(estimate.local)
    at = (estimate.pelvis - skinner.rest_joints[0]).astype(np.float32)
    return skinner.vertices(skinner.transforms(pose, at))


_BONES = (
    (11, 12), (11, 23), (12, 24), (23, 24), (11, 13), (13, 15), (12, 14), (14, 16), (15, 19), (16, 20),
    (23, 25), (25, 27), (27, 31), (27, 29), (24, 26), (26, 28), (28, 32), (28, 30), (7, 0), (0, 8),
)  # fmt: skip
_LEFT, _RIGHT, _MIDDLE = (230, 120, 40), (40, 140, 230), (240, 220, 80)


def annotated(picture: np.ndarray, seen: Landmarks | None, text: str = "") -> np.ndarray:
    """The landmarks of a person on a picture: left side orange, right side blue; what is hidden is thin.

    Args:
        picture: (H, W, 3) uint8, the one the landmarks were found in. text: a line at the top.
    """
    shown = Image.fromarray(picture)
    pen = ImageDraw.Draw(shown)
    wide = max(picture.shape[0] // 160, 2)
    for start, end in _BONES if seen is not None else ():
        assert seen is not None
        sides = {start % 2, end % 2}
        color = _MIDDLE if len(sides) == 2 or start == 0 else _LEFT if sides == {1} else _RIGHT
        sure = bool(seen.visibility[[start, end]].min() > 0.5)
        pen.line([*seen.picture[start], *seen.picture[end]], fill=color, width=wide if sure else 1)
    if text:
        size = max(picture.shape[0] // 28, 11)
        pen.text((8, 6), text, fill=(255, 255, 255), font_size=size, stroke_width=1, stroke_fill=(0, 0, 0))
    return np.asarray(shown)
