"""What the words of a sentence say of who wears the clothes: person, name, skin, eyes, what is bare."""

from clipactor_node.appearance.words.body_words import PARTS
from clipactor_node.appearance.words.entries import Item, ItemKind
from clipactor_node.appearance.words.parsed_outfit import rgb
from clipactor_node.appearance.words.small_words import UNMADE
from clipactor_node.appearance.words.waiting import HAIR_ONLY, Waiting


class PersonParser(Waiting):
    """One method for each kind of item that says something of the person."""

    def on_thing(self, item: Item) -> None:
        colors = self.take_colors()
        if item.says in PARTS.values():
            self.say_of_body((item.says,), colors)
        elif item.says == "eyes" and colors:
            self.parsed.eyes = colors[-1]
        elif item.says == "skin":
            tone = {"light": "light", "pale": "pale", "dark": "dark", "deep": "dark"}.get(self.shade or "")
            self.parsed.skin = tone or (colors[-1] if colors else self.parsed.skin)
        elif item.text in UNMADE and not self.negated:
            self.parsed.notes.append(f"'{item.text}' cannot be made and is left out")
        self.shade = None

    def is_another(self, item: Item) -> bool:
        """Whether a word for a person means another one than the first."""
        if self.person is None or self.like or self.negated:
            return False
        if (
            self.at + 1 < len(self.items) and self.items[self.at + 1].kind == ItemKind.GARMENT
        ):  # "a woman's coat"
            return False
        first, now = self.person.traits.hair, item.traits.hair
        differ = None not in (first, now) and (first == "short") != (now == "short")
        return differ or (self.article and self.items[self.at - 1].text in ("a", "an", "another"))

    def stop_at_somebody_else(self) -> None:
        self.somebody_else = True
        self.parsed.notes.append("several people are described; the avatar is dressed as the first")

    def on_person(self, item: Item) -> None:
        if self.is_another(item):
            self.several = True
            if not self.parsed.empty:
                self.stop_at_somebody_else()
            return
        self.person = self.person or item
        self.say_of_body(item.figure, [])
        traits = item.traits
        if self.colors:
            tones = {"black": "dark", "white": "light", "brown": "brown", "tan": "tan"}
            if self.colors[-1] in tones:
                self.parsed.skin = tones[self.colors[-1]]
            elif self.colors[-1] in HAIR_ONLY:
                self.parsed.hair_color = rgb(self.colors[-1])
            else:
                self.parsed.overall += self.take_colors()
            self.take_colors()
        if self.parsed.hair is None:
            self.parsed.hair = traits.hair
        self.parsed.grey |= traits.grey
        self.head = False

    def on_name(self, item: Item) -> None:
        if self.negated:
            return
        if not self.parsed.name:
            self.parsed.name = item.says
            self.parsed.name_colors = self.take_colors()
            self.head = False
        elif self.colors:
            self.flush()

    def on_bare(self, item: Item) -> None:
        self.parsed.bare += item.slots
        self.head = False

    def on_naked(self, item: Item) -> None:
        self.parsed.naked = True

    def on_skin(self, item: Item) -> None:
        self.parsed.skin = item.says
