"""Words and the verb among them, by rules."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from clipactor_node.language import lexicon as lex
from clipactor_node.language.cleaning import tokens
from clipactor_node.language.near_verbs import NEAR_VERBS

_JOINERS = {"&": "and", "+": "and", "/": ""}


class Form(StrEnum):
    """Which form of a verb a word may be."""

    BASE = "base"  # wave
    S = "s"  # waves
    ING = "ing"  # waving
    PAST = "past"  # waved
    NONE = ""  # no known verb


_ENDINGS = (
    ("ing", Form.ING),
    ("in'", Form.ING),
    ("es", Form.S),
    ("s", Form.S),
    ("ed", Form.PAST),
    ("d", Form.PAST),
)
_NO_VERBS = lex.GARMENTS | lex.ADVERBS | lex.PEOPLE | lex.AUXILIARIES
_QUALIFIERS = lex.COLORS | lex.QUALITIES | lex.ADVERBS
_BEFORE_IMPERATIVE = (
    lex.ADVERBS | lex.NEGATIONS | lex.AUXILIARIES | lex.ASPECTS | lex.ENDINGS | lex.ORDINALS | {"to"}
)
_IMPERATIVE = 1.5
"""How much likelier a base form is the verb where the sentence begins with it: "*stroke* your chin"."""
_HARDLY_A_VERB = 0.1
"""The score of a known verb that stands where nouns do: "in a *row*"."""
_LIKELY_VERB = {Form.BASE: 2.0, Form.S: 4.0, Form.ING: 3.0, Form.PAST: 2.5}


_KINDS_OF_BLOW = lex.word_set("spin spinning jump jumping drop push squat box flying")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {key: row[max(i - 1, 0) : i] + row[i + 1 : i + 2] for row in _ROWS for i, key in enumerate(row)}
_JOINTS = lex.word_set("and then while")
_NO_SLIPS = (
    lex.GARMENTS
    | lex.COLORS
    | lex.PEOPLE
    | lex.ADVERBS
    | lex.QUALITIES
    | lex.BODY_PARTS
    | lex.AUXILIARIES
    | lex.NEGATIONS
    | lex.DETERMINERS
    | lex.PREPOSITIONS
    | lex.PRONOUNS
    | lex.STATES
    | lex.ACTION_NOUNS
    | lex.NUMBERS.keys()
    | lex.ORDINALS
    | lex.DIRECTIONS.keys()
    | lex.CLOTHES_MARKERS
    | NEAR_VERBS
    | lex.word_set("chef music gust macho stage mage sage page wife knife wise wine party exercise bears")
)
"""Words that are no slips of the keyboard, though a verb is near."""


@dataclass(frozen=True)
class Word:
    """One word or punctuation mark.

    Attributes:
        text: as typed.
        low: lower case.
        lemma: base form if this can be a form of a known verb, else "".
        form: NONE where lemma is "".
    """

    text: str
    low: str
    lemma: str
    form: Form

    @property
    def is_break(self) -> bool:
        return self.low in ",.;:!?"


def split(text: str) -> list[Word]:
    """The words and punctuation marks of a cleaned text."""
    joined = (_JOINERS.get(token, token) for token in tokens(text))
    return [_word(token) for token in joined if token]


def is_phrase(words: list[Word], i: int, phrase: tuple[str, ...]) -> bool:
    """Whether the words from i on are that phrase."""
    if i >= len(words) or words[i].low != phrase[0] or i + len(phrase) > len(words):
        return False
    return all(words[i + k].low == part for k, part in enumerate(phrase))


def _word(text: str) -> Word:
    low = text.lower()
    lemma, form = verb_form(low)
    return Word(text, low, lemma, form)


def verb_form(low: str) -> tuple[str, Form]:
    """Lemma and form of a known verb; "" and NONE for any other word."""
    if low in lex.VERBS:
        return low, Form.BASE
    if low in lex.IRREGULAR:
        lemma = lex.IRREGULAR[low]
        if low.endswith("ing"):
            return lemma, Form.ING
        return lemma, Form.S if low in ("does", "goes") else Form.PAST
    for ending, form in _ENDINGS:
        if low.endswith(ending) and len(low) > len(ending) + 1:
            stem = low[: -len(ending)]
            for lemma in _bases(stem):
                if lemma in lex.VERBS:
                    return lemma, form
    return "", Form.NONE


def _bases(stem: str) -> list[str]:
    # dance|ing, run-n|ing, carr-i|es, mimic-k|ing
    bases = [stem, stem + "e"]
    if len(stem) > 2 and stem[-1] == stem[-2]:
        bases.append(stem[:-1])
    if stem.endswith("i"):
        bases.append(stem[:-1] + "y")
    if stem.endswith("ck"):
        bases.append(stem[:-1])
    return bases


def inflected(low: str) -> bool:
    """Whether an unknown word looks like a verb in use ("moonboots" does too: position decides)."""
    return len(low) > 4 and (
        low.endswith("ing") or (low.endswith("s") and not low.endswith(("ss", "us", "is")))
    )


def main_verb(words: list[Word], start: int = 0) -> int | None:
    """Index of the word that says what is done, or None.

    Words that only look like verbs lose: "a *guard* waves", "two *kicks*", "in *running* shoes".
    A verb that only carries its object ("does a backflip") is the main verb; its object follows.
    """
    best, best_score = None, 0.0
    for index in range(start, len(words)):
        score = _verb_score(words, index)
        if score > best_score:
            best, best_score = index, score
    if best_score <= _HARDLY_A_VERB:  # "five lunges", "seven sneezes in a row"
        counted = (i for i in range(start, len(words)) if words[i].lemma and _is_counted(words, i))
        best = next((i for i in counted if all(_may_count(w) for w in words[start:i])), best)
    return best


def noun_start(words: list[Word], verb: int) -> int:
    """Where the name of an action begins whose head is `verb`: at "two" of "two high kicks"."""
    start = verb
    kinds = lex.COMPOUNDS | _KINDS_OF_BLOW | (lex.KINDS if words[verb].form is Form.BASE else frozenset())
    while start and (words[start - 1].low in kinds or words[start - 1].form is Form.ING):
        start -= 1
    counted = start
    while counted and _may_count(words[counted - 1]):
        counted -= 1
    return counted if any(is_number(w) for w in words[counted:start]) else start


def _may_count(word: Word) -> bool:
    return (
        is_number(word)
        or word.low in lex.QUALITIES
        or word.low in lex.COMPOUNDS
        or word.low in ("a", "of", "-")
    )


def is_number(word: Word) -> bool:
    """Whether a word is a number: "two", "twenty-five", "12"."""
    tens, _, unit = word.low.partition("-")
    number = word.low in lex.NUMBERS or (tens in lex.TENS and unit in lex.NUMBERS)
    return (number and word.low not in ("a", "an")) or word.low.isdecimal()


def _verb_score(words: list[Word], i: int) -> float:
    word = words[i]
    before = [w for w in words[max(0, i - 4) : i] if w.low not in lex.ADVERBS and w.low not in lex.NEGATIONS]
    previous = before[-1].low if before else ""
    after_auxiliary = previous in lex.AUXILIARIES and previous != "'s"
    if not word.lemma:
        return _unknown_score(word, previous, after_auxiliary, words, i)
    if word.low in lex.AUXILIARIES and not _carries_object(words, i):
        return 0.0
    if _is_modifier(words, i) or _is_counted(words, i) or _only_begins(words, i):
        return 0.0
    score = _LIKELY_VERB[word.form]
    opens = all(w.low in _BEFORE_IMPERATIVE for w in words[:i])
    if opens and word.form is Form.BASE:
        score += _IMPERATIVE
    if after_auxiliary or previous in lex.SUBORDINATE or previous in lex.PRONOUNS:
        score += 3.0
    if previous == "to":  # "shake your head to say no": what for, not what
        purpose = any(w.lemma and w.low not in _BEFORE_IMPERATIVE for w in words[: i - 1])
        score += -1.5 if purpose or word.form is not Form.BASE else 0.5
    if _in_noun_phrase(words, i):
        score -= 3.5 if word.form is not Form.ING else 2.0
    elif previous in lex.PREPOSITIONS and previous != "to":
        score -= 3.0 if word.form is not Form.ING else 1.0
    if word.form is Form.BASE and before and before[0].low in lex.SINGULAR and not after_auxiliary:
        score -= 1.0
    if i > 0 and word.text[0].isupper() and not word.text.isupper():
        score -= 1.5
    return max(score, _HARDLY_A_VERB)


def _is_counted(words: list[Word], i: int) -> bool:
    """ "Two *kicks*", "four high *kicks*"."""
    for j in range(i - 1, max(-1, i - 4), -1):
        low = words[j].low
        if is_number(words[j]) and low not in ("once", "twice", "thrice"):
            return True
        if low not in lex.QUALITIES | lex.COMPOUNDS | {"of"}:
            return False
    return False


def _only_begins(words: list[Word], i: int) -> bool:
    """Whether this is said about the action that follows: "*starts* to walk", "*go* jogging"."""
    if words[i].low not in lex.ASPECTS | lex.ENDINGS | {"go", "goes", "come", "comes"}:
        return False
    rest = [w for w in words[i + 1 : i + 4] if w.low not in lex.ADVERBS]
    if rest and rest[0].low == "to" and words[i].low in lex.ASPECTS:
        return len(rest) > 1 and bool(rest[1].lemma)
    return bool(rest) and rest[0].form is Form.ING


def _unknown_score(word: Word, previous: str, after_auxiliary: bool, words: list[Word], i: int) -> float:
    if not inflected(word.low) or word.low in _NO_VERBS:
        return 0.0
    if after_auxiliary and word.low.endswith("ing"):
        return 4.0
    if previous in lex.SUBORDINATE or previous in lex.PEOPLE:
        return 2.2
    return 0.0


def _carries_object(words: list[Word], i: int) -> bool:
    """Whether "does", "has" ... is the verb itself: "does a flip", not "does not run" or "is doing"."""
    if words[i].low in ("got", "gets"):  # "got up", not "got dressed up as"
        return bool(words[i + 1 : i + 2]) and words[i + 1].low in ("up", "down", "off", "on", "back")
    if words[i].lemma != "do":
        return False
    rest = [w for w in words[i + 1 : i + 3] if w.low not in lex.ADVERBS]
    if not rest or rest[0].low in lex.NEGATIONS:
        return False
    return rest[0].low in lex.DETERMINERS or rest[0].form in (Form.ING, Form.S) or not rest[0].lemma


def _is_modifier(words: list[Word], i: int) -> bool:
    """A verb form used like an adjective of what follows: "running shoes", "a waving hand"."""
    following = words[i + 1].low if i + 1 < len(words) else ""
    if words[i].low in _KINDS_OF_BLOW and following in ("kick", "kicks", "punch", "punches", "jump", "jumps"):
        return True
    if following in lex.GARMENTS or following in ("gloves", "stick", "ball", "machine", "belt"):
        return words[i].form in (Form.ING, Form.BASE)
    return words[i].form is Form.PAST and i > 0 and words[i - 1].low in lex.DETERMINERS


def _in_noun_phrase(words: list[Word], i: int) -> bool:
    """Whether a determiner opens a phrase that this word still belongs to: "the *wave*", "a big *jump*"."""
    for j in range(i - 1, max(-1, i - 4), -1):
        low = words[j].low
        if low in lex.DETERMINERS:
            return all(_adjective(w) for w in words[j + 1 : i])
        if words[j].is_break or words[j].lemma:
            return False
    return False


def _adjective(word: Word) -> bool:
    return word.low in _QUALIFIERS or word.low.endswith(("ful", "ous", "ive", "ic"))


def spelled(words: list[Word]) -> list[Word]:
    """With a slip of the keyboard mended where a verb should stand: "waev", "dnace"."""
    none_known = not any(w.lemma for w in words)
    mended = list(words)
    opens = True
    for i, word in enumerate(words):
        segment = takewhile(lambda w: not w.is_break and w.low not in _JOINTS, words[i:])
        if (none_known or (opens and not any(w.lemma for w in segment))) and _is_unknown(words, i):
            mended[i] = _likeliest(word)
        opens = word.is_break or word.low in _JOINTS
    return mended


def _is_unknown(words: list[Word], i: int) -> bool:
    word = words[i]
    named = word.text[0].isupper() and not word.text.isupper() and i > 0
    after_article = i > 0 and words[i - 1].low in lex.DETERMINERS | lex.PREPOSITIONS
    plain = 4 <= len(word.low) <= 12 and word.low.isascii() and word.low.isalpha()
    return plain and not (word.lemma or named or after_article or word.low in _NO_SLIPS)


def _likeliest(word: Word) -> Word:
    """The verb that is one slip away (letters exchanged, doubled, left out or missed), or the word itself."""
    low = word.low
    slips = [low[:i] + low[i + 1] + low[i] + low[i + 2 :] for i in range(len(low) - 1)]
    slips += [low[:i] + low[i + 1 :] for i in range(1, len(low)) if len(low) > 4 or low[i] == low[i - 1]]
    letters = _LETTERS if len(low) > 4 else "aeiou"
    slips += [low[:i] + letter + low[i:] for i in range(1, len(low)) for letter in letters]
    if len(low) > 4:
        slips += [
            low[:i] + near + low[i + 1 :] for i in range(1, len(low)) for near in _NEIGHBOURS.get(low[i], "")
        ]
    found = (
        slip for slip in slips if slip in lex.VERBS or (slip.endswith(("s", "ing")) and verb_form(slip)[0])
    )
    slip = next(found, "")
    return _word(slip) if slip else word
