"""Sentences about a single pose, from where its joints are: the whole body and its parts."""

import random
from dataclasses import dataclass

import numpy as np

from clipactor_node.geometry import JOINT_INDEX

SIDES = ("left", "right")
WHOLE, TRUNK, LEGS, ARMS, HEAD = "whole", "trunk", "legs", "arms", "head"


@dataclass(frozen=True)
class Fact:
    """One thing that is seen: of which part of the body, and how it may be said (each after "a person")."""

    part: str
    wordings: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class _Seen:
    """A pose as it is measured: joints (22, 3) metres from the pelvis, x left, y up, z ahead, their
    rotations (22, 3, 3), the length of an arm and of a leg, and the pelvis's height when standing."""

    joints: np.ndarray
    turns: np.ndarray
    arm: float
    leg: float
    standing: float

    def at(self, name: str) -> np.ndarray:
        """(3,) metres."""
        found: np.ndarray = self.joints[JOINT_INDEX[name]]
        return found

    @property
    def floor(self) -> float:
        """Height of the lowest joint, metres from the pelvis."""
        return float(self.joints[:, 1].min())

    @property
    def height(self) -> float:
        """Of the pelvis above the lowest joint, as a share of that of a standing person."""
        return -self.floor / self.standing

    @property
    def trunk(self) -> np.ndarray:
        """(3,) unit vector from pelvis to neck."""
        way = self.at("neck")
        return np.asarray(way / np.linalg.norm(way))

    def above_floor(self, name: str) -> float:
        """Metres of a joint above the lowest one."""
        return float(self.at(name)[1] - self.floor)


def facts_of(joints: np.ndarray, turns: np.ndarray, rest_joints: np.ndarray) -> list[Fact]:
    """What is seen of a pose, the whole body first.

    Args:
        joints, turns: (22, 3), (22, 3, 3) of one pose, see `layout.joints_of`.
        rest_joints: (55, 3) metres.
    """
    limb = [np.linalg.norm(rest_joints[JOINT_INDEX[b]] - rest_joints[JOINT_INDEX[a]])
            for a, b in (("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
                         ("left_hip", "left_knee"), ("left_knee", "left_ankle"))]  # fmt: skip
    standing = rest_joints[0, 1] - rest_joints[[10, 11], 1].min()
    seen = _Seen(joints, turns, float(limb[0] + limb[1]), float(limb[2] + limb[3]), float(standing))
    stance = _stance(seen)
    return [*stance, *_legs(seen, stance[0]), *_trunk(seen, stance[0]), *_arms(seen), *_head(seen)]


def sentence(facts: list[Fact], draw: random.Random, most: int = 4, part: str = "") -> str:
    """The weightiest facts in one sentence, worded by chance; of one part of the body if it is named.

    Returns:
        "": nothing is seen of that part.
    """
    chosen = sorted((f for f in facts if not part or f.part == part), key=lambda f: -f.weight)[:most]
    if not chosen:
        return ""
    order = [f for f in facts if f in chosen]
    said = [draw.choice(fact.wordings) for fact in order]
    first, rest = said[0], said[1:]
    if order[0].part in (ARMS, HEAD):
        first = f"has {first}" if not first.startswith(("looks", "tilts", "crosses", "holds")) else first
    joined = ", ".join([first, *rest[:-1]])
    return f"a person {joined}{' and ' if rest else ''}{rest[-1] if rest else ''}"


def sentences(facts: list[Fact], seed: str, count: int = 3) -> tuple[str, ...]:
    """So many different sentences: everything, the whole body alone, the arms, and so on by chance."""
    draw = random.Random(seed)
    found = [sentence(facts, draw, 4), sentence(facts, draw, 2), sentence(facts, draw, 2, ARMS)]
    while len(found) < 2 * count:
        found.append(sentence(facts, draw, draw.randint(1, 5)))
    return tuple(dict.fromkeys(filter(None, found)))[:count]


def _stance(seen: _Seen) -> list[Fact]:
    """What the whole body does: exactly one fact, and which leg bears it."""
    up, chest = float(seen.trunk[1]), float(seen.turns[JOINT_INDEX["spine3"]][1, 2])
    feet = [seen.above_floor(f"{side}_ankle") for side in SIDES]
    if up < -0.15 and min(feet) > seen.above_floor("pelvis") - 0.12:
        return [Fact(WHOLE, ("is upside down", "stands on the hands", "does a handstand"), 5)]
    if up < 0.45 and seen.height < 0.45:
        return [_lying(seen, chest)]
    hands = [seen.above_floor(f"{side}_wrist") for side in SIDES]
    if up < 0.55 and max(hands) < 0.25 and chest < -0.4:
        if min(seen.above_floor(f"{side}_knee") for side in SIDES) < 0.15:
            return [Fact(WHOLE, ("is on all fours", "is on hands and knees", "crawls"), 5)]
        return [Fact(WHOLE, ("stands on hands and feet", "has the hands and feet on the floor"), 5)]
    return _carried(seen)


def _lying(seen: _Seen, chest: float) -> Fact:
    if chest > 0.55:
        return Fact(WHOLE, ("lies on the back", "lies face up on the floor", "is lying on the back"), 5)
    if chest < -0.55:
        return Fact(WHOLE, ("lies on the belly", "lies face down on the floor", "is lying prone"), 5)
    side = "left" if seen.turns[JOINT_INDEX["spine3"]][1, 0] < 0 else "right"
    return Fact(WHOLE, (f"lies on the {side} side", f"is lying on the {side} side"), 5)


def _carried(seen: _Seen) -> list[Fact]:
    """Kneeling, sitting, crouching, standing."""
    knees = {side: seen.above_floor(f"{side}_knee") < 0.17 for side in SIDES}
    thighs = [seen.at(f"{side}_knee") - seen.at(f"{side}_hip") for side in SIDES]
    level = [abs(float(thigh[1])) / float(np.linalg.norm(thigh)) < 0.6 for thigh in thighs]
    if seen.height > 0.35 and all(knees.values()):
        return [Fact(WHOLE, ("kneels", "kneels on both knees", "is kneeling upright"), 5)]
    if seen.height > 0.35 and any(knees.values()) and seen.height < 0.8:
        side = next(s for s in SIDES if knees[s])
        return [Fact(WHOLE, (f"kneels on the {side} knee", "kneels on one knee"), 5)]
    if seen.height < 0.33:
        return [_on_the_floor(seen)]
    ahead = min(float(seen.at(f"{side}_ankle")[2]) for side in SIDES)
    leans_on_air = float(seen.at("neck")[2]) < ahead - 0.12  # something else than the feet carries it
    if all(level) and seen.height < 0.72 and ahead > 0.18 and leans_on_air:
        return [Fact(WHOLE, ("sits", "is sitting", "sits on a chair", "is seated"), 5)]
    if seen.height < 0.72:
        return [Fact(WHOLE, ("crouches", "squats", "is squatting low"), 5)]
    return [_standing(seen)]


def _on_the_floor(seen: _Seen) -> Fact:
    knees, ankles = (
        float(np.linalg.norm(seen.at(f"left_{name}") - seen.at(f"right_{name}")))
        for name in ("knee", "ankle")
    )
    away = max(float(np.linalg.norm(seen.at(f"{side}_ankle"))) for side in SIDES)
    if knees > 0.45 and ankles < 0.35 and away < 0.75 * seen.leg:
        return Fact(WHOLE, ("sits cross-legged", "sits on the floor with crossed legs"), 5)
    if away > 0.9 * seen.leg:
        return Fact(WHOLE, ("sits on the floor with stretched legs", "sits on the floor"), 5)
    return Fact(WHOLE, ("sits on the floor", "is sitting on the ground"), 5)


def _standing(seen: _Seen) -> Fact:
    feet = {side: seen.at(f"{side}_ankle") for side in SIDES}
    higher = "left" if feet["left"][1] > feet["right"][1] else "right"
    other = "right" if higher == "left" else "left"
    if feet[higher][1] - feet[other][1] > 0.16:
        return Fact(
            WHOLE, (f"stands on the {other} leg", "stands on one leg", f"balances on the {other} leg"), 5
        )
    apart = feet["left"] - feet["right"]
    if abs(apart[2]) > 0.55:
        side = "left" if apart[2] > 0 else "right"
        return Fact(
            WHOLE, (f"lunges with the {side} leg ahead", f"stands in a wide step, the {side} foot ahead"), 4
        )
    if abs(apart[2]) > 0.28:
        side = "left" if apart[2] > 0 else "right"
        return Fact(WHOLE, (f"steps with the {side} foot ahead", f"stands with the {side} foot ahead"), 3)
    if apart[0] > 0.5:
        return Fact(WHOLE, ("stands with the legs wide apart", "stands with feet far apart"), 4)
    return Fact(WHOLE, ("stands", "is standing", "stands upright"), 2)


def _legs(seen: _Seen, stance: Fact) -> list[Fact]:
    """A raised leg, bent knees."""
    if not stance.wordings[0].startswith(("stands on the", "stands", "steps", "lunges")):
        return []
    found = []
    for side in SIDES:
        other = "right" if side == "left" else "left"
        if seen.above_floor(f"{side}_ankle") - seen.above_floor(f"{other}_ankle") < 0.16:
            continue
        way = seen.at(f"{side}_ankle") - seen.at(f"{side}_hip")
        straight = float(np.linalg.norm(way)) > 0.9 * seen.leg
        out = way[0] if side == "left" else -way[0]
        where = (
            "ahead" if way[2] > 0.35 else "behind" if way[2] < -0.35 else "to the side" if out > 0.35 else ""
        )
        if straight and where:
            found.append(
                Fact(LEGS, (f"the {side} leg stretched {where}", f"the {side} leg raised {where}"), 4)
            )
        elif seen.at(f"{side}_knee")[1] - seen.at(f"{side}_hip")[1] > -0.22:
            found.append(Fact(LEGS, (f"the {side} knee raised", f"the {side} knee lifted high"), 4))
        else:
            found.append(Fact(LEGS, (f"the {side} foot lifted", f"the {side} foot off the floor"), 3))
    if not found and seen.height < 0.9 and stance.wordings[0].startswith("stands"):
        found.append(Fact(LEGS, ("bent knees", "the knees bent"), 2))
    return found


def _trunk(seen: _Seen, stance: Fact) -> list[Fact]:
    if any(word in stance.wordings[0] for word in ("lies", "upside", "fours", "hands and")):
        return []
    ahead = np.degrees(np.arctan2(seen.trunk[2], seen.trunk[1]))
    aside = np.degrees(np.arctan2(seen.trunk[0], seen.trunk[1]))
    found = []
    if ahead > 55:
        found.append(Fact(TRUNK, ("bends far down", "bent over deeply"), 3.5))
    elif ahead > 24:
        found.append(Fact(TRUNK, ("leans forward", "bent forward"), 2.5))
    elif ahead < -14:
        found.append(Fact(TRUNK, ("leans back", "the trunk bent backward"), 2.5))
    if abs(aside) > 16:
        side = "left" if aside > 0 else "right"
        found.append(Fact(TRUNK, (f"leans to the {side}", f"the trunk bent to the {side}"), 2.5))
    shoulders = seen.at("left_shoulder") - seen.at("right_shoulder")
    hips = seen.at("left_hip") - seen.at("right_hip")
    twist = np.degrees(np.arctan2(-shoulders[2], shoulders[0]) - np.arctan2(-hips[2], hips[0]))
    if 28 < abs(twist) < 120:
        side = "left" if twist > 0 else "right"
        found.append(Fact(TRUNK, (f"twists to the {side}", f"the trunk turned to the {side}"), 2))
    return found


_BOTH = {
    "up": ("both arms raised", "both arms stretched up", "the arms raised above the head"),
    "side": ("both arms stretched out to the sides", "the arms spread wide"),
    "ahead": ("both arms stretched forward", "both arms held out in front"),
    "back": ("both arms stretched back", "both arms behind the body"),
    "hip": ("hands on the hips", "both hands on the hips"),
    "head": ("both hands at the head", "both hands on the head"),
    "before": ("both hands before the chest", "both arms bent in front of the body"),
    "down": ("arms hanging", "both arms down at the sides"),
    "elbow": ("both elbows bent and lifted to the sides",),
    "behind": ("both hands behind the back",),
}
_ONE = {
    "up": ("the {s} arm raised", "the {s} hand above the head", "the {s} arm stretched up"),
    "side": ("the {s} arm stretched out to the side", "the {s} arm held out sideways"),
    "ahead": ("the {s} arm stretched forward", "the {s} arm held out in front"),
    "back": ("the {s} arm stretched back",),
    "hip": ("the {s} hand on the hip",),
    "head": ("the {s} hand at the head", "the {s} hand at the face"),
    "before": ("the {s} hand before the chest", "the {s} arm bent in front of the body"),
    "down": ("the {s} arm hanging", "the {s} arm down"),
    "elbow": ("the {s} elbow bent and lifted to the side",),
    "behind": ("the {s} hand behind the back",),
}
_WEIGHTS = {"down": 0.8, "before": 2.0, "elbow": 2.2, "back": 2.5}


def _arms(seen: _Seen) -> list[Fact]:
    crossed = all(
        (seen.at(f"{a}_wrist")[0] - seen.at("spine3")[0]) * sign < -0.03 and seen.at(f"{a}_wrist")[2] > 0.05
        for a, sign in (("left", 1), ("right", -1))
    )
    near = float(np.linalg.norm(seen.at("left_wrist") - seen.at("right_wrist")))
    places = {side: _arm(seen, side) for side in SIDES}
    if crossed and set(places.values()) == {"before"}:
        return [Fact(ARMS, ("crossed arms", "arms crossed before the chest", "folded arms"), 3)]
    if near < 0.16 and set(places.values()) == {"before"}:
        return [Fact(ARMS, ("hands together before the chest", "hands joined"), 3)]
    if places["left"] == places["right"]:
        place = places["left"]
        return [Fact(ARMS, _BOTH[place], _WEIGHTS.get(place, 3.0))]
    return [
        Fact(ARMS, tuple(w.format(s=side) for w in _ONE[place]), _WEIGHTS.get(place, 3.0))
        for side, place in places.items()
    ]


def _arm(seen: _Seen, side: str) -> str:
    """Where an arm is: a key of `_ONE`; directions are those of the trunk."""
    chest = seen.turns[JOINT_INDEX["spine3"]]
    sign = 1.0 if side == "left" else -1.0
    shoulder, elbow, wrist = (seen.at(f"{side}_{name}") for name in ("shoulder", "elbow", "wrist"))
    way = (chest.T @ (wrist - shoulder)) * [sign, 1, 1] / seen.arm
    upper = (chest.T @ (elbow - shoulder)) * [sign, 1, 1] / seen.arm
    length = float(np.linalg.norm(way))
    if np.linalg.norm(wrist - seen.at("head")) < 0.24 and way[1] < 0.75:
        return "head"
    if way[1] > 0.45:
        return "up"
    if np.linalg.norm(wrist - seen.at(f"{side}_hip")) < 0.26 and upper[0] > 0.14 and length < 0.9:
        return "hip"
    if length > 0.78:
        if way[1] < -0.72:
            return "down"
        outward = {"side": way[0], "ahead": way[2], "back": -way[2]}
        best = max(outward, key=lambda name: outward[name])
        return best if outward[best] > 0.5 else "down"
    if way[2] < -0.1:
        return "behind"
    return "elbow" if upper[0] > 0.38 and way[2] < 0.3 else "before"


def _head(seen: _Seen) -> list[Fact]:
    chest, head = (seen.turns[JOINT_INDEX[name]] for name in ("spine3", "head"))
    own = chest.T @ head
    look = np.degrees(np.arctan2(own[0, 2], own[2, 2]))
    nod = np.degrees(np.arctan2(-own[1, 2], np.hypot(own[0, 2], own[2, 2])))
    tilt = np.degrees(np.arctan2(-own[0, 1], own[1, 1]))
    found = []
    if abs(look) > 28:
        side = "left" if look > 0 else "right"
        found.append(Fact(HEAD, (f"looks to the {side}", f"the head turned to the {side}"), 2))
    if nod > 24:
        found.append(Fact(HEAD, ("looks down", "the head bent down"), 2))
    elif nod < -18:
        found.append(Fact(HEAD, ("looks up", "the head raised"), 2))
    if abs(tilt) > 18:
        side = "right" if tilt > 0 else "left"
        found.append(Fact(HEAD, (f"tilts the head to the {side}",), 1.5))
    return found
