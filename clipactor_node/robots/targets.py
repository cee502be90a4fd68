"""Where the parts of a robot should be: the avatar's, scaled to the robot's legs, its soles on the floor."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body import Skinner, SolePoints
from clipactor_node.geometry import JOINT_INDEX, points_to_ros, rotations_to_ros
from clipactor_node.robots.anatomy import SIDES, avatar_limbs
from clipactor_node.robots.robot import Limbs, Robot

_SETTLE_M = 0.05
"""A foot that moves this far takes on most of a change of its distance from the avatar's track."""
_APART_M = 0.02
"""How far apart the soles are kept, sideways."""
_JOINTS = {"leg": ("hip", "knee"), "arm": ("shoulder", "elbow", "wrist")}


@dataclass(frozen=True, eq=False)
class Target:
    """Rotation (3, 3) and, where one is wanted, position (3,) in metres, of a part's frame; map, ROS axes."""

    rotation: np.ndarray
    position: np.ndarray | None


class Targets:
    """Follows the avatar from frame to frame.

    Heights and steps are the avatar's times `scale`; limbs keep their directions. Soles are as high
    above the floor as the avatar's are (scaled) and as far apart as the robot's hips ask for; what
    that moves them aside changes only while they move themselves, so that a standing foot stands.

    Args:
        skinner: the avatar's shape.
    """

    def __init__(self, robot: Robot, skinner: Skinner) -> None:
        self._robot, self._followed = robot, tuple(robot.mapping.by_joint)
        self._sole_points = SolePoints(skinner)
        limbs = avatar_limbs(skinner.rest_joints)
        lengths = [(robot.limbs["leg", s].length, limbs["leg", s].length) for s in SIDES]
        self.scale = robot.mapping.scale or float(np.mean([ours / theirs for ours, theirs in lengths]))
        self._frames = {
            f"{side}_{name}": frame
            for (kind, side), limb in limbs.items()
            for name, frame in zip(_JOINTS[kind], (*limb.frames, limb.frames[1]), strict=False)
        }
        rest = points_to_ros(np.asarray(skinner.rest_joints, np.float64))
        floor = float(skinner.rest_vertices[:, 1].min())
        self._ankle_up = float(np.mean([rest[JOINT_INDEX[f"{s}_ankle"], 2] for s in SIDES])) - floor
        hips = np.mean([robot.limbs["leg", side].start for side in SIDES], axis=0)
        self._hips = hips - robot.rest.positions[robot.mapping.by_joint["pelvis"].link]
        drop = np.mean([robot.feet[side].drop for side in SIDES])
        self._lift = drop - self.scale * self._ankle_up
        self._aside = self._wanted_aside(limbs)
        self.reset()

    def _wanted_aside(self, limbs: Limbs) -> np.ndarray:
        """(2,) metres to the left that either foot stands farther out than the avatar's, scaled."""
        ours = [self._robot.limbs["leg", side].start[1] for side in SIDES]
        theirs = [self.scale * limbs["leg", side].start[1] for side in SIDES]
        return np.subtract(ours, theirs)

    def reset(self) -> None:
        """Forget the frame before."""
        self._soles: np.ndarray | None = None
        self._shift = np.zeros((2, 2))

    def follow(self, transforms: np.ndarray) -> dict[str, Target]:
        """(55, 4, 4) joint -> world, SMPL axes -> the followed joints' targets."""
        transforms = np.asarray(transforms, np.float64)
        turned, placed = rotations_to_ros(transforms[:, :3, :3]), points_to_ros(transforms[:, :3, 3])
        targets = {}
        for joint in self._followed:
            rotation = turned[JOINT_INDEX[joint]]
            if joint in self._frames:
                rotation = rotation @ self._frames[joint]
            targets[joint] = Target(rotation, None)
        targets["pelvis"] = Target(targets["pelvis"].rotation, self._pelvis(turned, placed))
        heights = self._sole_points(transforms)[:, :, 2].min(axis=1)
        for foot, side in enumerate(self._feet(turned, placed)):
            name = f"{SIDES[foot]}_ankle"
            rotation = targets[name].rotation
            lowest = (self._robot.feet[SIDES[foot]].corners @ rotation.T)[:, 2].min()
            height = self.scale * max(heights[foot], 0.0) - lowest
            targets[name] = Target(rotation, np.array([*side, height]))
        return targets

    def _pelvis(self, turned: np.ndarray, placed: np.ndarray) -> np.ndarray:
        hips = self.scale * placed[[JOINT_INDEX[f"{side}_hip"] for side in SIDES]].mean(axis=0)
        return hips - turned[JOINT_INDEX["pelvis"]] @ self._hips + [0.0, 0.0, self._lift]

    def _feet(self, turned: np.ndarray, placed: np.ndarray) -> np.ndarray:
        """(2, 2) where the points under the ankles stand, metres."""
        ankles = [JOINT_INDEX[f"{side}_ankle"] for side in SIDES]
        track = self.scale * (placed[ankles] - self._ankle_up * turned[ankles][:, :, 2])[:, :2]
        pelvis = turned[JOINT_INDEX["pelvis"]]
        heading = np.arctan2(pelvis[1, 0] - pelvis[0, 1], pelvis[0, 0] + pelvis[1, 1])
        left = np.array([-np.sin(heading), np.cos(heading)])
        wanted = self._aside[:, None] * left
        gap = (track[0] + wanted[0] - track[1] - wanted[1]) @ left
        short = max(sum(foot.half_width for foot in self._robot.feet.values()) + _APART_M - gap, 0.0)
        wanted = wanted + np.array([[0.5], [-0.5]]) * short * left
        corners = np.array([self._robot.feet[side].corners for side in SIDES])
        soles = track[:, None] + (corners @ turned[ankles].swapaxes(1, 2))[..., :2]
        if self._soles is None:
            self._shift = wanted
        else:  # a foot that turns on its place moves as well
            moved = np.linalg.norm(soles - self._soles, axis=2).mean(axis=1)
            self._shift = self._shift + (1.0 - np.exp(-moved / _SETTLE_M))[:, None] * (wanted - self._shift)
        self._soles = soles
        return track + self._shift
