"""Places and things that an action is aimed at: "to the door", "two metres forward", "at bob"."""

import math
import re
from dataclasses import dataclass, replace
from typing import Literal

from clipactor_node.language import lexicon as lex

Purpose = Literal["go", "follow", "around", "turn", "face", "look", "point", "touch", "meet"]

STEP_M, SIDE_STEP_M = 0.65, 0.4
"""Lengths of "a step" forward or back, and to a side, metres."""
ME = "me"
"""Whoever speaks: the viewer."""


@dataclass(frozen=True)
class Target:
    """What an action is aimed at, as it was said; names are not yet looked up.

    Attributes:
        purpose: what is done with it; "turn" is by an angle, "face" towards a name, "meet" is to do something
            together with somebody.
        name: without its article, such as "red box"; "": none is said.
        forward_m, left_m: a way relative to how the avatar stands; negative is back, and to the right.
        turn_rad: an angle to turn by, to the left if positive.
        radius_m: of a circle to walk; 0: none is said.
        start: back to where the avatar stood at first.
        release: look ahead again, at nothing in particular.
        speed_m_s: as a number was said; 0: none was.
        gait: the words of the action without those of the target: "walk slowly".
        first: of "bob hugs alice" who begins, bob; "": whoever is spoken to.
        found: its name was looked up, or it needs none; else it is words only.
    """

    purpose: Purpose
    name: str = ""
    forward_m: float = 0.0
    left_m: float = 0.0
    turn_rad: float = 0.0
    radius_m: float = 0.0
    start: bool = False
    release: bool = False
    speed_m_s: float = 0.0
    gait: str = ""
    first: str = ""
    found: bool = False

    @property
    def moves(self) -> bool:
        """Whether the feet go somewhere for it."""
        return self.purpose not in ("look", "point", "touch", "meet")

    @property
    def line(self) -> str:
        """In words: "to door", "2 m ahead", "point at box"."""
        if self.start:
            return "back to the start"
        if self.release:
            return "look ahead"
        if self.name:
            return {
                "go": "to", "follow": "follow", "around": "around", "turn": "turn to", "face": "facing",
                "look": "look at", "point": "point at", "touch": "touch", "meet": "with",
            }[self.purpose] + f" {self.name}"  # fmt: skip
        if self.purpose == "turn":
            side = "left" if self.turn_rad >= 0 else "right"
            return f"{abs(math.degrees(self.turn_rad)):g} degrees {side}"
        if self.radius_m:
            return f"in a circle of {2.0 * self.radius_m:g} m"
        ways = (
            (self.forward_m, "ahead" if self.forward_m > 0 else "back"),
            (self.left_m, "to the left" if self.left_m > 0 else "to the right"),
        )
        return " and ".join(f"{abs(length):.3g} m {way}" for length, way in ways if length)


_GO_BASES = (
    "walk go run step come move head return jog stroll march sneak tiptoe limp approach hurry rush sprint "
    "stagger strut wander trudge hobble shuffle stride creep pace trot stomp plod"
)
GO_VERBS = lex.word_set(_GO_BASES)
"""Verbs that take an avatar somewhere."""
_NUMBER = (
    r"(?:\d+(?:[.,]\d+)?|half an?|"
    + "|".join(sorted(map(re.escape, lex.NUMBERS), key=len, reverse=True))
    + ")"
)
_UNITS = {
    "km": 1000.0, "kilometre": 1000.0, "kilometer": 1000.0,
    "cm": 0.01, "centimetre": 0.01, "centimeter": 0.01,
    "mm": 0.001, "feet": 0.3048, "foot": 0.3048, "ft": 0.3048, "metre": 1.0, "meter": 1.0, "m": 1.0,
    "step": 0.0, "pace": 0.0,
}  # fmt: skip
_UNIT = "(?:" + "|".join(_UNITS) + r")s?"
_SIDE = (
    r"(?P<way>straight ahead|forwards?|ahead|straight|onwards?|backwards?|back"
    r"|(?:(?:to|on) (?:the|your|his|her|its|their) )?(?:left|right)(?: side)?)"
)
_LENGTH = rf"(?P<count>{_NUMBER})[ -]?(?P<unit>{_UNIT})\b"
_AFTER = re.compile(rf"\b(?:for |by |about )?{_LENGTH}(?: (?:more|further|to the))? {_SIDE}\b")
_BEFORE = re.compile(rf"\b{_SIDE},? (?:for |by |about )*{_LENGTH}")
_ALONE = re.compile(rf"\b(?:for |by |about )?{_LENGTH}")
_STEP = re.compile(rf"^(?:takes? |makes? )?(?P<count>{_NUMBER} )?(?P<unit>steps?|stepping) {_SIDE}$")
_ANGLE = re.compile(
    rf"(?P<count>\d+(?:\.\d+)?|{_NUMBER}(?:[ -]{_NUMBER})?) ?"
    r"(?:°|degrees?\b|deg\b|(?= left$| right$| to the ))"
)
_CIRCLE = re.compile(
    rf"\b(?:in |around |round |along )?(?:a |one |the )?(?:(?P<c1>{_NUMBER})[ -]?(?P<u1>{_UNIT})[ -]?"
    rf"(?P<r1>radius|diameter)? )?circle(?: (?:of|with)(?: (?:a|the))?(?: (?P<r2>radius|diameter))?(?: of)? ?"
    rf"(?P<c2>{_NUMBER})[ -]?(?P<u2>{_UNIT})(?: (?:in )?(?P<r3>radius|diameter|across))?)?"
)
_SPEED = re.compile(
    r"\b(?:at |with )?(?:a speed of )?(?P<n>\d+(?:\.\d+)?) ?(?P<u>m ?/? ?s|met(?:re|er)s? (?:per|a) second"
    r"|km ?/? ?h|kph|kilomet(?:re|er)s? (?:per|an) hour)\b"
)
_END = (
    r"(?= and\b| then\b| while\b| with\b| like\b| at (?:a |half |full|\d)| in (?:\w+ )?(?:seconds|a )| for \d"
    r"| as\b| before\b| after\b| without\b| very\b| again\b| please\b| \w+ly\b| slow(?:er)?\b| fast(?:er)?\b"
    r"| for \w+ (?:seconds?|minutes?)\b| until\b| twice\b| once\b|[,.;!?]|$)"
)
_NAME = rf"(?P<name>[\w'/.:-]+(?: [\w'/.:-]+){{0,5}}?){_END}"
_TO = re.compile(
    rf"\b(?:back |over |up |across |closer |right |straight |down |out )*"
    rf"(?:to|towards?|into|for(?= the)|next to|beside|near|by(?= the)) {_NAME}"
)
_APPROACHED = re.compile(rf"^approach(?:es|ing)? {_NAME}")
_FOLLOWED = re.compile(rf"^follow(?:s|ing)? {_NAME}")
_AROUND = re.compile(rf"\b(?:once )?(?:around|round) (?P<det>the |an? )?{_NAME}")
_BACK = re.compile(
    r"\b(?:back )?(?:to|at) (?:the |your |his |her |its |their )?"
    r"(?:(?:start(?:ing)?|first|initial|old|former)(?: (?:point|place|position|pose|spot))?"
    r"|home(?: (?:position|place))?|origin"
    r"|where .* (?:was|were|started|began|stood|came from)(?: before| first)?)$"
)
_COMES_BACK = re.compile(
    r"^(?:come|comes|coming) back$|^return(?:s|ing)?(?: (?:home|back))?$|^(?:go|goes) home$"
)
_HERE = re.compile(r"^(?:come|comes|coming)(?: over)? here$")
_LOOKED = re.compile(
    rf"^(?:look|gaze|stare|glance|peer)(?:s|es|ing)?(?: (?:over|back|straight|directly|right))*"
    rf" (?:at|towards?|to) {_NAME}"
)
_AHEAD = re.compile(r"^look(?:s|ing)? (?:straight )?(?:ahead|away)(?: again)?$")
_POINTED = re.compile(rf"^point(?:s|ing)?(?: (?:over|straight|directly))* (?:at|to|towards?|out) {_NAME}")
_TOUCHED = re.compile(
    rf"^(?:touch(?:es|ing)?|(?:reach(?:es|ing)?)(?: out)? (?:for|to)|"
    rf"(?:put|place)s? (?:a|your|his|her|one) (?:hand|palm|finger) on) {_NAME}"
)
_FACED = re.compile(
    rf"^(?:face|facing|faces|turn(?:s|ing)?(?: (?:around|round|back))? (?:to(?:wards?)?)(?: face)?) {_NAME}"
)
_ARTICLES = re.compile(r"^(?:the|a|an|that|this|those|these|some)\s+")
_POSSESSIVE = lex.word_set(
    "his her their its your my own himself herself itself yourself themselves each one"
)
"""Nobody's place begins with one of these: "his watch"."""
_NO_NAMES = (
    lex.BODY_PARTS
    | lex.DIRECTIONS.keys()
    | lex.word_set(
        "left right side front beat music rhythm ground floor ceiling sky air distance stop end it them him "
        "there what how see middle up down work sleep bed bits standing death speed pace step steps horizon"
    )
)


def target_of(text: str, verb: str) -> Target | None:
    """What the words of one action are aimed at; None: nothing, or nothing that can be looked up.

    Args:
        text: of a layer, such as "walks slowly to the door".
        verb: base form of its verb; "": none is known.
    """
    low = " ".join(text.lower().split())
    speed, spoken = _speed(low)
    found = _of_eyes_and_hands(spoken) or _turned(spoken, verb)
    if found is None and (verb in GO_VERBS or verb in ("follow", "")):
        found = _gone(spoken, verb)
    if found is None:
        return None
    target, span = found
    gait = " ".join((spoken[: span[0]] + " " + spoken[span[1] :]).split()) if target.purpose == "go" else ""
    return replace(target, speed_m_s=speed, gait=gait)


def verbless(text: str) -> Target | None:
    """A target said without a verb: "two metres forward", "towards bob", "90 degrees left"."""
    low = " ".join(text.lower().strip(" .!").split())
    match = _FACED.match(low)
    if match and match.end() == len(low):
        found = _named("face", match)
        return found[0] if found else None
    turned = _turned(low, "turn")
    if turned and re.fullmatch(rf"{_ANGLE.pattern} (?:{_SIDE}|(?:counter|anti)?-?clockwise)", low):
        return turned[0]
    for pattern in (_AFTER, _BEFORE):
        match = pattern.match(low)
        if match and match.end() == len(low) and (found := _relative(match)):
            return found[0]
    match = re.match(rf"(?:returns? |get back |head back |back )?(?:to|towards?) {_NAME}$", low)
    if match and _BACK.search(low):
        return Target("go", start=True)
    found = match and _named("go", match)
    return found[0] if found else None


Found = tuple[Target, tuple[int, int]]
"""A target and the part of the text that says it."""


def _speed(text: str) -> tuple[float, str]:
    match = _SPEED.search(text)
    if not match:
        return 0.0, text
    scale = 1.0 / 3.6 if match["u"].startswith("k") else 1.0
    return float(match["n"]) * scale, " ".join((text[: match.start()] + text[match.end() :]).split())


def _of_eyes_and_hands(text: str) -> Found | None:
    patterns: tuple[tuple[Purpose, re.Pattern[str]], ...] = (
        ("look", _LOOKED), ("point", _POINTED), ("touch", _TOUCHED),
    )  # fmt: skip
    for purpose, pattern in patterns:
        if match := pattern.match(text):
            return _named(purpose, match)
    if match := _AHEAD.match(text):
        return Target("look", release=True), match.span()
    return None


def _turned(text: str, verb: str) -> Found | None:
    if verb in ("turn", "rotate", "spin", "pivot", "") and (match := _FACED.match(text)):
        return _named("face", match)
    match = _ANGLE.search(text)
    if match is None or verb not in ("turn", "rotate", "spin", "pivot", "step"):
        return None
    degrees = _value(match["count"])
    right = re.search(r"\b(?:right|clockwise)\b", text) is not None
    right = right and not re.search(r"\b(?:anti|counter)[ -]?clockwise\b|\bleft\b", text)
    sign = -1.0 if right else 1.0
    return Target("turn", turn_rad=sign * math.radians(min(degrees, 3600.0))), match.span()


def _gone(text: str, verb: str) -> Found | None:
    if (match := _CIRCLE.search(text)) and (match["c1"] or match["c2"]):
        count, unit = (match["c1"], match["u1"]) if match["c1"] else (match["c2"], match["u2"])
        across = "radius" not in (match["r1"], match["r2"], match["r3"])
        size = _value(count) * (_UNITS[_unit(unit)] or STEP_M)
        return Target("around", radius_m=size / 2.0 if across else size), match.span()
    if match := _BACK.search(text):
        return Target("go", start=True), match.span()
    if match := _COMES_BACK.search(text):
        return Target("go", start=True), match.span()
    if match := _HERE.search(text):
        return Target("go", name=ME), match.span()
    for pattern in (_AFTER, _BEFORE, _STEP):
        if (match := pattern.search(text)) and (found := _relative(match)):
            return found
    if (match := _ALONE.search(text)) and _UNITS[_unit(match["unit"])]:
        return Target("go", forward_m=_value(match["count"]) * _UNITS[_unit(match["unit"])]), match.span()
    purposes: tuple[tuple[Purpose, re.Pattern[str]], ...] = (
        ("follow", _FOLLOWED), ("go", _APPROACHED), ("go", _TO),
    )  # fmt: skip
    for purpose, pattern in purposes:
        if match := pattern.search(text):
            return _named(purpose, match)
    if (match := _AROUND.search(text)) and match["det"] != "a ":
        return _named("around", match)
    return None


def _relative(match: re.Match[str]) -> Found | None:
    unit, way = _unit(match["unit"]), match["way"]
    count = _value(match["count"].strip()) if match["count"] else 1.0
    aside = "left" in way or "right" in way
    scale = _UNITS[unit] or (SIDE_STEP_M if aside else STEP_M)
    if not _UNITS[unit] and not aside and "back" not in way:
        return None  # steps forward are counted in the cycle of the clip
    sign = -1.0 if "right" in way or "back" in way else 1.0
    length = sign * count * scale
    if aside:
        return Target("go", left_m=length), match.span()
    return Target("go", forward_m=length), match.span()


def _named(purpose: Purpose, match: re.Match[str]) -> Found | None:
    name = _ARTICLES.sub("", match["name"].strip())
    words = name.split()
    if not words or words[0] in _POSSESSIVE or words[-1] in _NO_NAMES or re.fullmatch(_NUMBER, words[0]):
        return None
    return Target(purpose, name=name), match.span()


def _unit(said: str) -> str:
    if said.startswith("step"):
        return "step"
    return said if said in _UNITS else said.removesuffix("s")


def _value(said: str) -> float:
    said = said.replace(",", ".").strip()
    if said.startswith("half"):
        return 0.5
    try:
        return float(said)
    except ValueError:
        return sum(float(lex.NUMBERS.get(part, 0.0)) for part in re.split(r"[ -]", said))
