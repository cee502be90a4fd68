"""Locomotion made of motion capture: the same steps backwards, bent, lower, shorter, in another mood.

Recipes stand in locomotion.toml:

    [sneak]
    of = "walk"              # a clip that walks straight ahead
    cycles = 2               # how often its cycle is repeated
    reverse = true           # played backwards
    pace = 0.7               # times as fast
    stride = 0.8             # length of steps
    width = 1.2              # distance of the feet from the path
    lift = 1.5               # height of the swinging feet
    lower = 0.08             # metres the pelvis is lowered
    turn = 90                # degrees the path turns left, from start to end
    bounce, sway = 1.4, 1.0  # of the pelvis, up and down, and sideways
    arms = 0.5               # how far they swing
    limp = 0.25              # the left foot's step is that much shorter in time, and the body sinks on it
    pelvis, spine, head = [degrees forward, left turn, left lean]
    collars = [degrees up, forward]
    elbows, out = 30, 10     # degrees the elbows are bent further, the arms held away from the body

What stands in the capture stands in the result: places are mapped, so a foot that rests stays at rest,
and legs are solved for them.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter1d

from clipactor_node.body import Skinner
from clipactor_node.errors import InvalidChoice
from clipactor_node.geometry import JOINT_INDEX, axis_angle_from_matrix, matrix_from_axis_angle
from clipactor_node.motion.authoring.limbs import bent
from clipactor_node.motion.blending import Legs
from clipactor_node.motion.clip import Label, MotionClip

RECIPES = Path(__file__).with_name("locomotion.toml")
RATE_HZ = 30.0
_FIELDS = (
    "of", "cycles", "reverse", "pace", "stride", "width", "lift", "lower", "turn", "bounce", "sway", "arms",
    "limp", "pelvis", "spine", "head", "collars", "elbows", "out", "labels", "captions",
)  # fmt: skip
_SPINE = (("spine1", 0.4), ("spine2", 0.35), ("spine3", 0.25))
_HEAD = (("neck", 0.45), ("head", 0.55))
_SMOOTH = 1.3  # frames: flicks of a captured arm are not made larger
_LIMP_SINK_M = 0.12
_LIMP_LEAN = 22.0  # degrees, for a limp of 1


def derived_clips(captures: Mapping[str, MotionClip], skinner: Skinner) -> Iterator[MotionClip]:
    """Every clip of locomotion.toml, made of the clips in `captures` (name -> clip).

    Raises:
        InvalidChoice: a recipe has an unknown field or names an unknown clip.
    """
    floor = float(skinner.rest_vertices[:, 1].min())
    legs = Legs(skinner.rest_joints, floor)
    for name, recipe in tomllib.loads(RECIPES.read_text(encoding="utf-8")).items():
        for field in recipe:
            if field not in _FIELDS:
                raise InvalidChoice(f"recipe {name!r}: field", field, _FIELDS)
        if recipe["of"] not in captures:
            raise InvalidChoice(f"recipe {name!r}: of", recipe["of"], captures)
        yield _derived(name, recipe, captures[recipe["of"]], legs)


def _derived(name: str, recipe: dict[str, Any], source: MotionClip, legs: Legs) -> MotionClip:
    poses, translation = _retimed(recipe, source)
    feet = legs.feet(poses, translation)
    poses, places = _posed(recipe, poses, source.loop is not None), translation + legs.pelvis
    ankles, turns = _steps(recipe, feet.ankles), feet.turns
    places = _carried(recipe, places, ankles)
    path = _Path(recipe, translation[-1, 2] - translation[0, 2])
    places, ankles, poses[:, 0], turns = path.bend(places, ankles, poses[:, 0], turns)
    poses, translation = legs.reaching(poses, places - legs.pelvis, ankles, turns)
    end = (len(poses) - 1) / RATE_HZ
    return replace(
        source,
        name=name,
        rate_hz=RATE_HZ,
        poses=poses,
        translation=translation,
        labels=tuple(Label(text, 0.0, end) for text in recipe["labels"]),
        captions=tuple(recipe["captions"]),
        source=f"{source.source}; made of {source.name!r} by a recipe of ClipActor",
        loop=(0.0, end) if source.loop else None,
        quality={},
    )


def _retimed(recipe: dict[str, Any], source: MotionClip) -> tuple[np.ndarray, np.ndarray]:
    """The cycles one after another, at the pace, in the direction of time and with the limp of a recipe."""
    cycles, pace = recipe.get("cycles", 1), recipe.get("pace", 1.0)
    length = source.duration_s
    count = round(cycles * length / pace * RATE_HZ)
    phase = np.linspace(0.0, cycles, count + 1)
    limp = recipe.get("limp", 0.0)
    phase = phase + limp / (2 * np.pi) * np.sin(2 * np.pi * phase)
    if recipe.get("reverse"):
        phase = cycles - phase
    turns = np.clip(np.floor(phase), 0, cycles - 1)
    poses, translation = source.sampled((phase - turns) * length)
    poses, translation = poses.astype(np.float64), translation.astype(np.float64)
    way = (source.translation[-1] - source.translation[0]).astype(np.float64) * [1, 0, 1]
    translation = translation + turns[:, None] * way
    translation[:, [0, 2]] -= source.translation[0, [0, 2]]
    translation[:, 0] -= way[0] / length * (phase * length)  # a path that drifts aside is made straight
    return poses, translation


def _posed(recipe: dict[str, Any], poses: np.ndarray, cyclic: bool) -> np.ndarray:
    """Posture and arms."""
    poses = poses.copy()
    limp = recipe.get("limp", 0.0)
    for field, joints in (("pelvis", (("pelvis", 1.0),)), ("spine", _SPINE), ("head", _HEAD)):
        degrees = np.array(recipe.get(field, (0, 0, 0)), float)
        for part, share in joints:
            _turn(poses, JOINT_INDEX[part], bent((share * degrees)[None])[0])
    if limp:
        phase = 2 * np.pi * recipe.get("cycles", 1) * np.linspace(0, 1, len(poses))
        lean = _LIMP_LEAN * limp * np.cos(phase)[:, None] * [0, 0, 1]
        _turn(poses, JOINT_INDEX["spine1"], bent(lean))
    up, forward = np.radians(recipe.get("collars", (0, 0)))
    swing, elbows, out = recipe.get("arms", 1.0), recipe.get("elbows", 0.0), recipe.get("out", 0.0)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        _turn(
            poses,
            JOINT_INDEX[f"{side}_collar"],
            matrix_from_axis_angle(np.array([0, -sign * forward, sign * up])),
        )
        for part in ("shoulder", "elbow"):
            joint = JOINT_INDEX[f"{side}_{part}"]
            middle = poses[:, joint].mean(axis=0)
            poses[:, joint] = middle + swing * _smooth(poses[:, joint] - middle, _SMOOTH, cyclic)
        poses[:, JOINT_INDEX[f"{side}_elbow"], 1] -= sign * np.radians(elbows)
        _before(poses, JOINT_INDEX[f"{side}_shoulder"], np.array([0, 0, sign * np.radians(out)]))
    return poses


def _smooth(curve: np.ndarray, frames: float, cyclic: bool) -> np.ndarray:
    """A curve (T, ...) without its quickest changes; cyclic: its last frame is its first."""
    if not cyclic:
        return gaussian_filter1d(curve, frames, axis=0, mode="nearest")
    inner = gaussian_filter1d(curve[:-1], frames, axis=0, mode="wrap")
    return np.concatenate([inner, inner[:1]])


def _turn(poses: np.ndarray, joint: int, rotation: np.ndarray) -> None:
    poses[:, joint] = axis_angle_from_matrix(matrix_from_axis_angle(poses[:, joint]) @ rotation)


def _before(poses: np.ndarray, joint: int, turn: np.ndarray) -> None:
    poses[:, joint] = axis_angle_from_matrix(
        matrix_from_axis_angle(turn) @ matrix_from_axis_angle(poses[:, joint])
    )


def _steps(recipe: dict[str, Any], ankles: np.ndarray) -> np.ndarray:
    """(T, 2, 3) metres: where the ankles go, before the path is bent."""
    ankles = ankles.copy()
    ankles[..., 2] *= recipe.get("stride", 1.0)
    ankles[..., 0] *= recipe.get("width", 1.0)
    lowest = ankles[..., 1].min(axis=0)
    ankles[..., 1] = lowest + recipe.get("lift", 1.0) * (ankles[..., 1] - lowest)
    return ankles


def _carried(recipe: dict[str, Any], places: np.ndarray, ankles: np.ndarray) -> np.ndarray:
    """(T, 3) metres: where the pelvis goes, before the path is bent."""
    places = places.copy()
    places[:, 2] *= recipe.get("stride", 1.0)
    middle = places[:, 1].mean()
    places[:, 1] = middle + recipe.get("bounce", 1.0) * (places[:, 1] - middle) - recipe.get("lower", 0.0)
    places[:, 0] *= recipe.get("sway", 1.0)
    limp = recipe.get("limp", 0.0)
    if limp:
        stands = 1.0 / (1.0 + np.exp((ankles[:, 0, 1] - ankles[:, 1, 1]) / 0.02))
        places[:, 1] -= _LIMP_SINK_M * limp * _smooth(stands, 3.0, cyclic=True)
    return places


class _Path:
    """A straight way along z, bent to an arc that begins at the origin.

    Args:
        recipe: its `turn`, degrees left. length: metres of the straight way, as captured.
    """

    def __init__(self, recipe: dict[str, Any], length: float) -> None:
        way = length * recipe.get("stride", 1.0)
        self.curvature = np.radians(recipe.get("turn", 0.0)) / way if abs(way) > 1e-6 else 0.0

    def bend(
        self, places: np.ndarray, ankles: np.ndarray, heading: np.ndarray, turns: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Pelvis (T, 3), ankles (T, 2, 3), the root's axis-angle (T, 3) and the feet's turns, on the arc."""
        if not self.curvature:
            return places, ankles, heading, turns
        root = axis_angle_from_matrix(self._about(places) @ matrix_from_axis_angle(heading))
        return self._mapped(places), self._mapped(ankles), root, self._about(ankles) @ turns

    def _mapped(self, points: np.ndarray) -> np.ndarray:
        angle = self.curvature * points[..., 2]
        inside = 1.0 / self.curvature - points[..., 0]
        out = points.copy()
        out[..., 0] = 1.0 / self.curvature - inside * np.cos(angle)
        out[..., 2] = inside * np.sin(angle)
        return out

    def _about(self, points: np.ndarray) -> np.ndarray:
        angle = self.curvature * points[..., 2]
        return matrix_from_axis_angle(np.stack([0 * angle, angle, 0 * angle], axis=-1))
