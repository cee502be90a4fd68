"""With whom something is done: "shake hands with bob", "hug bob", "bob and alice dance together"."""

import re
from dataclasses import replace

from clipactor_node.language import lexicon as lex
from clipactor_node.language.targets import GO_VERBS, Target

_NAME = r"[\w'./-]+(?: [\w'./-]+){0,2}?"
_END = (
    r"(?= (?:for|during) (?:\w+ ){1,2}(?:seconds?|minutes?)\b| twice\b| once\b| again\b| please\b| \w+ly\b"
    r"| together\b| (?:two|three|four|five|\d+) times\b|[,.;!?]|$)"
)
_WHOM = rf"(?P<name>{_NAME}){_END}"
_TOGETHER = (
    ("shake hands", rf"(?:shak(?:es?|ing)) hands (?:with|to) {_WHOM}"),
    ("shake hands", rf"shak(?:es?|ing) (?P<name>{_NAME})(?:'s|s') hands?{_END}"),
    ("shake hands", rf"giv(?:es?|ing) (?P<name>{_NAME}) (?:a handshake|(?:the|your|his|her|a) hand){_END}"),
    ("shake hands", rf"greet(?:s|ing)? (?P<name>{_NAME}) (?:with a handshake|by shaking hands){_END}"),
    ("high five", rf"(?:giv(?:es?|ing) )?(?:a )?high[- ]?fiv(?:es?|ing) (?:with |to )?{_WHOM}"),
    ("high five", rf"giv(?:es?|ing) (?P<name>{_NAME}) (?:a high[- ]?five|five){_END}"),
    ("high five", rf"slap(?:s|ping)? hands with {_WHOM}"),
    ("hug", rf"(?:hug|embrac|cuddl)(?:e?s|e|ging|ing)? (?:with )?{_WHOM}"),
    ("hug", rf"giv(?:es?|ing) (?P<name>{_NAME}) a (?:big |warm |long )?(?:hug|cuddle){_END}"),
    ("hug", rf"giv(?:es?|ing) a (?:big |warm |long )?hug to {_WHOM}"),
)
_PATTERNS = tuple((act, re.compile(pattern)) for act, pattern in _TOGETHER)
_WITH = re.compile(rf"^(?P<act>[\w' -]+?)(?: together)? with {_WHOM}")
_BOTH = re.compile(
    r"^(?P<first>(?:the )?[\w'/-]+) and (?P<name>(?:the )?[\w'/-]+) "
    r"(?P<act>shake hands|(?:high[- ]?five|hug|embrace)(?: each other)?"
    r"|(?:dance|waltz)(?: together| with each other)?"
    rf"|[\w' -]+? (?:together|with each other)){_END}"
)
_WHO = re.compile(
    rf"^(?P<first>{_NAME}) (?P<rest>(?:shakes|hugs|embraces|gives|greets|high[- ]?fives|dances|waltzes) .+)$"
)
_NOBODY = lex.word_set(
    "a an his her their its your my our me you him them it us somebody someone anybody anyone everybody "
    "everyone people others friends friend nobody each other one two both joy passion energy enthusiasm "
    "grace style feeling excitement music pleasure pride love anger care ease force speed power caution "
    "arms hands legs feet fists eyes left right closed open bent stretched raised all no out in and with the"
)
_JOINTS = lex.word_set("and or but then while with to before after")
_DANCES = lex.word_set("dance dances dancing waltz waltzes waltzing")


def partner_of(text: str, verb: str) -> Target | None:
    """Whom one action is done with; None: with nobody who is named. `Target.gait` has the words without them.

    Args:
        text: of a layer, such as "hugs bob".
        verb: base form of its verb; "": none is known.
    """
    low = " ".join(text.lower().split())
    for act, pattern in _PATTERNS:
        if (match := pattern.match(low)) and (name := _somebody(match["name"])):
            return Target("meet", name=name, gait=act)
    if verb in GO_VERBS or not (match := _WITH.match(low)) or not (name := _somebody(match["name"])):
        return None
    act = match["act"].removesuffix(" together")
    if act.split()[0] in _DANCES and len(act.split()) == 1:
        act = "waltz"  # in closed hold
    return Target("meet", name=name, gait=act)


def him_as(name: str, text: str) -> str:
    """ "Hug him" as "hug bob", where bob was named before."""
    return re.sub(r"\b(?:him|her|them)\b", name, text) if name else text


def pair_named(text: str) -> Target | None:
    """Of a whole command: two who do something together, or somebody who does it with somebody else."""
    low = " ".join(text.lower().strip(" .!").split())
    if match := _BOTH.match(low):
        act = re.sub(r" (?:together|with each other|each other)$", "", match["act"])
        found = partner_of(f"{act} with {match['name']}", "")
        return found and _led_by(found, match["first"])
    if found := _direct(low):
        return found
    if (match := _WHO.match(low)) and (found := _direct(match["rest"])):
        return _led_by(found, match["first"])
    return None


def _direct(text: str) -> Target | None:
    for act, pattern in _PATTERNS:
        if (match := pattern.match(text)) and (name := _somebody(match["name"])):
            return Target("meet", name=name, gait=act) if _only_timing(text[match.end() :]) else None
    if text.split()[:1] and text.split()[0] in _DANCES and (match := _WITH.match(text)):
        return partner_of(text, "dance") if _only_timing(text[match.end() :]) else None
    return None


def _only_timing(rest: str) -> bool:
    return re.search(r"\b(?:and|then|while|before|after)\b|[,;]", rest) is None


def _led_by(target: Target, first: str) -> Target:
    first = re.sub(r"^the ", "", first)
    return target if first in ("you", "he", "she", "they", "we") else replace(target, first=first)


def _somebody(said: str) -> str:
    """A name without its article; "": it is none."""
    name = re.sub(r"^the ", "", said.strip())
    words = name.split()
    known = not words or words[0] in _NOBODY or words[-1] in _NOBODY
    return "" if known or any(word in lex.NUMBERS or word in _JOINTS for word in words) else name
