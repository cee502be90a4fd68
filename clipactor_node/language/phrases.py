"""What is said around an action: requests, exclamations, idioms, corrections, and what is excluded."""

from dataclasses import dataclass

from clipactor_node.language import lexicon as lex
from clipactor_node.language.idioms import IDIOMS, REQUESTS
from clipactor_node.language.modifiers import without_timing
from clipactor_node.language.words import Form, Word, is_number, is_phrase, split

_FILLERS = lex.word_set(
    "uh um uhm er erm hmm mmm eh ahem lol rofl lmao omg tbh imo imho rn haha hehe bruh fam smh btw "
    "fyi ngl xd asap"
)
_ANSWERS = lex.word_set("no nope nah yes yeah")
_FAREWELLS = lex.word_set(
    "go please thanks cheers mate buddy dude man okay ok ready set come on now understood quick"
)
"""What may be said after a command without being a part of it."""

_NEED_A_BREAK = lex.word_set(
    "like listen quick go robot avatar sir madam hey oh well so you right robot everybody everyone"
)
"""These address nobody and nothing unless a comma or a verb follows."""

_CORRECTIONS = tuple(
    tuple(phrase.split())
    for phrase in [
        ", no ,",
        ", sorry ,",
        "no wait",
        "wait no",
        "no , wait",
        "wait , no",
        "no i mean",
        "no , i mean",
        "i mean",
        "or rather",
        "scratch that",
        "correction",
        "actually no",
        "actually , no",
        "no sorry",
        "no , sorry",
        "sorry no",
        "sorry , no",
        "sorry i meant",
        "i meant",
        "make that",
        "on second thought",
        "on second thoughts",
        "forget that",
        "forget it",
        "no actually",
        "no , actually",
        "oops",
        "forget what i said",
        "forget about that",
        "ignore that",
        "disregard that",
        "cancel that",
        "strike that",
    ]
)

_AFTERTHOUGHTS = {("i", "mean"), ("i", "meant"), ("or", "rather"), ("make", "that")}
_COUNTING = lex.NUMBERS.keys() | {"times", "time", "thrice"}

_EXCLUDERS = tuple(
    tuple(phrase.split())
    for phrase in [
        "instead of",
        "rather than",
        "as opposed to",
        "in place of",
        "without",
        "except for",
        "except",
        "apart from",
        "with no",
        "in no",
        "and no",
        "but no",
        "and without",
        "but without",
        "and not",
        "but not",
        "not",
        "or",
        "and",
        "nor",
    ]
)
_CONTRASTS = {("and", "not"), ("but", "not"), ("not",)}
_CONTINUING = {("or",), ("and",), ("nor",), ("and", "no"), ("but", "no")}


@dataclass(frozen=True)
class Excluded:
    """The words that are left, and base forms of the actions that must not be part of them."""

    words: list[Word]
    verbs: tuple[str, ...]


def without_idioms(words: list[Word]) -> list[Word]:
    """Fixed expressions replaced by what they mean; the words as they are if nothing else is left."""
    words = [w for w in words if w.low not in _FILLERS] or words
    found: list[Word] = []
    i = 0
    while i < len(words):
        length = next((n for n in range(7, 0, -1) if _phrase(words, i, n) in IDIOMS), 0)
        if length == 0:
            found.append(words[i])
            i += 1
            continue
        found += split(IDIOMS[_phrase(words, i, length)])
        i += length
    return found if any(w.lemma or not w.is_break for w in found) else words


def without_request(words: list[Word]) -> list[Word]:
    """The command after "could you please", "hey you", "no," and the like."""
    while True:
        start = _request_end(words)
        rest = words[start:]
        while rest and rest[0].is_break:
            rest = rest[1:]
        if start == 0 or not rest:
            break
        words = rest
    if len(words) > 3 and [w.low for w in words if not w.is_break][-2:] == ["look", "like"]:
        words = [w for w in words if w.low not in ("look", "like")]
    words = _without_farewell(words)
    while len(words) > 1 and words[-1].low in ("please", "anyway", "pls", "now", "though", "okay", "ok", "?"):
        words = words[:-1]
    return words


def _without_farewell(words: list[Word]) -> list[Word]:
    """Without exclamations after the last comma ("..., go"), and requests after any comma."""
    last = max((i for i, w in enumerate(words[:-1]) if w.is_break), default=0)
    said = [w.low for w in words[last:] if not w.is_break]
    if (
        last
        and said
        and all(low in _FAREWELLS for low in said)
        and any(w.lemma or w.low in lex.ACTION_NOUNS for w in words[:last])
    ):
        words = words[:last]
    kept: list[Word] = []
    i = 0
    while i < len(words):
        kept.append(words[i])
        i += 1
        if kept[-1].is_break or kept[-1].low in ("and", "then"):
            i += next(
                (n for n in range(8, 2, -1) if _phrase(words, i, n) in REQUESTS and i + n < len(words)), 0
            )
    return kept


def _request_end(words: list[Word]) -> int:
    """How many words at the start come before the point."""
    lows = [w.low for w in words]
    if not lows:
        return 0
    following = next((i for i, w in enumerate(words) if not w.is_break and w.low not in _ANSWERS), len(words))
    if lows[0] in _ANSWERS and (following > 1 or lows[1:2] == [","]) and following < len(words):
        return following
    for n in range(8, 0, -1):
        phrase = _phrase(words, 0, n)
        if phrase not in REQUESTS or n >= len(words):
            continue
        if n == 1 and phrase[0] in _NEED_A_BREAK and not (words[1].is_break or words[1].form is Form.BASE):
            continue
        return n
    if lows[0] in ("look", "see", "watch", "listen") and lows[1:2] == [","] and lows[2:3]:
        return 2 if lows[2] in lex.PRONOUNS | lex.DETERMINERS else 0
    if lows[0] in ("halt", "stop", "wait") and lows[1:2] == ["!"]:
        return 2
    return 0


def corrected(words: list[Word]) -> list[Word]:
    """What holds after "no wait, ..." and the like: the new action, or the old one with another side."""
    for i in range(len(words) - 1, 0, -1):
        phrase = next((p for p in _CORRECTIONS if is_phrase(words, i, p)), None)
        if phrase is None:
            continue
        before, after = words[:i], words[i + len(phrase) :]
        if not any(not w.is_break for w in after) and phrase in _AFTERTHOUGHTS:  # "run, walk I mean"
            comma = max((k for k, w in enumerate(before) if w.is_break), default=0)
            before, after = before[:comma], before[comma:]
        while after and (after[0].is_break or after[0].low in ("no", "actually", "sorry")):
            after = after[1:]
        if not after or not any(not w.is_break for w in before):
            continue
        instead = _replaced(before, after)
        if instead:
            return corrected(instead)
        sides = [w for w in after if w.low in ("left", "right")]
        if any(w.lemma for w in after):
            return after
        if all(w.low in _COUNTING for w in after if not w.is_break):
            return [*without_timing(before), *after]
        if sides:
            return [sides[0] if w.low in ("left", "right") else w for w in corrected(before)]
    return words


def _replaced(before: list[Word], after: list[Word]) -> list[Word]:
    """The words with a number or side in place of the one just before: "do five, I mean six, push-ups".

    [] where nothing of the kind is corrected, or another action follows.
    """
    before = before[: len(before) - next((i for i, w in enumerate(reversed(before)) if not w.is_break), 0)]
    kinds = (is_number, lambda w: w.low in ("left", "right"), lambda w: w.low in lex.COLORS)
    if not before or not after or not any(kind(before[-1]) and kind(after[0]) for kind in kinds):
        return []
    rest = after[1:]
    while rest and rest[0].is_break:
        rest = rest[1:]
    return [*before[:-1], after[0], *rest]


def take_exclusions(words: list[Word]) -> Excluded:
    """Without "without ...", "instead of ..." and the like: they reach what they govern, no further.

    That is an action with its object up to the next comma or "and", or a thing with its adjectives: in "a
    knight without a helmet walks" the helmet alone.
    """
    kept: list[Word] = []
    verbs: list[str] = []
    i = 0
    open_list = False
    while i < len(words):
        phrase = next(
            (p for p in _EXCLUDERS if is_phrase(words, i, p) and _excludes(p, kept, open_list)), None
        )
        start = i + len(phrase) if phrase else i
        end = _excluded_end(words, start, phrase) if phrase else start
        if end == start:
            open_list = False
            kept.append(words[i])
            i += 1
            continue
        verbs += [w.lemma for w in words[start:end] if w.lemma and w.low not in lex.AUXILIARIES]
        open_list = True
        i = end
    if not any(w.lemma or not (w.is_break or w.low in lex.PEOPLE | lex.DETERMINERS) for w in kept):
        return Excluded(words, ())  # "without running": that is all there is
    return Excluded(kept, tuple(verbs))


def _excludes(phrase: tuple[str, ...], kept: list[Word], open_list: bool) -> bool:
    """Whether a phrase can exclude here: a contrast needs something before it, a list one that is open."""
    if phrase in _CONTINUING:
        return open_list
    if phrase in _CONTRASTS:  # "walk not run", never "does not run"
        return any(w.lemma for w in kept) and kept[-1].low not in lex.AUXILIARIES
    return True


def _excluded_end(words: list[Word], start: int, phrase: tuple[str, ...]) -> int:
    """Where what a phrase excludes from `start` on ends; `start` if it excludes nothing."""
    if start >= len(words):
        return start
    first, continuing = words[start], phrase in _CONTINUING
    of_action = not continuing and phrase[-1] != "no"
    if first.form is Form.ING or (first.form is Form.BASE and of_action):
        return next(
            (
                i
                for i in range(start + 1, len(words))
                if words[i].is_break or words[i].low in _ENDS | {"or", "nor"}
            ),
            len(words),
        )
    if continuing and not (first.low in lex.GARMENTS or first.low in lex.DETERMINERS | lex.COLORS):
        return start
    end = start
    while end < len(words):
        word = words[end]
        named = (
            end > start
            and words[end - 1].low not in lex.DETERMINERS | lex.QUALITIES | lex.COLORS | lex.ADVERBS
        )
        if (
            word.is_break
            or word.low in _ENDS
            or word.low in lex.PREPOSITIONS | lex.PRONOUNS | lex.AUXILIARIES
        ):
            break
        if named and (
            word.form in (Form.S, Form.ING, Form.BASE) or word.low in lex.ADVERBS or word.low in ("or", "nor")
        ):
            break
        end += 1
    return end


_ENDS = lex.word_set("and then but while who that which as")


def _phrase(words: list[Word], i: int, length: int) -> tuple[str, ...]:
    return tuple(w.low for w in words[i : i + length]) if i + length <= len(words) else ()
