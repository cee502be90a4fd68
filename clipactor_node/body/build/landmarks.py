"""Named points of the surface, each the outermost vertex of something in the T-pose."""

import numpy as np
import numpy.typing as npt

from clipactor_node.errors import ModelError
from clipactor_node.geometry import JOINT_INDEX

_MIDDLE = 0.008  # metres from the mid-plane


def landmarks(
    template: np.ndarray, weights: np.ndarray, joints: np.ndarray, skin: np.ndarray
) -> dict[str, int]:
    """Name -> vertex. The sides mirror each other. `skin`: (V,) bool."""
    find = _Finder(template, weights, joints, skin)
    eyes = joints[JOINT_INDEX["left_eye_smplhf"]]
    jaw, neck = joints[JOINT_INDEX["jaw"]], joints[JOINT_INDEX["neck"]]
    result = {
        "crown": find("head", (0, 1, 0)),
        "nose": find("head", (0, 0, 1), centre=(0, eyes[1] - 0.04, eyes[2]), within=0.06),
        "chin": find("jaw", (0, -0.5, 1), centre=(0, jaw[1] - 0.10, eyes[2]), within=0.07),
        "nape": find("neck", (0, 0, -1), centre=(0, neck[1], neck[2] - 0.06), within=0.05, width=_MIDDLE),
        "throat": find("neck", (0, 0, 1), (0, neck[1] + 0.03, neck[2] + 0.06), 0.08, 0.3, _MIDDLE),
        "navel": find(
            "spine1",
            (0, 0, 1),
            centre=(0, joints[JOINT_INDEX["spine1"], 1], 0.12),
            within=0.06,
            width=_MIDDLE,
        ),
    }
    for side, sign in (("left", 1.0), ("right", -1.0)):
        result |= find.side(side, sign)
    return result


class _Finder:
    def __init__(
        self, template: np.ndarray, weights: np.ndarray, joints: np.ndarray, skin: np.ndarray
    ) -> None:
        self._template, self._weights, self._joints, self._skin = template, weights, joints, skin

    def __call__(
        self,
        joint: str,
        direction: npt.ArrayLike,
        centre: npt.ArrayLike | None = None,
        within: float = np.inf,
        share: float = 0.5,
        width: float = np.inf,
    ) -> int:
        """The vertex of a joint that lies furthest in a direction, near a place and the mid-plane."""
        own = self._skin & (self._weights[:, JOINT_INDEX[joint]] > share)
        own &= np.abs(self._template[:, 0]) < width
        if centre is not None:
            own &= np.linalg.norm(self._template - np.asarray(centre), axis=1) < within
        if not own.any():
            raise ModelError(f"no vertex of {joint} for a landmark near {np.asarray(centre)}")
        reach = np.where(own, self._template @ np.asarray(direction, float), -np.inf)
        # On the mid-plane two mirrored vertices may tie: the one nearer to the plane, then the left.
        return int(np.argmax(reach - 1e-3 * np.abs(self._template[:, 0]) + 1e-9 * self._template[:, 0]))

    def side(self, side: str, x: float) -> dict[str, int]:
        at = {name: self._joints[index] for name, index in JOINT_INDEX.items()}
        result = {
            f"{side}_eye": self._front_of_eye(at[f"{side}_eye_smplhf"]),
            f"{side}_ear": self("head", (x, 0, 0)),
            f"{side}_elbow": self(f"{side}_elbow", (0, 0, -1), at[f"{side}_elbow"], 0.07, 0.3),
            f"{side}_knee": self(f"{side}_knee", (0, 0, 1), at[f"{side}_knee"], 0.09, 0.3),
            f"{side}_heel": self(f"{side}_ankle", (0, -0.3, -1)),
            f"{side}_big_toe": self(f"{side}_foot", (-0.25 * x, 0, 1)),
            f"{side}_small_toe": self(f"{side}_foot", (x, 0, 0.3)),
        }
        for finger in ("thumb", "index", "middle", "ring", "pinky"):
            along = at[f"{side}_{finger}3"] - at[f"{side}_{finger}2"]
            result[f"{side}_{finger}_tip"] = self(f"{side}_{finger}3", along)
        return result

    def _front_of_eye(self, eye: np.ndarray) -> int:
        """The foremost vertex of an eyeball."""
        own = ~self._skin & (np.linalg.norm(self._template - eye, axis=1) < 0.03)
        return int(np.argmax(np.where(own, self._template[:, 2], -np.inf)))
