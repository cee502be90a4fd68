"""Events as sentences: several wordings for each, drawn by a seed."""

import random
from collections.abc import Sequence

from clipactor_node.generation.describing.event import Event

PHRASES: dict[str, tuple[str, ...]] = {
    "walk": ("walks {way}", "takes {steps} {way}", "goes {way} on foot", "strides {way}"),
    "walk crouched": ("walks {way} with bent knees", "sneaks {way}, crouched", "goes {way} in a crouch"),
    "run": ("runs {way}", "jogs {way}", "is running {way}"),
    "crawl": ("crawls {way} on hands and knees", "crawls {way}"),
    "creep": ("crawls {way} flat on the floor", "creeps {way} on the belly"),
    "turn": ("turns to the {side}", "turns {side}", "makes a turn to the {side}"),
    "turn a little": ("turns a little to the {side}", "turns slightly {side}"),
    "turn around": ("turns around to the {side}", "turns round to the {side} and faces the other way"),
    "turn in a circle": ("turns in a full circle to the {side}", "spins around once to the {side}"),
    "jump": ("jumps {way}", "leaps {way}", "jumps {way} with both feet"),
    "hop": ("hops {way} on the {side} leg", "hops {way} on one leg, the {side} one"),
    "cartwheel": ("turns a cartwheel", "does a cartwheel", "goes over sideways on the hands"),
    "flip": ("flips {way} in the air", "does a {way} flip", "turns a somersault {way} in the air"),
    "handstand": ("goes upside down on the hands", "does a handstand", "stands on the hands"),
    "handspring": ("does a {way} handspring", "goes over {way} on the hands"),
    "gesture": ("moves {hand} a little in front of the body", "gestures with {hand}"),
    "legs up": ("lifts both legs up, lying on the back", "throws the legs up from the floor"),
    "roll over": ("rolls {way} over the floor", "does a {way} roll on the ground"),
    "sit": ("sits {way}", "is sitting {way}", "stays seated {way}"),
    "sit down": ("sits down {way}", "goes down to sit {way}"),
    "kneel": ("kneels", "is on the knees", "stays on the knees"),
    "kneel down": ("kneels down", "goes down on the knees"),
    "crouch": ("crouches", "squats low", "stays low with bent knees"),
    "crouch down": ("crouches down", "goes down into a squat", "bends the knees and goes low"),
    "squat": ("squats", "does a squat", "bends the knees and comes up again"),
    "lie": ("lies {way}", "is lying {way}"),
    "lie down": ("lies down {way}", "goes to the floor and lies {way}"),
    "all fours": ("is on hands and knees", "supports the body on the hands"),
    "all fours down": ("goes down on the hands", "puts the hands on the floor"),
    "get up": ("gets up {way}", "stands up {way}", "rises {way}"),
    "raise": ("raises {hand} {way}", "lifts {hand} {way}", "puts {hand} up {way}", "raises {arm} {way}"),
    "hold up": ("holds {hand} up", "keeps {hand} raised", "holds {arm} up"),
    "wave": ("waves with {hand}", "waves {hand} from side to side", "waves {hand} in the air"),
    "stretch": ("stretches {arm} out {way}", "reaches {way} with {hand}", "extends {arm} {way}"),
    "punch": ("punches {way} with {hand}", "throws a punch with {hand}", "hits {way} with {hand}"),
    "hand to head": ("brings {hand} {way}", "puts {hand} {way}", "moves {hand} {way}"),
    "hand on hip": ("puts {hand} on {hip}", "rests {hand} on {hip}", "has {hand} on {hip}"),
    "hands together": ("brings the hands together {way}", "holds the hands together {way}"),
    "cross arms": ("crosses the arms", "folds the arms in front of the chest"),
    "clap": ("claps {way}", "claps the hands {way}", "is clapping {way}"),
    "move hand": ("moves {hand} {way}", "keeps moving {hand} {way}", "moves {arm} {way} again and again"),
    "kick": ("kicks {way} with the {side} leg", "kicks {way} with the {side} foot",
             "swings the {side} leg {way} in a kick"),
    "lift knee": ("lifts the {side} knee {way}", "raises the {side} knee {way}",
                  "pulls the {side} knee up {way}"),
    "lift leg": ("lifts the {side} leg {way}", "raises the {side} leg {way}",
                 "stretches the {side} leg out {way}"),
    "lift heel": ("bends the {side} knee and lifts the heel", "lifts the {side} foot behind"),
    "balance": ("stands on the {side} leg", "balances on the {side} leg"),
    "bend": ("bends {way}", "leans {way}", "bends the upper body {way}"),
    "twist": ("twists the upper body to the {side}", "turns the shoulders to the {side}"),
    "nod": ("nods", "nods the head", "moves the head up and down"),
    "shake head": ("shakes the head", "turns the head from side to side"),
    "look": ("looks {way}", "turns the head {way}"),
    "sway": ("sways {way} on the spot", "moves the hips {way}", "rocks {way}"),
    "hold out": ("holds {arm} out {way}", "keeps {arm} stretched out {way}"),
    "spread": ("spreads {hand} to the side", "opens {arm} to the side"),
    "at head": ("moves {hand} about at the head", "keeps {hand} at the head"),
    "stand": ("stands still", "stays where it is", "stands there without moving much"),
}  # fmt: skip
"""Kind of event -> its wordings."""

_TIMES = {2: ("twice", "two times"), 3: ("three times",), 4: ("four times",), 5: ("five times",)}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PACES = {"slowly": ("slowly", "slowly", "at a slow pace"), "quickly": ("quickly", "fast", "at high speed")}
_WHO = ("a person", "somebody", "the person", "a figure", "someone")
_THEN = (", then ", " and then ", ", after that ")
_WHILE = (" and ", " while the person ", " and at the same time ")
_NOT_COUNTED = {"walk", "walk crouched", "run", "crawl"}
"""Their numbers are of steps, and a wording of its own says them."""
_MOST = 5


def phrase(event: Event, choose: random.Random) -> str:
    """What happens, without who does it: "raises the left hand above the head twice, slowly"."""
    wordings = PHRASES[event.kind]
    if event.kind == "walk" and not event.count:
        wordings = tuple(w for w in wordings if "{steps}" not in w)
    text = choose.choice(wordings).format(
        way=_way(event, choose),
        side=event.side,
        hand=_limb(event.side, "hand"),
        arm=_limb(event.side, "arm"),
        hip="the hips" if event.side == "both" else "the hip",
        steps="one step" if event.count == 1 else f"{_NUMBERS[min(event.count, 9)]} steps",
    )
    if event.count > 1 and event.kind not in _NOT_COUNTED:
        times = _TIMES.get(event.count, ("several times", "again and again"))
        text = f"{text} {choose.choice(times)}"
    if event.pace and not (event.kind == "punch" and choose.random() < 0.7):
        text = f"{text} {choose.choice(_PACES[event.pace])}"
    return " ".join(text.split())


def sentences(events: Sequence[Event], seed: int, count: int) -> tuple[str, ...]:
    """So many sentences about events, each worded in its own way: a long one, a short one, and so on.

    The same seed gives the same sentences.
    """
    found: list[str] = []
    for number in range(4 * count):
        choose = random.Random(f"{seed}/{number}")
        text = sentence(events, choose, most=(_MOST, 1, 3, 2)[number % 4])
        if text not in found:
            found.append(text)
        if len(found) == count:
            break
    return tuple(found)


def sentence(events: Sequence[Event], choose: random.Random, most: int) -> str:
    """One sentence about the `most` weightiest of some events, in the order in which they happen."""
    chosen = sorted(sorted(events, key=lambda e: -e.weight)[:most], key=lambda e: (e.start_s, -e.weight))
    if not chosen:
        return f"{choose.choice(_WHO)} {phrase(Event('stand', 0.0, 0.0), choose)}"
    text = f"{choose.choice(_WHO)} {phrase(chosen[0], choose)}"
    last = ""
    for before, now in zip(chosen, chosen[1:], strict=False):
        together = min(before.end_s, now.end_s) - max(before.start_s, now.start_s)
        shortest = min(before.end_s - before.start_s, now.end_s - now.start_s)
        joint = choose.choice(_WHILE if together > 0.5 * max(shortest, 0.1) else _THEN)
        if joint == last or (len(chosen) > 3 and now is not chosen[-1] and joint not in _THEN):
            joint = ", "
        last = joint
        text = f"{text}{joint}{phrase(now, choose)}"
    return text


def _limb(side: str, name: str) -> str:
    return f"both {name}s" if side == "both" else f"the {side} {name}"


def _way(event: Event, choose: random.Random) -> str:
    backwards = {"backward": ("backward", "backwards"), "forward": ("forward", "ahead", "forward")}
    if event.kind in ("flip", "handspring", "roll over", "kick", "stretch", "bend", "lift leg", "punch"):
        return event.way
    return choose.choice(backwards.get(event.way, (event.way,)))
