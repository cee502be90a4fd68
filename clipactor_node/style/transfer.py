"""A style of one body or resolution on another, without torch."""

from dataclasses import replace

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
    own = style.template.astype(np.float32)
    wanted = np.asarray(template, np.float32)
    shared = min(len(own), len(wanted))
    if np.abs(own[:shared] - wanted[:shared]).max(initial=0) < _SAME_M:  # a subdivision, or its base
        colors, displacement = style.colors[:shared], style.displacement[:shared]
        if len(wanted) > shared:
            new_colors, new_displacement = _resample(style, own, wanted[shared:])
            colors = np.concatenate([colors, new_colors])
            displacement = np.concatenate([displacement, new_displacement])
    else:
        colors, displacement = _resample(style, own, _aligned(wanted, own))
    card = replace(style.card, vertices=len(wanted))
    return Style(card, colors, displacement, wanted.astype(np.float16))


def _aligned(points: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Points stretched so that their bounding box is that of the others, unless it nearly is."""
    low, high = points.min(0), points.max(0)
    other_low, other_high = like.min(0), like.max(0)
    if max(np.abs(low - other_low).max(), np.abs(high - other_high).max()) < _SAME_M:
        return points
    return (points - low) / np.maximum(high - low, 1e-6) * (other_high - other_low) + other_low


def _resample(style: Style, own: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    distance, index = cKDTree(own).query(wanted, k=min(_NEIGHBOURS, len(own)))
    distance, index = distance.reshape(len(wanted), -1), index.reshape(len(wanted), -1)
    weight = 1.0 / np.maximum(distance, 1e-5) ** 2
    weight /= weight.sum(1, keepdims=True)
    colors = np.einsum("vk,vkc->vc", weight, style.colors[index].astype(np.float64))
    displacement = (weight * style.displacement[index].astype(np.float64)).sum(1)
    return np.rint(colors).astype(np.uint8), displacement.astype(np.float16)
