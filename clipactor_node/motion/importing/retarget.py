"""From any skeleton to SMPL-X: the same motion on the shipped body.

1. Rotation transfer (rotation_transfer.py) gives every joint a rotation: the prior.
2. The source is scaled by leg length; whole-body IK (whole_body_ik.py) brings hips, limbs, hands and feet to
   the scaled source joints, staying near the prior.
3. The motion is set on the floor; feet that stand are held where they stand (foot_lock.py), and the
   IK runs once more with them.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import (
    BODY,
    JOINT_INDEX,
    JOINT_NAMES,
    LEFT_HAND,
    RIGHT_HAND,
    axis_angle_from_matrix,
    matrix_from_axis_angle,
)
from clipactor_node.motion.clip import MotionClip
from clipactor_node.motion.contacts import skating_ratio
from clipactor_node.motion.hand_shapes import finger_poses, shape_degrees
from clipactor_node.motion.importing import whole_body_ik
from clipactor_node.motion.importing.foot_lock import foot_correction
from clipactor_node.motion.importing.joint_limits import HEAD_RAD, folded, implausibility, within_limits
from clipactor_node.motion.importing.rotation_transfer import local_rotations, transferred
from clipactor_node.motion.importing.skeleton_mapping import SkeletonMapping, load_mapping
from clipactor_node.motion.importing.source_motion import SourceMotion
from clipactor_node.motion.skin_sample import SkinSample

MAX_RATE_HZ = 60.0
"""Faster sources are thinned to at most this rate: it is what people move within."""

_WEIGHTS = {"knee": 3.0, "ankle": 3.0, "elbow": 3.0, "wrist": 3.0, "shoulder": 0.5}
_STIFFNESS = {"collar": 0.02, "pelvis": 0.06, "spine": 0.08, "ankle": 0.01, "foot": 0.02, "wrist": 0.02}
_USUAL_STIFFNESS = 0.0015
_NEVER_BENT_RAD = 0.02  # radians: fingers that never bend more were not captured
_HOLD = 8.0  # weight of a standing foot's target


@dataclass(frozen=True)
class Fit:
    """How well a motion fits the body: metres between scaled source joints and SMPL-X joints.

    beyond_limits: share of frames in which the source's head or a foot is turned as none can be.
    """

    mean_m: float
    max_m: float
    skating: float
    source_skating: float
    scale: float
    beyond_limits: float


def retarget(
    motion: SourceMotion, skin: SkinSample, mapping: SkeletonMapping | None = None
) -> tuple[MotionClip, Fit]:
    """A motion on the body of `skin`.

    Args:
        mapping: None: the motion's own, or the shipped one that `motion.skeleton` names.

    Raises:
        LibraryError: the skeleton lacks joints that the mapping needs.
    """
    mapping = mapping or motion.mapping or load_mapping(motion.skeleton)
    motion = thinned(motion)
    names = [name for name, point in mapping.positions.items() if point.within(motion.joints)]
    _check_legs(motion, names)
    scale = _scale(motion, mapping, skin.rest_joints)
    world = motion.world[1]
    targets = scale * np.stack([mapping.positions[name].at(motion.joints, world) for name in names], axis=1)
    prior = transferred(motion, mapping, skin.rest_joints)
    driven = [name in mapping.rotations and mapping.rotations[name] in motion.joints for name in JOINT_NAMES]
    local, implausible = within_limits(local_rotations(prior))
    problem = _IkProblem(skin, names, local, np.array(driven), prior[:, 0], targets, implausible)
    rotations, root, reached = problem.solve(problem.prior, problem.root, targets, problem.weights)
    lift = _floor_offset(problem.points(rotations, root)[:, :, 1])
    root, reached, grounded = root + lift, reached + lift, targets + lift
    fixed, weights = _with_standing_feet(
        problem, problem.points(rotations, root), reached, grounded, motion.rate_hz
    )
    rotations, root, reached = problem.solve(rotations, root, fixed, weights)
    rotations, head = _with_gaze_of_source(rotations, prior)
    error = np.linalg.norm(reached[:, problem.joints] - grounded, axis=-1)
    poses, translation = problem.poses(rotations), root - skin.rest_joints[0]
    feet = [i for i, name in enumerate(names) if name.endswith(("_foot", "_ankle"))]
    balls = [i for i in feet if names[i].endswith("_foot")] or feet
    fit = Fit(
        float(error.mean()),
        float(error.max()),
        skating_ratio(reached[:, problem.joints][:, balls], motion.rate_hz),
        skating_ratio(grounded[:, balls], motion.rate_hz),
        scale,
        float((np.maximum(head, np.maximum(*implausible.values())) > 0.5).mean()),
    )
    clip = MotionClip(
        motion.name,
        motion.rate_hz,
        poses,
        translation,
        labels=motion.labels,
        captions=motion.captions,
        source=motion.source,
        licence=motion.licence,
        quality=figures(fit),
    )
    return clip, fit


def figures(fit: Fit) -> dict[str, float]:
    """What a clip's `quality` says about its retargeting."""
    return {
        "fit_mean_m": round(fit.mean_m, 5),
        "fit_max_m": round(fit.max_m, 5),
        "skating": round(fit.skating, 4),
        "source_skating": round(fit.source_skating, 4),
        "beyond": round(fit.beyond_limits, 4),
    }


def thinned(motion: SourceMotion) -> SourceMotion:
    """Every n-th frame, so that the rate is at most MAX_RATE_HZ."""
    step = int(np.ceil(motion.rate_hz / MAX_RATE_HZ - 0.05))
    if step <= 1:
        return motion
    shifts = {j: s[::step] for j, s in (motion.shifts or {}).items()}
    return replace(
        motion,
        rate_hz=motion.rate_hz / step,
        rotations=motion.rotations[::step],
        root=motion.root[::step],
        shifts=shifts or None,
    )


class _IkProblem:
    """One clip's inverse kinematics: which joints go where, and how stiff the body is."""

    def __init__(
        self,
        skin: SkinSample,
        names: list[str],
        local: np.ndarray,
        driven: np.ndarray,
        pelvis: np.ndarray,
        targets: np.ndarray,
        implausible: dict[str, np.ndarray],
    ) -> None:
        self.skin, self.names, self.prior = skin, names, local[:, BODY]
        self.face_and_hands = _face_and_hands(
            axis_angle_from_matrix(local[:, BODY.stop :]), driven[BODY.stop :], skin
        )
        self.joints = np.array([JOINT_INDEX[name] for name in names])
        self.weights = np.tile([_WEIGHTS.get(_kind(name), 1.0) for name in names], (len(targets), 1))
        self.trust = np.ones_like(self.weights)  # none in the ball of a foot that is turned as none can be
        for side in ("left", "right"):
            if f"{side}_foot" in names:
                self.trust[:, names.index(f"{side}_foot")] -= implausible[side]
        self.stiffness = np.array([_stiffness(name) for name in JOINT_NAMES[BODY]])
        hips = [names.index("left_hip"), names.index("right_hip")]
        rest = skin.rest_joints
        middle = 0.5 * (rest[JOINT_INDEX["left_hip"]] + rest[JOINT_INDEX["right_hip"]]) - rest[0]
        self.root = targets[:, hips].mean(axis=1) - pelvis @ middle

    def solve(
        self, prior: np.ndarray, root: np.ndarray, targets: np.ndarray, weights: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Local rotations (T, 22, 3, 3), pelvis (T, 3) and reached joints (T, 22, 3)."""
        weights = weights * self.trust
        return whole_body_ik.solve(
            self.skin.rest_joints, prior, root, self.joints, targets, weights, self.stiffness
        )

    def poses(self, rotations: np.ndarray) -> np.ndarray:
        """(T, 22, 3, 3) -> (T, 55, 3) axis-angle, with the face and fingers as in the source."""
        return np.concatenate([axis_angle_from_matrix(rotations), self.face_and_hands], axis=1)

    def points(self, rotations: np.ndarray, root: np.ndarray) -> np.ndarray:
        return self.skin.positions(self.poses(rotations), root - self.skin.rest_joints[0])


def _face_and_hands(given: np.ndarray, driven: np.ndarray, skin: SkinSample) -> np.ndarray:
    """Face and fingers, (T, 33, 3): the source's where it has any, else a still face and relaxed hands."""
    given = np.where(driven[:, None], given, 0.0)
    for side, hand in (("left", LEFT_HAND), ("right", RIGHT_HAND)):
        own = slice(hand.start - BODY.stop, hand.stop - BODY.stop)
        if np.abs(given[:, own]).max() < _NEVER_BENT_RAD:
            for joint, pose in finger_poses(side, shape_degrees("relaxed")[None], skin.rest_joints).items():
                given[:, joint - BODY.stop] = pose
    return given


def _with_gaze_of_source(rotations: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Local rotations whose head looks where the source's looks, whatever became of the spine.

    Also, per frame, how implausible its turn is, in [0, 1].
    """
    rotations = rotations.copy()
    chest = rotations[:, 0]
    for name in ("spine1", "spine2", "spine3"):
        chest = chest @ rotations[:, JOINT_INDEX[name]]
    turn = np.swapaxes(chest, -1, -2) @ prior[:, JOINT_INDEX["head"]]
    half = matrix_from_axis_angle(0.5 * axis_angle_from_matrix(folded(turn, HEAD_RAD)))
    rotations[:, JOINT_INDEX["neck"]] = rotations[:, JOINT_INDEX["head"]] = half
    return rotations, implausibility(turn, HEAD_RAD)


def _with_standing_feet(
    problem: _IkProblem, points: np.ndarray, reached: np.ndarray, targets: np.ndarray, rate_hz: float
) -> tuple[np.ndarray, np.ndarray]:
    """Targets and weights with standing feet held on the floor, and the whole never below it."""
    targets, weights = targets.copy(), problem.weights.copy()
    targets[:, :, 1] += _lifted_above_floor(points[:, :, 1].min(axis=1), rate_hz)[:, None]
    for side in ("left", "right"):
        sole, heel = points[:, problem.skin.foot(side)], problem.skin.heel[side]
        ankle, ball = (reached[:, JOINT_INDEX[f"{side}_{joint}"]] for joint in ("ankle", "foot"))
        fix = foot_correction(sole, heel, ankle, ball, rate_hz)
        for joint, shift, hold in (("ankle", fix.ankle, fix.ankle_hold), ("foot", fix.ball, fix.ball_hold)):
            name = f"{side}_{joint}"
            if name in problem.names:
                column = problem.names.index(name)
                targets[:, column] += shift
                weights[:, column] += _HOLD * hold
    return targets, weights


def _lifted_above_floor(lowest: np.ndarray, rate_hz: float) -> np.ndarray:
    """(T,) metres to lift the whole body where any part of it is well below the floor."""
    deep = np.maximum(-lowest - 0.01, 0.0)
    width = max(round(0.15 * rate_hz), 2)
    return gaussian_filter1d(maximum_filter1d(deep, width), width / 3, mode="nearest")


def _floor_offset(heights: np.ndarray) -> np.ndarray:
    """(3,) metres that bring the lowest skin of a typical grounded frame to the floor."""
    lowest = heights.min(axis=1)
    return np.array([0.0, -np.quantile(lowest, 0.05), 0.0])


def _scale(motion: SourceMotion, mapping: SkeletonMapping, rest_joints: np.ndarray) -> float:
    """The body's leg length over the source's."""
    here, there = 0.0, 0.0
    for side in ("left", "right"):
        chain = [f"{side}_{name}" for name in ("hip", "knee", "ankle")]
        for a, b in zip(chain[:-1], chain[1:], strict=True):
            here += float(np.linalg.norm(rest_joints[JOINT_INDEX[a]] - rest_joints[JOINT_INDEX[b]]))
            ends = [mapping.positions[name].at(motion.joints, motion.rest) for name in (a, b)]
            there += float(np.linalg.norm(ends[0] - ends[1]))
    if not there > 1e-6:
        raise LibraryError(f"{motion.name}: the skeleton's legs have no length")
    return float(here / there)


def _stiffness(name: str) -> float:
    return _STIFFNESS.get(_kind(name), _USUAL_STIFFNESS)


def _kind(name: str) -> str:
    return name.removeprefix("left_").removeprefix("right_").rstrip("123")


def _check_legs(motion: SourceMotion, names: list[str]) -> None:
    needed = [f"{side}_{name}" for side in ("left", "right") for name in ("hip", "knee", "ankle")]
    missing = [name for name in needed if name not in names]
    if missing:
        raise LibraryError(
            f"{motion.name}: the skeleton has no joint for {', '.join(missing)} by mapping "
            f"{motion.skeleton!r}; its joints are: {', '.join(motion.joints[:40])}"
        )
