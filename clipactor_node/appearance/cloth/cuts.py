"""Which pieces of an outfit are made of cloth, and how each is cut."""

from dataclasses import replace
from typing import Any

from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.garments import Outfit, Piece


def _family(common: GarmentSpec, cuts: dict[str, dict[str, Any]]) -> dict[str, GarmentSpec]:
    """Kind -> its cut: what a family has in common, and what is its own."""
    return {kind: replace(common, **own) for kind, own in cuts.items()}


_TOPS = _family(
    GarmentSpec("trunk", 3.5),
    {
        "t-shirt": dict(ease=0.010, ease_below=0.012, arm_ease=0.014, flare=-0.10),
        "shirt": dict(flare=-0.08, ease=0.012, ease_below=0.006, arm_ease=0.012),
        "blouse": dict(flare=-0.08, ease=0.013, ease_below=0.006, arm_ease=0.014),
        "polo shirt": dict(flare=-0.08, ease=0.011, ease_below=0.008),
        "tank top": dict(folds=0.7, ease=0.007, ease_below=0.006, arm_ease=0.006),
        "crop top": dict(ease=0.008, arm_ease=0.010),
        "sweater": dict(flare=-0.08, ease=0.015, ease_below=0.008, arm_ease=0.018),
        "hoodie": dict(flare=-0.08, ease=0.018, ease_below=0.008, arm_ease=0.020),
        "turtleneck": dict(flare=-0.08, ease=0.011, ease_below=0.008, arm_ease=0.011),
        "jersey": dict(flare=-0.08, ease=0.014, ease_below=0.010, arm_ease=0.018),
        "tunic": dict(ease=0.014, arm_ease=0.016, flare=0.14),
        "scrub top": dict(flare=-0.08, ease=0.015, ease_below=0.010, arm_ease=0.018),
        "chainmail": dict(folds=0.5, ease=0.014, arm_ease=0.013, flare=0.10),
        "tabard": dict(ease=0.024, arm_ease=0.020, flare=0.10),
        "space suit": dict(ease=0.034, arm_ease=0.030, folds=1.3),
        "vest": dict(ease=0.017, arm_ease=0.010, opening=0.06, opening_below=0.02, fitted=True),
        "safety vest": dict(ease=0.026, ease_below=0.006, arm_ease=0.022),
        "life vest": dict(folds=0.0, ease=0.040, arm_ease=0.030),
    },
)
_OUTER = _family(
    GarmentSpec("trunk", 3.3),
    {
        "jacket": dict(ease=0.022, arm_ease=0.020, flare=0.06, opening=0.075, opening_below=0.03),
        "leather jacket": dict(
            ease=0.020, arm_ease=0.018, flare=0.02, opening=0.070, opening_below=0.02, folds=0.8
        ),
        "denim jacket": dict(ease=0.018, arm_ease=0.017, flare=0.02, opening=0.060, opening_below=0.02),
        "trench coat": dict(ease=0.027, arm_ease=0.022, flare=0.16, opening=0.060, fitted=True),
        "poncho": dict(ease=0.034, arm_ease=0.045, flare=0.16, closing=0.09),
        "blazer": dict(
            ease=0.021, arm_ease=0.018, flare=0.10, opening=0.080, opening_below=0.05, fitted=True
        ),
        "cardigan": dict(ease=0.019, arm_ease=0.018, flare=0.06, opening=0.060, opening_below=0.03),
        "bomber jacket": dict(ease=0.026, arm_ease=0.024, flare=0.04),
        "coat": dict(ease=0.027, arm_ease=0.022, flare=0.12, opening=0.050),
        "lab coat": dict(ease=0.022, arm_ease=0.019, flare=0.10, opening=0.070, opening_below=0.05),
        "robe": dict(ease=0.023, arm_ease=0.026, flare=0.14, opening=0.060),
        "kimono": dict(ease=0.022, arm_ease=0.034, flare=0.08, opening=0.055),
    },
)
_LEGS = _family(
    GarmentSpec("legs", 0.84, top=3.98),
    {
        "trousers": dict(ease=0.012, taper=0.075),
        "jeans": dict(ease=0.010, taper=0.095),
        "sweatpants": dict(ease=0.014, taper=0.085),
        "leggings": dict(ease=0.004, taper=0.3, folds=0.4),
        "shorts": dict(ease=0.017, taper=0.03),
        "greaves": dict(ease=0.015, taper=0.11, folds=0.0),
        "breeches": dict(ease=0.012, taper=0.12),
    },
)
_SKIRTS = _family(
    GarmentSpec("skirt", 2.2, top=4.05),
    {
        "skirt": dict(ease=0.007, flare=0.22),
        "kilt": dict(ease=0.008, flare=0.20, pleats=28),
        "pleated skirt": dict(ease=0.007, flare=0.26, pleats=32),
    },
)
_DRESSES = _family(
    GarmentSpec("trunk", 2.0, fitted=True),
    {
        "dress": dict(ease=0.007, arm_ease=0.010, flare=0.24),
        "gown": dict(ease=0.007, arm_ease=0.008, flare=0.26),
        "cassock": dict(ease=0.014, arm_ease=0.016, flare=0.16),
        "sari": dict(ease=0.009, arm_ease=0.010, flare=0.12),
        "toga": dict(ease=0.013, arm_ease=0.014, flare=0.16),
    },
)
_CAPES = {"cape": GarmentSpec("cape", 1.2, ease=0.030, flare=0.16)}
_ALL = _TOPS | _OUTER | _LEGS | _SKIRTS | _DRESSES | _CAPES
_NECKS = {"hood": "crew"}
_LOWEST = 0.35
"""Hems of what hangs end here, where feet begin to be seen."""
_OVER_BOOTS = ("trousers", "jeans", "sweatpants", "greaves")
_LONGER = 0.2
_TUCKED_FROM = 3.8
"""A shirt that ends higher is worn inside the trousers."""


def cut_of(piece: Piece, outfit: Outfit) -> GarmentSpec | None:
    """How a piece is cut; None: it is painted on, or made otherwise."""
    base = _ALL.get(piece.kind)
    if base is None:
        return None
    hem = base.hem if piece.hem is None else piece.hem
    if base.family == "legs" and (top := outfit.get("top")) is not None and top.kind == "space suit":
        base = replace(base, ease=0.026, folds=1.3)
    if base.family == "legs":
        return replace(base, hem=0.84 if 0.75 < hem < 1.1 else hem)
    if base.family in ("skirt", "cape"):
        return replace(base, hem=max(hem, _LOWEST))
    sleeve = -1.0 if piece.sleeve is None else piece.sleeve
    if piece.slot == "top" and 3.2 < hem < 3.8:
        hem -= _LONGER  # paint ends at the waist's color; cloth hangs over it
    cut = replace(base, hem=max(hem, _LOWEST), sleeve=sleeve, neck=_neck(piece, base))
    if is_tucked(piece, outfit):
        cut = replace(cut, hem=3.72, ease_below=0.003 - base.ease, flare=0.0, fitted=True)
    if cut.neck == "collar" and outfit.get("neckwear") is not None:
        cut = replace(cut, neck="buttoned")
    if piece.open is False and base.opening_below:
        cut = replace(cut, opening_below=0.0)
    elif piece.open and not base.opening:
        cut = replace(cut, opening=0.05, opening_below=0.04)
    return cut


def is_tucked(piece: Piece, outfit: Outfit) -> bool:
    """Whether a top is worn inside what covers the legs."""
    bottom, bib = outfit.get("bottom"), outfit.get("bib")
    if piece.slot == "top" and bottom is not None and bib is not None and bib.kind == "bib":
        return True
    return (
        piece.slot == "top"
        and bottom is not None
        and (piece.hem or 0.0) > _TUCKED_FROM
        and (piece.hem or 0) < 4.1
    )


def rank(piece: Piece, outfit: Outfit) -> float:
    """In which order garments lie on each other, from the skin outwards."""
    bottom = outfit.get("bottom")
    if (
        piece.kind in ("boots", "cowboy boots")
        and bottom is not None
        and bottom.kind in _OVER_BOOTS
        and (bottom.hem or 0.0) < 1.2
    ):
        return 16.0
    if piece.kind in ("leotard", "bodysuit", "swimsuit"):  # inside skirts and trousers
        return 17.2
    return 17.5 if is_tucked(piece, outfit) else float(piece.shape.layer)


def _neck(piece: Piece, base: GarmentSpec) -> str:
    neck = piece.neck or "crew"
    if base.opening and piece.slot in ("outer", "vest"):
        return "lapel" if neck in ("v", "collar") else _NECKS.get(neck, neck)
    return _NECKS.get(neck, neck)
