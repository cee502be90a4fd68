"""A style of one body or resolution on another, without torch."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from clipactor_node.style.entry import Style

_SAME_M = 2e-3  # templates are stored in half precision
_NEIGHBOURS = 4


def transfer(style: Style, template: np.ndarray) -> Style:
    """The style for another template in the T-pose.

    A subdivision keeps the vertices it came from, so those pass unchanged either way. Any other vertex
    takes the average of its nearest neighbours, the nearer the more; a head keeps a head's colors because
    bodies are aligned by their bounding boxes first.

    Args:
        template: (V', 3) float, metres.

    Returns:
        the style with V' vertices.
    """
    wanted = np.asarray(template, np.float32)
    colors, displacement = fitted(style.colors, style.displacement, style.template.astype(np.float32), wanted)
    card = replace(style.card, vertices=len(wanted), geometry="")
    return Style(card, colors, displacement, wanted.astype(np.float16))


def fitted(
    colors: np.ndarray, displacement: np.ndarray, own: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Colors (V, 3) uint8 and displacement (V,) float16 of one template for another: what `transfer` does.

    Args:
        own, wanted: (V, 3) and (V', 3) float32, metres, T-poses.
    """
    shared = min(len(own), len(wanted))
    if np.abs(own[:shared] - wanted[:shared]).max(initial=0) >= _SAME_M:
        return _resample(colors, displacement, own, _aligned(wanted, own))
    if len(wanted) == shared:  # a subdivision, or its base
        return colors[:shared], displacement[:shared]
    new_colors, new_displacement = _resample(colors, displacement, own, wanted[shared:])
    return np.concatenate([colors, new_colors]), np.concatenate([displacement, new_displacement])


def _aligned(points: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Points stretched so that their bounding box is that of the others, unless it nearly is."""
    low, high = points.min(0), points.max(0)
    other_low, other_high = like.min(0), like.max(0)
    if max(np.abs(low - other_low).max(), np.abs(high - other_high).max()) < _SAME_M:
        return points
    return (points - low) / np.maximum(high - low, 1e-6) * (other_high - other_low) + other_low


def _resample(
    colors: np.ndarray, displacement: np.ndarray, own: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    index, weight = _neighbours(own.tobytes(), wanted.tobytes())
    new_colors = np.einsum("vk,vkc->vc", weight, colors[index].astype(np.float64))
    new_displacement = (weight * displacement[index].astype(np.float64)).sum(1)
    return np.rint(new_colors).astype(np.uint8), new_displacement.astype(np.float16)


@lru_cache(maxsize=4)
def _neighbours(own: bytes, wanted: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Of every wanted point: its nearest own points, and their weights. Kept: live clothes come often."""
    points = np.frombuffer(wanted, np.float32).reshape(-1, 3)
    others = np.frombuffer(own, np.float32).reshape(-1, 3)
    distance, index = cKDTree(others).query(points, k=min(_NEIGHBOURS, len(others)))
    distance, index = distance.reshape(len(points), -1), index.reshape(len(points), -1)
    weight = 1.0 / np.maximum(distance, 1e-5) ** 2
    return index, weight / weight.sum(1, keepdims=True)
