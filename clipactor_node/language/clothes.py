"""Takes what somebody wears out of a sentence, so that it cannot drown what they do."""

from clipactor_node.language import lexicon as lex
from clipactor_node.language.words import Form, Word

_REACH = 6
"""A garment further than this from "in" or "with" is not what they introduce."""

_ROLES = ("as", "like")
"""Who is "dressed as a pirate" wears the costume of one."""

_PUTTING = ("put", "puts", "putting", "try", "tries", "has", "have")
_STOPPERS = lex.SUBORDINATE | {"while", "as", "then", "but", "is", "are", "was", "were"}
_TURNS = lex.PREPOSITIONS | lex.PRONOUNS | lex.ADVERBS
"""After a garment these begin something else."""


def take_clothes(words: list[Word]) -> tuple[list[Word], str]:
    """The words without clothing phrases, and those phrases joined by commas."""
    rest: list[Word] = []
    phrases: list[str] = []
    i = 0
    while i < len(words):
        end = _phrase_end(words, i)
        if end is None:
            rest.append(words[i])
            i += 1
            continue
        phrases.append(_phrase_text(words[i:end]))
        while rest and rest[-1].low in lex.AUXILIARIES:  # the "is" of "is wearing"
            rest.pop()
        i = end
    return rest, ", ".join(p for p in phrases if p)


def _phrase_end(words: list[Word], i: int) -> int | None:
    """Where the clothing phrase that begins at i ends; None if none begins there."""
    low = words[i].low
    if low in lex.CLOTHES_MARKERS:
        played = i + 1 < len(words) and words[i + 1].low in _ROLES
        return _walk(words, i + 2) if played else _walk(words, i + 1)
    if low in _PUTTING and i + 1 < len(words) and words[i + 1].low == "on" and _garment_soon(words, i + 2):
        return _walk(words, i + 2)
    if low in ("in", "with"):
        garments = [j for j in range(i + 1, min(i + 1 + _REACH, len(words))) if _is_garment(words, j)]
        if garments and not any(_stops(words, j, False) for j in range(i + 1, garments[0])):
            return max(_walk(words, i + 1), garments[0] + 1)
    return None


def _walk(words: list[Word], start: int) -> int:
    seen = False
    for j in range(start, len(words)):
        if _stops(words, j, seen):
            return j
        seen = seen or _is_garment(words, j)
    return len(words)


def _stops(words: list[Word], j: int, seen_garment: bool) -> bool:
    word = words[j]
    if word.low in _STOPPERS or word.low in ".;!?:":
        return True
    if word.low in ("and", ","):
        return not _garment_soon(words, j + 1)
    if _is_garment(words, j) or word.low in lex.COLORS:
        return False
    if seen_garment and word.low in _TURNS:
        return not _garment_soon(words, j + 1)
    following_garment = j + 1 < len(words) and words[j + 1].low in lex.GARMENTS
    if not word.lemma or following_garment:
        return False
    if word.form is Form.BASE:
        return seen_garment
    return word.form is not Form.PAST or seen_garment


def _garment_soon(words: list[Word], start: int) -> bool:
    for j in range(start, min(start + 5, len(words))):
        if words[j].is_break or words[j].low in _STOPPERS:
            return False
        if _is_garment(words, j):
            return True
        if words[j].form in (Form.S, Form.ING) and not (
            j + 1 < len(words) and words[j + 1].low in lex.GARMENTS
        ):
            return False
    return False


def _is_garment(words: list[Word], j: int) -> bool:
    low = words[j].low
    if low in lex.GARMENTS:
        return True
    # "in red": a colour that names nothing after it is the garment itself.
    following = words[j + 1].low if j + 1 < len(words) else ""
    return low in lex.COLORS and (
        not following.isalpha() or following in _STOPPERS | {"and"} or _finite(words, j + 1)
    )


def _finite(words: list[Word], j: int) -> bool:
    return words[j].form in (Form.S, Form.ING) and words[j].low not in lex.GARMENTS


def _phrase_text(words: list[Word]) -> str:
    kept = words[1:]
    role = bool(kept) and kept[0].low in _ROLES
    while kept and (kept[0].low in ("in", "up", "on", *_ROLES) or kept[0].is_break):
        kept = kept[1:]
    text = " ".join(w.text for w in kept).replace(" ,", ",")
    return f"{text} costume" if role and text else text
