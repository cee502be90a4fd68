"""Two styles beside each other. Needs no torch."""

from dataclasses import asdict

import numpy as np

from clipactor_node.style.entry import Style
from clipactor_node.style.frames import Frames
from clipactor_node.style.pictures.contact_sheet import views_of
from clipactor_node.style.transfer import transfer

_TOLD = (
    "prompt",
    "seed",
    "preset",
    "model",
    "frames",
    "clip",
    "iterations",
    "images",
    "seconds",
    "score",
    "status",
)


def differences(first: Style, second: Style, template: np.ndarray) -> list[str]:
    """What was asked and came out differently, one line each; colors and relief on the same template."""
    one, other = asdict(first.card), asdict(second.card)
    lines = [f"{name}: {one[name]} | {other[name]}" for name in _TOLD if one[name] != other[name]]
    a, b = transfer(first, template), transfer(second, template)
    steps = np.abs(a.colors.astype(float) - b.colors.astype(float)).mean(1)
    relief = 1e3 * np.abs(a.displacement.astype(float) - b.displacement.astype(float))
    lines.append(
        f"color: {steps.mean():.1f} of 255 apart on average, {100 * (steps > 25).mean():.0f} % by over 25"
    )
    lines.append(f"displacement: {relief.mean():.2f} mm apart on average, {relief.max():.1f} mm at most")
    return lines


def side_by_side(styles: list[Style], frames: Frames, height: int = 320) -> np.ndarray:
    """A row of four sides per style, in the first frame -> (rows * height, W, 3) uint8."""
    worn = [s if s.texture is not None else transfer(s, frames.body.template) for s in styles]
    return np.concatenate([np.concatenate(list(views_of(style, frames, 0, height)), 1) for style in worn])
