"""Random outfits and sentences that describe them: what the model learns from.

Some color pairs, names and poses are never seen in training (`is_held_out`), so that tests can ask
for them.
"""

# ruff: noqa: E501 - the tables of words

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from clipactor_node.appearance import (
    BASIC,
    HAIR_STYLES,
    NAMED,
    SKIN,
    SPEAKABLE,
    Color,
    Cut,
    Outfit,
    Piece,
    nearest_basic,
    nearest_name,
    piece,
)
from clipactor_node.appearance.outfit import second_color, shipped
from clipactor_node.appearance.words import GARMENTS

T = TypeVar("T")

HAIR_COLORS = ("chestnut", "black", "blonde", "ginger", "chocolate", "white", "grey", "auburn")
HAIR_WORDS = {"chestnut": "brown", "chocolate": "dark brown", "ginger": "red", "ebony": "black"}
_TOPS = ("t-shirt", "shirt", "blouse", "polo shirt", "tank top", "crop top", "sweater", "hoodie", "turtleneck", "jersey", "tunic", "leotard")  # fmt: skip
_LEGS = ("trousers", "jeans", "leggings", "sweatpants", "shorts", "shorts", "skirt", "skirt", "breeches", "trousers")  # fmt: skip
_OUTER = ("jacket", "blazer", "cardigan", "coat", "lab coat", "robe", "bomber jacket")
_DRESSES = ("dress", "dress", "gown", "kimono")
_HATS = ("cap", "hat", "beanie", "helmet", "top hat", "crown", "headband", "headscarf", "hood", "beret", "turban", "chef hat", "cone hat")  # fmt: skip
_SHOES = ("shoes", "sneakers", "boots", "sandals", "boots")
_PATTERN_WORDS = {
    "stripes": ("striped", "stripy", "horizontally striped"),
    "pinstripes": ("pinstriped", "vertically striped"),
    "checks": ("checked", "plaid", "checkered", "tartan"),
    "dots": ("polka dot", "dotted", "spotted"),
    "camouflage": ("camouflage", "camo"),
    "halves": ("two-tone",),
    "hoops": ("banded",),
}


@dataclass(frozen=True)
class Example:
    """One outfit and a sentence about it. `held_out`: not for training."""

    outfit: Outfit
    caption: str
    held_out: str = ""


def is_held_out(kind: str, *words: str) -> bool:
    """Whether a pair of colors ("pair"), a named outfit ("name") or a clip ("pose") is kept for tests."""
    share = {"pair": 0.12, "name": 0.10, "pose": 0.25}[kind]
    digest = hashlib.sha256(" ".join((kind, *words)).encode()).digest()
    return int.from_bytes(digest[:4], "little") / 2**32 < share


def _pick(random: np.random.Generator, options: Sequence[T]) -> T:
    return options[int(random.integers(len(options)))]


def _color(random: np.random.Generator) -> Color:
    names = list(BASIC) if random.random() < 0.7 else SPEAKABLE
    return NAMED[_pick(random, names)]


class Sampler:
    """Draws examples; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.named = shipped()

    def example(self, held_out: bool = False) -> Example:
        """One example for training, or one of the held-out ones."""
        while True:
            found = self._named() if self.random.random() < 0.35 else self._free()
            if bool(found.held_out) == held_out:
                return found

    # Outfits.

    def _named(self) -> Example:
        random, named = self.random, _pick(self.random, self.named)
        outfit = self._somebody(named.outfit)
        word = _pick(random, (named.name, named.name, *named.aliases))
        held = "name" if is_held_out("name", named.name) else ""
        caption = self._subject(outfit, word)
        if random.random() < 0.3:
            slot = _pick(
                random,
                [p.slot for p in outfit.pieces if p.slot in ("top", "outer", "bottom", "dress")] or ["top"],
            )
            worn = outfit.get(slot)
            if worn is not None:
                new = replace(worn, color=_color(random), pattern="plain", second=None)
                outfit = outfit.with_piece(new)
                caption += f" {_pick(random, ('in', 'wearing', 'with'))} {self._phrase(new)}"
        return Example(outfit, self._finish(caption), held)

    def _free(self) -> Example:
        outfit = self._random_outfit()
        upper = outfit.get("outer") or outfit.get("top") or outfit.get("dress")
        lower = outfit.get("bottom") or outfit.get("dress")
        colors = (nearest_basic(upper.color), nearest_basic(lower.color)) if upper and lower else ("", "")
        held = "pair" if colors[0] != colors[1] and is_held_out("pair", *colors) else ""
        return Example(outfit, self._describe(outfit), held)

    def _somebody(self, outfit: Outfit) -> Outfit:
        """The outfit on somebody else, where it leaves skin and hair open."""
        random = self.random
        skin = SKIN[_pick(random, list(SKIN))]
        return replace(outfit, skin=skin) if outfit.skin == SKIN["medium"] else outfit

    def _random_outfit(self) -> Outfit:
        random = self.random
        style = _pick(random, ("short", "short", "short", "long", "long", *HAIR_STYLES))
        pieces: list[Piece] = [piece("hair", NAMED[_pick(random, HAIR_COLORS)])] if style != "bald" else []
        uniform = random.random() < 0.06
        main = _color(random)
        if random.random() < 0.16:
            pieces.append(self._garment(_pick(random, _DRESSES), main))
        else:
            pieces.append(self._garment(_pick(random, _TOPS), main))
            pieces.append(self._garment(_pick(random, _LEGS), main if uniform else _color(random)))
        chances = (
            (0.22, _OUTER), (0.75, _SHOES), (0.25, ("socks", "stockings")), (0.22, _HATS), (0.13, ("gloves",)),
            (0.1, ("belt", "sash")), (0.08, ("tie", "bow tie", "scarf")), (0.07, ("vest", "safety vest")),
            (0.05, ("apron",)), (0.05, ("cape", "backpack")), (0.1, ("beard", "moustache")),
            (0.06, ("mask", "eye mask", "full mask")), (0.06, ("glasses",)), (0.05, ("bib", "suspenders")),
        )  # fmt: skip
        outfit = Outfit(skin=SKIN[_pick(random, list(SKIN))], hair=style)
        for new in pieces:
            outfit = outfit.with_piece(new)
        for chance, kinds in chances:
            if random.random() < chance and not (kinds[0] == "bib" and outfit.get("dress")):
                new = self._garment(_pick(random, kinds), _color(random))
                if new.slot == "beard":
                    hair = outfit.get("hair")
                    new = replace(
                        new, color=hair.color if hair else NAMED["chestnut"], pattern="plain", second=None
                    )
                outfit = outfit.with_piece(new)
        return outfit

    def _garment(self, kind: str, color: Color) -> Piece:
        """A piece of that kind, sometimes with another cut or a pattern."""
        random = self.random
        new = piece(kind, color)
        cut = Cut()
        if new.sleeve is not None and new.slot in ("top", "dress") and random.random() < 0.4:
            cut["sleeve"] = _pick(random, (-0.1, 0.6, 1.9))
        if kind in ("skirt", "dress") and random.random() < 0.6:
            cut["hem"] = _pick(random, (2.65, 2.02, 0.6))
        if kind == "boots" and random.random() < 0.3:
            cut["hem"] = 1.88
        if new.slot in ("top", "bottom", "dress", "outer") and random.random() < 0.22:
            pattern = _pick(random, list(_PATTERN_WORDS))
            cut["pattern"] = pattern
            cut["second"] = _color(random) if random.random() < 0.7 else second_color(color, pattern)
        return replace(new, **cut)

    # Sentences.

    def _describe(self, outfit: Outfit) -> str:
        random, outer = self.random, outfit.get("outer")
        core = [p for p in outfit.pieces if p.slot in ("top", "bottom", "dress", "outer")]
        rest = [p for p in outfit.pieces if p not in core and p.slot not in ("hair",)]
        core = [p for p in core if not (p.slot == "top" and outer is not None and not outer.open)]
        said = [p for p in core if random.random() < 0.93] or core[:1]
        said += [p for p in rest if random.random() < 0.6]
        if random.random() < 0.3:
            random.shuffle(said)
        else:
            order = ("dress", "outer", "top", "bottom")
            said.sort(key=lambda p: order.index(p.slot) if p.slot in order else 9)
        subject = self._subject(outfit, None)
        phrases = [self._phrase(p) for p in said]
        listed = ", ".join(phrases[:-1]) + (" and " if len(phrases) > 1 else "") + phrases[-1]
        verb = _pick(random, ("wearing", "in", "dressed in", "wears", "with", "who wears", "is wearing"))
        return self._finish(f"{subject} {verb} {listed}")

    def _subject(self, outfit: Outfit, name: str | None) -> str:
        random = self.random
        hair = outfit.get("hair")
        who = name or _pick(
            random,
            ("person", "person", "someone", "man", "human")
            if outfit.hair != "long"
            else ("person", "woman", "girl", "lady"),
        )
        article = "an" if who[0] in "aeiou" else "a"
        text = who if who == "someone" else f"{article} {who}"
        if name is None and hair is not None and random.random() < 0.35:
            color = HAIR_WORDS.get(nearest_name(hair.color), nearest_name(hair.color))
            style = {"long": "long ", "bob": "shoulder-length ", "afro": "curly "}.get(outfit.hair, "")
            text += f" with {style}{color} hair"
        elif (
            name is None
            and outfit.hair == "bald"
            and outfit.get("headwear") is None
            and random.random() < 0.7
        ):
            text = f"a bald {who}" if who != "someone" else "someone bald"
        return text

    def _phrase(self, worn: Piece) -> str:
        """ "a long-sleeved red and white striped shirt" """
        random, words = self.random, []
        usual = worn.shape
        if worn.sleeve is not None and usual.sleeve is not None and abs(worn.sleeve - usual.sleeve) > 0.15:
            words.append(
                "sleeveless" if worn.sleeve < 0 else "short-sleeved" if worn.sleeve < 1 else "long-sleeved"
            )
        if worn.hem is not None and usual.hem is not None and abs(worn.hem - usual.hem) > 0.2:
            if worn.slot in ("bottom", "dress"):
                words.append("long" if worn.hem < 1 else "knee-length" if worn.hem < 2.2 else "short")
            elif worn.slot == "shoes":
                words.append("knee-high")
        color, trailing = nearest_name(worn.color), ""
        if worn.pattern in _PATTERN_WORDS and worn.second is not None:
            second = nearest_name(worn.second)
            word = _pick(random, _PATTERN_WORDS[worn.pattern])
            figure = {"stripes": "stripes", "dots": "dots", "checks": "checks"}.get(worn.pattern)
            if figure and random.random() < 0.35:
                words.append(color)
                trailing = f" with {second} {figure}"
            else:
                words += [f"{color} and {second}", word]
        else:
            words.insert(0 if random.random() < 0.5 else len(words), color)
        words.append(self._noun(worn))
        phrase = " ".join(words)
        plural = phrase.endswith("s") and not phrase.endswith(("dress", "ss"))
        article = "" if plural else ("an " if phrase[0] in "aeiou" else "a ")
        return article + phrase + trailing

    def _noun(self, worn: Piece) -> str:
        same = _SYNONYMS.get(worn.kind, (worn.kind,))
        return _pick(self.random, same) if self.random.random() < 0.4 else worn.kind

    def _finish(self, sentence: str) -> str:
        random = self.random
        if random.random() < 0.15:
            sentence += _pick(random, (" is dancing", " is walking", " jumps", ", standing", " is waving"))
        return sentence[0].upper() + sentence[1:] + "." if random.random() < 0.1 else sentence


def _synonyms() -> dict[str, tuple[str, ...]]:
    """Words that mean exactly that kind of garment, in its usual cut and with no color of their own."""
    found: dict[str, list[str]] = {}
    for word, wears in GARMENTS.items():
        if len(wears) == 1 and not wears[0].cut and wears[0].own is None:
            found.setdefault(wears[0].kind, []).append(word)
    return {kind: tuple(words) for kind, words in found.items()}


_SYNONYMS = _synonyms()
