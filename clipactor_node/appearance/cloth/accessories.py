"""What is worn besides cut garments, as meshes of its own: which kinds there are, and how they are kept."""

import hashlib
from collections.abc import Callable

from clipactor_node.appearance.cloth import facewear, headcloth, neckwear, plates, skin_tight, tutu, waistwear
from clipactor_node.appearance.cloth.cuts import cut_of, rank
from clipactor_node.appearance.cloth.garment import GarmentMesh, merged
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.cloth.tailoring import kept
from clipactor_node.appearance.cloth.wearing import Wearing
from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.body import Body

_MAKERS: dict[str, Callable[[Wearing], list[GarmentMesh]]] = {
    "tie": neckwear.tie,
    "bow tie": neckwear.bow_tie,
    "scarf": neckwear.scarf,
    "necklace": neckwear.necklace,
    "stethoscope": neckwear.stethoscope,
    "belt": waistwear.belt,
    "sash": waistwear.sash,
    "apron": waistwear.apron,
    "suspenders": waistwear.suspenders,
    "bib": waistwear.bib,
    "backpack": waistwear.backpack,
    "tutu": tutu.tutu,
    **facewear.MAKERS,
    **headcloth.MAKERS,
    **plates.MAKERS,
    **skin_tight.MAKERS,
}
ACCESSORIES = tuple(_MAKERS)
_ON_HEAD = ("eyewear", "mask", "beard", "headwear")
_AT_WAIST = ("belt", "bib", "sash")


def accessory_of(piece: Piece, outfit: Outfit, body: Body) -> GarmentMesh:
    """An accessory of a kind in `ACCESSORIES`, over what it is worn on; from the cache or made now."""
    beneath = () if piece.slot in _ON_HEAD else _beneath(piece, outfit)
    told: tuple[object, ...] = (piece.kind, piece.hem, piece.sleeve, piece.neck)
    told = (*told, [spec.key for spec in beneath])
    if piece.slot == "headwear":
        told = (*told, outfit.hair)
    name = f"{piece.kind.replace(' ', '-')}-{hashlib.sha256(repr(told).encode()).hexdigest()[:12]}"
    return kept(name, body, lambda: merged(_MAKERS[piece.kind](Wearing(piece, body, beneath))))


def _beneath(piece: Piece, outfit: Outfit) -> tuple[GarmentSpec, ...]:
    """The cuts of what lies under a piece; a belt is worn under an open jacket."""
    found = []
    for other in outfit.pieces:
        cut = cut_of(other, outfit)
        above = other is piece or rank(other, outfit) >= piece.shape.layer
        under_open = piece.slot in _AT_WAIST and cut is not None and cut.opening > 0
        if cut is not None and not above and not under_open:
            found.append(cut)
    return tuple(found)
