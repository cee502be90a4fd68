"""What the name of a joint says: prefixes, separators, sides and languages of many programs taken off.

A name is taken apart into a side, a word for the part of the body, and noise. The words are data,
joint_words.toml.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_WORDS = Path(__file__).with_name("joint_words.toml")
_SHARED = 0.6  # of the names have a prefix or suffix that is none of the joint's own
FINGERS = ("thumb", "index", "middle", "ring", "pinky")


@dataclass(frozen=True)
class _Words:
    side: dict[str, str]
    part: dict[str, str]
    noise: frozenset[str]
    helper: frozenset[str]


@dataclass(frozen=True)
class NameParts:
    """What a name says: side ("left", "right", ""), kind of part ("" unknown) and the number in it."""

    side: str
    kind: str
    number: str = ""


@lru_cache
def _words() -> _Words:
    table = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return _Words(
        {word: side for side, words in table["sides"].items() for word in words},
        {word: kind for kind, words in table["parts"].items() for word in words},
        frozenset(table["noise"]),
        frozenset(table["helpers"]),
    )


def bare(names: Sequence[str]) -> list[str]:
    """Names without the prefix and suffix that most of them share, and without running numbers."""
    return list(_bare(tuple(names)))


@lru_cache(maxsize=64)  # every mapping asks for the same skeleton
def _bare(given: tuple[str, ...]) -> tuple[str, ...]:
    names = [re.sub(r"^.*[:|/]", "", unicodedata.normalize("NFKC", name).strip()) for name in given]
    numbers = [match[1] for name in names if (match := re.search(r"[_.](\d+)$", name))]
    if len(numbers) > 0.8 * len(names) and len(set(numbers)) > 0.8 * len(numbers):
        names = [re.sub(r"[_.]\d+$", "", name) for name in names]  # exporters that number every node
    for _ in range(3):
        names = _without_shared(names, _prefixes, str.removeprefix)
        names = _without_shared(names, _suffixes, str.removesuffix)
    return tuple(names)


def _without_shared(
    names: list[str], ends: Callable[[str], list[str]], remove: Callable[[str, str], str]
) -> list[str]:
    counts = Counter(end for name in names for end in ends(name))
    shared = [end for end, count in counts.items() if count > max(_SHARED * len(names), 3)]
    if not shared:
        return names
    longest = max(shared, key=len)
    return [remove(name, longest) or name for name in names]


def _prefixes(name: str) -> list[str]:
    """Beginnings of a name that end before a new word and say no side."""
    cuts = [m.end() for m in re.finditer(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])", name)]
    return [name[:cut] for cut in cuts if 0 < cut < len(name) and not _has_side(name[:cut])]


def _suffixes(name: str) -> list[str]:
    cuts = [m.start() for m in re.finditer(r"[\W_]+", name)]
    return [name[cut:] for cut in cuts if cut > 0 and not _has_side(name[cut:])]


def _has_side(text: str) -> bool:
    return any(token in _words().side for token in tokens(text))


def tokens(name: str) -> list[str]:
    """The words of a name, in lower case: cut at separators, capitals, digits and Japanese sides."""
    name = unicodedata.normalize("NFKC", name)
    name = re.sub(r"([左右])", r" \1 ", name)
    name = re.sub(r"(?<=\b[LR])(?=[UFL][A-Z][a-z])", " ", name)  # LFArm: not the side "lf"
    name = re.sub(r"(?<=[\u3040-\u30ff\u4e00-\u9fff])(?=[A-Za-z])", " ", name)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=\d)(?=[^\W\d_])", " ", name)
    return [token for token in re.split(r"[\W_]+|(?<=[^\W\d_])(?=\d)", name.lower()) if token]


def parsed(name: str) -> NameParts:
    """What one bare name says."""
    words = _words()
    parts = tokens(name)
    if any(part in words.helper for part in parts):
        return NameParts("", "")
    in_palm = any(part.endswith("carpal") for part in parts)
    number = "".join(part for part in parts if part.isdigit())
    parts = [part for part in parts if not part.isdigit()]
    sides = [words.side[part] for part in parts if part in words.side]
    rest = [part for part in parts if part not in words.side]
    if not sides and rest:
        side, first = _side_before(rest[0], "".join(rest))
        sides, rest = ([side] if side else []), ([first] if side else rest)
    for kept in (rest, [part for part in rest if part not in words.noise]):
        kind = words.part.get("".join(kept), "") if kept else ""
        if not kind and kept:
            kind = words.part.get("".join(kept) + number, "")
        if kind in FINGERS[1:] and in_palm:
            return NameParts("", "")
        if kind:
            return NameParts(sides[0] if sides else "", kind, number)
    return NameParts(sides[0] if sides else "", "", number)


def _side_before(first: str, joined: str) -> tuple[str, str]:
    """A side written into the word itself ("lthigh", "leftupleg"), and the word without it."""
    words = _words()
    for prefix, side in (("left", "left"), ("right", "right"), ("l", "left"), ("r", "right")):
        for text in (joined, first):
            if text.startswith(prefix) and text[len(prefix) :] in words.part and text not in words.part:
                return side, text[len(prefix) :]
    return "", first
