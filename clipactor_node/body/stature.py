"""Motion of the mean shape on a body of another: steps as long as its legs, soles where they were."""

from collections.abc import Iterable

import numpy as np

from clipactor_node.body.model import Body
from clipactor_node.body.skinning import Skinner
from clipactor_node.body.soles import SolePoints


class Stature:
    """One shape of a body, and where it stands while it moves as the mean shape does. For one thread.

    Rotations stay; what changes is where the pelvis is. All distances are scaled by the ratio of the heights
    of the pelvis in the T-pose; then the body is raised or lowered until its lowest sole is as high, scaled
    likewise, as that of the mean shape.

    Args:
        body: any resolution of it; its joints count.
        betas: (up to S,) shape coefficients.

    Fields:
        betas: as given. skinner: of the shape, without clothes. soles: of the shape. ratio: of the heights.
    """

    def __init__(self, body: Body, betas: Iterable[float]) -> None:
        self.betas = tuple(float(value) for value in betas)
        self.mean, self.skinner = Skinner(body), Skinner(body, self.betas)
        self._mean_soles, self.soles = SolePoints(self.mean), SolePoints(self.skinner)
        self.ratio = _pelvis_height(self.skinner) / _pelvis_height(self.mean)

    def translation(self, pose: np.ndarray, translation: np.ndarray) -> np.ndarray:
        """(3,) float32 metres for this shape, from that of the mean shape.

        Args:
            pose: (55, 3) axis-angle, radians; translation: (3,) metres; SMPL axes.
        """
        moved = self.ratio * (self.mean.rest_joints[0] + translation) - self.skinner.rest_joints[0]
        moved = moved.astype(np.float32)
        wanted = self.ratio * self._mean_soles.ground(self.mean.transforms(pose, translation))
        moved[1] += wanted - self.soles.ground(self.skinner.transforms(pose, moved))
        return moved

    def translations(self, poses: np.ndarray, translations: np.ndarray) -> np.ndarray:
        """The same for (T, 55, 3) and (T, 3) -> (T, 3) float32."""
        moved = [self.translation(pose, where) for pose, where in zip(poses, translations, strict=True)]
        return np.array(moved, np.float32).reshape(-1, 3)


def _pelvis_height(skinner: Skinner) -> float:
    """Metres above the soles in the T-pose."""
    return float(skinner.rest_joints[0, 1] - skinner.rest_vertices[:, 1].min())
