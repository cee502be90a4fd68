"""A tourist's dictionary: colors and clothes in Spanish, French, German, Italian, Portuguese and Chinese."""

import re

from clipactor_node.language import lexicon as lex
from clipactor_node.language.foreign_words import ENTRIES, Kind
from clipactor_node.language.tokens import tokens

_ENGLISH = {word: entry.english for entry in ENTRIES for word in entry.words}
_SHADED = {"red", "blue", "green", "yellow", "grey", "brown", "purple", "pink"}
_ENGLISH |= {
    f"{german}{word}": f"{shade} {english}"
    for german, shade in (("dunkel", "dark"), ("hell", "light"))
    for word, english in list(_ENGLISH.items())
    if english in _SHADED
}
_CHINESE = {word: entry.english for entry in ENTRIES for word in entry.chinese}
_CHINESE_WORD = re.compile("|".join(sorted(_CHINESE, key=len, reverse=True)))

_TELLING = {
    word
    for entry in ENTRIES
    if entry.english in ("a", "and", "with", "man", "woman", "person")
    for word in entry.words
}
"""Words that give the language away: only a sentence with one of them is translated."""

_ENGLISH_TELLING = {"the", "is", "of", "wearing", "in", "dressed", "a", "an"}
_COLORS = {"red", "blue", "green", "yellow", "grey", "brown", "orange", "pink", "purple"}

_WORN = lex.GARMENTS | {
    word
    for entry in ENTRIES
    if entry.kind in (Kind.GARMENT, Kind.HAIR, Kind.PATTERN, Kind.ROLE)
    for word in entry.english.split()
}
_DYES = lex.COLORS - {entry.english for entry in ENTRIES if entry.kind is Kind.SHAPE}
_LINKS = {entry.english for entry in ENTRIES if entry.kind in (Kind.GRAMMAR, Kind.PERSON)}


def translated(words: list[str]) -> list[str]:
    """The lower-case words, those of the dictionary in English, if the sentence is not English."""
    if not _TELLING & set(words) or len(_ENGLISH_TELLING & set(words)) > 1:
        return words
    english = [part for word in words for part in _ENGLISH.get(word, word).split(" ")]
    for at in range(len(english) - 1):
        if english[at + 1] in ("dark", "light") and english[at] in _COLORS:
            english[at : at + 2] = english[at + 1], english[at]  # "azul oscuro"
    return english


def spaced(text: str) -> str:
    """Lower-case `text`, the Chinese words that are known in English, apart from each other."""
    return _CHINESE_WORD.sub(lambda match: f" {_CHINESE[match[0]]} ", text) if not text.isascii() else text


def names_clothes(text: str) -> bool:
    """Whether a text in another language names a garment, pattern, hair, costume, or a color of no thing."""
    words = translated(tokens(spaced(text.lower())))
    if not _WORN.isdisjoint(words):
        return True
    following = (*words[1:], "")
    return any(
        word in _DYES and (not after.isalpha() or after in _LINKS)
        for word, after in zip(words, following, strict=True)
    )
