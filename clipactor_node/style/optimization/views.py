"""Spatio-temporal view augmentation: many cameras around many frames."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.style.schedule import Framing, ViewPlan


@dataclass(frozen=True)
class Cameras:
    """B pinhole cameras; pixel (0, 0) is at the top left, pixel centres lie at half-integers.

    matrices: (B, 3, 4) float32, world -> (x w, y w, w): pixels times depth, and depth in metres.
    axes: (B, 3, 3) float32, rows right, up, towards the camera: world -> camera directions.
    frames: (B,) int64, which of the frames given to the renderer each one sees.
    size: side of the picture, pixels.
    """

    matrices: Tensor
    axes: Tensor
    frames: Tensor
    size: int

    def __len__(self) -> int:
        return len(self.frames)

    def project(self, vertices: Tensor) -> Tensor:
        """World vertices of all frames (F, V, 3) -> homogeneous screen points of all views (B, V, 3)."""
        seen = vertices.index_select(0, self.frames)
        return seen @ self.matrices[:, :, :3].transpose(1, 2) + self.matrices[:, None, :, 3]


def look_at(
    positions: npt.ArrayLike,
    targets: npt.ArrayLike,
    frames: npt.ArrayLike,
    fov: float,
    size: int,
    device: torch.device | str = "cpu",
) -> Cameras:
    """Cameras at positions (B, 3) that look at targets (B, 3), metres, y up; frames (B,)."""
    positions, targets = np.asarray(positions, np.float64), np.asarray(targets, np.float64)
    forward = targets - positions
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    right = np.cross(forward, (0.0, 1.0, 0.0))
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    up = np.cross(right, forward)
    focal = 0.5 * size / math.tan(math.radians(0.5 * fov))
    intrinsics = np.array([[focal, 0, 0.5 * size], [0, focal, 0.5 * size], [0, 0, 1.0]])
    turn = intrinsics @ np.stack([right, -up, forward], 1)
    matrices = np.concatenate([turn, -turn @ positions[:, :, None]], 2)
    return Cameras(
        torch.as_tensor(matrices, dtype=torch.float32, device=device),
        torch.as_tensor(np.stack([right, up, -forward], 1), dtype=torch.float32, device=device),
        torch.as_tensor(np.asarray(frames), dtype=torch.int64, device=device),
        size,
    )


def sample(
    plan: ViewPlan,
    joints: np.ndarray,
    facing: np.ndarray,
    generator: torch.Generator,
    device: torch.device | str = "cpu",
) -> Cameras:
    """`plan.per_frame` cameras around each frame, drawn with the generator.

    Args:
        joints: (F, 55, 3) metres; the bodies are centred on the origin.
        facing: (F,) radians, the azimuth of each frame's front.

    Returns:
        `Cameras` of F x per_frame views, those of a frame together.
    """
    frames = np.repeat(np.arange(len(joints)), plan.per_frame)
    count = len(frames)
    draw = torch.randn(count, generator=generator).numpy().astype(np.float64)
    rise = torch.rand(count, generator=generator).numpy().astype(np.float64)
    shares = torch.tensor([f.share for f in plan.framings], dtype=torch.float64)
    which = torch.multinomial(shares, count, replacement=True, generator=generator).numpy()
    first = np.arange(count) % plan.per_frame == 0
    azimuth = facing[frames] + np.where(first, 0.0, np.radians(plan.azimuth_std) * draw)
    low, high = np.radians(plan.elevation)
    elevation = np.where(first, 0.0, low + (high - low) * rise)
    which = np.where(first, 0, which)
    targets = np.stack([_target(plan.framings[k], joints[f]) for k, f in zip(which, frames, strict=True)])
    heights = np.array([plan.framings[k].height_m for k in which])
    return _orbit(targets, azimuth, elevation, heights, frames, plan.fov, plan.size, device)


def around(
    facing: np.ndarray,
    per_frame: int,
    height_m: float,
    fov: float,
    size: int,
    device: torch.device | str = "cpu",
) -> Cameras:
    """`per_frame` level cameras evenly around each frame, starting at its front."""
    frames = np.repeat(np.arange(len(facing)), per_frame)
    azimuth = facing[frames] + 2.0 * np.pi * np.tile(np.arange(per_frame), len(facing)) / per_frame
    zeros = np.zeros(len(frames))
    heights = np.full(len(frames), height_m)
    return _orbit(np.zeros((len(frames), 3)), azimuth, zeros, heights, frames, fov, size, device)


def _target(framing: Framing, joints: np.ndarray) -> np.ndarray:
    if not framing.joints:
        return np.zeros(3)
    centre: np.ndarray = joints[[JOINT_INDEX[name] for name in framing.joints]].mean(0)
    return centre


def _orbit(
    targets: np.ndarray,
    azimuth: np.ndarray,
    elevation: np.ndarray,
    heights: np.ndarray,
    frames: np.ndarray,
    fov: float,
    size: int,
    device: torch.device | str,
) -> Cameras:
    """Cameras at angles (N,) around targets (N, 3), radians; heights (N,) metres that each one sees."""
    distance = heights / (2.0 * math.tan(math.radians(0.5 * fov)))
    level = np.cos(elevation)
    away = np.stack([np.sin(azimuth) * level, np.sin(elevation), np.cos(azimuth) * level], 1)
    return look_at(targets + distance[:, None] * away, targets, frames, fov, size, device)
