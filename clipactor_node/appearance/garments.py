"""What people wear, as structure: kinds of garments, and an outfit made of pieces.

Lengths are anatomical, so that they mean the same on every body (see `painting.Surface`):
a sleeve ends at `arm` 0 shoulder, 1 elbow, 2 wrist, 3 fingertips; a hem at `height` 0 sole, 1 ankle,
2 knee, 3 crotch, 4 waist, 5 armpit, 6 base of the neck, 7 chin, 8 crown.
"""

from dataclasses import dataclass, field, replace
from typing import TypedDict, Unpack

from clipactor_node.appearance.colors import BASIC, NAMED, SKIN, Color
from clipactor_node.errors import ClipActorError, InvalidChoice

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


class Cut(TypedDict, total=False):
    """How a garment is cut and what is on it, where that differs from its kind; the fields of `Piece`."""

    sleeve: float
    hem: float
    neck: str
    open: bool
    pattern: str
    second: Color | None
    figure: str | None
    text: str | None
    source: str


HAIR_STYLES = (
    "bald",
    "short",
    "bob",
    "long",
    "afro",
    "mohawk",
    "bun",
    "buzz",
    "slick",
    "spiky",
    "curly",
    "balding",
    "topknot",
    "ponytail",
    "pigtails",
    "braid",
    "wavy",
    "fringe",
    "dreadlocks",
)


@dataclass(frozen=True)
class Piece:
    """One garment: what it is, its colors and its cut.

    `hem`, `sleeve`, `neck` and `open` are those of the kind unless given. `second` is the other color of the
    pattern; `figure` (one of `FIGURES`) and `text` are printed in it on chest and back. `source` is the key
    of a garment made by others (`appearance.imported`), whose mesh and picture are worn instead.

    Raises:
        InvalidChoice: no such kind, pattern or figure. ClipActorError: not a color.
    """

    kind: str
    color: Color
    pattern: str = "plain"
    second: Color | None = None
    sleeve: float | None = None
    hem: float | None = None
    neck: str | None = None
    open: bool | None = None
    figure: str | None = None
    text: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidChoice("garment", self.kind, KINDS)
        if self.figure is not None and self.figure not in FIGURES:
            raise InvalidChoice("figure on a garment", self.figure, FIGURES)
        if self.pattern not in PATTERNS:
            raise InvalidChoice("pattern", self.pattern, PATTERNS)
        for color in (self.color, self.second):
            if color is not None and not (len(color) == 3 and all(0 <= c <= 255 for c in color)):
                raise ClipActorError(f"a color must be three numbers from 0 to 255, not {color}")
        kind = KINDS[self.kind]
        for name in ("sleeve", "hem", "neck", "open"):
            if getattr(self, name) is None:
                object.__setattr__(self, name, getattr(kind, name))

    @property
    def shape(self) -> Kind:
        """What its kind is like."""
        return KINDS[self.kind]

    @property
    def slot(self) -> str:
        """Where it is worn, see `Kind`."""
        return self.shape.slot

    @property
    def hem_height(self) -> float:
        """`hem` of a piece that has one, as `Surface.y_at` takes it.

        Raises:
            ClipActorError: this kind has none.
        """
        if self.hem is None:
            raise ClipActorError(f"a {self.kind} has no hem")
        return self.hem

    @property
    def sleeve_end(self) -> float:
        """`sleeve` of a piece that has sleeves, as `Surface.x_at` takes it.

        Raises:
            ClipActorError: this kind has none.
        """
        if self.sleeve is None:
            raise ClipActorError(f"a {self.kind} has no sleeves")
        return self.sleeve


def piece(kind: str, color: Color | None = None, **cut: Unpack[Cut]) -> Piece:
    """A piece of that kind, in the kind's own color unless another is given."""
    if kind not in KINDS:
        raise InvalidChoice("garment", kind, KINDS)
    return Piece(kind, NAMED[KINDS[kind].color] if color is None else color, **cut)


@dataclass(frozen=True)
class Outfit:
    """Everything that is painted on a body.

    Fields:
        skin, eyes: colors.
        figure: words of `figure.FIGURES` for the shape of the body, in the order they were said.
        marks: what lies on the skin, of `body_words.MARKS`, and its color, None: its usual one.
        hair: one of `HAIR_STYLES`; its color is that of the piece "hair".
        pieces: at most one of each slot, in the order they are put on.
    """

    skin: Color = SKIN["medium"]
    eyes: Color = (92, 62, 40)
    hair: str = "short"
    pieces: tuple[Piece, ...] = field(default=())
    figure: tuple[str, ...] = ()
    marks: tuple[tuple[str, Color | None], ...] = ()

    def __post_init__(self) -> None:
        if self.hair not in HAIR_STYLES:
            raise InvalidChoice("hair style", self.hair, HAIR_STYLES)
        slots = [p.slot for p in self.pieces]
        if len(set(slots)) != len(slots):
            raise ClipActorError(f"an outfit holds one piece of each slot, not {slots}")
        ordered = tuple(sorted(self.pieces, key=lambda p: p.shape.layer))
        object.__setattr__(self, "pieces", ordered)

    def get(self, slot: str) -> Piece | None:
        """The piece in that slot, if any."""
        return next((p for p in self.pieces if p.slot == slot), None)

    def __getitem__(self, slot: str) -> Piece:
        """The piece in that slot.

        Raises:
            KeyError: it is empty.
        """
        found = self.get(slot)
        if found is None:
            raise KeyError(slot)
        return found

    def with_piece(self, new: Piece) -> "Outfit":
        """This outfit with `new` instead of what it replaces: its slot, and what cannot be worn with it."""
        gone = {new.slot} | REPLACES.get(new.slot, frozenset())
        return replace(self, pieces=(*(p for p in self.pieces if p.slot not in gone), new))

    def without(self, *slots: str) -> "Outfit":
        """This outfit with nothing in those slots."""
        return replace(self, pieces=tuple(p for p in self.pieces if p.slot not in slots))


REPLACES: dict[str, frozenset[str]] = {
    "dress": frozenset({"top", "bottom", "bib"}),
    "top": frozenset({"dress"}),
    "bottom": frozenset({"dress"}),
}
"""What a piece of each slot cannot be worn together with."""

PLAIN = Outfit(
    pieces=(
        piece("hair"),
        piece("t-shirt", BASIC["grey"]),
        piece("jeans"),
        piece("sneakers"),
    )
)
"""Plain clothes: what somebody wears of whom nothing is known."""
