"""What people wear, as structure: an outfit made of pieces, each of a kind (`kinds.py`)."""

from dataclasses import dataclass, field, replace
from typing import TypedDict, Unpack

from clipactor_node.appearance.colors import BASIC, NAMED, SKIN, Color
from clipactor_node.appearance.kinds import FIGURES, KINDS, PATTERNS, Kind
from clipactor_node.errors import ClipActorError, InvalidChoice


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
