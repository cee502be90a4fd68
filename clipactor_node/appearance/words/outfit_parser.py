"""From the words of a sentence to wishes: which garments, in which colors and cuts, on whom.

A small left-to-right reader. Colors and cuts wait until the garment that they belong to comes
("long red dress"), or fall back to the one before ("a dress in red"); what belongs to no garment is
meant for the whole outfit ("dressed in black").
"""

from clipactor_node.appearance.colors import Color
from clipactor_node.appearance.outfit.garments import REPLACES
from clipactor_node.appearance.words.lexicon import DYES, Item, Wear
from clipactor_node.appearance.words.parsed_outfit import Mention, ParsedOutfit, hair_color, rgb, slot_of

HAIR_ONLY = {"blonde", "blond", "brunette", "ginger", "auburn", "redheaded", "strawberry blonde", "platinum"}
MAX_SUBJECT = 8
"""Words of somebody's unknown name that are looked up."""
OWN_COLOR = {"jeans", "jean", "denims", "blue jean"}
_OPEN_TO_COLOR = {"color", "garment", "change", "shade", "joiner", "figure", "clothes", "name", "material"}


def read(items: list[Item]) -> ParsedOutfit:
    """The wishes in a sentence taken apart by `words.items`."""
    reader = _Reader(items)
    for at, item in enumerate(items):
        reader.at = at
        getattr(reader, "on_" + item.kind, reader.on_filler)(item)
        if reader.somebody_else:
            break
    reader.at = len(items)
    reader.flush()
    return reader.wishes


class _Reader:
    """What has been read so far, and what still waits for its garment."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.at = 0
        self.wishes = ParsedOutfit()
        self.colors: list[str] = []
        self.joined = False  # an "and" since the last garment or color
        self.colors_joined = False
        self.article = False
        self.changes: dict = {}
        self.shade: str | None = None
        self.negated = False
        self.head = True  # still in the words that say who it is
        self.dye: str | None = None  # of a material that waits for its garment
        self.person: Item | None = None
        self.several = self.somebody_else = False
        self.like = False

    # What comes next or came before.

    def next_kind(self, skip=("filler", "material", "article")) -> str:
        rest = (item.kind for item in self.items[self.at + 1 :] if item.kind not in skip)
        return next(rest, "end")

    @property
    def last(self) -> Mention | None:
        return self.wishes.mentions[-1] if self.wishes.mentions else None

    def take_colors(self) -> list[Color]:
        taken = [rgb(name) for name in self.colors]
        self.colors, self.colors_joined = [], False
        return taken

    def flush(self) -> None:
        """Give the waiting colors and cuts to what they must have meant."""
        if self.changes and self.last is not None:
            self.last.changes = self.changes | self.last.changes
        elif self.changes.get("pattern"):
            self.wishes.mentions.append(Mention("t-shirt", (Wear("t-shirt"),), changes=dict(self.changes)))
        self.changes, self.shade = {}, None
        if not self.colors:
            return
        if len(self.colors) == 1 and self.colors[0] in HAIR_ONLY:
            self.wishes.hair_color = rgb(self.colors[0])
        elif (
            self.last is not None
            and (not self.last.colors or self.last.shared)
            and not self.wishes.everywhere
        ):
            self.last.colors, self.last.shared = self.take_colors(), False
        elif self.last is None:
            self.wishes.overall += self.take_colors()
        else:
            said = " and ".join(self.colors)
            self.wishes.notes.append(f"'{said}' belongs to no garment; the {self.last.word} keeps its color")
        self.take_colors()

    # One method for each kind of item.

    def on_color(self, item: Item) -> None:
        if self.negated:  # "not red"
            return
        if self.colors and self.joined:
            self.colors_joined = True
        self.joined = False
        self.colors.append(item.value)

    def on_shade(self, item: Item) -> None:
        self.shade = item.text

    def on_change(self, item: Item) -> None:
        change = dict(item.value)
        if "style" in change:
            self.wishes.hair = change["style"]
            if self.colors and self.next_kind() not in ("garment", "color", "person"):
                self.wishes.hair_color = hair_color(self.colors[0])
                self.take_colors()
            return
        nouns = ("sleeve", "neck", "open")
        belongs_before = self.next_kind() in ("break", "end", "joiner") and any(n in change for n in nouns)
        if belongs_before and self.last is not None and not self.colors:
            self.last.changes |= change
        else:
            self.changes |= change

    def on_garment(self, item: Item) -> None:
        if self.negated:
            slots = [slot_of(wear) for wear in item.value]  # without a suit is not without a shirt
            self.wishes.bare += [s for s in slots if len(slots) == 1 or s not in ("top", "bottom", "shoes")]
            self.colors, self.changes, self.shade = [], {}, None
            return
        if self.several and self.worn_already(item.value):  # "a man and a woman in a suit, a dress"
            self.take_colors()
            self.changes = {}
            self.stop_at_somebody_else()
            return
        contradicts = len(self.colors) > 1 and not self.colors_joined and "pattern" not in self.changes
        mention = Mention(item.text, item.value, self.take_colors(), self.changes, self.shade, contradicts)
        if self.dye and not mention.colors and len(item.value) == 1 and item.value[0].own is None:
            mention.colors = [rgb(self.dye)]
        shares = self.joined and not self.article and self.last is not None and not mention.colors
        if (
            shares
            and item.text not in OWN_COLOR
            and not self.shade
            and slot_of(item.value[0]) != "hair"
            and (slot_of(self.last.wears[0]) not in ("hair", "socks"))
        ):
            mention.colors, mention.shared = list(self.last.colors[:1]), True
        self.changes, self.shade, self.joined, self.article, self.dye = {}, None, False, False, None
        self.wishes.mentions.append(mention)
        self.head = False

    def worn_already(self, wears: tuple[Wear, ...]) -> bool:
        """Whether one of these pieces replaces one that has been named."""
        named = {slot_of(wear) for mention in self.wishes.mentions for wear in mention.wears}
        return any({slot_of(wear), *REPLACES.get(slot_of(wear), ())} & named for wear in wears)

    def on_figure(self, item: Item) -> None:
        """ "... with white stripes": what is on the garment before."""
        if self.last is None and self.head and not self.colors and not self.changes:  # "a heart specialist"
            self.wishes.subject = f"{self.wishes.subject} {item.text}".strip()
            return
        if self.last is None:
            self.changes["pattern"] = item.value if item.value != "sleeves" else "plain"
            return
        if item.value == "sleeves" and "length" in self.changes:
            self.last.changes["sleeve"] = {"long": 1.9, "short": 0.6}[self.changes.pop("length")]
        colors = self.take_colors()
        if item.value == "sleeves" and not colors:
            return
        self.last.changes["pattern"] = item.value
        if colors:
            self.last.changes["second"] = colors[-1]
        self.changes, self.joined = {}, False

    def on_thing(self, item: Item) -> None:
        colors = self.take_colors()
        if item.value == "eyes" and colors:
            self.wishes.eyes = colors[-1]
        elif item.value == "skin":
            tone = {"light": "light", "pale": "pale", "dark": "dark", "deep": "dark"}.get(self.shade or "")
            self.wishes.skin = tone or (colors[-1] if colors else self.wishes.skin)
        self.shade = None

    def is_another(self, item: Item) -> bool:
        """Whether a word for a person means another one than the first."""
        if self.person is None or self.like or self.negated:
            return False
        if self.at + 1 < len(self.items) and self.items[self.at + 1].kind == "garment":  # "a woman's coat"
            return False
        first, now = self.person.value.get("hair"), item.value.get("hair")
        differ = None not in (first, now) and (first == "short") != (now == "short")
        return differ or (self.article and self.items[self.at - 1].text in ("a", "an", "another"))

    def stop_at_somebody_else(self) -> None:
        self.somebody_else = True
        self.wishes.notes.append("several people are described; the avatar is dressed as the first")

    def on_person(self, item: Item) -> None:
        if self.is_another(item):
            self.several = True
            if not self.wishes.empty:
                self.stop_at_somebody_else()
            return
        self.person = self.person or item
        traits = item.value
        if self.colors:
            tones = {"black": "dark", "white": "light", "brown": "brown", "tan": "tan"}
            if self.colors[-1] in tones:
                self.wishes.skin = tones[self.colors[-1]]
            elif self.colors[-1] in HAIR_ONLY:
                self.wishes.hair_color = rgb(self.colors[-1])
            else:
                self.wishes.overall += self.take_colors()
            self.take_colors()
        if self.wishes.hair is None:
            self.wishes.hair = traits.get("hair")
        self.wishes.grey |= traits.get("grey", False)
        self.head = False

    def on_name(self, item: Item) -> None:
        if self.negated:
            return
        if self.wishes.name is None:
            self.wishes.name, self.wishes.name_word = item.value, item.text
            self.wishes.name_colors = self.take_colors()
            self.head = False
        elif self.colors:
            self.flush()

    def on_clothes(self, item: Item) -> None:
        if self.colors:
            self.wishes.overall += self.take_colors()
        self.wishes.pattern = self.changes.pop("pattern", self.wishes.pattern)
        self.head = False

    def on_joiner(self, item: Item) -> None:
        if item.text != "or" and self.next_kind(()) in ("article", "color", "shade", "change"):
            self.negated = False  # "no shoes and a yellow dress"
        self.joined = True
        self.dye = None
        self.article = False
        next_kind = self.next_kind()
        uncolored = self.last is not None and not self.last.colors
        if uncolored and self.next_kind(("filler",)) == "article":  # "a shirt in blue and a brown vest"
            next_kind = "article"
        if self.colors and next_kind not in ("color", "shade", "change", "figure"):
            self.flush()

    def on_article(self, item: Item) -> None:
        self.article = True

    def on_break(self, item: Item) -> None:
        if item.text == "," and self.colors and (self.negated or self.next_kind(()) == "no"):
            self.negated = False
            return
        listed = item.text == "," and self.colors and self.next_kind() in ("color", "shade")
        after_list = self.next_kind(("color", "shade", "joiner", "break", "article"))
        if (
            listed
            and after_list in ("change", "garment", "figure")
            and (self.last is None or self.last.colors)
        ):
            self.joined = True
            return
        self.flush()
        self.dye = None
        self.joined = item.text == "," and self.next_kind() != "end" and self.joined
        self.article = False
        self.negated = False
        self.like = False
        if not (item.text in (",", ".", ":") and not self.wishes.subject):
            self.head = False

    def on_no(self, item: Item) -> None:
        if not (self.colors and self.next_kind() == "color"):  # "green, not blue, trousers"
            self.flush()
        self.negated = True

    def on_all(self, item: Item) -> None:
        if self.next_kind() in ("color", "break", "shade", "end", "clothes"):
            self.wishes.everywhere = True
        if self.colors and "head" in item.text:  # "in black from head to toe"
            self.wishes.overall += self.take_colors()

    def on_over(self, item: Item) -> None:
        self.flush()

    on_under = on_over

    def on_bare(self, item: Item) -> None:
        self.wishes.bare += item.value
        self.head = False

    def on_naked(self, item: Item) -> None:
        self.wishes.naked = True

    def on_skin(self, item: Item) -> None:
        self.wishes.skin = item.value

    def on_typo(self, item: Item) -> None:
        self.wishes.typos.append((item.text, item.value))

    def on_filler(self, item: Item) -> None:
        self.like = self.like or item.text in ("as", "like")

    def on_material(self, item: Item) -> None:
        self.dye = DYES.get(item.text, self.dye)

    def colored_behind(self) -> bool:
        """Whether the waiting colors follow a garment at once, as in "una camisa roja"."""
        before = reversed([item for item in self.items[: self.at] if item.kind not in ("color", "shade")])
        behind = next((item.kind for item in before), "") == "garment"
        return behind and self.last is not None and not self.last.colors

    def on_unknown(self, item: Item) -> None:
        self.wishes.unknown.append(item.text)
        if self.head or self.like:
            self.wishes.subject = " ".join(f"{self.wishes.subject} {item.text[:40]}".split()[:MAX_SUBJECT])
        follows = self.next_kind(("filler", "material", "unknown"))
        if self.colors and self.colored_behind():
            self.flush()
        elif self.colors and (follows not in _OPEN_TO_COLOR or (follows == "joiner" and not self.head)):
            colors = self.take_colors()  # of a thing that is no garment
            if self.head:  # of somebody unknown: "a blue xylographer"
                self.wishes.overall += colors
