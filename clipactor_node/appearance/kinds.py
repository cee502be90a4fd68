"""Which garments there are: what each is like unless a text says otherwise.

Lengths are anatomical, so that they mean the same on every body (see `painting.Surface`):
a sleeve ends at `arm` 0 shoulder, 1 elbow, 2 wrist, 3 fingertips; a hem at `height` 0 sole, 1 ankle,
2 knee, 3 crotch, 4 waist, 5 armpit, 6 base of the neck, 7 chin, 8 crown.
"""

from dataclasses import dataclass

PATTERNS = (
    "plain",
    "stripes",
    "pinstripes",
    "checks",
    "dots",
    "camouflage",
    "halves",
    "sleeves",
    "sidestripe",
    "emblem",
    "hoops",
)
FIGURES = ("star", "cross", "heart", "lightning bolt", "circle", "diamond", "shield", "skull")
"""What is printed on a chest."""
NECKS = ("crew", "v", "scoop", "collar", "turtleneck", "strapless", "hood")


@dataclass(frozen=True)
class Kind:
    """What a garment of that name is unless the text says otherwise.

    Fields:
        slot: two pieces of one slot replace each other.
        layer: painted in this order, from the skin outwards.
        color: a name in `colors.NAMED`.
        thickness: metres that it stands off the body.
        sleeve, hem, neck, open: see the module and `NECKS`; None where they mean nothing.
    """

    slot: str
    layer: int
    color: str
    thickness: float
    sleeve: float | None = None
    hem: float | None = None
    neck: str | None = None
    open: bool = False


def _inner(
    color: str = "white",
    thickness: float = 0.004,
    sleeve: float = 1.85,
    hem: float = 3.75,
    neck: str = "crew",
) -> Kind:
    return Kind("top", 20, color, thickness, sleeve, hem, neck)


def _outer(
    color: str = "charcoal",
    thickness: float = 0.012,
    sleeve: float = 1.92,
    hem: float = 3.35,
    neck: str = "v",
    open: bool = True,
) -> Kind:
    return Kind("outer", 40, color, thickness, sleeve, hem, neck, open)


def _legs(color: str = "denim", thickness: float = 0.007, hem: float = 0.95) -> Kind:
    return Kind("bottom", 18, color, thickness, hem=hem)


def _skirt(color: str = "charcoal", hem: float = 2.2, thickness: float = 0.03) -> Kind:
    return Kind("bottom", 19, color, thickness, hem=hem)


def _dress(
    color: str = "red", sleeve: float = 0.3, hem: float = 2.0, neck: str = "scoop", thickness: float = 0.03
) -> Kind:
    return Kind("dress", 32, color, thickness, sleeve, hem, neck)


def _head(color: str = "black", thickness: float = 0.02) -> Kind:
    return Kind("headwear", 70, color, thickness)


KINDS: dict[str, Kind] = {
    # torso, next to the skin
    "t-shirt": _inner(sleeve=0.62, hem=3.55),
    "shirt": _inner(thickness=0.005, neck="collar", hem=3.86),
    "blouse": _inner(thickness=0.006, neck="v", sleeve=1.8),
    "polo shirt": _inner(neck="collar", sleeve=0.65, hem=3.55),
    "tank top": _inner(neck="scoop", sleeve=-0.12, hem=3.6),
    "crop top": _inner(neck="scoop", sleeve=0.1, hem=4.35),
    "sweater": _inner("grey", 0.011, 1.92, 3.5),
    "hoodie": _inner("grey", 0.013, 1.92, 3.4, "hood"),
    "turtleneck": _inner("black", 0.008, 1.92, 3.5, "turtleneck"),
    "jersey": _inner(thickness=0.006, sleeve=0.75, hem=3.45, neck="v"),
    "tunic": _inner("beige", 0.008, 0.9, 2.6, "v"),
    "leotard": _inner("black", 0.003, 1.85, 3.05, "scoop"),
    "bodysuit": _inner("black", 0.003, 1.95, 2.95, "turtleneck"),
    "space suit": _inner("white", 0.02, 1.92, 3.55, "turtleneck"),
    "scrub top": _inner("teal", 0.006, 0.65, 3.45, "v"),
    "tabard": Kind("overvest", 44, "grey", 0.014, 0.2, 2.45, "crew"),
    "breastplate": Kind("plate", 41, "silver", 0.02, 0.25, 3.7, "crew"),
    "chainmail": _inner("steel", 0.01, 1.8, 2.7, "turtleneck"),
    # legs
    "trousers": _legs("charcoal"),
    "jeans": _legs(),
    "leggings": _legs("black", 0.003),
    "sweatpants": _legs("grey", 0.01),
    "shorts": _legs("khaki", 0.008, 2.25),
    "briefs": Kind("briefs", 21, "navy", 0.004, hem=2.93),
    "breeches": _legs("beige", 0.008, 1.75),
    "skirt": _skirt(),
    "pleated skirt": _skirt("navy", 2.2),
    "kilt": _skirt("forest", 2.05),
    "tutu": _skirt("pink", 2.6, 0.06),
    "greaves": _legs("silver", 0.012, 0.9),
    # one piece
    "dress": _dress(),
    "gown": _dress("navy", -0.12, 0.3, "scoop", 0.04),
    "cassock": _dress("black", 1.92, 0.4, "turtleneck", 0.025),
    "sari": _dress("fuchsia", 0.6, 0.3, "scoop", 0.02),
    "toga": _dress("white", 0.4, 0.8, "v", 0.025),
    "swimsuit": _inner("navy", 0.003, -0.12, 3.02, "scoop"),
    # over it
    "jacket": _outer(),
    "leather jacket": _outer("black", 0.011, hem=3.6, neck="collar"),
    "denim jacket": _outer("denim", 0.010, hem=3.7, neck="collar"),
    "trench coat": Kind("outer", 40, "camel", 0.016, 1.95, 2.05, "collar"),
    "blazer": _outer("navy", 0.01),
    "cardigan": _outer("beige", 0.009),
    "vest": Kind("vest", 39, "charcoal", 0.009, -0.08, 3.6, "v"),
    "safety vest": Kind("overvest", 44, "neon", 0.017, 0.0, 3.5, "v"),
    "life vest": Kind("overvest", 44, "orange", 0.03, 0.0, 3.8, "v"),
    "coat": _outer("camel", 0.016, 1.95, 2.15, open=False),
    "lab coat": _outer("white", 0.008, 1.92, 2.2),
    "robe": _outer("burgundy", 0.015, 1.85, 0.9, open=False),
    "kimono": _outer("crimson", 0.012, 1.6, 0.5, open=False),
    "poncho": _outer("terracotta", 0.02, 1.2, 3.1, "crew", open=False),
    "bomber jacket": _outer("olive", 0.016, 1.92, 3.65, "crew", open=False),
    # bits
    "apron": Kind("apron", 45, "white", 0.007, hem=2.1),
    "bib": Kind("bib", 35, "denim", 0.008),
    "suspenders": Kind("bib", 35, "black", 0.006),
    "cape": Kind("cape", 50, "red", 0.02, hem=1.2),
    "backpack": Kind("cape", 51, "olive", 0.08, hem=4.0),
    "belt": Kind("belt", 46, "black", 0.011),
    "sash": Kind("sash", 46, "red", 0.011),
    "tie": Kind("neckwear", 38, "black", 0.008),
    "bow tie": Kind("neckwear", 38, "black", 0.012),
    "scarf": Kind("neckwear", 55, "red", 0.025),
    "necklace": Kind("jewellery", 39, "gold", 0.006),
    "stethoscope": Kind("jewellery", 56, "black", 0.006),
    "gloves": Kind("gloves", 60, "black", 0.004, sleeve=1.88),
    "socks": Kind("socks", 15, "white", 0.004, hem=1.3),
    "stockings": Kind("socks", 15, "black", 0.002, hem=2.9),
    "shoes": Kind("shoes", 16, "black", 0.011, hem=0.78),
    "sneakers": Kind("shoes", 16, "white", 0.012, hem=0.85),
    "sandals": Kind("shoes", 16, "brown", 0.008, hem=0.5),
    "heels": Kind("shoes", 16, "black", 0.008, hem=0.6),
    "ballet shoes": Kind("shoes", 16, "pink", 0.005, hem=0.6),
    "slippers": Kind("shoes", 16, "burgundy", 0.011, hem=0.6),
    "boots": Kind("shoes", 34, "black", 0.014, hem=1.5),
    "cowboy boots": Kind("shoes", 34, "brown", 0.014, hem=1.5),
    "knee pads": Kind("pads", 36, "black", 0.02),
    # head
    "hair": Kind("hair", 62, "chestnut", 0.014),
    "beard": Kind("beard", 63, "chestnut", 0.01),
    "moustache": Kind("beard", 63, "chestnut", 0.008),
    "cap": _head("navy", 0.02),
    "hat": _head("brown", 0.03),
    "beanie": _head("grey", 0.018),
    "helmet": _head("white", 0.034),
    "chef hat": _head("white", 0.05),
    "top hat": _head("black", 0.06),
    "cowboy hat": _head("brown", 0.03),
    "straw hat": _head("sand", 0.03),
    "bowler": _head("black", 0.03),
    "hard hat": _head("yellow", 0.034),
    "fire helmet": _head("red", 0.034),
    "peaked cap": _head("navy", 0.02),
    "tiara": _head("silver", 0.022),
    "astronaut helmet": _head("white", 0.034),
    "knight helmet": _head("silver", 0.034),
    "cone hat": _head("purple", 0.08),
    "beret": _head("black", 0.022),
    "crown": _head("gold", 0.022),
    "headband": _head("red", 0.016),
    "bandana": _head("red", 0.014),
    "turban": _head("white", 0.035),
    "headscarf": _head("black", 0.014),
    "hood": _head("black", 0.018),
    "veil": _head("white", 0.014),
    "cowl": _head("black", 0.01),
    "full mask": Kind("mask", 66, "black", 0.005),
    "mask": Kind("mask", 66, "white", 0.009),
    "eye mask": Kind("mask", 66, "black", 0.006),
    "glasses": Kind("eyewear", 68, "black", 0.008),
    "sunglasses": Kind("eyewear", 68, "black", 0.008),
    "eyepatch": Kind("eyewear", 68, "black", 0.006),
    "goggles": Kind("eyewear", 72, "black", 0.014),
}
