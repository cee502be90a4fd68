"""Idling: several short motions of somebody who stands and waits, none of them twice in a row."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.motion import Library, MotionClip
from clipactor_node.motion.blending import Legs
from clipactor_node.player.layered_motion import LayeredMotion, MotionLayer, standing

IDLE_CLIP = "idle"

ALIVE, STILL = "alive", "still"
IDLES = (ALIVE, STILL)
"""Breathes, shifts its weight, looks around, blinks; or holds one pose."""

BREATH_S = 4.0
_BREATHS = 2  # in one motion, so that one breathes on from each into the next
_SHIFT_M, _ROLL = 0.035, 0.045  # of the pelvis towards the leg that carries it; radians

Motif = Callable[[np.ndarray, np.ndarray, np.ndarray, float], None]
"""Changes poses (T, 55, 3) and the pelvis's way (T, 3) metres at phases (T,) in [0, 1), by a strength."""


def stance_of(library: Library | None, height: float, rate_hz: float) -> tuple[MotionLayer, str]:
    """How the avatar stands and waits, and why it cannot as it should ("": it can).

    Args:
        library: has the clip; None, or without it: the arms hang from the T-pose.
        height: metres to lift the rest pose so that its soles touch the floor.
    """
    problem = ""
    if library is not None and IDLE_CLIP in library:
        try:
            return MotionLayer(library.load(IDLE_CLIP), IDLE_CLIP), ""
        except LibraryError as error:
            problem = str(error)
    return standing(height, rate_hz), problem


class IdleMotions:
    """What is played while nothing is asked for. Deterministic.

    Args:
        stance: how the avatar stands; its first pose is where every motion begins and ends.
        legs: of the body, whose feet stay where they are.
        rate_hz: of the player.
        seed: others have other motions next.

    Fields:
        kind: may be changed at any time.
    """

    def __init__(
        self, stance: MotionLayer, legs: Legs, rate_hz: float, idle: str = ALIVE, seed: int = 0
    ) -> None:
        self._stance, self._legs, self._seed = stance, legs, seed
        self._random = np.random.default_rng([seed, 0x1D1E])
        strengths = np.random.default_rng([seed, 0xA11]).uniform(0.7, 1.0, len(_MOTIFS))
        alive = [
            _motion(stance.clip, motif, float(strength), legs, rate_hz)
            for motif, strength in zip(_MOTIFS, strengths, strict=True)
        ]
        layers = [replace(stance, clip=clip, source=clip) for clip in (_still(stance.clip, rate_hz), *alive)]
        self._motions = [LayeredMotion(layer, free_hands=True) for layer in layers]
        self.kind = idle

    @property
    def holding(self) -> MotionLayer:
        """One pose, held."""
        return self._motions[0].base

    @property
    def kind(self) -> str:
        """One of `IDLES`."""
        return ALIVE if self._at else STILL

    @kind.setter
    def kind(self, idle: str) -> None:
        if idle not in IDLES:
            raise InvalidChoice("way to idle", idle, IDLES)
        self._at = 1 if idle == ALIVE else 0  # the motion that holds one pose comes first

    @property
    def now(self) -> LayeredMotion:
        """What plays, or played last."""
        return self._motions[self._at]

    @property
    def stance(self) -> MotionClip:
        """How the avatar stands, at the player's rate."""
        return self._motions[0].base.clip

    def __contains__(self, motion: object) -> bool:
        return any(own is motion for own in self._motions)

    def next(self) -> LayeredMotion:
        """Another one than the last."""
        if self._at:
            count = len(self._motions) - 1
            self._at = 1 + (self._at - 1 + int(self._random.integers(1, count))) % count
        return self.now

    def talking(self, duration_s: float) -> LayeredMotion:
        """Standing while something is said."""
        return replace(self.now, duration_s=duration_s)

    def at_rate(self, rate_hz: float) -> "IdleMotions":
        """The same for another rate of the player."""
        return IdleMotions(self._stance, self._legs, rate_hz, self.kind, self._seed)


def held(stance: MotionClip, legs: Legs, rate_hz: float, stands: bool) -> MotionClip:
    """Somebody who stays as they are, breathing; a cycle.

    Args:
        stance: its first frame is held. stands: on feet, which stay while the weight shifts a little.
    """
    if stands:
        alive = _motion(stance, _stand, 0.5, legs, rate_hz)
    else:
        alive = _still(stance, rate_hz)
        poses = alive.poses.astype(np.float64)
        _breathe(poses, np.arange(len(poses)) / len(poses))
        alive = replace(alive, poses=poses)
    poses, translation = (np.concatenate([part, part[:1]]) for part in (alive.poses, alive.translation))
    return MotionClip(stance.name, rate_hz, poses, translation, loop=(0.0, (len(poses) - 1) / rate_hz))


def _still(stance: MotionClip, rate_hz: float) -> MotionClip:
    count = max(round(BREATH_S * _BREATHS * rate_hz), 4)
    poses, translation = stance.poses[:1].repeat(count, 0), stance.translation[:1].repeat(count, 0)
    return MotionClip(stance.name, rate_hz, poses, translation)


def _motion(stance: MotionClip, motif: Motif, strength: float, legs: Legs, rate_hz: float) -> MotionClip:
    """One motion from a stance back to it; the frame after the last would be the first."""
    count = max(round(BREATH_S * _BREATHS * rate_hz), 4)
    phase = np.arange(count) / count
    poses = stance.poses[:1].repeat(count, 0).astype(np.float64)
    way = np.zeros((count, 3))
    _breathe(poses, phase)
    motif(poses, way, phase, strength)
    feet = legs.feet(stance.poses[:1], stance.translation[:1])
    translation = stance.translation[:1] + way
    ankles, turns = feet.ankles.repeat(count, 0), feet.turns.repeat(count, 0)
    reached, moved = legs.reaching(poses, translation, ankles, turns)
    return MotionClip(stance.name, rate_hz, reached, moved)


def _add(poses: np.ndarray, joint: str, axis: int, angle: np.ndarray | float) -> None:
    poses[:, JOINT_INDEX[joint], axis] += angle


def _breathe(poses: np.ndarray, phase: np.ndarray) -> None:
    """In and out: chest and shoulders rise a little; arms and head stay as they hang and look."""
    air = 0.5 - 0.5 * np.cos(2.0 * np.pi * _BREATHS * phase)
    for joint, angle in (("spine2", -0.010), ("spine3", -0.018), ("neck", 0.012), ("head", 0.014)):
        _add(poses, joint, 0, angle * air)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        _add(poses, f"{side}_collar", 2, sign * 0.022 * air)
        _add(poses, f"{side}_shoulder", 2, sign * -0.016 * air)


def _held(phase: np.ndarray, start: float, stop: float, ramp: float) -> np.ndarray:
    """From 0 up to 1, held, and back: smooth, at rest outside [start, stop]."""
    share = np.clip(np.minimum((phase - start) / ramp, (stop - phase) / ramp), 0.0, 1.0)
    eased: np.ndarray = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
    return eased


def _shift(poses: np.ndarray, way: np.ndarray, weight: np.ndarray) -> None:
    """Onto the left leg (1) or the right one (-1): the pelvis goes there and drops on the free side."""
    way[:, 0] += _SHIFT_M * weight
    way[:, 1] -= 0.006 * np.abs(weight)
    _add(poses, "pelvis", 2, _ROLL * weight)
    for joint, share in (("spine1", 0.6), ("spine3", 0.5), ("neck", 0.1)):
        _add(poses, joint, 2, -share * _ROLL * weight)


def _look(poses: np.ndarray, turn: np.ndarray, nod: np.ndarray | float = 0.0) -> None:
    """Radians to the left and down, shared by chest, neck and head."""
    for joint, share in (("spine3", 0.15), ("neck", 0.35), ("head", 0.5)):
        _add(poses, joint, 1, share * turn)
    for joint in ("neck", "head"):
        _add(poses, joint, 0, 0.5 * nod)


def _stand(poses: np.ndarray, way: np.ndarray, phase: np.ndarray, strength: float) -> None:
    _shift(poses, way, 0.25 * strength * np.sin(2.0 * np.pi * phase) ** 2 * np.sin(4.0 * np.pi * phase))


def _onto_left(poses: np.ndarray, way: np.ndarray, phase: np.ndarray, strength: float) -> None:
    _shift(poses, way, strength * _held(phase, 0.06, 0.94, 0.2))
    _look(poses, 0.12 * strength * _held(phase, 0.3, 0.7, 0.12))


def _onto_right(poses: np.ndarray, way: np.ndarray, phase: np.ndarray, strength: float) -> None:
    _shift(poses, way, -strength * _held(phase, 0.06, 0.94, 0.2))
    _look(poses, -0.1 * strength * _held(phase, 0.35, 0.75, 0.12))


def _glance_left(poses: np.ndarray, way: np.ndarray, phase: np.ndarray, strength: float) -> None:
    _look(poses, 0.55 * strength * _held(phase, 0.2, 0.62, 0.09))
    _shift(poses, way, 0.4 * strength * _held(phase, 0.1, 0.9, 0.2))


def _glance_right(poses: np.ndarray, way: np.ndarray, phase: np.ndarray, strength: float) -> None:
    _look(poses, -0.5 * strength * _held(phase, 0.3, 0.75, 0.09))
    _shift(poses, way, -0.35 * strength * _held(phase, 0.1, 0.9, 0.2))


def _look_down(poses: np.ndarray, way: np.ndarray, phase: np.ndarray, strength: float) -> None:
    held = _held(phase, 0.15, 0.8, 0.12)
    _look(poses, -0.15 * strength * held, 0.28 * strength * held)
    _add(poses, "right_elbow", 1, 0.22 * strength * held)
    _add(poses, "right_wrist", 0, -0.18 * strength * held)
    for finger in ("index", "middle", "ring", "pinky"):
        for knuckle, share in (("1", 0.5), ("2", 0.7), ("3", 0.4)):
            rub = 0.25 * share * strength * held * (1.0 + 0.4 * np.sin(10.0 * np.pi * phase))
            _add(poses, f"right_{finger}{knuckle}", 2, rub)


def _loosen(poses: np.ndarray, way: np.ndarray, phase: np.ndarray, strength: float) -> None:
    """The shoulders go up, back and down; the head bends to one side."""
    up, aside = _held(phase, 0.2, 0.55, 0.12), _held(phase, 0.55, 0.92, 0.14)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        _add(poses, f"{side}_collar", 2, sign * 0.12 * strength * up)
        _add(poses, f"{side}_collar", 1, sign * -0.06 * strength * up)
        _add(poses, f"{side}_shoulder", 2, sign * -0.08 * strength * up)
    for joint in ("neck", "head"):
        _add(poses, joint, 2, 0.11 * strength * aside)


_MOTIFS: tuple[Motif, ...] = (
    _stand, _onto_left, _glance_right, _onto_right, _look_down, _glance_left, _loosen,
)  # fmt: skip
