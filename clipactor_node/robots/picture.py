"""Pictures of a robot beside the avatar that it follows."""

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.geometry import Camera, points_from_ros
from clipactor_node.render import draw, facing
from clipactor_node.robots.bones import bones
from clipactor_node.robots.clip import Poser
from clipactor_node.robots.retarget import RobotFrame
from clipactor_node.robots.robot import Robot
from clipactor_node.robots.shapes import shapes

_GAP_M, _FOV, _ELEVATION = 0.25, 6.0, 0.14


class RobotLook:
    """A robot's shapes, posed; bones where it has none, or where their files are not found.

    Fields:
        faces: (F, 3) int32; colors: (V, 3) uint8; problems: what could not be shown, one line each.
    """

    def __init__(self, robot: Robot) -> None:
        self._poser = Poser(robot)
        self._shapes, self.problems = shapes(robot.description, "visual")
        if self.problems:  # no mesh files: what collides says more than holes
            self._shapes += shapes(robot.description, "collision")[0]
        if self.problems or not self._shapes:
            self._shapes += bones(robot)
        counts = np.cumsum([0, *(len(shape.vertices) for shape in self._shapes)])
        self.faces = np.concatenate([s.faces + n for s, n in zip(self._shapes, counts, strict=False)])
        self.colors = np.concatenate([np.tile(s.color, (len(s.vertices), 1)) for s in self._shapes])

    def vertices(self, frame: RobotFrame) -> np.ndarray:
        """(V, 3) float64 metres, map, ROS axes."""
        data = self._poser.pose(frame)
        bodies = [data.body(shape.link) for shape in self._shapes]
        return np.concatenate(
            [s.vertices @ b.xmat.reshape(3, 3).T + b.xpos for s, b in zip(self._shapes, bodies, strict=True)]
        )


def side_by_side(
    look: RobotLook,
    frames: list[RobotFrame],
    skinner: Skinner,
    colors: np.ndarray,
    transforms: np.ndarray,
    azimuth: float,
    size: tuple[int, int],
) -> np.ndarray:
    """Moments of both, every robot to the right of its avatar, on one floor.

    Args:
        frames: N moments of the robot; transforms: (N, 55, 4, 4) the avatar's, SMPL axes.
        colors: (V, 3) uint8 of the avatar.
        azimuth: radians about the vertical from where the first avatar heads: 0 sees its face.

    Returns:
        (height, width, 3) uint8, sRGB.
    """
    azimuth = azimuth + facing(transforms[0, 0, :3, 2])
    right = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)])
    parts, edge = [], 0.0
    for frame, joints in zip(frames, transforms, strict=True):
        both = (
            (skinner.vertices(joints).astype(np.float64), joints[0, :3, 3], skinner.body.faces, colors),
            (points_from_ros(look.vertices(frame)), points_from_ros(frame.position), look.faces, look.colors),
        )
        for vertices, place, faces, tint in both:
            vertices = vertices - place * [1.0, 0.0, 1.0]
            across = vertices @ right
            parts.append((vertices + (edge - across.min()) * right, faces, tint))
            edge += np.ptp(across) + _GAP_M
    starts = np.cumsum([0, *(len(part[0]) for part in parts)])
    everything = np.concatenate([part[0] for part in parts])
    faces = np.concatenate([part[1] + n for part, n in zip(parts, starts, strict=False)])
    camera = Camera.around(everything, azimuth, _ELEVATION, _FOV, *size, margin=1.05)
    return draw(everything, faces, np.concatenate([part[2] for part in parts]), camera)
