"""How an action is to be done: speed, side, direction, repetitions, duration."""

import re

from clipactor_node.language import lexicon as lex
from clipactor_node.language.lexicon import Direction, Side
from clipactor_node.language.words import Word

_SECONDS = {"second": 1.0, "seconds": 1.0, "sec": 1.0, "secs": 1.0, "s": 1.0, "minute": 60.0, "minutes": 60.0}
_MAX_DURATION_S = 3600.0
_MAX_REPEAT = 100
_LATERAL: dict[str, Side] = {"left": "left", "right": "right"}


def speed(words: list[Word]) -> float:
    """Factor asked for by adverbs: 1.4 for "quickly", 0.7 for "slowly", squared with "very"."""
    factor = 1.0
    for i, word in enumerate(words):
        if word.low not in lex.FAST | lex.SLOW:
            continue
        step = 1.4 if word.low in lex.FAST else 0.7
        intense = i > 0 and words[i - 1].low in lex.INTENSIFIERS
        factor = step * step if intense else step
    return round(factor, 2)


def side(words: list[Word]) -> Side:
    """The body side named: "with the left hand", "kicks left leg"; "" for none or both."""
    sides: set[Side] = set()
    for i, word in enumerate(words):
        if (named := _LATERAL.get(word.low)) is None:
            continue
        following = next((w for w in words[i + 1 :] if w.low not in lex.QUALITIES | {"and"}), None)
        of_body = following is not None and following.low in lex.BODY_PARTS
        if of_body or "with" in [w.low for w in words[max(0, i - 3) : i]]:
            sides.add(named)
    return sides.pop() if len(sides) == 1 else ""


def direction(words: list[Word]) -> Direction:
    """The direction named: "forward", "to the left", "backwards"; "" for none or several."""
    found: list[Direction] = []
    for i, word in enumerate(words):
        previous = [w.low for w in words[max(0, i - 2) : i]]
        if lateral := _LATERAL.get(word.low):
            following = words[i + 1].low if i + 1 < len(words) else ""
            if following not in lex.BODY_PARTS and "with" not in previous:
                found.append(lateral)
        elif word.low in lex.DIRECTIONS and not set(previous[-1:]) & (lex.BODY_PARTS | {"the"}):
            found.append(lex.DIRECTIONS[word.low])
    unique = list(dict.fromkeys(found))
    return unique[0] if len(unique) == 1 else ""


def repeat(words: list[Word]) -> int:
    """How often: "twice", "three times", "4 hops"; 0 if not said."""
    for i, word in enumerate(words):
        if word.low in ("once", "twice", "thrice"):
            return int(lex.NUMBERS[word.low])
        if word.low in ("times", "time") and i > 0:
            count = _number(words[i - 1].low)
            if count >= 1:
                return min(int(count), _MAX_REPEAT)
    return 0


def duration_s(words: list[Word]) -> float:
    """How long, in seconds: "for ten seconds", "for half a minute"; 0 if not said."""
    for i, word in enumerate(words):
        joined = re.fullmatch(r"(\d{1,5})(s|sec|seconds?)", word.low)
        if joined:
            return min(float(joined.group(1)), _MAX_DURATION_S)
        if word.low in _SECONDS and i > 0:
            lead = words[i - 2].low if i > 1 else ""
            count = _number(words[i - 1].low)
            if lead == "half":
                count = 0.5
            if count > 0:
                return min(count * _SECONDS[word.low], _MAX_DURATION_S)
    return 0.0


def without_timing(words: list[Word]) -> list[Word]:
    """Without "twice", "three times", "for ten seconds"; all of them if nothing else would be left."""
    kept: list[Word] = []
    for word in words:
        unit = word.low in _SECONDS or word.low in ("times", "time") or re.fullmatch(r"\d{1,5}s", word.low)
        if not unit and word.low not in ("once", "twice", "thrice"):
            kept.append(word)
            continue
        while kept and (_number(kept[-1].low) or kept[-1].low == "half"):
            kept.pop()
        if kept and kept[-1].low in ("for", "within", "about") and unit:
            kept.pop()
    return kept or words


def _number(low: str) -> float:
    if low.isdecimal() and low.isascii():
        return float(low[:6])
    return float(lex.NUMBERS.get(low, 0))
