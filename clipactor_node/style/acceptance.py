"""Whether a refined style still has the colors that its words name. Needs no torch.

An image-text score may rise while a part loses its color: the score is of the whole picture.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from clipactor_node.appearance import PLAIN, distance
from clipactor_node.appearance.outfit import propose_outfit

WORSE = 4.0
"""CIE76: a place that is by so much further from its color than in the proposal is a stain; 2 is just
visible."""
STAINED = 0.02
"""The share of a part that may be: seams wander a little."""
_PLACE = 48
"""Vertices of a place, about a hand's breadth: its mean is judged, so that folds and buttons may be."""
_LEAST = 12
"""Vertices of a part that can be judged."""


@dataclass(frozen=True)
class NamedPart:
    """A part of the body whose color the prompt names.

    Fields:
        name: of the garment, for people. where: ids (N,) of its vertices.
        places: (N, P) ids of the vertices around each of them.
        off: (N,) how far these places of the proposal are from the nearest of `wanted`, CIE76.
        wanted: (K, 3) sRGB in 0-255, the colors that it may have.
    """

    name: str
    where: np.ndarray
    places: np.ndarray
    off: np.ndarray
    wanted: np.ndarray


def named_parts(prompt: str, points: np.ndarray, owner: np.ndarray, proposed: np.ndarray) -> list[NamedPart]:
    """The parts of a surface whose colors a prompt names, by itself or by the name of an outfit.

    Args:
        points: (V, 3) metres, its T-pose.
        owner: (V,) the number of the outfit's piece that is there, see `surfaces.owners_on`.
        proposed: (V, 3) float, sRGB in 0-255: the proposal's colors.
    """
    found = propose_outfit(prompt)
    parsed = found.parsed
    said = {wear.kind for mention in parsed.mentions for wear in mention.wears}
    everything = found.name is not None or bool(parsed.overall)
    parts = []
    for number, worn in enumerate(found.outfit.pieces):
        where = np.flatnonzero(owner == number)
        named = worn.kind in said or (everything and worn != PLAIN.get(worn.slot))
        if len(where) < _LEAST or not named:
            continue
        wanted = np.array([worn.color, *([worn.second] if worn.second is not None else [])], float)
        _, near = cKDTree(points[where]).query(points[where], min(_PLACE, len(where)))
        places = where[near]
        parts.append(NamedPart(worn.kind, where, places, _off(proposed[places], wanted), wanted))
    return parts


def spoilt(parts: list[NamedPart], colors: np.ndarray) -> list[str]:
    """The parts that are further from their colors than in the proposal -> a phrase for each.

    Args:
        colors: (V, 3), sRGB in 0-255.
    """
    found = []
    for part in parts:
        worse = _off(colors[part.places], part.wanted) - part.off
        share = float((worse > WORSE).mean())
        if share > STAINED:
            found.append(f"{part.name} ({100 * share:.0f} % of it, by up to {worse.max():.0f})")
    return found


def _off(colors: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Colors of places (N, P, 3) and (K, 3) -> (N,) mean CIE76 to the nearest."""
    return np.min([distance(colors.mean(1), color) for color in wanted], axis=0)
