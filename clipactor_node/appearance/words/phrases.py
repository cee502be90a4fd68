"""A sentence taken apart into the words and phrases that the lexicon knows."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from clipactor_node.appearance.colors import SHADES, color_named
from clipactor_node.appearance.words.entries import Item, ItemKind
from clipactor_node.appearance.words.lettering import WORD, taken_out
from clipactor_node.appearance.words.lexicon import LONGEST, PHRASES
from clipactor_node.errors import nearest
from clipactor_node.language import spaced, translated

MAX_WORDS = 300
"""Words after these are not read: nobody wears that much."""
MAX_SPELLED = 30
"""So many unknown words of a sentence are compared with known spellings, at 5 ms each."""

_WORD = re.compile(r"#[0-9a-f]{6}\b|[^\W_]+(?:['-][^\W_]+)*|[,;.:&/+]")
_TYPO = 0.84
_NAME_TYPO = 0.9


def split(text: str) -> list[str]:
    """Lower-case words and punctuation, in order; at most `MAX_WORDS`."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").replace("\u2010", "-")
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    plain = spaced(plain)
    plain = re.sub(r"[\u2013\u2014()\[\]!?\n]", " , ", plain).replace("'s ", " 's ")
    return [word for word in _WORD.findall(plain) if word != "s"][:MAX_WORDS]


def items(
    text: str, names: Collection[str] = (), garments: Mapping[str, Item] = MappingProxyType({})
) -> list[Item]:
    """What each word or phrase of `text` says; `names` (lower case) are read as names of outfits, and
    `garments` are phrases beside those of the lexicon.

    The longest phrase wins; hyphens may be blanks; plurals, shades of colors ("dark olive") and
    single slips of the keyboard are understood.
    """
    text, prints = taken_out(text)
    words = translated(split(text))
    longest = max([LONGEST, *(len(name.split()) for name in (*names, *garments))])
    found: list[Item] = []
    at = unknown = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            item = _own(words[at : at + length], garments) or _lookup(words[at : at + length], names)
            if item is not None:
                if item.text == WORD and prints:
                    item = replace(item, printed=prints.pop(0))
                found.append(item)
                at += length
                break
        else:
            unknown += 1
            found += _unknown(words[at], names, unknown <= MAX_SPELLED)
            at += 1
    return found


def _own(words: list[str], garments: Mapping[str, Item]) -> Item | None:
    phrase = " ".join(words)
    found = next((garments[form] for form in _forms(phrase) if form in garments), None)
    return found and replace(found, text=phrase)


def _lookup(words: list[str], names: Collection[str]) -> Item | None:
    phrase = " ".join(words)
    for form in _forms(phrase):
        if form in names:
            return Item(ItemKind.NAME, phrase, form)
        if form in PHRASES:
            return replace(PHRASES[form], text=phrase)
    if len(words) in (2, 3) and words[0] in SHADES and color_named(phrase) is not None:
        return Item(ItemKind.COLOR, phrase, phrase)
    if len(words) == 1 and phrase.startswith("#"):
        return Item(ItemKind.COLOR, phrase, phrase)
    return None


def _forms(phrase: str) -> Iterator[str]:
    """The phrase, without its hyphens, and its singular."""
    yield phrase
    if "-" in phrase:
        yield phrase.replace("-", " ")
    if phrase.endswith("ies"):
        yield phrase[:-3] + "y"
    if phrase.endswith("es"):
        yield phrase[:-2]
    if phrase.endswith("s") and len(phrase) > 3:
        yield phrase[:-1]
    if phrase.endswith(("-colored", "-coloured")):
        yield phrase.rpartition("-")[0]


def _unknown(word: str, names: Collection[str], spell: bool) -> list[Item]:
    """A word that is in no list: its hyphenated parts if all are known, its likeliest spelling, or itself."""
    parts = word.split("-")
    if len(parts) > 1:
        known = [item for part in parts if (item := _lookup([part], names)) is not None]
        if len(known) == len(parts):
            return known
    if spell and 5 <= len(word) <= 24 and word.isascii():
        near = nearest(word, _spellings(names), alike=_TYPO)
        item = _lookup(near, names) if near and near[0][0] == word[0] else None
        sure = item is not None and (item.kind != ItemKind.NAME or nearest(word, near, alike=_NAME_TYPO))
        if item is not None and sure:
            return [replace(item, text=near[0]), Item(ItemKind.TYPO, word, near[0])]
    return [Item(ItemKind.UNKNOWN, word)]


_KINDS_SPELLED = {ItemKind.GARMENT, ItemKind.COLOR, ItemKind.NAME, ItemKind.PERSON}


def _spellings(names: Collection[str]) -> list[str]:
    lexicon = [p for p, item in PHRASES.items() if item.kind in _KINDS_SPELLED]
    return [phrase for phrase in (*lexicon, *names) if " " not in phrase and len(phrase) >= 4]
