"""A whole motion on a robot: retargeted, measured, written to a file."""

import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import mujoco
import numpy as np

from clipactor_node.body import Skinner, SolePoints
from clipactor_node.errors import InvalidChoice
from clipactor_node.robots.anatomy import SIDES
from clipactor_node.robots.retarget import Retargeter, RobotFrame
from clipactor_node.robots.robot import SITE, Robot

STANDS_M = 0.01
"""A sole corner nearer to the floor than this stands on it."""
FILE_TYPES = (".csv", ".npz")
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class RobotClip:
    """T frames of a robot.

    Fields:
        followed: (T, 2, 3, 3) three points of each of the avatar's soles, scaled as the robot is, metres.
        took_s: processor time that it took to find the frames.
    """

    robot: Robot
    frames: tuple[RobotFrame, ...]
    rate_hz: float
    followed: np.ndarray
    took_s: float

    @cached_property
    def positions(self) -> np.ndarray:
        """(T, N) radians or metres, in the order of `Robot.joint_names`."""
        return np.array([frame.positions for frame in self.frames])

    @cached_property
    def root(self) -> np.ndarray:
        """(T, 7) the root link in the map: x, y, z in metres, quaternion x, y, z, w."""
        return np.array([[*frame.position, *frame.quaternion] for frame in self.frames])

    @cached_property
    def speeds(self) -> np.ndarray:
        """(T - 1, N) of every joint between two frames, per second, without sign."""
        return np.abs(np.diff(self.positions, axis=0)) * self.rate_hz

    @cached_property
    def soles(self) -> np.ndarray:
        """(T, 2, 4, 3) corners of the left and the right sole, metres, map."""
        poser = Poser(self.robot)
        return np.array([poser.soles(frame) for frame in self.frames])

    @cached_property
    def shins_apart(self) -> np.ndarray:
        """(T,) metres between the middle lines of the shins, where they are nearest."""
        poser = Poser(self.robot)
        return np.array([poser.shins_apart(frame) for frame in self.frames])

    def errors(self) -> dict[str, np.ndarray]:
        """Part -> (T,) metres from where it should be."""
        return {name: np.array([f.errors[name] for f in self.frames]) for name in self.frames[0].errors}

    def figures(self) -> dict[str, float]:
        """How well it went, flat: position errors, limits, feet, frames per second."""
        joints = self.robot.description.joints
        lower, upper, velocity = np.array([[j.lower, j.upper, j.velocity] for j in joints]).T
        errors = self.errors()
        heights = self.soles[..., 2]
        return {
            **{f"{name}_error_mm_mean": 1e3 * float(error.mean()) for name, error in errors.items()},
            **{f"{name}_error_mm_max": 1e3 * float(error.max()) for name, error in errors.items()},
            "held_by_position_limit": sum(int(frame.beyond.sum()) for frame in self.frames),
            "held_by_speed_limit": sum(int(frame.too_fast.sum()) for frame in self.frames),
            "position_limit_violations": int(
                ((self.positions < lower - _ROUNDING) | (self.positions > upper + _ROUNDING)).sum()
            ),
            "speed_limit_violations": int((self.speeds > velocity * (1.0 + _ROUNDING) + _ROUNDING).sum()),
            "sole_below_floor_mm_max": 1e3 * float(np.maximum(-heights, 0.0).max()),
            "sole_slide_mm_s_mean": 1e3 * _slide(self.soles, self.rate_hz),
            "avatar_slide_mm_s_mean": 1e3 * _slide(self.followed, self.rate_hz),
            "shins_apart_mm_min": 1e3 * float(self.shins_apart.min()),
            "frames_per_second": len(self.frames) / max(self.took_s, 1e-9),
        }

    def write(self, path: Path) -> None:
        """Write it: .csv (one line per frame, named columns) or .npz.

        Raises:
            InvalidChoice: another type of file.
        """
        if path.suffix.lower() not in FILE_TYPES:
            raise InvalidChoice("file type", path.suffix, FILE_TYPES)
        path.parent.mkdir(parents=True, exist_ok=True)
        names = self.robot.joint_names
        if path.suffix.lower() == ".npz":
            np.savez(path, positions=self.positions, root=self.root, joint_names=names, rate_hz=self.rate_hz)
            return
        times = np.arange(len(self.frames))[:, None] / self.rate_hz
        header = ["time", *(f"root_{axis}" for axis in ("x", "y", "z", "qx", "qy", "qz", "qw")), *names]
        rows = np.concatenate([times, self.root, self.positions], axis=1)
        np.savetxt(path, rows, "%.6f", ",", header=",".join(header), comments="")


def _slide(points: np.ndarray, rate_hz: float) -> float:
    """Mean speed over the floor of those of (T, ..., 3) points that stand in two frames, m/s."""
    low = points[..., 2] < STANDS_M
    stand = low[1:] & low[:-1]
    speed = np.linalg.norm(np.diff(points[..., :2], axis=0), axis=-1) * rate_hz
    return float(speed[stand].mean()) if stand.any() else 0.0


class Poser:
    """Where the parts of a robot are in a frame."""

    def __init__(self, robot: Robot) -> None:
        self._robot, self.data = robot, mujoco.MjData(robot.model)
        self._at = np.array([robot.model.joint(name).qposadr[0] for name in robot.joint_names])
        self._free = robot.model.jnt_qposadr[np.flatnonzero(robot.model.jnt_type == 0)[0]]

    def pose(self, frame: RobotFrame) -> mujoco.MjData:
        """MuJoCo's data, valid until the next call."""
        self.data.qpos[self._free : self._free + 3] = frame.position
        self.data.qpos[self._free + 3 : self._free + 7] = frame.quaternion[[3, 0, 1, 2]]
        self.data.qpos[self._at] = frame.positions
        mujoco.mj_kinematics(self._robot.model, self.data)
        return self.data

    def soles(self, frame: RobotFrame) -> np.ndarray:
        """(2, 4, 3) corners of both soles, metres, map."""
        data = self.pose(frame)
        sites = [data.site(SITE(f"{side}_ankle")) for side in SIDES]
        feet = [self._robot.feet[side].corners for side in SIDES]
        return np.array([c @ s.xmat.reshape(3, 3).T + s.xpos for c, s in zip(feet, sites, strict=True)])

    def shins_apart(self, frame: RobotFrame) -> float:
        """Metres between the lines from knee to sole, left and right."""
        data, along = self.pose(frame), np.linspace(0.0, 1.0, 12)[:, None]
        left, right = (
            data.site(SITE(f"{side}_knee")).xpos * (1.0 - along)
            + data.site(SITE(f"{side}_ankle")).xpos * along
            for side in SIDES
        )
        return float(np.linalg.norm(left[:, None] - right[None], axis=-1).min())


def retarget_clip(robot: Robot, skinner: Skinner, transforms: np.ndarray, rate_hz: float) -> RobotClip:
    """(T, 55, 4, 4) joint -> world of the avatar, SMPL axes -> the robot doing the same."""
    retargeter = Retargeter(robot, skinner)
    started = time.process_time()
    frames = tuple(retargeter.follow(frame, 1.0 / rate_hz) for frame in transforms)
    took_s = time.process_time() - started
    soles = SolePoints(skinner)
    followed = retargeter.targets.scale * np.array([soles(frame) for frame in transforms])
    return RobotClip(robot, frames, rate_hz, followed, took_s)
