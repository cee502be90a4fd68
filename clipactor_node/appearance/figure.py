"""The shape of a body from words: which shape parameters each word moves, and how people differ.

Words of one group exclude each other, the last one said counts; those of different groups add up. Units are
those of the body's shape parameters (`Body.betas`), so a word means the same on every body that has them.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from clipactor_node.body import Body


@dataclass(frozen=True)
class Figure:
    """What a word does: its group, and units of shape parameters by name."""

    group: str
    units: dict[str, float]


FIGURES: dict[str, Figure] = {
    "woman": Figure("sex", {"femininity": 1.6}),
    "man": Figure("sex", {"femininity": -1.8}),
    "baby": Figure("age", {"baby": 0.85}),
    "child": Figure("age", {"child": 1.0}),
    "teenager": Figure("age", {"child": 0.3, "weight": -0.4}),
    "young": Figure("age", {"weight": -0.2}),
    "old": Figure("age", {"age": 3.0, "muscle": -0.8}),
    "fat": Figure("weight", {"weight": 3.2, "waist": 1.8}),
    "chubby": Figure("weight", {"weight": 1.7, "waist": 0.7}),
    "thin": Figure("weight", {"weight": -1.7, "muscle": -0.4}),
    "slim": Figure("weight", {"weight": -1.0}),
    "muscular": Figure("muscle", {"muscle": 3.0, "shoulder_width": 0.8}),
    "athletic": Figure("muscle", {"muscle": 1.2, "weight": -0.4}),
    "tall": Figure("height", {"height": 3.0}),
    "giant": Figure("height", {"height": 5.0}),
    "short": Figure("height", {"height": -2.6}),
    "little": Figure("height", {"height": -1.5}),
    "tiny": Figure("height", {"height": -4.5}),
    "stocky": Figure("build", {"height": -1.0, "weight": 0.8, "shoulder_width": 0.8}),
    "pregnant": Figure("belly", {"pregnant": 1.0}),
    "curvy": Figure("hips", {"hip_width": 1.5, "waist": -0.5, "weight": 0.4}),
    "broad": Figure("shoulders", {"shoulder_width": 1.8}),
    "long-legged": Figure("legs", {"leg_length": 1.2}),
}
"""Word -> what it means."""

_SPREAD = {
    "height": 0.8,
    "weight": 0.35,
    "muscle": 0.3,
    "proportions": 0.5,
    "shoulder_width": 0.4,
    "waist": 0.3,
    "hip_width": 0.35,
    "leg_length": 0.2,
    "femininity": 0.15,
    "wide_nose": 0.8,
    "long_nose": 0.8,
    "hooked_nose": 0.8,
    "strong_chin": 0.7,
    "long_chin": 0.6,
    "full_cheeks": 0.7,
    "high_cheeks": 0.7,
    "round_head": 0.5,
    "large_eyes": 0.7,
    "wide_mouth": 0.7,
    "full_lips": 0.8,
}
"""Standard deviations among people of whom the same is said, in units."""
_YOUNG = ("child", "baby")
_CHILD_SHARE = 0.45
"""What of the other words is left for a child: they are metres of an adult."""
_MOST = 1.5
"""Standard deviations at most."""


def merged(words: Iterable[str]) -> tuple[str, ...]:
    """The words that count: of each group the last, in the order in which they were said."""
    last: dict[str, str] = {}
    for word in words:
        group = FIGURES[word].group
        last.pop(group, None)
        last[group] = word
    return tuple(last.values())


def seed_of(name: str, person: int = 0) -> int:
    """The seed of somebody: of a name always the same; else of the number of the `person`; 0: nobody in
    particular, of the mean among those of whom the same is said."""
    return zlib.crc32(name.encode()) or 1 if name else person


def betas_of(figure: Iterable[str], body: Body, seed: int = 0) -> tuple[float, ...]:
    """Shape coefficients of a body of which that is said.

    Args:
        figure: words of `FIGURES`.
        seed: see `seed_of`; the same seed is the same person.

    Returns:
        (up to S,) as `Skinner` takes them, empty for the mean shape. What a body has no shape parameter for
        is left out.
    """
    units: dict[str, float] = {}
    for word in merged(figure):
        for name, value in FIGURES[word].units.items():
            units[name] = units.get(name, 0.0) + value
    if seed:
        drawn = np.random.default_rng(seed).normal(size=len(_SPREAD)).clip(-_MOST, _MOST)
        for (name, spread), one in zip(_SPREAD.items(), drawn, strict=True):
            units[name] = units.get(name, 0.0) + float(one) * spread
    young = min(max(units.get("child", 0.0) + units.get("baby", 0.0), 0.0), 1.0)
    grown = 1.0 - (1.0 - _CHILD_SHARE) * young
    units = {name: value if name in _YOUNG else value * grown for name, value in units.items()}
    told = {name: value for name, value in units.items() if name in body.shape_names and value}
    return tuple(map(float, body.betas(**told))) if told else ()
