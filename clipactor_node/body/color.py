"""sRGB as stored and shown, linear light as blended and lit."""

import numpy as np
import numpy.typing as npt

_STEPS = np.arange(256) / 255.0
_LINEAR = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4).astype(np.float32)


def linear_from_srgb(srgb: npt.ArrayLike) -> np.ndarray:
    """uint8 sRGB -> float32 linear in [0, 1]."""
    return _LINEAR[np.asarray(srgb, np.uint8)]


def srgb_from_linear(linear: np.ndarray) -> np.ndarray:
    """float linear -> uint8 sRGB, clipped to what a screen can show."""
    linear = np.clip(linear, 0.0, 1.0)
    curve = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (curve * 255.0 + 0.5).astype(np.uint8)
