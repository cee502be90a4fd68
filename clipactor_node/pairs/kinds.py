"""What two people do together: which clip, who plays what of it, and which hands meet."""

from dataclasses import dataclass
from typing import Literal

Part = Literal["same", "mirrored", "following"]


@dataclass(frozen=True)
class Grip:
    """Two palms that meet.

    Fields:
        first, second: "left" or "right": of the one who begins, and of the partner.
        start_s, end_s: of the clip; the palms are together meanwhile.
        ease_s: before and after, in which they come together and part.
    """

    first: str
    second: str
    start_s: float = 0.0
    end_s: float = float("inf")
    ease_s: float = 0.25


@dataclass(frozen=True)
class Rest:
    """A palm that lies on the partner's body.

    Fields:
        who: 0 for the one who begins, 1 for the partner; side: of the hand.
        joint: of the other one; at: (x, y) metres from it, x to the other one's left, on the skin behind or,
            where `behind` is false, in front.
        start_s, end_s, ease_s: as of `Grip`.
    """

    who: int
    side: str
    joint: str
    at: tuple[float, float]
    behind: bool = True
    start_s: float = 0.0
    end_s: float = float("inf")
    ease_s: float = 0.45


@dataclass(frozen=True)
class Kind:
    """One way of doing something together.

    Fields:
        part: what the partner plays: the same clip, its mirror image, or the steps that follow those of a
            dance, half a cycle later, with the arms of the mirror image.
        apex_s: when the palms of the first grip decide where the partner stands; None: `apart` and `aside`.
        apart, aside: metres that the partner's pelvis is before, and to the left of, the one who begins.
        back: metres that both step back at the end.
        grips, rests: hands that meet the partner.
    """

    part: Part = "same"
    apex_s: float | None = None
    apart: float = 1.3
    aside: float = 0.0
    back: float = 0.0
    grips: tuple[Grip, ...] = ()
    rests: tuple[Rest, ...] = ()


FACING = Kind("mirrored")
"""Face to face, as before a mirror: whatever has no way of its own."""
_KINDS = {
    "shake_hands": Kind("same", 1.1, grips=(Grip("right", "right", 0.85, 2.45),)),
    "high_five": Kind("same", 1.0, grips=(Grip("right", "right", 0.97, 1.07, 0.12),)),
    "hug": Kind(
        "same",
        apart=0.33,
        aside=0.11,
        back=0.35,
        rests=tuple(
            rest
            for who in (0, 1)
            for rest in (
                Rest(who, "right", "spine3", (-0.02, 0.06), start_s=1.45, end_s=2.55),
                Rest(who, "left", "spine3", (-0.02, -0.14), start_s=1.45, end_s=2.55),
            )
        ),
    ),
    "waltz": Kind(
        "following",
        apart=0.36,
        aside=-0.08,
        grips=(Grip("left", "right"),),
        rests=(Rest(0, "right", "spine3", (0.14, -0.02)), Rest(1, "left", "right_shoulder", (0.02, 0.01))),
    ),
}


def kind_of(clip: str) -> Kind:
    """How two people do what a clip of this name shows."""
    return _KINDS.get(clip, FACING)
