"""One frame's geometry, computed on demand and at most once."""

from functools import cached_property

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.geometry import points_to_ros


class Posed:
    """A body in one pose, in ROS axes. Nothing is computed before somebody asks for it.

    Args:
        pose: (55, 3) axis-angle, SMPL axes; translation: (3,) metres, SMPL's `transl`.
        relief: (V,) metres that the clothes stand off along the posed normals; None: nowhere.
    """

    def __init__(
        self, skinner: Skinner, pose: np.ndarray, translation: np.ndarray, relief: np.ndarray | None = None
    ) -> None:
        self._skinner, self._pose, self._translation, self._relief = skinner, pose, translation, relief

    @cached_property
    def transforms(self) -> np.ndarray:
        """(55, 4, 4) joint -> world, SMPL axes."""
        return self._skinner.transforms(self._pose, self._translation)

    @cached_property
    def _smpl_vertices(self) -> np.ndarray:
        bare = self._skinner.vertices(self.transforms)
        if self._relief is None:
            return bare
        return bare + self._skinner.normals(bare) * self._relief[:, None]

    @cached_property
    def vertices(self) -> np.ndarray:
        """(V, 3) metres, map frame."""
        return points_to_ros(self._smpl_vertices)

    @cached_property
    def normals(self) -> np.ndarray:
        """(V, 3) unit length, map frame."""
        return points_to_ros(self._skinner.normals(self._smpl_vertices))
