"""A sentence as clauses: who does what, and how one action follows or accompanies another."""

from dataclasses import dataclass, field
from enum import Enum

from clipactor_node.language import lexicon as lex
from clipactor_node.language.modifiers import is_manner, side, speed, speed_length
from clipactor_node.language.words import Form, Word, is_number, main_verb, noun_start, split


class Link(Enum):
    """How an action relates to the one before it in the sentence."""

    THEN = "then"
    WHILE = "while"  # at the same time
    AFTER = "after"  # this one comes first
    BEFORE = "before"  # opens the sentence: the next one comes first


_TOGETHER = (("at", "the", "same", "time"), ("all", "the", "while"), ("simultaneously",), ("meanwhile",))
_THEN = lex.word_set("then afterwards afterward before and but or followed finally next")
_OPENERS = {
    **dict.fromkeys(_THEN, Link.THEN),
    "while": Link.WHILE,
    "whilst": Link.WHILE,
    "after": Link.AFTER,
    "meanwhile": Link.WHILE,
    "simultaneously": Link.WHILE,
}
_THEN_WORDS = _THEN - lex.word_set("and but or")
_CLOSERS = (
    lex.FAST
    | lex.SLOW
    | lex.DIRECTIONS.keys()
    | lex.word_set("left right once twice thrice times seconds again around hello")
)
"""After one of these a bare verb begins something new, comma or none: "walk forward wave bow"."""
_REPEATED = lex.word_set("do does it that this again once more repeat repeats the same and twice thrice")
_BEFORE_VERB = (
    lex.ORDINALS | lex.ADVERBS | lex.AUXILIARIES | lex.NEGATIONS | lex.PRONOUNS | lex.DETERMINERS | lex.PEOPLE
)
"""What may stand before the verb of a new action."""


@dataclass
class Clause:
    """One verb with everything that belongs to it.

    Attributes:
        link: to the clause before.
        words: all of it.
        verb: index of its verb in `words`.
    """

    link: Link
    words: list[Word] = field(default_factory=list)
    verb: int = 0


_Segment = tuple[Link, list[Word], list[Word]]
"""A link, the joining words, and the words up to the next joint."""


def split_clauses(words: list[Word]) -> list[Clause]:
    """The clauses of a sentence in the order they are uttered; empty if there is no verb in it."""
    clauses: list[Clause] = []
    pending: list[Word] = []  # a subject still waiting for its verb
    opening = Link.THEN
    for link, joint, segment in _segments(words):
        segment, together = _without_together(segment, joint)
        verb = main_verb(segment)
        if together and not segment and clauses:
            clauses[-1].link = Link.WHILE
        elif not clauses and verb is None:
            pending += [*joint, *_without_state(segment)]
        elif verb is not None and not clauses:
            opening = Link.THEN if pending else link
            timing = _timing(pending)
            if timing and timing[0].low == "in":  # "in five seconds, jump"
                clauses.append(Clause(Link.THEN, [*split("wait"), *timing[1:]], 0))
            lead = [*pending, *(w for w in joint if w.is_break)] if pending and not timing else []
            clauses.append(Clause(Link.THEN, [*lead, *segment], len(lead) + verb))
            clauses[-1].words += timing if timing and timing[0].low != "in" else []
        elif clauses and _says_again(segment):
            before = clauses[-1]
            clauses.append(Clause(link, [*before.words[before.verb :], *_counts(segment)], 0))
        elif verb is not None and _begins_with_verb(segment, verb, link, joint):
            if joint and joint[-1].low == "or":
                continue  # a choice: the first of them
            beside = together or (link is Link.THEN and _accompanies(clauses[-1], joint, segment, verb))
            clauses.append(Clause(Link.WHILE if beside else link, segment, verb))
        elif verb is None and (again := _again(clauses[-1], joint, segment)) is not None:
            clauses.append(again)
        else:
            clauses[-1].words += [*joint, *segment]
            if together:
                clauses[-1].link = Link.WHILE
    for clause in clauses:
        clause.verb = noun_start(clause.words, clause.verb)
    if len(clauses) > 1 and opening is Link.WHILE:
        clauses[1].link = Link.WHILE  # "While walking, she waves"
    if len(clauses) > 1 and opening is Link.BEFORE:
        clauses[1].link = Link.AFTER
    return clauses


def _timing(pending: list[Word]) -> list[Word]:
    """A beginning that says only how often or how long: "four times, ...", "for a minute, ..."."""
    said = [w for w in pending if not w.is_break]
    units = ("times", "twice", "thrice", "seconds", "second", "minutes", "minute")
    known = lex.NUMBERS.keys() | lex.word_set("for in about once") | set(units)
    timed = any(w.low in units for w in said)
    return said if timed and all(w.low in known or w.low.isdecimal() for w in said) else []


def _without_state(segment: list[Word]) -> list[Word]:
    """ "The guy" of "the guy doesn't know"."""
    state = next((i for i, w in enumerate(segment) if w.low in lex.STATES), None)
    if state is None:
        return segment
    while state and segment[state - 1].low in lex.AUXILIARIES | lex.NEGATIONS | lex.ADVERBS:
        state -= 1
    return segment[:state]


def _accompanies(before: Clause, joint: list[Word], segment: list[Word], verb: int) -> bool:
    """Whether a participle goes with the action before it: "march, *saluting*"; not in a list of them."""
    if [w.low for w in joint] != [","] or segment[verb].form is not Form.ING:
        return False
    first, following = before.words[before.verb], segment[verb + 1 : verb + 2]
    named = bool(following) and (bool(following[0].lemma) or following[0].low in lex.ACTION_NOUNS)
    counted = any(is_number(w) for w in before.words[: before.verb + 1]) and first.form is not Form.S
    leads = all(w.low in lex.ADVERBS for w in segment[:verb])
    return leads and first.form in (Form.BASE, Form.S, Form.PAST) and not named and not counted


def _again(before: Clause, joint: list[Word], segment: list[Word]) -> Clause | None:
    """The action before in another manner: "then slowly", "then with the right hand"; None: it is none."""
    if not is_manner(segment) or not (
        any(w.low in _THEN_WORDS for w in joint) or _contrasts(before, joint, segment)
    ):
        return None
    spoken = before.words[before.verb :]
    kept = [spoken[0]]
    for i, word in enumerate(spoken[1:], 1):
        if is_manner(spoken[i:]) or word.is_break:
            break
        if not is_manner([word]) and word.low not in lex.ORDINALS:
            kept.append(word)
    return Clause(Link.THEN, [*kept, *segment], 0)


def _contrasts(before: Clause, joint: list[Word], segment: list[Word]) -> bool:
    """Whether a manner after a comma differs from the one before it: "slowly, *faster*", "left, *right*"."""
    pairs = [(speed(before.words), speed(segment)), (_side_named(before.words), _side_named(segment))]
    return all(w.is_break for w in joint) and any(
        a != b and a not in ("", 1.0) and b not in ("", 1.0) for a, b in pairs
    )


def _side_named(words: list[Word]) -> str:
    sides = {w.low for w in words if w.low in ("left", "right")}
    return side(words) or (sides.pop() if len(sides) == 1 else "")


def _says_again(segment: list[Word]) -> bool:
    """ "Do it again", "repeat that twice", "once more"."""
    lows = {w.low for w in segment}
    known = _REPEATED | lex.NUMBERS.keys() | {"times", "time"}
    return lows <= known and bool(lows & {"it", "that", "this", "same", "repeat", "repeats", "more"})


def _counts(segment: list[Word]) -> list[Word]:
    counts = {"twice", "thrice", "times"} | lex.NUMBERS.keys() - {"once", "a", "an"}
    return [w for w in segment if w.low in counts]


def _segments(words: list[Word]) -> list[_Segment]:
    """Every stretch between joints."""
    found: list[_Segment] = []
    link = Link.THEN
    joint: list[Word] = []
    segment: list[Word] = []
    unheard = False
    i = 0
    words = _with_comma_after_opening(words)
    while i < len(words):
        opener = _opener(words, i)
        if opener is None and (
            _unheard_break(words, i, segment)
            or (unheard and len(segment) == 1 and words[i].form is Form.BASE)
        ):
            found.append((link, joint, segment))
            link, joint, segment, unheard = Link.THEN, [], [], True
        fast = speed_length(words, i)
        if fast and not (opener and not segment and words[i].is_break):
            segment += words[i : i + fast]
            i += fast
            continue
        if opener is None and not segment and _is_ordinal(words, i):
            opener = (Link.THEN, 1)
        if opener is None:
            segment.append(words[i])
            i += 1
            continue
        if segment:
            found.append((link, joint, segment))
            link, joint, segment = Link.THEN, [], []
        kind, length = opener
        if kind is not Link.THEN:
            link = kind
        if words[i].low == "before" and not found:
            link = Link.BEFORE
        joint = [*joint, *words[i : i + length]]
        i += length
    if segment:
        found.append((link, joint, segment))
    elif link is Link.WHILE and len(found) > 1:  # "walk, waving simultaneously"
        found[-1] = (Link.WHILE, *found[-1][1:])
    return found


def _is_ordinal(words: list[Word], i: int) -> bool:
    """Whether this numbers the action that follows: "*second* jump", "*last* a bow"."""
    following = words[i + 1 : i + 2]
    return (
        words[i].low in lex.ORDINALS - {"first"}
        and bool(following)
        and (bool(following[0].lemma) or following[0].low in lex.DETERMINERS | lex.PRONOUNS)
    )


def _unheard_break(words: list[Word], i: int, segment: list[Word]) -> bool:
    if not segment or words[i].form is not Form.BASE or segment[-1].low not in _CLOSERS:
        return False
    verb = main_verb(segment)
    return (
        verb is not None
        and verb < len(segment) - 1
        and segment[verb].form is Form.BASE
        and not ({w.low for w in segment[-3:]} & (lex.DETERMINERS | {"to", "with"}))
    )


def _with_comma_after_opening(words: list[Word]) -> list[Word]:
    """ "Before sitting down he bows" with the comma that belongs after "down"."""
    if len(words) > 2 and words[0].low == "having":
        words = words[1:]
        opens = True
    else:
        opens = bool(words) and words[0].low in ("before", "after", "while", "whilst")
    if opens:
        for i in range(2, len(words)):
            if words[i].is_break:
                break
            if words[i].low in lex.PRONOUNS:
                return [*words[:i], Word(",", ",", "", Form.NONE), *words[i:]]
    return words


def _opener(words: list[Word], i: int) -> tuple[Link, int] | None:
    low = words[i].low
    following = words[i + 1].low if i + 1 < len(words) else ""
    if words[i].is_break:
        return Link.THEN, 1
    if (low in ("but", "and") and following == "first") or (low == "before" and following == "that"):
        return Link.AFTER, 2
    if low == "during":
        named = [w for w in words[i + 2 : i + 4] if w.lemma]
        return (Link.WHILE, 1) if following in lex.DETERMINERS and named else None
    if low in ("as", "when") and following in lex.PRONOUNS:
        return Link.WHILE, 1
    if low == "once" and following in lex.PRONOUNS:
        return Link.AFTER, 1
    if low == "as" and following == "soon" and i + 2 < len(words) and words[i + 2].low == "as":
        return Link.AFTER, 3
    if low == "after" and following in ("that", "this", "which"):
        return Link.THEN, 2
    if low == "followed":
        return (Link.THEN, 2) if following == "by" else None
    if low in ("after", "before") and not _verb_near(words, i + 1):
        return None
    if low == "while" and i > 0 and words[i - 1].low == "the":
        return None
    return (_OPENERS[low], 1) if low in _OPENERS else None


def _verb_near(words: list[Word], start: int) -> bool:
    return any(w.form in (Form.ING, Form.S) or w.low in lex.PRONOUNS for w in words[start : start + 3])


def _begins_with_verb(segment: list[Word], verb: int, link: Link, joint: list[Word]) -> bool:
    """Whether a new action begins here, rather than the last one going on ("and his left *kicking* leg")."""
    lead = [
        w
        for i, w in enumerate(segment[:verb])
        if not (w.low in _BEFORE_VERB or is_number(w) or _limb_that_acts(segment, i))
    ]
    if segment[verb].form is Form.PAST and joint and joint[-1].low in ("and", "or") and link is Link.THEN:
        return not lead  # "bent and twisted": also fine as two
    return len(lead) <= (2 if link is not Link.THEN or _has_finite(segment, verb) else 0)


def _limb_that_acts(segment: list[Word], i: int) -> bool:
    """ "Foot" of "right foot kick"."""
    return i > 0 and segment[i].low in lex.BODY_PARTS and segment[i - 1].low in ("left", "right")


def _has_finite(segment: list[Word], verb: int) -> bool:
    return segment[verb].form is Form.S or (verb > 0 and segment[verb - 1].low in lex.AUXILIARIES)


def _without_together(segment: list[Word], joint: list[Word]) -> tuple[list[Word], bool]:
    lows = [w.low for w in segment]
    if [w.low for w in joint] == ["and"] and lows[1:] == ["together"] and segment[0].lemma:
        return segment[:1], True  # "cheer and jump together"
    for phrase in _TOGETHER:
        for i in range(len(lows) - len(phrase) + 1):
            if tuple(lows[i : i + len(phrase)]) == phrase:
                return segment[:i] + segment[i + len(phrase) :], True
    return segment, False
