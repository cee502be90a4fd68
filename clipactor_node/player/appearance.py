"""What the avatar wears, and how new clothes fade in over old ones."""

import itertools
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from clipactor_node.body import Stature
from clipactor_node.body.export import SkinnedMesh

PAINT, CLOTH, NONE = "paint", "cloth", "none"
CLOTHES = (PAINT, CLOTH, NONE)
"""Painted on the body; meshes of their own; or whatever is said, everybody wears plain paint."""

_count = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Appearance:
    """What the avatar wears.

    Fields:
        name: what `state` shows.
        colors: (V, 3) uint8, sRGB.
        displacement: (V,) float32, metres along the posed vertex normal.
        rest_offsets: (V, 3) float32, metres added to the T-pose, or None.
        key: of the finished style in the cache; "": none, they can still be optimized.
        score: cosine of its pictures with its text; 0 where nobody computed it.
        live: worn while they are being optimized; others come soon.
        mesh: what is shown instead of the body, with garments of cloth; None: the body, painted. Colors and
            offsets are then the paint of the same outfit, for who knows nothing but the body.
        stature: of the body that `mesh` is on; None: the mean shape.
        revision: counts up; no two have the same.
    """

    name: str
    colors: npt.NDArray[np.uint8]
    displacement: npt.NDArray[np.float32]
    rest_offsets: npt.NDArray[np.float32] | None = None
    key: str = ""
    score: float = 0.0
    live: bool = False
    mesh: SkinnedMesh | None = None
    stature: Stature | None = None
    revision: int = field(init=False, default_factory=_count.__next__)


class CrossFade:
    """What is worn from tick to tick: new paint fades in over the old; other meshes are worn at once."""

    def __init__(self, appearance: Appearance, fade_ticks: int) -> None:
        self._from = self.appearance = appearance
        self.fade_ticks = max(fade_ticks, 1)
        self._ticks = self.fade_ticks

    def put_on(self, appearance: Appearance) -> None:
        """Begin to change into `appearance`, from whatever is visible now."""
        self._from, self.appearance, self._ticks = self.visible(), appearance, 0
        if appearance.mesh is not None or self._from.mesh is not None:
            self._ticks = self.fade_ticks

    def tick(self) -> Appearance:
        """What is visible in this tick; the same object as long as nothing changes."""
        self._ticks = min(self._ticks + 1, self.fade_ticks)
        return self.visible()

    def visible(self) -> Appearance:
        """What can be seen now, between the old clothes and the new."""
        share = self._ticks / self.fade_ticks
        if share >= 1.0:
            return self.appearance
        old, new = self._from, self.appearance
        colors = old.colors + share * (new.colors.astype(np.float32) - old.colors)
        displacement = old.displacement + np.float32(share) * (new.displacement - old.displacement)
        rest_offsets = _between(old.rest_offsets, new.rest_offsets, np.float32(share))
        return Appearance(new.name, np.rint(colors).astype(np.uint8), displacement, rest_offsets)


def _between(
    old: npt.NDArray[np.float32] | None, new: npt.NDArray[np.float32] | None, share: np.float32
) -> npt.NDArray[np.float32] | None:
    if old is None:
        return None if new is None else share * new
    return (1 - share) * old if new is None else old + share * (new - old)
