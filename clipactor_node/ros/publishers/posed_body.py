"""One frame's geometry, computed on demand and at most once, for all topics that show it."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from clipactor_node.body import Skinner, SolePoints, Swing
from clipactor_node.geometry import points_to_ros, quaternion_from_axis_angle


class PosedBody:
    """A body in one pose. Nothing is computed before somebody asks for it, and nothing twice.

    Args:
        skinner: poses the vertices that are published.
        sole_points: of the same body.
        pose: (55, 3) float32 axis-angle, radians, SMPL axes.
        translation: (3,) float32 metres, SMPL's `transl`.
        displacement: (V,) float32 metres that clothes stand off along the posed normals; None: nowhere.
        face: (12,) float32, coefficients of `body.FACE_CHANNELS`; None: at rest.
        swing: of the same vertices, stepped on when they are first asked for; None: nothing swings.
        seconds: since the pose before.
    """

    def __init__(
        self,
        skinner: Skinner,
        sole_points: SolePoints,
        pose: npt.NDArray[np.float32],
        translation: npt.NDArray[np.float32],
        displacement: npt.NDArray[np.float32] | None = None,
        face: npt.NDArray[np.float32] | None = None,
        swing: Swing | None = None,
        seconds: float = 0.0,
    ) -> None:
        self._skinner, self._sole_points = skinner, sole_points
        self._pose, self._translation, self._displacement = pose, translation, displacement
        self._face, self._swing, self._seconds = face, swing, seconds

    @cached_property
    def transforms(self) -> npt.NDArray[np.float32]:
        """(55, 4, 4) joint -> world, SMPL axes."""
        return self._skinner.transforms(self._pose, self._translation)

    @property
    def bones(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """(3,) metres, where the pelvis is; (55, 4) x, y, z, w, how each joint is turned in its parent."""
        turned = quaternion_from_axis_angle(self._pose)[:, [1, 2, 3, 0]]
        return self._skinner.rest_joints[0] + self._translation, turned.astype(np.float32)

    @cached_property
    def soles(self) -> npt.NDArray[np.float32]:
        """(2, 3, 3) metres, map frame: left and right foot, three points under each."""
        return self._sole_points(self.transforms)

    @cached_property
    def ground(self) -> float:
        """Metres: how high the lowest sole is, and with it `base_footprint` (REP 120)."""
        return float(self.soles[..., 2].min())

    @cached_property
    def _bare_vertices(self) -> npt.NDArray[np.float32]:
        """(V, 3) metres, SMPL axes, without the displacement."""
        vertices = self._skinner.vertices(self.transforms, self._face)
        if self._swing is not None:
            self._swing.add(self._swing.step(self.transforms, self._seconds), vertices)
        return vertices

    @cached_property
    def _bare_normals(self) -> npt.NDArray[np.float32]:
        """(V, 3) unit length, SMPL axes: along them the clothes stand off."""
        return self._skinner.normals(self._bare_vertices)

    @cached_property
    def _dressed_vertices(self) -> npt.NDArray[np.float32]:
        """(V, 3) metres, SMPL axes."""
        if self._displacement is None:
            return self._bare_vertices
        return self._bare_vertices + self._bare_normals * self._displacement[:, None]

    @cached_property
    def vertices(self) -> npt.NDArray[np.float32]:
        """(V, 3) metres, map frame."""
        return points_to_ros(self._dressed_vertices)

    @cached_property
    def normals(self) -> npt.NDArray[np.float32]:
        """(V, 3) unit length, map frame, of the surface as it is dressed.

        Hems and folds turn them by up to 30 degrees against those of the body below, and light shows it:
        where clothes stand off, the bare normals cannot stand for these.
        """
        if self._displacement is None:
            return points_to_ros(self._bare_normals)
        return points_to_ros(self._skinner.normals(self._dressed_vertices))
