"""One clip on one page: a filmstrip from two sides, and curves of what it does."""

from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from clipactor_node.body import Skinner
from clipactor_node.motion import MotionClip, Surface, spans, standing
from clipactor_node.render.contact_sheet import INK, Font
from clipactor_node.render.picture import BACKGROUND
from clipactor_node.render.sheets.clip_sheet import ClipRenderer

_COLORS = {"root height": (60, 100, 170), "speed": (190, 90, 50)}
_FEET = {"left": (60, 130, 150), "right": (150, 80, 140)}
_CURVE_HEIGHT, _MARGIN = 90, 150


def report_card(clip: MotionClip, skinner: Skinner, moments: int = 8) -> np.ndarray:
    """(H, W, 3) uint8: `moments` frames from the front and from the side, root height, speed over the
    floor, when each foot stands, the labels' spans and the cycle, over time."""
    frames = np.linspace(0, len(clip) - 1, min(moments, len(clip))).round().astype(int).tolist()
    photographer = ClipRenderer(skinner, width=150, height=210)
    strips = [photographer.strip(clip, frames, azimuth) for azimuth in (0.35, 1.6)]
    film = np.concatenate(strips, axis=0)
    curves = _curves(clip, Surface(skinner), film.shape[1])
    return np.concatenate([_title(clip, film.shape[1]), film, curves], axis=0)


def _title(clip: MotionClip, width: int) -> np.ndarray:
    image = Image.new("RGB", (width, 54), BACKGROUND)
    pen = ImageDraw.Draw(image)
    facts = f"{clip.name}   {clip.duration_s:.2f} s at {clip.rate_hz:g} Hz   {clip.licence}"
    pen.text((12, 8), facts, INK, ImageFont.load_default(size=17))
    words = "; ".join(dict.fromkeys([*(label.text for label in clip.labels), *clip.captions]))
    pen.text((12, 32), words[:170], INK, ImageFont.load_default(size=12))
    return np.asarray(image)


def _curves(clip: MotionClip, surface: Surface, width: int) -> np.ndarray:
    pelvis = clip.translation + surface.rest_joints[0]
    lines = {"root height": (pelvis[:, 1], "m")}
    if len(clip) > 1:
        step = np.gradient(pelvis[:, [0, 2]], axis=0)
        lines["speed"] = (np.linalg.norm(step, axis=1) * clip.rate_hz, "m/s")
    rows = len(lines)
    height = rows * _CURVE_HEIGHT + 2 * 18 + 18 * min(len(clip.labels), 8) + 40
    image = Image.new("RGB", (width, height), BACKGROUND)
    pen = ImageDraw.Draw(image)
    small = ImageFont.load_default(size=11)
    for row, (name, (values, unit)) in enumerate(lines.items()):
        _curve(pen, small, name, unit, values, row * _CURVE_HEIGHT, width)
    top = rows * _CURVE_HEIGHT + 6
    points = surface.positions(clip.poses, clip.translation)
    for row, (side, color) in enumerate(_FEET.items()):
        mask = standing(points[:, surface.foot(side)], clip.rate_hz)
        _bars(pen, small, f"{side} foot", spans(mask), len(clip), top + 18 * row, width, color)
    top += 40
    rate = clip.rate_hz
    if clip.loop:
        start_s, end_s = clip.loop
        cycle = [(start_s * rate, end_s * rate)]
        _bars(pen, small, "cycle", cycle, len(clip), top, width, (120, 120, 60))
    for row, label in enumerate(clip.labels[:8]):
        span = [(label.start_s * rate, label.end_s * rate)]
        _bars(pen, small, label.text, span, len(clip), top + 18 * (row + 1), width, (150, 155, 165))
    return np.asarray(image)


def _curve(
    pen: ImageDraw.ImageDraw, font: Font, name: str, unit: str, values: np.ndarray, top: int, width: int
) -> None:
    low, high = float(values.min()), float(values.max())
    span = max(high - low, 0.05)
    x = np.linspace(_MARGIN, width - 12, len(values))
    y = top + _CURVE_HEIGHT - 14 - (values - low) / span * (_CURVE_HEIGHT - 34)
    pen.line([(_MARGIN, top + _CURVE_HEIGHT - 13), (width - 12, top + _CURVE_HEIGHT - 13)], (205, 208, 214))
    pen.line(list(zip(x.tolist(), y.tolist(), strict=True)), _COLORS[name], 2)
    pen.text((8, top + 4), f"{name}, {unit}", _COLORS[name], font)
    pen.text((8, top + 20), f"{high:.2f}", INK, font)
    pen.text((8, top + _CURVE_HEIGHT - 26), f"{low:.2f}", INK, font)


def _bars(
    pen: ImageDraw.ImageDraw,
    font: Font,
    name: str,
    runs: Iterable[tuple[float, float]],
    frames: int,
    top: float,
    width: int,
    color: tuple[int, int, int],
) -> None:
    scale = (width - 12 - _MARGIN) / max(frames - 1, 1)
    for first, last in runs:
        box = (_MARGIN + first * scale, top + 3, _MARGIN + min(last, frames - 1) * scale, top + 13)
        pen.rectangle(box, color)
    pen.text((8, top), name[:24], INK, font)
