"""Whether a motion shows what a text names: each movement that the kinematics know must be seen in it."""

import re
from collections.abc import Sequence

from clipactor_node.generation.describing import Event

_STEPS = frozenset({"walk", "walk crouched", "run"})
_DOWN = frozenset({"crouch", "crouch down", "squat", "kneel", "kneel down"})
_ARMS_UP = frozenset({"raise", "hold up", "wave", "stretch", "hold out", "hand to head", "at head", "spread"})
_TURNS = frozenset({"turn", "turn a little", "turn around", "turn in a circle"})
_BENT = _DOWN | {"bend", "all fours", "all fours down"}
NAMED: tuple[tuple[str, frozenset[str]], ...] = (
    (r"walk\w*|strid\w+|march\w*|limp\w*|stroll\w*|sneak\w*|tiptoe\w*|stagger\w*|stumbl\w+", _STEPS),
    (r"runs?|running|jog\w*|sprint\w*", frozenset({"run"})),
    (r"jump\w*|leaps?|leaping|hops?|hopping", frozenset({"jump", "hop", "flip", "handspring"})),
    (r"crawl\w*", frozenset({"crawl", "creep", "all fours"})),
    (r"kicks?|kicking", frozenset({"kick", "lift leg"})),
    (r"wav(?:es?|ing)", frozenset({"wave"})),
    (r"punch\w*|box(?:es|ing)", frozenset({"punch"})),
    (r"claps?|clapping|applaud\w*", frozenset({"clap"})),
    (r"sits?|sitting", frozenset({"sit", "sit down"})),
    (r"kneels?|kneeling", frozenset({"kneel", "kneel down"})),
    (r"lies?|lying", frozenset({"lie", "lie down"})),
    (r"crouch\w*|squat\w*", _DOWN),
    (r"bows?|bowing|bends?|bending|picks?|picking", _BENT),
    (r"(?:rais|lift)\w+ (?:\w+ )*(?:hands?|arms?)", _ARMS_UP),
    (r"nods?|nodding", frozenset({"nod"})),
    (r"spins?|spinning|turns?|turning", _TURNS),
    (r"cartwheels?", frozenset({"cartwheel", "handspring", "flip"})),
    (r"handstands?", frozenset({"handstand", "handspring"})),
)
"""Words for a movement -> the kinds of events in which it is seen."""

_NOT_A_MOVEMENT = re.compile(
    r"\b(?:jump\w* rope|jumping jacks|star jumps|turns? (?:on|off|up|down|the \w+|a \w+)|in turn|from lying|"
    r"\w+ (?:in place|on the spot|upstairs|downstairs)|without \w+|(?:do|does) not \w+)\b"
)
_SIDED = frozenset({"wave", "punch", "kick", "raise", "hold up", "stretch"})
_ON_THE_WAY = _STEPS | {
    "crawl", "creep", "jump", "hop", "flip", "handspring", "cartwheel", "roll over", "handstand",
}  # fmt: skip
FARTHEST_M = 0.7
"""That somebody gets from where they stood without a step or a jump (a lunge)."""


def missing(text: str, events: Sequence[Event]) -> tuple[str, ...]:
    """What a text names and nobody sees, or sees done by the other side; () if nothing is amiss.

    Words that no event stands for, like "plays the violin", are taken on trust.
    """
    said = _NOT_A_MOVEMENT.sub(" ", text.lower())
    found = []
    for pattern, kinds in NAMED:
        match = re.search(rf"\b(?:{pattern})\b", said)
        if match is None:
            continue
        seen = [e for e in events if e.kind in kinds or (kinds is _TURNS and "curve" in e.way)]
        if not seen:
            found.append(f"nothing in it {_third_person(match.group().split()[0])}")
            continue
        side = re.search(r"\b(left|right)\b", said[match.start() : match.end() + _REACH])
        sides = {event.side for event in seen if event.kind in _SIDED}
        if side and sides and not sides & {side.group(1), "both", ""}:
            found.append(f"{match.group()}: with the {sides.pop()} side, not the {side.group(1)}")
    return tuple(found)


_REACH = 16
"""Letters after a movement in which its side is said: "with the left "."""


def glides(way_m: float, events: Sequence[Event]) -> bool:
    """Whether somebody gets so far without a step."""
    return way_m > FARTHEST_M and not any(event.kind in _ON_THE_WAY for event in events)


def _third_person(verb: str) -> str:
    """ "walk", "walks" and "walking" -> what reads well after "nothing in it"."""
    return f"is {verb}" if verb.endswith("ing") else verb
