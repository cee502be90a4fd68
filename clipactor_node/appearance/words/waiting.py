"""What has been read of a sentence so far, and what still waits for its garment."""

from clipactor_node.appearance.colors import Color
from clipactor_node.appearance.words.body_words import ALWAYS, MARKS
from clipactor_node.appearance.words.entries import Changes, Item, ItemKind, Wear
from clipactor_node.appearance.words.parsed_outfit import Mention, ParsedOutfit, rgb

HAIR_ONLY = {"blonde", "blond", "brunette", "ginger", "auburn", "redheaded", "strawberry blonde", "platinum"}
"""Colors that mean the hair where nothing else is named."""
_WEAK = (ItemKind.FILLER, ItemKind.MATERIAL, ItemKind.ARTICLE)
END = "end"
"""The kind of what follows the last item."""


class Waiting:
    """The state of a parser.

    Fields:
        at: index of the item in `items` that is read now.
        parsed: what has been read.
    """

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.at = 0
        self.parsed = ParsedOutfit()
        self.colors: list[str] = []
        self.joined = False  # an "and" since the last garment or color
        self.colors_joined = False
        self.article = False
        self.changes = Changes()
        self.shade: str | None = None
        self.negated = False
        self.head = True  # still in the words that say who it is
        self.dye: str | None = None  # of a material that waits for its garment
        self.person: Item | None = None
        self.several = self.somebody_else = False
        self.like = False

    # What comes next or came before.

    def next_kind(
        self, skip: tuple[ItemKind, ...] = (ItemKind.FILLER, ItemKind.MATERIAL, ItemKind.ARTICLE)
    ) -> str:
        """Of the next item that is none of `skip`; "end": there is none."""
        rest = (item.kind for item in self.items[self.at + 1 :] if item.kind not in skip)
        return next(rest, "end")

    @property
    def last(self) -> Mention | None:
        """The garment that was named last."""
        return self.parsed.mentions[-1] if self.parsed.mentions else None

    def take_colors(self) -> list[Color]:
        """The waiting colors, which wait no longer."""
        taken = [rgb(name) for name in self.colors]
        self.colors, self.colors_joined = [], False
        return taken

    def flush(self) -> None:
        """Give the waiting colors and cuts to what they must have meant."""
        if self.changes and self.last is not None:
            self.last.changes = self.changes | self.last.changes
        elif self.changes.get("pattern"):
            self.parsed.mentions.append(Mention("t-shirt", (Wear("t-shirt"),), changes=self.changes.copy()))
        self.changes, self.shade = Changes(), None
        if not self.colors:
            return
        if len(self.colors) == 1 and self.colors[0] in HAIR_ONLY:
            self.parsed.hair_color = rgb(self.colors[0])
        elif (
            self.last is not None
            and (not self.last.colors or self.last.shared)
            and not self.parsed.everywhere
        ):
            self.last.colors, self.last.shared = self.take_colors(), False
        elif self.last is not None and _wants_ink(self.last):  # "number 10 in white"
            self.last.changes["second"] = self.take_colors()[-1]
        elif self.last is None:
            self.parsed.overall += self.take_colors()
        else:
            said = " and ".join(self.colors)
            self.parsed.notes.append(f"'{said}' belongs to no garment; the {self.last.word} keeps its color")
        self.take_colors()

    def say_of_body(self, figure: tuple[str, ...], colors: list[Color]) -> None:
        """Shape, and what lies on the skin, with its color."""
        if self.negated:
            return
        for word in figure:
            if word in MARKS:
                self.parsed.marks[word] = colors[-1] if colors else self.parsed.marks.get(word)
            else:
                self.parsed.figure.append(word)

    def of_somebody(self, item: Item) -> bool:
        """Whether an adjective says how somebody is: before a person or a name, or where no garment comes."""
        between = (*_WEAK, ItemKind.COLOR, ItemKind.SHADE, ItemKind.JOINER)  # "a tall, fat, old man"
        ahead = (it.kind for it in self.items[self.at + 1 :] if it.kind not in between and it.text != ",")
        follows = next(ahead, END)
        if item.text in ALWAYS or follows in (ItemKind.PERSON, ItemKind.NAME):
            return True
        if self.head and follows == ItemKind.UNKNOWN:
            return True
        if not any(it.kind in (ItemKind.GARMENT, ItemKind.CLOTHES, ItemKind.PERSON) for it in self.items):
            return True  # "old and fat", and nothing else
        told = self.person is not None or self.parsed.name or self.parsed.subject
        return (
            bool(told)
            and not self.parsed.mentions
            and self.next_kind() in (ItemKind.BREAK, ItemKind.JOINER, END)
        )


def _wants_ink(mention: Mention) -> bool:
    """Whether something is printed on a garment in a color that was not said."""
    return ("text" in mention.changes or "figure" in mention.changes) and "second" not in mention.changes
