"""A tourist's dictionary: actions, colors and clothes in five more languages and Chinese."""

import re
from functools import cache

from clipactor_node.language import lexicon as lex
from clipactor_node.language.cleaning import tokens
from clipactor_node.language.foreign_verbs import CHINESE, LANGUAGES, SEPARABLE, dictionary
from clipactor_node.language.foreign_words import ENTRIES, Kind
from clipactor_node.language.words import verb_form

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


_LONGEST = 6
_ELIDED = re.compile(r"\b(s|l|d|n|j|m|t|qu|un|all|dell)'(?=\w)")
_MARKS = ",.;:!?"
_ENGLISH_WORDS = (
    lex.AUXILIARIES
    | lex.PREPOSITIONS
    | lex.PRONOUNS
    | lex.PEOPLE
    | lex.ADVERBS
    | lex.DETERMINERS
    | lex.NEGATIONS
    | lex.BODY_PARTS
    | lex.STATES
    | lex.NUMBERS.keys()
    | lex.GARMENTS
    | lex.COLORS
    | lex.word_set("and then but while hello please let me us him them what how why when where if there here")
)
_EXCLUSION = re.compile(r"\b(?:ohne|sin|sans|senza|sem)(?:\s+(?:einen?|un[ea]?|uma?))?\s+\w+", re.IGNORECASE)


@cache
def _dictionary(language: str) -> dict[tuple[str, ...], str]:
    """Words of a phrase -> English: its actions and little words, and the clothes of all languages."""
    known = {
        (word,): entry.english for entry in ENTRIES if entry.kind is not Kind.GRAMMAR for word in entry.words
    }
    return known | {tuple(_words(phrase)): english for phrase, english in dictionary(language).items()}


@cache
def _chinese() -> tuple[dict[str, str], re.Pattern[str]]:
    known = _CHINESE | dictionary(CHINESE)
    return known, re.compile("|".join(sorted(map(re.escape, known), key=len, reverse=True)))


def in_english(text: str) -> str | None:
    """A command of another language word by word in English; None: it is English, or not known."""
    if any("\u4e00" <= letter <= "\u9fff" for letter in text):
        return _from_chinese(text.lower())
    words = _words(text.lower())
    spoken = [word for word in words if word not in _MARKS]
    english = {word for word in spoken if word in _ENGLISH_WORDS or verb_form(word)[0]}
    if not spoken or len(english) == len(set(spoken)):
        return None
    scores = {language: _evidence(spoken, english, _dictionary(language)) for language in LANGUAGES}
    best = max(scores, key=lambda language: scores[language])
    if scores[best] <= 0:
        return None
    known = _dictionary(best)
    return _translated_by(_joined(words, known) if best == "german" else words, known)


def without_excluded(text: str) -> str:
    """A text of another language without "ohne Hut", "sin sombrero" and the like."""
    return re.sub(r"\s+", " ", _EXCLUSION.sub(" ", text)).strip()


def _words(text: str) -> list[str]:
    return [
        part
        for word in tokens(text)
        for part in _ELIDED.sub(r"\1' ", word.replace("'", "' ")).split() or [word]
    ]


def _joined(words: list[str], known: dict[tuple[str, ...], str]) -> list[str]:
    """With what German puts at the end of a clause beside its verb: "dreh dich *um*"."""
    clauses: list[list[str]] = [[]]
    for word in words:
        clauses[-1].append(word)
        if word in _MARKS or word in ("und", "dann"):
            clauses.append([])
    for clause in clauses:
        last = next((i for i in range(len(clause) - 1, 0, -1) if clause[i] in SEPARABLE), 0)
        if last and all(word in (*_MARKS, "und", "dann") for word in clause[last + 1 :]):
            verb = next((i for i in range(last) if (clause[i], clause[last]) in known), None)
            if verb is not None:
                clause.insert(verb + 1, clause.pop(last))
    return [word for clause in clauses for word in clause]


def _evidence(words: list[str], english: set[str], known: dict[tuple[str, ...], str]) -> int:
    """How many words more speak for a language than for English; those of both speak for neither."""
    value, at = 0, 0
    for _, length in _phrases(words, known):
        for word in words[at : at + max(length, 1)]:
            value += (length > 0) - (word in english)
        at += max(length, 1)
    return value


def _translated_by(words: list[str], known: dict[tuple[str, ...], str]) -> str:
    # An elided article that no phrase took ("l'") says nothing.
    parts = [part for part, _ in _phrases(words, known) if part and not part.endswith("'")]
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(parts))


def _phrases(words: list[str], known: dict[tuple[str, ...], str]) -> list[tuple[str, int]]:
    """Each word or longest phrase in English, and of how many words it is; 0: it is not known."""
    found: list[tuple[str, int]] = []
    i = 0
    while i < len(words):
        lengths = range(min(_LONGEST, len(words) - i), 0, -1)
        length = next((n for n in lengths if tuple(words[i : i + n]) in known), 0)
        found.append((known[tuple(words[i : i + length])] if length else words[i], length))
        i += length or 1
    return found


def _from_chinese(text: str) -> str | None:
    known, pattern = _chinese()
    english = pattern.sub(
        lambda match: f" {known[match[0]]} ", text.replace("\uff0c", ",").replace("\u3002", ".")
    )
    if any("\u3040" <= letter <= "\u30ff" for letter in text) or english == text:
        return None  # Japanese, or nothing that is known
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(english.split()))
