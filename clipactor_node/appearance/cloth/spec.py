"""What a garment is cut like: the parameters of its form, in metres and anatomical lengths."""

import hashlib
from dataclasses import dataclass, fields

from clipactor_node.errors import InvalidChoice

FAMILIES = ("trunk", "legs", "skirt", "cape")
NECKS = ("crew", "scoop", "v", "collar", "buttoned", "turtleneck", "strapless", "lapel", "boat")


@dataclass(frozen=True)
class GarmentSpec:
    """The cut of one garment.

    Lengths on the body are those of `appearance.garments`: a sleeve ends at 0 shoulder, 1 elbow, 2 wrist; a
    hem or
    top at 0 sole, 1 ankle, 2 knee, 3 crotch, 4 waist. Everything else is in metres.

    Fields:
        family: "trunk" (shirts, coats, dresses), "legs" (trousers, shorts), "skirt" or "cape".
        hem: where it ends below. top: where skirts and trousers begin.
        sleeve: below 0.05 there is none, but an armhole.
        neck: one of `NECKS`.
        opening: half the gap of an open front at the neck, narrowing to the button; 0: closed.
        opening_below: the same at the hem, from the button down.
        ease_below: what is added to `ease` towards the hem.
        ease: how far it stands off the trunk or the legs. arm_ease: off the arms.
        closing: radius of the ball that cannot enter the dents it bridges.
        flare: metres wider per metre down. fitted: it hangs from the waist, not from the chest.
        taper: trousers: the same along the leg.
        folds: how much it folds where it is pushed together, cotton being 1. pleats: how many, around it.
    """

    family: str
    hem: float
    top: float = 4.0
    sleeve: float = -1.0
    neck: str = "crew"
    opening: float = 0.0
    opening_below: float = 0.0
    ease: float = 0.010
    ease_below: float = 0.0
    arm_ease: float = 0.014
    closing: float = 0.05
    flare: float = 0.04
    fitted: bool = False
    taper: float = 0.05
    folds: float = 1.0
    pleats: int = 0

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise InvalidChoice("family of garments", self.family, FAMILIES)
        if self.neck not in NECKS:
            raise InvalidChoice("neckline", self.neck, NECKS)

    @property
    def key(self) -> str:
        """Name of what is made from it, for files; fields added later do not change it where they have their
        default."""
        own = [(f.name, getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != f.default]
        return hashlib.sha256(repr(sorted(own)).encode()).hexdigest()[:16]

    @property
    def hangs(self) -> bool:
        """Whether it goes around both legs in one piece."""
        return self.family != "legs" and self.hem < 3.0
