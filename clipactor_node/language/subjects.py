"""Who acts, and the words of the action without them."""

from clipactor_node.language import lexicon as lex
from clipactor_node.language.clauses import Clause
from clipactor_node.language.words import Form, Word

_NAME_ENDS = lex.PREPOSITIONS | lex.ADVERBS
_UNSAID = (
    lex.AUXILIARIES | lex.NEGATIONS | lex.SUBORDINATE | lex.ADVERBS | lex.ASPECTS | lex.ENDINGS | lex.ORDINALS
)
"""What says nothing about who acts."""
_NO_NAMES = (
    lex.PREPOSITIONS | lex.INTENSIFIERS | lex.word_set("please well only both just now either so ok okay")
)
"""Of these alone nobody is called."""
_TO_NOBODY = lex.word_set("you i me my if unless when what how why sorry please it it's there")
"""Who says one of these before the verb speaks to the avatar, and of nobody who acts."""
_MANNERS = lex.FAST | lex.SLOW | lex.INTENSIFIERS
BLOWS = lex.word_set("punch punches kick kicks jab jabs hook hooks uppercut uppercuts")
_PERFORMED = lex.LIGHT_VERBS | lex.word_set("done made taken given performed executed")


def subject_of(clause: Clause) -> tuple[str, list[Word]]:
    """Who acts in the first clause, and the words of the action."""
    before, action = clause.words[: clause.verb], clause.words[clause.verb :]
    if before and before[0].low in lex.PREPOSITIONS:  # "In the rain, a girl ..."
        comma = next((i for i, w in enumerate(before) if w.is_break), -1)
        before = before[comma + 1 :]
    if named := limb(before):
        return "", [*action, *named]
    if _is_passive(before, action):
        return _passive(before, action)
    subject = bare(_who_acts(before, action[0]))
    participle = action[0].form is Form.ING and len(action) > 1
    named_after = participle and not subject and (action[1].text[0].isupper() or action[1].low in lex.PEOPLE)
    attributive = participle and before and before[-1].low in lex.DETERMINERS
    if named_after or attributive:  # "walking Steve Jobs", "a dancing robot"
        end = next((i for i in range(1, len(action)) if _ends_name(action[i])), len(action))
        subject = [*subject, *action[1:end]]
        action = [action[0], *action[end:]]
    return text_of(subject), [*adverbs(before), *action]


def limb(before: list[Word]) -> list[Word]:
    """ "Left foot" of "left foot kick"."""
    known = lex.BODY_PARTS | lex.DETERMINERS | {"left", "right"}
    lows = {w.low for w in before}
    return before if lows <= known and lows & {"left", "right"} and lows & lex.BODY_PARTS else []


def _who_acts(before: list[Word], verb: Word) -> list[Word]:
    """What stands before a verb, where it is somebody who acts rather than something said to the avatar."""
    if (
        verb.form is Form.BASE or verb.low in lex.NUMBERS
    ):  # bare forms follow their subject at once: "two people dance"
        start = max((i + 1 for i, w in enumerate(before) if w.is_break), default=0)
        if start == len(before) and start > 1 and not _is_name(before[: start - 1]):
            return []
        before = before[start:] or before
        named = before and before[-1].low in lex.DETERMINERS
        if named or any(w.low in lex.PREPOSITIONS for w in before[:1]):
            return []
    if any(w.low in _TO_NOBODY for w in before):
        start = max((i + 1 for i, w in enumerate(before) if w.is_break), default=len(before))
        before = [] if any(w.low in _TO_NOBODY for w in before[start:]) else before[start:]
    return before


def _is_name(words: list[Word]) -> bool:
    """ "Elvis, dance", "the pirate, wave": one to three words that name somebody."""
    named = [w for w in words if w.low not in lex.DETERMINERS and not w.is_break]
    capital = len(named) > 1 and all(w.text[0].isupper() for w in named)
    return len(words) <= 3 and (
        capital
        or (len(words) > 1 and words[0].low in lex.DETERMINERS - {"no"})
        or (len(words) == 1 and words[0].text[0].isupper())
    )


def _is_passive(before: list[Word], action: list[Word]) -> bool:
    """ "The ball is *thrown*", "a bow is *performed* by the man"; not "he is *gone*"."""
    return (
        action[0].form is Form.PAST
        and len(before) > 1
        and before[-1].low in lex.word_set("is are was were be been being gets")
        and before[0].low not in lex.PRONOUNS
        and not any(w.low in lex.PEOPLE for w in before)
    )


def _passive(before: list[Word], action: list[Word]) -> tuple[str, list[Word]]:
    """Who acts in the passive, and the action as if it were active: "thrown the ball"."""
    by = next((i for i, w in enumerate(action) if w.low == "by"), len(action))
    what = bare(before)
    while what and what[0].low in lex.DETERMINERS:
        what = what[1:]
    alone = action[0].low in _PERFORMED or (action[0].lemma == "throw" and any(w.low in BLOWS for w in what))
    done = what if alone else [action[0], *what]
    return text_of(bare(action[by + 1 :])), [*done, *action[1:by]]


def _ends_name(word: Word) -> bool:
    return word.low in _NAME_ENDS | _NO_NAMES or word.is_break


def adverbs(words: list[Word]) -> list[Word]:
    """The manner uttered before the verb: "slowly walks"."""
    return [w for w in words if w.low in _MANNERS]


def bare(words: list[Word]) -> list[Word]:
    unsaid = _UNSAID | {w.low for w in words if w.low in lex.FAST | lex.SLOW and w.low.endswith("ly")}
    kept = [w for w in words if w.low not in unsaid and not w.is_break]
    if all(w.low in _NO_NAMES for w in kept):
        return []
    if kept and kept[-1].low in ("go", "goes", "come", "comes"):
        kept.pop()
    while kept and kept[-1].low in lex.DETERMINERS | {"to"}:
        kept.pop()
    if len(kept) > 1 and kept[0].low in lex.PRONOUNS:
        kept = kept[1:]  # "He is a firefighter who waves"
    return kept


def text_of(words: list[Word]) -> str:
    joined = " ".join(w.text for w in words)
    for mark in ",.;:!?":
        joined = joined.replace(f" {mark}", mark)
    return joined.strip(" ,.;:!?")
