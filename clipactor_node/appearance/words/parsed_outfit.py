"""What a sentence wishes somebody to wear."""

from dataclasses import dataclass, field

from clipactor_node.appearance.colors import Color, color_named
from clipactor_node.appearance.outfit.garments import KINDS
from clipactor_node.appearance.words.lexicon import Wear


@dataclass
class Mention:
    """A garment that the text names, with everything said about it."""

    word: str
    wears: tuple[Wear, ...]
    colors: list[Color] = field(default_factory=list)
    changes: dict = field(default_factory=dict)
    shade: str | None = None
    contradicts: bool = False
    shared: bool = False


@dataclass
class ParsedOutfit:
    """Everything a sentence says about how somebody looks.

    name: the outfit it names, and as which word; overall: colors of no garment in particular;
    everywhere: they are meant for shoes and all; pattern: of the whole outfit; bare: slots to leave empty.
    """

    mentions: list[Mention] = field(default_factory=list)
    name: object = None
    name_word: str = ""
    name_colors: list[Color] = field(default_factory=list)
    overall: list[Color] = field(default_factory=list)
    everywhere: bool = False
    pattern: str | None = None
    bare: list[str] = field(default_factory=list)
    hair: str | None = None
    hair_color: Color | None = None
    grey: bool = False
    skin: str | Color | None = None
    eyes: Color | None = None
    naked: bool = False
    unknown: list[str] = field(default_factory=list)
    subject: str = ""
    typos: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether the text says nothing about clothes."""
        return not (self.mentions or self.name is not None or self.overall)


def rgb(name: str) -> Color:
    """The color of a name or "#rrggbb"."""
    if name.startswith("#"):
        return tuple(int(name[i : i + 2], 16) for i in (1, 3, 5))
    return color_named(name)


def hair_color(name: str) -> Color:
    """What a color name means for hair: red hair is ginger."""
    hair = {"red": "ginger", "brown": "chestnut", "golden": "blonde", "gold": "blonde", "yellow": "blonde"}
    return rgb(hair.get(name, name))


def slot_of(wear: Wear) -> str:
    return KINDS[wear.kind].slot
