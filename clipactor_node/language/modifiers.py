"""How an action is to be done: speed, side, direction, repetitions, duration."""

import re

from clipactor_node.language import lexicon as lex
from clipactor_node.language.lexicon import Direction, Side
from clipactor_node.language.words import Form, Word, is_phrase

_SECONDS = {
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), 1.0),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), 60.0),
    **dict.fromkeys(("hour", "hours", "h"), 3600.0),
    **dict.fromkeys(("millisecond", "milliseconds", "ms"), 0.001),
    **dict.fromkeys(("moment", "bit", "while"), 1.0),
}
_JOINED_TIME = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)-?(ms|s|secs?|seconds?|mins?|minutes?)")
_JOINED_COUNT = re.compile(r"x(\d{1,6})|(\d{1,6})(?:x|-?times)")
_JOINED_SPEED = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)x?")
_MAX_DURATION_S = 3600.0
_MAX_REPEAT = 100
_LATERAL: dict[str, Side] = {"left": "left", "right": "right", "left-handed": "left", "right-handed": "right"}
_HANDED = ("left-handed", "right-handed")
_LOWERED = lex.word_set("sit lie lay kneel squat crouch put set settle cower")
"""With these "down" says no more than the verb."""
_STEPS = lex.word_set("step steps pace paces stride strides")
_OF = ("of", "more", "single", "full", "complete", "consecutive", "quick", "slow")


_SPEEDS: dict[str, list[tuple[tuple[str, ...], float]]] = {}
"""Phrases that name a speed, by their first word."""
for _phrase, _factor in lex.SPEEDS.items():
    _SPEEDS.setdefault(_phrase[0], []).append((_phrase, _factor))


def _named_speed(words: list[Word], i: int) -> tuple[int, float] | None:
    """Of how many words the phrase is that names a speed from word i on, and the factor."""
    for phrase, factor in _SPEEDS.get(words[i].low, ()):
        if is_phrase(words, i, phrase):
            return len(phrase), factor
    return None


def speed(words: list[Word]) -> float:
    """Factor asked for: 1.4 for "quickly", 0.7 for "slowly", squared with "very"; 0.5 for "half speed"."""
    for i, word in enumerate(words):
        if named := _named_speed(words, i):
            return named[1]
        number = _JOINED_SPEED.fullmatch(word.low)
        following = [w.low for w in words[i + 1 : i + 3]]
        if number and (following[:1] == ["speed"] or following in (["times", "faster"], ["the", "speed"])):
            return min(max(float(number[1]), 0.1), 4.0)
    factor = 1.0
    for i, word in enumerate(words):
        if word.low not in lex.FAST | lex.SLOW or _is_denied(words, i):
            continue
        step = 1.4 if word.low in lex.FAST else 0.7
        intense = i > 0 and words[i - 1].low in lex.INTENSIFIERS
        factor = step * step if intense else step
    return round(factor, 2)


def _is_denied(words: list[Word], i: int) -> bool:
    """ "Neither *fast* nor *slow*", "not too *fast*"."""
    before = [w.low for w in words[max(0, i - 2) : i]]
    while before and before[-1] in lex.INTENSIFIERS:
        before.pop()
    return bool(before) and before[-1] in ("neither", "nor", "not")


def side(words: list[Word]) -> Side:
    """The body side named: "with the left hand", "kicks left leg"; "" for none or both."""
    sides: set[Side] = set()
    for i, word in enumerate(words):
        if (named := _LATERAL.get(word.low)) is None:
            continue
        following = next((w for w in words[i + 1 :] if w.low not in lex.QUALITIES | {"and"}), None)
        of_body = following is not None and following.low in lex.BODY_PARTS | {"one"}
        of_action = i + 1 < len(words) and bool(words[i + 1].lemma) and i > 0  # "a left jab"
        verb = next((w for w in reversed(words[:i]) if w.low not in lex.DETERMINERS | {"only", "just"}), word)
        of_verb = verb.lemma in lex.HANDED and (following is None or following.is_break)
        if (
            of_body
            or of_action
            or of_verb
            or word.low in _HANDED
            or "with" in [w.low for w in words[max(0, i - 3) : i]]
        ):
            sides.add(named)
    return sides.pop() if len(sides) == 1 else ""


def direction(words: list[Word]) -> Direction:
    """The direction named: "forward", "to the left", "backwards"; "" for none or several."""
    found: list[Direction] = []
    for i, word in enumerate(words):
        previous = [w.low for w in words[max(0, i - 2) : i]]
        if "from" in previous:
            continue
        if (lateral := _LATERAL.get(word.low)) and word.low not in _HANDED:
            following = words[i + 1].low if i + 1 < len(words) else ""
            of_verb = i > 0 and words[i - 1].lemma in lex.HANDED
            if following not in lex.BODY_PARTS and "with" not in previous and not of_verb:
                found.append(lateral)
        elif word.low == "down" and i > 0 and words[i - 1].lemma in _LOWERED:
            continue
        elif word.low in lex.DIRECTIONS and not set(previous[-1:]) & (lex.BODY_PARTS | lex.DETERMINERS):
            found.append(lex.DIRECTIONS[word.low])
    unique = list(dict.fromkeys(found))
    return unique[0] if len(unique) == 1 else ""


def repeat(words: list[Word]) -> int:
    """How often: "twice", "three times", "3x", "ten squats", "twelve reps"; 0 if not said."""
    span = _count_span(words)
    return 0 if span is None else min(max(int(span[2]), 1), _MAX_REPEAT)


def counts_steps(words: list[Word]) -> bool:
    """Whether `repeat` counts steps, of which a cycle of walking has two."""
    span = _count_span(words)
    return span is not None and any(w.low in _STEPS for w in words[span[1] : span[1] + 3])


def duration_s(words: list[Word]) -> float:
    """How long, in seconds: "for ten seconds", "for half a minute"; 0 if not said."""
    for i, word in enumerate(words):
        joined = _JOINED_TIME.fullmatch(word.low)
        if joined:
            return min(float(joined[1]) * _SECONDS[joined[2]], _MAX_DURATION_S)
        if (
            word.low not in _SECONDS
            or i == 0
            or (word.low == "second" and words[i - 1].low in ("a", "the") and i < 2)
        ):
            continue
        if word.low == "while" and words[i - 1].low != "a":
            continue
        count = _number_ending_at(words, i)
        if count is not None:
            return min(count[1] * _SECONDS[word.low], _MAX_DURATION_S)
    return 0.0


def without_timing(words: list[Word]) -> list[Word]:
    """Without "twice", "ten" of "ten squats", "for ten seconds", "at half speed"; never nothing."""
    gone: set[int] = set()
    span = _count_span(words)
    if span is not None:
        start, end, _ = span
        while end < len(words) and words[end].low in _OF:
            end += 1
        if end < len(words) and words[end].low in lex.COUNTED and words[end].low not in _STEPS:
            end += 1
            end += end < len(words) and words[end].low == "of"
        gone |= set(range(start, end))
    for i, word in enumerate(words):
        start = i
        if word.low in _SECONDS and i > 0 and not (word.low == "while" and words[i - 1].low != "a"):
            found = _number_ending_at(words, i)
            if found is None:
                continue
            start = found[0]
        elif not _JOINED_TIME.fullmatch(word.low):
            continue
        start -= start > 0 and words[start - 1].low in ("for", "within", "about", "during")
        gone |= set(range(start, i + 1))
    for i in range(len(words)):
        if length := speed_length(words, i):
            start = i - (i > 0 and words[i - 1].low in ("at", "in", "with"))
            gone |= set(range(start, i + length))
    return [word for i, word in enumerate(words) if i not in gone] or words


def speed_length(words: list[Word], i: int) -> int:
    """Of how many words the phrase is that names a speed from word i on: "double speed"; 0: none does."""
    if named := _named_speed(words, i):
        return named[0]
    joined = _JOINED_SPEED.fullmatch(words[i].low) and not words[i].low.isdecimal()
    return 2 if joined and [w.low for w in words[i + 1 : i + 2]] == ["speed"] else 0


def _without_speeds(words: list[Word]) -> list[Word]:
    spans = {k for i in range(len(words)) for k in range(i, i + speed_length(words, i))}
    return [w for i, w in enumerate(words) if i not in spans]


def is_manner(words: list[Word]) -> bool:
    """Whether nothing but speed, side, direction or count is said, so that an action must be understood."""
    plain = _without_speeds(words)
    if words and not plain:
        return True
    words = plain
    known = (
        lex.FAST
        | lex.SLOW
        | lex.INTENSIFIERS
        | {
            "again",
            "with",
            "to",
            "the",
            "your",
            "his",
            "her",
            "a",
            "more",
            "at",
            "in",
            "both",
            "only",
            "just",
        }
    )
    return (
        bool(words)
        and all(
            w.low
            in known | _LATERAL.keys() | lex.DIRECTIONS.keys() | lex.BODY_PARTS | {"once", "twice", "thrice"}
            or w.low in lex.NUMBERS
            or w.low in ("times", "time")
            or w.is_break
            for w in words
        )
        and any(w.low in lex.FAST | lex.SLOW | _LATERAL.keys() | lex.DIRECTIONS.keys() for w in words)
    )


def _count_span(words: list[Word]) -> tuple[int, int, float] | None:
    """First and last (not included) word of a count, and the count; None: nothing is counted."""
    speeds = {place for k in range(len(words)) if _named_speed(words, k) for place in (k, k + 1)}
    for i in range(len(words)):  # "take one step back three times": what is counted with "times" comes first
        if words[i].low in ("twice", "thrice") and i not in speeds:
            return i, i + 1, lex.NUMBERS[words[i].low]
        times = _number_starting_at(words, i)
        if times and times[1] >= 1 and [w.low for w in words[times[0] : times[0] + 1]] == ["times"]:
            return i, *times
    for i, word in enumerate(words):
        if i in speeds:
            continue  # "twice as fast"
        joined = _JOINED_COUNT.fullmatch(word.low)
        if joined and words[i + 1 : i + 2] and words[i + 1].low == "speed":
            continue
        if joined:
            return i, i + 1, float(joined[1] or joined[2])
        if word.low == "once":
            return i, i + 1, lex.NUMBERS[word.low]
        found = _number_starting_at(words, i)
        if (
            found is None
            or word.low in ("a", "an")
            and words[i + 1 : i + 2]
            and words[i + 1].low not in _GROUPS
        ):
            continue
        end, count = found
        if count >= 1 and _counts_action(words, i, end):
            return i, end, count
    return None


_GROUPS = ("couple", "few", "dozen", "hundred", "pair", "trio", "handful")


def _counts_action(words: list[Word], start: int, end: int) -> bool:
    """Whether the number before `end` counts how often something is done, rather than things or people."""
    rest = words[end : end + 4]
    while rest and (rest[0].low in _OF or rest[0].low in lex.QUALITIES | lex.ADVERBS - {"times"}):
        rest = rest[1:]
    if not rest:
        return False
    if rest[0].low in lex.COUNTED:
        return not (rest[0].low == "times" and [w.low for w in rest[1:2]] == ["faster"])
    done = all(
        w.low in lex.LIGHT_VERBS or w.lemma in lex.LIGHT_VERBS or w.low in lex.ADVERBS for w in words[:start]
    )
    light = done or any(w.lemma in lex.LIGHT_VERBS | {"throw"} for w in words[max(0, start - 2) : start])
    head, following = rest[0], rest[1] if len(rest) > 1 else rest[0]
    names_action = (
        bool(head.lemma) or following.form is Form.S or {head.low, following.low} & lex.ACTION_NOUNS
    )
    return light and bool(names_action) and head.low not in _SECONDS and head.low not in lex.PEOPLE


def _number_starting_at(words: list[Word], i: int) -> tuple[int, float] | None:
    """Where the number that starts at word i ends, and its value: "twenty five", "half a dozen"."""
    low = words[i].low
    following = words[i + 1].low if i + 1 < len(words) else ""
    if low == "half" and following in ("a", "an") and words[i + 2 : i + 3] and words[i + 2].low in _GROUPS:
        return i + 3, 0.5 * lex.NUMBERS[words[i + 2].low]
    value = _number(low)
    if not value:
        return None
    if following in _GROUPS:
        scale = lex.NUMBERS[following]
        return i + 2, value * scale if following in ("dozen", "hundred") else scale
    if low in lex.TENS and 0 < _number(following) < 10:
        return i + 2, value + _number(following)
    return i + 1, value


def _number_ending_at(words: list[Word], end: int) -> tuple[int, float] | None:
    """Where the number right before word `end` starts, and its value; "half a" and "two and a half", too."""
    lows = [w.low for w in words[:end]]
    if lows[-2:] in (["half", "a"], ["half", "an"]):
        return end - 2, 0.5
    if lows[-3:] == ["and", "a", "half"] and end > 3:
        return end - 4, _number(lows[-4]) + 0.5
    for start in range(max(0, end - 3), end):
        found = _number_starting_at(words, start)
        if found is not None and found[0] == end and found[1] > 0:
            return start, found[1]
    return None


def _number(low: str) -> float:
    if low.isdecimal() and low.isascii():
        return float(low[:6])
    if re.fullmatch(r"\d{1,6}\.\d{1,3}", low):
        return float(low)
    tens, _, unit = low.partition("-")
    if unit and tens in lex.TENS:
        return lex.TENS[tens] + float(lex.NUMBERS.get(unit, 0))
    return float(lex.NUMBERS.get(low, 0))
