"""What the words of a sentence say: which garments, in which colors and cuts, on whom.

A small parser that goes from left to right. Colors and cuts wait until the garment that they belong to comes
("long red dress"), or fall back to the one before ("a dress in red"); what belongs to no garment is
meant for the whole outfit ("dressed in black").
"""

from collections.abc import Callable

from clipactor_node.appearance.garments import REPLACES
from clipactor_node.appearance.words.entries import Changes, Item, ItemKind, Wear
from clipactor_node.appearance.words.lettering import MOST
from clipactor_node.appearance.words.look_words import DRAWN, UNDRAWN
from clipactor_node.appearance.words.parsed_outfit import Mention, ParsedOutfit, hair_color, rgb, slot_of
from clipactor_node.appearance.words.person_parser import PersonParser
from clipactor_node.appearance.words.small_words import DYES
from clipactor_node.appearance.words.waiting import END

MAX_SUBJECT = 8
"""Words of somebody's unknown name that are looked up."""
OWN_COLOR = {"jeans", "jean", "denims", "blue jean"}
_LISTED = (ItemKind.COLOR, ItemKind.SHADE)
_BEFORE_GARMENT = (*_LISTED, ItemKind.CHANGE)
_OPEN_TO_COLOR = {
    ItemKind.COLOR,
    ItemKind.GARMENT,
    ItemKind.CHANGE,
    ItemKind.SHADE,
    ItemKind.JOINER,
    ItemKind.FIGURE,
    ItemKind.CLOTHES,
    ItemKind.NAME,
    ItemKind.MATERIAL,
}


def parse_outfit(items: list[Item]) -> ParsedOutfit:
    """What a sentence says of clothes, from `phrases.items`."""
    parser = _Parser(items)
    for at, item in enumerate(items):
        parser.at = at
        _METHODS[item.kind](parser, item)
        if parser.somebody_else:
            break
    parser.at = len(items)
    parser.flush()
    return parser.parsed


class _Parser(PersonParser):
    """One method for each kind of item."""

    def on_color(self, item: Item) -> None:
        if self.negated:  # "not red"
            return
        if self.colors and self.joined:
            self.colors_joined = True
        self.joined = False
        self.colors.append(item.says)

    def on_shade(self, item: Item) -> None:
        self.shade = item.text

    def on_change(self, item: Item) -> None:
        change = item.changes.copy()
        if item.text == "short" and self.next_kind() in (ItemKind.PERSON, ItemKind.NAME):
            self.parsed.figure.append("short")
            return
        if "style" in change:
            self.parsed.hair = change["style"]
            if self.colors and self.next_kind() not in (ItemKind.GARMENT, ItemKind.COLOR, ItemKind.PERSON):
                self.parsed.hair_color = hair_color(self.colors[0])
                self.take_colors()
            return
        nouns = ("sleeve", "neck", "open")
        belongs_before = self.next_kind() in (ItemKind.BREAK, END, ItemKind.JOINER) and any(
            n in change for n in nouns
        )
        if belongs_before and self.last is not None and not self.colors:
            self.last.changes |= change
        else:
            self.changes |= change

    def on_garment(self, item: Item) -> None:
        if self.negated:
            slots = [slot_of(wear) for wear in item.wears]  # without a suit is not without a shirt
            self.parsed.bare += [s for s in slots if len(slots) == 1 or s not in ("top", "bottom", "shoes")]
            self.colors, self.changes, self.shade = [], Changes(), None
            return
        if self.several and self.worn_already(item.wears):  # "a man and a woman in a suit, a dress"
            self.take_colors()
            self.changes = Changes()
            self.stop_at_somebody_else()
            return
        contradicts = len(self.colors) > 1 and not self.colors_joined and "pattern" not in self.changes
        mention = Mention(item.text, item.wears, self.take_colors(), self.changes, self.shade, contradicts)
        if self.dye and not mention.colors and len(item.wears) == 1 and item.wears[0].own is None:
            mention.colors = [rgb(self.dye)]
        shares = self.joined and not self.article and not mention.colors
        if (
            self.last is not None
            and shares
            and item.text not in OWN_COLOR
            and not self.shade
            and slot_of(item.wears[0]) != "hair"
            and (slot_of(self.last.wears[0]) not in ("hair", "socks"))
        ):
            mention.colors, mention.shared = list(self.last.colors[:1]), True
        self.changes, self.shade, self.joined, self.article, self.dye = Changes(), None, False, False, None
        self.parsed.mentions.append(mention)
        self.head = False

    def worn_already(self, wears: tuple[Wear, ...]) -> bool:
        """Whether one of these pieces replaces one that has been named."""
        named = {slot_of(wear) for mention in self.parsed.mentions for wear in mention.wears}
        return any({slot_of(wear), *REPLACES.get(slot_of(wear), ())} & named for wear in wears)

    def on_figure(self, item: Item) -> None:
        """ "... with white stripes": what is on the garment before."""
        drawn = Changes()
        if item.printed:
            drawn["text"] = item.printed[:MOST]
            if len(item.printed) > MOST:
                self.parsed.notes.append(f"'{item.printed}' is too long; {MOST} letters are printed")
        elif item.says == "emblem":
            drawn["figure"] = DRAWN.get(item.text, "shield")
            if item.text in UNDRAWN:
                self.parsed.notes.append(f"'{item.text}' has no shape here; a shield is printed")
        plain = not (self.colors or self.changes or item.printed)
        if self.last is None and self.head and plain:  # "a heart specialist"
            self.parsed.subject = f"{self.parsed.subject} {item.text}".strip()
            return
        if self.last is None:
            self.changes["pattern"] = item.says if item.says != "sleeves" else "plain"
            self.changes |= drawn
            return
        if item.says == "sleeves" and "length" in self.changes:
            self.last.changes["sleeve"] = {"long": 1.9, "short": 0.6}[self.changes.pop("length")]
        colors = self.take_colors()
        if item.says == "sleeves" and not colors:
            return
        if "text" not in drawn or "figure" not in self.last.changes:
            self.last.changes["pattern"] = item.says
        self.last.changes |= drawn
        if colors:
            self.last.changes["second"] = colors[-1]
        self.changes, self.joined = Changes(), False

    def on_clothes(self, item: Item) -> None:
        if self.colors:
            self.parsed.overall += self.take_colors()
        self.parsed.pattern = self.changes.pop("pattern", self.parsed.pattern)
        self.head = False

    def on_joiner(self, item: Item) -> None:
        if item.text != "or" and self.next_kind(()) in (
            ItemKind.ARTICLE,
            ItemKind.COLOR,
            ItemKind.SHADE,
            ItemKind.CHANGE,
        ):
            self.negated = False  # "no shoes and a yellow dress"
        self.joined = True
        self.dye = None
        self.article = False
        next_kind = self.next_kind()
        uncolored = self.last is not None and not self.last.colors
        if (
            uncolored and self.next_kind((ItemKind.FILLER,)) == ItemKind.ARTICLE
        ):  # "a shirt in blue and a brown vest"
            next_kind = ItemKind.ARTICLE
        if self.colors and next_kind not in (
            ItemKind.COLOR,
            ItemKind.SHADE,
            ItemKind.CHANGE,
            ItemKind.FIGURE,
        ):
            self.flush()

    def on_article(self, item: Item) -> None:
        self.article = True

    def on_break(self, item: Item) -> None:
        if item.text == "," and self.colors and (self.negated or self.next_kind(()) == ItemKind.NO):
            self.negated = False
            return
        listed = item.text == "," and self.colors and self.next_kind() in _LISTED
        after_list = self.next_kind(
            (ItemKind.COLOR, ItemKind.SHADE, ItemKind.JOINER, ItemKind.BREAK, ItemKind.ARTICLE)
        )
        if (
            listed
            and after_list in (ItemKind.CHANGE, ItemKind.GARMENT, ItemKind.FIGURE)
            and (self.last is None or self.last.colors)
        ):
            self.joined = True
            return
        self.flush()
        self.dye = None
        self.joined = item.text == "," and self.next_kind() != END and self.joined
        self.article = False
        self.negated = False
        self.like = False
        if not (item.text in (",", ".", ":") and not self.parsed.subject):
            self.head = False

    def on_no(self, item: Item) -> None:
        if not (self.colors and self.next_kind() == ItemKind.COLOR):  # "green, not blue, trousers"
            self.flush()
        self.negated = True

    def on_all(self, item: Item) -> None:
        if self.next_kind() in (ItemKind.COLOR, ItemKind.BREAK, ItemKind.SHADE, END, ItemKind.CLOTHES):
            self.parsed.everywhere = True
        if self.colors and "head" in item.text:  # "in black from head to toe"
            self.parsed.overall += self.take_colors()

    def on_over(self, item: Item) -> None:
        self.flush()

    on_under = on_over

    def on_typo(self, item: Item) -> None:
        self.parsed.typos.append((item.text, item.says))

    def on_filler(self, item: Item) -> None:
        self.like = self.like or item.text in ("as", "like")

    def on_material(self, item: Item) -> None:
        if item.figure and self.of_somebody(item):
            self.say_of_body(item.figure, [])
            return
        self.dye = DYES.get(item.text, self.dye)

    def colored_behind(self) -> bool:
        """Whether the waiting colors follow a garment at once, as in "una camisa roja"."""
        before = reversed([item for item in self.items[: self.at] if item.kind not in _LISTED])
        behind = next((item.kind for item in before), "") == ItemKind.GARMENT
        return behind and self.last is not None and not self.last.colors

    def on_unknown(self, item: Item) -> None:
        self.parsed.unknown.append(item.text)
        if self.head or self.like:
            self.parsed.subject = " ".join(f"{self.parsed.subject} {item.text[:40]}".split()[:MAX_SUBJECT])
        follows = self.next_kind((ItemKind.FILLER, ItemKind.MATERIAL, ItemKind.UNKNOWN))
        if self.colors and self.colored_behind():
            self.flush()
        elif self.colors and (
            follows not in _OPEN_TO_COLOR or (follows == ItemKind.JOINER and not self.head)
        ):
            colors = self.take_colors()  # of a thing that is no garment
            if self.head:  # of somebody unknown: "a blue xylographer"
                self.parsed.overall += colors


_METHODS: dict[ItemKind, Callable[[_Parser, Item], None]] = {
    ItemKind.COLOR: _Parser.on_color,
    ItemKind.SHADE: _Parser.on_shade,
    ItemKind.GARMENT: _Parser.on_garment,
    ItemKind.CHANGE: _Parser.on_change,
    ItemKind.FIGURE: _Parser.on_figure,
    ItemKind.CLOTHES: _Parser.on_clothes,
    ItemKind.PERSON: _Parser.on_person,
    ItemKind.NAME: _Parser.on_name,
    ItemKind.SKIN: _Parser.on_skin,
    ItemKind.THING: _Parser.on_thing,
    ItemKind.MATERIAL: _Parser.on_material,
    ItemKind.BARE: _Parser.on_bare,
    ItemKind.NAKED: _Parser.on_naked,
    ItemKind.JOINER: _Parser.on_joiner,
    ItemKind.ARTICLE: _Parser.on_article,
    ItemKind.BREAK: _Parser.on_break,
    ItemKind.OVER: _Parser.on_over,
    ItemKind.UNDER: _Parser.on_under,
    ItemKind.NO: _Parser.on_no,
    ItemKind.ALL: _Parser.on_all,
    ItemKind.FILLER: _Parser.on_filler,
    ItemKind.TYPO: _Parser.on_typo,
    ItemKind.UNKNOWN: _Parser.on_unknown,
}
