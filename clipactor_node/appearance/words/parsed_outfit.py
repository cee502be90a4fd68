"""What a sentence says somebody wears."""

from dataclasses import dataclass, field

from clipactor_node.appearance.colors import NAMED, Color, color_named
from clipactor_node.appearance.kinds import KINDS
from clipactor_node.appearance.words.entries import Changes, Wear
from clipactor_node.errors import InvalidChoice


@dataclass
class Mention:
    """A garment that the text names, with everything said about it.

    Fields:
        word: the name; wears: the pieces that it stands for.
        colors: said of it; shade: "dark", where no color is said.
        contradicts: several colors were said that no "and" joins.
        shared: its color is that of the garment before it ("a red hat and scarf").
    """

    word: str
    wears: tuple[Wear, ...]
    colors: list[Color] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    shade: str | None = None
    contradicts: bool = False
    shared: bool = False


@dataclass
class ParsedOutfit:
    """Everything a sentence says about how somebody looks.

    Fields:
        mentions: garments, in the order of the text.
        name: the named outfit that it starts from, a key of `named_outfits.by_name`; "": none.
        name_colors: said of it.
        overall: colors of no garment in particular; everywhere: they are meant for shoes and all.
        pattern: of the whole outfit.
        bare: slots to leave empty; naked: all of them.
        hair, hair_color, grey, skin, eyes: of the person; skin is a name in `colors.SKIN` or a color.
        figure: what is said of the body, in order; marks: what is said to lie on the skin -> its color.
        subject: words of an unknown name; unknown: all unknown words.
        typos: as typed, as meant; notes: what was not taken literally.
    """

    mentions: list[Mention] = field(default_factory=list)
    name: str = ""
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
    figure: list[str] = field(default_factory=list)
    marks: dict[str, Color | None] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    subject: str = ""
    typos: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether the text says nothing about clothes."""
        return not (self.mentions or self.name or self.overall)


def rgb(name: str) -> Color:
    """The color of a name or "#rrggbb".

    Raises:
        InvalidChoice: there is no such name.
    """
    if name.startswith("#"):
        red, green, blue = (int(name[i : i + 2], 16) for i in (1, 3, 5))
        return red, green, blue
    color = color_named(name)
    if color is None:
        raise InvalidChoice("color", name, NAMED)
    return color


def hair_color(name: str) -> Color:
    """What a color name means for hair: red hair is ginger."""
    hair = {"red": "ginger", "brown": "chestnut", "golden": "blonde", "gold": "blonde", "yellow": "blonde"}
    return rgb(hair.get(name, name))


def slot_of(wear: Wear) -> str:
    """Where on the body a piece is worn, see `garments.Kind`."""
    return KINDS[wear.kind].slot
