"""A pose in words, part by part: what a vision-language model is asked for (Xu et al., Sec. II.C).

Here it is read from where the joints are.

Every part (whole body, torso, head, each arm, each leg) gives short sentences. What holds for the part
decides which; `seed` decides only how it is said.
"""

import random
from collections.abc import Sequence

import numpy as np

from clipactor_node.geometry import JOINT_INDEX

_SAID: dict[str, tuple[str, ...]] = {
    "stand": ("the person stands", "a person is standing", "standing upright"),
    "sit": ("the person sits", "a person is sitting", "sitting with the thighs level"),
    "crouch": ("the person crouches", "a person squats low", "the body is low, both knees bent"),
    "kneel": ("the person kneels", "a person is on the knees"),
    "lie back": ("the person lies on the back", "lying face up"),
    "lie belly": ("the person lies on the belly", "lying face down"),
    "lie side": ("the person lies on the side", "lying sideways"),
    "all fours": ("the person is on hands and knees", "the body is held up by hands and feet"),
    "upside down": ("the person is upside down", "the feet are above the head"),
    "upright": ("the torso is upright", "the back is straight up"),
    "lean forward": ("the torso leans forward", "the upper body is bent a little forward"),
    "bend forward": ("the torso is bent far forward", "the person bends down at the hips"),
    "lean back": ("the torso leans backward", "the upper body is bent back"),
    "lean left": ("the torso leans to the left", "the upper body is bent to the left side"),
    "lean right": ("the torso leans to the right", "the upper body is bent to the right side"),
    "twist left": ("the shoulders are turned to the left", "the torso is twisted to the left"),
    "twist right": ("the shoulders are turned to the right", "the torso is twisted to the right"),
    "head left": ("the head is turned to the left", "the face looks to the left"),
    "head right": ("the head is turned to the right", "the face looks to the right"),
    "head up": ("the head is raised", "the face looks up"),
    "head down": ("the head is bowed", "the face looks down"),
    "head ahead": ("the head looks ahead", "the face looks forward"),
    "hand over": ("the {side} hand is above the head", "the {side} arm is raised high over the head"),
    "hand head": ("the {side} hand is at the height of the head", "the {side} hand is beside the head"),
    "hand shoulder": ("the {side} hand is at shoulder height", "the {side} hand is as high as the shoulders"),
    "hand chest": ("the {side} hand is at chest height", "the {side} hand is in front of the chest"),
    "hand waist": ("the {side} hand is at the height of the waist", "the {side} hand is beside the waist"),
    "hand low": ("the {side} arm hangs down", "the {side} hand is down beside the thigh"),
    "hand out": ("the {side} hand is out to the side", "the {side} arm is spread to its side"),
    "hand forward": ("the {side} hand is in front of the body", "the {side} arm reaches forward"),
    "hand back": ("the {side} hand is behind the body", "the {side} arm goes backward"),
    "hand across": ("the {side} hand is across the body", "the {side} arm crosses to the other side"),
    "hand on hip": ("the {side} hand is on the hip", "the {side} hand rests on the waist"),
    "elbow straight": ("the {side} arm is straight", "the {side} elbow is stretched"),
    "elbow bent": ("the {side} elbow is bent", "the {side} arm is bent at a right angle"),
    "elbow closed": ("the {side} elbow is bent sharply", "the {side} hand is close to the {side} shoulder"),
    "hands together": ("the hands are together", "both hands touch"),
    "thigh forward": ("the {side} thigh is raised forward", "the {side} knee is lifted in front"),
    "thigh high": ("the {side} knee is pulled up high", "the {side} thigh is at the belly"),
    "thigh side": ("the {side} leg is out to the side", "the {side} thigh is spread sideways"),
    "thigh back": ("the {side} leg goes backward", "the {side} thigh is behind the body"),
    "thigh down": ("the {side} leg is under the body", "the {side} thigh points straight down"),
    "knee straight": ("the {side} leg is straight", "the {side} knee is stretched"),
    "knee bent": ("the {side} knee is bent", "the {side} lower leg is bent back"),
    "knee closed": ("the {side} knee is bent sharply", "the {side} heel is near the bottom"),
    "foot lifted": ("the {side} foot is off the floor", "the {side} foot is lifted"),
    "feet wide": ("the feet are wide apart", "the legs are spread"),
    "feet close": ("the feet are close together", "the legs are together"),
    "legs crossed": ("the legs are crossed", "one foot is in front of the other, across"),
}  # fmt: skip

Fact = tuple[str, str]
"""A key of `_SAID`, and "left", "right" or "" for the side."""


def facts(joints: np.ndarray, turns: np.ndarray) -> list[Fact]:
    """What holds for a pose.

    Args:
        joints: (22, 3) metres, any origin, y up. turns: (22, 3, 3) from rest to the same axes.
    """
    at = {name: joints[index] for name, index in JOINT_INDEX.items() if index < len(joints)}
    chest, hips = turns[JOINT_INDEX["spine3"]], turns[0]
    up = at["neck"] - at["pelvis"]
    up = up / max(float(np.linalg.norm(up)), 1e-6)
    found = _whole(at, up, chest) + _torso(up, chest, hips) + _head(chest, turns[JOINT_INDEX["head"]])
    for side in ("left", "right"):
        found += _arm(at, chest, side)
    if np.linalg.norm(at["left_wrist"] - at["right_wrist"]) < 0.2:
        found.append(("hands together", ""))
    low = min(float(at[f"{side}_ankle"][1]) for side in ("left", "right"))
    for side in ("left", "right"):
        found += _leg(at, hips, side, low)
    return found + _feet(at, hips)


def sentences(given: Sequence[Fact], seed: int) -> tuple[str, ...]:
    """One for each fact; the same for the same seed."""
    chosen = random.Random(seed)
    return tuple(chosen.choice(_SAID[kind]).format(side=side) for kind, side in given)


def every_sentence() -> tuple[str, ...]:
    """All that `sentences` can say."""
    return tuple(
        dict.fromkeys(said.format(side=side) for group in _SAID.values() for said in group
                      for side in (("left", "right") if "{side}" in said else ("",)))
    )  # fmt: skip


_ARM = {"hand", "hands", "arm", "arms", "elbow", "elbows", "wrist", "wrists", "fist", "fists", "fingers"}
_LEG = {"leg", "legs", "knee", "knees", "thigh", "thighs", "foot", "feet", "heel", "heels", "ankle", "ankles"}
_BY_LEGS = {"sit", "sits", "sitting", "seated", "kneel", "kneels", "kneeling", "crouch", "crouches"}
_BY_LEGS |= {"crouching", "squat", "squats", "squatting", "lunge", "lunges", "lunging", "stand", "stands"}
_BY_LEGS |= {"standing", "walk", "walks", "walking", "run", "runs", "running", "kick", "kicks", "kicking"}
_BY_ARMS = {"wave", "waves", "waving", "clap", "claps", "clapping", "punch", "punches", "punching"}


def limbs_named(description: str) -> set[tuple[str, str]]:
    """Which limbs a description says something about: ("left", "arm") and so on; without a side, both."""
    found: set[tuple[str, str]] = set()
    for clause in split(description.lower()):
        words = set(clause.replace("'", " ").split())
        sides = [side for side in ("left", "right") if side in words] or ["left", "right"]
        for limb, names in (("arm", _ARM | _BY_ARMS), ("leg", _LEG | _BY_LEGS)):
            if words & names:
                found |= {(side, limb) for side in sides}
    return found


def split(description: str) -> list[str]:
    """A description as its sentences and clauses, which are read one by one."""
    rows = [description]
    for mark in (".", ";", "\n", ",", " and then ", " while ", " and "):
        rows = [part for row in rows for part in row.split(mark)]
    return [row.strip() for row in rows if any(letter.isalpha() for letter in row)]


def _whole(at: dict[str, np.ndarray], up: np.ndarray, chest: np.ndarray) -> list[Fact]:
    height = {name: float(point[1]) for name, point in at.items()}
    floor = min(height.values())
    pelvis = height["pelvis"] - floor
    if up[1] < -0.3 and min(height["left_ankle"], height["right_ankle"]) > height["pelvis"]:
        return [("upside down", "")]
    if up[1] < 0.5 and pelvis < 0.4:
        faces = float(chest[1, 2])
        return [("lie back" if faces > 0.5 else "lie belly" if faces < -0.5 else "lie side", "")]
    hands = max(height["left_wrist"], height["right_wrist"]) - floor
    if up[1] < 0.55 and hands < 0.25:
        return [("all fours", "")]
    knees = [height[f"{side}_knee"] - floor for side in ("left", "right")]
    if pelvis < 0.75:
        if min(knees) < 0.17 and pelvis > 0.35:
            return [("kneel", "")]
        thighs = 0.5 * sum(knees) - pelvis
        return [("sit" if thighs > -0.2 and pelvis > 0.05 and up[1] > 0.6 else "crouch", "")]
    return [("stand", "")]


def _torso(up: np.ndarray, chest: np.ndarray, hips: np.ndarray) -> list[Fact]:
    level = hips[:, 2] * [1.0, 0.0, 1.0]
    ahead = level / max(float(np.linalg.norm(level)), 1e-6)
    left = np.array([ahead[2], 0.0, -ahead[0]])
    found = []
    if up[1] > 0.3:
        lean, tilt = np.arctan2(up @ ahead, up[1]), np.arctan2(up @ left, up[1])
        if lean > 0.7:
            found.append(("bend forward", ""))
        elif lean > 0.25:
            found.append(("lean forward", ""))
        elif lean < -0.2:
            found.append(("lean back", ""))
        if abs(tilt) > 0.2:
            found.append(("lean left" if tilt > 0 else "lean right", ""))
        if not found:
            found.append(("upright", ""))
    twist = (hips.T @ chest)[:, 2]
    if abs(twist[0]) > 0.3:
        found.append(("twist left" if twist[0] > 0 else "twist right", ""))
    return found


def _head(chest: np.ndarray, head: np.ndarray) -> list[Fact]:
    face = (chest.T @ head)[:, 2]
    if abs(face[0]) > 0.4:
        return [("head left" if face[0] > 0 else "head right", "")]
    if abs(face[1]) > 0.3:
        return [("head up" if face[1] > 0 else "head down", "")]
    return [("head ahead", "")]


def _arm(at: dict[str, np.ndarray], chest: np.ndarray, side: str) -> list[Fact]:
    out = 1.0 if side == "left" else -1.0
    hand = chest.T @ (at[f"{side}_wrist"] - at[f"{side}_shoulder"]) * [out, 1.0, 1.0]
    elbow = chest.T @ (at[f"{side}_elbow"] - at[f"{side}_shoulder"]) * [out, 1.0, 1.0]
    found = []
    levels = ((0.22, "over"), (0.1, "head"), (-0.1, "shoulder"), (-0.26, "chest"), (-0.42, "waist"))
    hip = at[f"{side}_wrist"] - at[f"{side}_hip"]
    if np.linalg.norm(hip) < 0.28 and elbow[0] > 0.12 and hand[1] > -0.45:
        found.append(("hand on hip", side))
    else:
        found.append((f"hand {next((name for least, name in levels if hand[1] > least), 'low')}", side))
    if hand[0] > 0.3:
        found.append(("hand out", side))
    elif hand[0] < -0.15:
        found.append(("hand across", side))
    if hand[2] > 0.25:
        found.append(("hand forward", side))
    elif hand[2] < -0.15:
        found.append(("hand back", side))
    kinds = ("elbow straight", "elbow bent", "elbow closed")
    return [*found, (_bend(at[f"{side}_shoulder"], at[f"{side}_elbow"], at[f"{side}_wrist"], kinds), side)]


def _leg(at: dict[str, np.ndarray], hips: np.ndarray, side: str, low: float) -> list[Fact]:
    out = 1.0 if side == "left" else -1.0
    thigh = hips.T @ (at[f"{side}_knee"] - at[f"{side}_hip"]) * [out, 1.0, 1.0]
    thigh = thigh / max(float(np.linalg.norm(thigh)), 1e-6)
    found = []
    if thigh[2] > 0.35:
        found.append(("thigh high" if thigh[1] > 0.1 else "thigh forward", side))
    elif thigh[2] < -0.35:
        found.append(("thigh back", side))
    if thigh[0] > 0.35:
        found.append(("thigh side", side))
    if not found:
        found.append(("thigh down", side))
    kinds = ("knee straight", "knee bent", "knee closed")
    found.append((_bend(at[f"{side}_hip"], at[f"{side}_knee"], at[f"{side}_ankle"], kinds), side))
    if float(at[f"{side}_ankle"][1]) > low + 0.15:
        found.append(("foot lifted", side))
    return found


def _feet(at: dict[str, np.ndarray], hips: np.ndarray) -> list[Fact]:
    apart = hips.T @ (at["left_ankle"] - at["right_ankle"])
    if apart[0] < -0.02:
        return [("legs crossed", "")]
    if np.linalg.norm(apart) > 0.55:
        return [("feet wide", "")]
    return [("feet close", "")] if np.linalg.norm(apart) < 0.22 else []


def _bend(first: np.ndarray, middle: np.ndarray, last: np.ndarray, kinds: tuple[str, str, str]) -> str:
    """Which of three a joint is: stretched, bent, or closed."""
    a, b = first - middle, last - middle
    cos = float(a @ b) / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9)
    return kinds[0] if cos < -0.85 else kinds[1] if cos < 0.3 else kinds[2]
