"""What an entry of the word tables says: its kind, and what belongs to that kind."""

from dataclasses import dataclass, field
from enum import StrEnum

from clipactor_node.appearance.garments import Cut


class ItemKind(StrEnum):
    """What a word or phrase is; the parser has one method for each."""

    COLOR = "color"
    SHADE = "shade"
    GARMENT = "garment"
    CHANGE = "change"
    FIGURE = "figure"
    CLOTHES = "clothes"
    PERSON = "person"
    NAME = "name"
    SKIN = "skin"
    THING = "thing"
    MATERIAL = "material"
    BARE = "bare"
    NAKED = "naked"
    JOINER = "joiner"
    ARTICLE = "article"
    BREAK = "break"
    OVER = "over"
    UNDER = "under"
    NO = "no"
    ALL = "all"
    FILLER = "filler"
    TYPO = "typo"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Wear:
    """One piece that a garment word stands for.

    Fields:
        kind: of `garments.KINDS`.
        cut: what differs from that kind.
        own: the color it has, in an ensemble whatever color is said; "?navy": that of the whole ensemble
            unless one is said.
        source: key of a garment made by others; "": one of the project's own.
    """

    kind: str
    cut: Cut = field(default_factory=Cut)
    own: str | None = None
    source: str = ""


class Changes(Cut, total=False):
    """What words say about a garment or about hair: its cut, "long" or "short", a hair style."""

    length: str
    style: str


@dataclass(frozen=True)
class Traits:
    """What a word for a person says of the hair: its style, and whether it is grey."""

    hair: str | None = None
    grey: bool = False


@dataclass(frozen=True)
class Item:
    """One word or phrase of a sentence. Which fields are filled depends on the kind.

    Fields:
        text: as it is written.
        says: the name of a COLOR, NAME or SKIN, the pattern of a FIGURE, the part of the body of a THING, the
            spelling meant by a TYPO.
        wears: the pieces of a GARMENT.
        changes: of a CHANGE.
        traits: of a PERSON.
        slots: what a BARE word takes off.
        printed: the words that a FIGURE "lettering" is.
        figure: what a word says of the body of whom it is said: words of `figure.FIGURES` or of
            `body_words.MARKS`.
    """

    kind: ItemKind
    text: str
    says: str = ""
    wears: tuple[Wear, ...] = ()
    changes: Changes = field(default_factory=Changes)
    traits: Traits = Traits()
    slots: tuple[str, ...] = ()
    printed: str = ""
    figure: tuple[str, ...] = ()
