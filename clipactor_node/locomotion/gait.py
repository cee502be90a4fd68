"""A gait: one cycle of a walking clip, taken apart into what the body does and when each foot stands."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_closing, binary_opening

from clipactor_node.geometry import (
    axis_angle_from_matrix,
    matrix_from_axis_angle,
    quaternion_from_axis_angle,
    quaternion_from_matrix,
)
from clipactor_node.motion import MotionClip
from clipactor_node.motion.blending import Feet, Legs, heading_of

SLOWEST_M_S = 0.12
"""A cycle that gets on more slowly is no gait: it marches on the spot."""
_STRAIGHT_RAD = 0.2  # a cycle that turns by more walks a curve
_SHORTEST = 3  # frames that a foot stands, or swings


@dataclass(frozen=True)
class Gait:
    """One cycle of N frames at the player's rate, facing +z, and how somebody stands.

    Fields:
        name: of the clip.
        rate_hz: of the player.
        speed: metres per second.
        turns: (N, 55, 4) float64, local joint rotations (w, x, y, z).
        ways: (N, 3) metres: the pelvis relative to a point that moves on evenly; y above the floor.
        contacts: (2, N) bool: the foot stands.
        lands: (2, N) frames until the foot comes down; 0 while it stands.
        stands: (2, N) frames that the foot stands: of this stance, or of the one it swings to.
        middles: (2, N, 2) metres, x and z: the ball of the foot, relative to the pelvis's point, in the
            middle of this stance, or of the one it swings to.
        shares: (2, N): of its way over the floor that a swinging foot has made, 0 to 1.
        heights: (2, N) metres of the balls.
        feet: (2, N, 4) orientation of the feet relative to the heading.
        stance: (55, 4); stance_height: metres of the pelvis; homes: (2, 2) balls, x and z, relative to the
            pelvis; home_heights: (2,) metres; home_feet: (2, 4).
    """

    name: str
    rate_hz: float
    speed: float
    turns: np.ndarray
    ways: np.ndarray
    contacts: np.ndarray
    lands: np.ndarray
    stands: np.ndarray
    middles: np.ndarray
    shares: np.ndarray
    heights: np.ndarray
    feet: np.ndarray
    stance: np.ndarray
    stance_height: float
    homes: np.ndarray
    home_heights: np.ndarray
    home_feet: np.ndarray

    def __len__(self) -> int:
        return len(self.turns)

    @classmethod
    def of(cls, clip: MotionClip, stance: MotionClip, legs: Legs) -> "Gait":
        """The gait of a clip; takes some milliseconds, in any thread.

        Args:
            clip: at the player's rate, with a cycle that walks straight on (`is_gait`).
            stance: how somebody stands and waits, at the same rate; its first frame is used.
            legs: of the body.
        """
        poses, translation = _cycle(clip)
        count = len(poses) - 1
        headings = np.unwrap([heading_of(pose) for pose in poses[:count]])
        poses, pelvis, feet = _facing_front(poses, translation, float(headings.mean()), legs)
        step = (pelvis[count] - pelvis[0]) / count
        step[1] = 0.0
        point = pelvis[0] + np.multiply.outer(np.arange(count), step)
        ways = pelvis[:count] - point
        ways[:, [0, 2]] -= ways[:, [0, 2]].mean(axis=0)
        point = pelvis[:count] - ways
        ways[:, 1] = pelvis[:count, 1]
        balls = feet.balls
        speed = float(np.linalg.norm(step)) * clip.rate_hz
        contacts = np.stack([_standing(balls[:, side], legs, speed, clip.rate_hz) for side in (0, 1)])
        lands, stands, middles, shares = _steps(contacts, balls, point, step)
        rest_poses, rest_pelvis, rest_feet = _facing_front(
            stance.poses[:2], stance.translation[:2], heading_of(stance.poses[0]), legs
        )
        return cls(
            clip.name,
            clip.rate_hz,
            speed,
            quaternion_from_axis_angle(poses[:count]),
            ways,
            contacts,
            lands,
            stands,
            middles,
            shares,
            balls[:count, :, 1].T.copy(),
            quaternion_from_matrix(feet.turns[:count]).transpose(1, 0, 2).copy(),
            quaternion_from_axis_angle(rest_poses[0]),
            float(rest_pelvis[0, 1]),
            (rest_feet.balls[0] - rest_pelvis[0])[:, [0, 2]],
            rest_feet.balls[0, :, 1].copy(),
            quaternion_from_matrix(rest_feet.turns[0]),
        )


def is_gait(clip: MotionClip) -> bool:
    """Whether a clip has a cycle that takes somebody straight forward on their feet."""
    if clip.loop is None:
        return False
    poses, translation = _cycle(clip)
    if len(poses) < 4 * _SHORTEST:
        return False
    way = (translation[-1] - translation[0])[[0, 2]]
    turned = abs(np.unwrap([heading_of(poses[0]), heading_of(poses[-1])]) @ [-1.0, 1.0])
    headings = np.unwrap([heading_of(pose) for pose in poses])
    ahead = np.array([np.sin(headings.mean()), np.cos(headings.mean())])
    speed = float(way @ ahead) / clip.duration_s
    upright = matrix_from_axis_angle(poses[:, 0].astype(np.float64))[:, 1, 1].min() > 0.6
    return bool(turned < _STRAIGHT_RAD and speed > SLOWEST_M_S and upright)


def _cycle(clip: MotionClip) -> tuple[np.ndarray, np.ndarray]:
    """Poses and translation of one cycle, its first frame again at the end."""
    if clip.loop is None:
        raise ValueError(f"clip {clip.name!r} has no cycle")
    first, last = (round(t * clip.rate_hz) for t in clip.loop)
    last = min(last, len(clip) - 1)
    return clip.poses[first : last + 1], clip.translation[first : last + 1]


def _facing_front(
    poses: np.ndarray, translation: np.ndarray, heading: float, legs: Legs
) -> tuple[np.ndarray, np.ndarray, Feet]:
    """Poses, pelvis (T, 3) and feet, turned about the origin so that `heading` is +z; float64."""
    turn = matrix_from_axis_angle(np.array([0.0, -heading, 0.0]))
    pelvis = (np.asarray(translation, np.float64) + legs.pelvis) @ turn.T
    turned = np.array(poses, np.float64)
    turned[:, 0] = axis_angle_from_matrix(turn @ matrix_from_axis_angle(turned[:, 0]))
    return turned, pelvis, legs.feet(turned, pelvis - legs.pelvis)


def _standing(ball: np.ndarray, legs: Legs, speed: float, rate_hz: float) -> np.ndarray:
    """(N,) bool: when a foot stands, in a cycle of N + 1 frames: low and slow."""
    count = len(ball) - 1
    moved = np.linalg.norm(np.diff(ball[:, [0, 2]], axis=0), axis=1) * rate_hz
    slow = np.minimum(moved, np.roll(moved, 1)) < max(0.6 * speed, 0.12)
    low = ball[:count, 1] < max(legs.ball_height, ball[:, 1].min()) + 0.06
    thrice = np.tile(slow & low, 3)
    ones = np.ones(_SHORTEST)
    stands: np.ndarray = binary_opening(binary_closing(thrice, ones), ones)[count : 2 * count]
    if stands.all() or not stands.any():  # it shuffles: half a cycle for each foot
        height = ball[:count, 1] + 0.2 * moved / rate_hz
        stands = height < np.median(height)
    return stands


def _steps(
    contacts: np.ndarray, balls: np.ndarray, point: np.ndarray, step: np.ndarray
) -> tuple[np.ndarray, ...]:
    """`lands`, `stands`, `middles` and `shares` of `Gait`."""
    _, count = contacts.shape
    lands, stands = np.zeros((2, count)), np.ones((2, count))
    middles, shares = np.zeros((2, count, 2)), np.zeros((2, count))
    for side, contact in enumerate(contacts):
        rounds = (balls[:count, side] - point)[:, [0, 2]]
        starts = [n for n in range(count) if contact[n] and not contact[n - 1]]
        for start in starts:
            length = next(k for k in range(1, count + 1) if not contact[(start + k) % count])
            frames = (start + np.arange(length)) % count
            middle = rounds[frames].mean(axis=0)
            stands[side, frames], middles[side, frames] = length, middle
            back = next(k for k in range(1, count + 1) if contact[(start - k) % count])
            swing = (start - np.arange(back - 1, 0, -1)) % count
            stands[side, swing], middles[side, swing] = length, middle
            lands[side, swing] = np.arange(back - 1, 0, -1)
            path = rounds[np.r_[swing[0] - 1, swing, start]]
            path = path + np.multiply.outer(np.arange(len(path)), step[[0, 2]])
            shares[side, swing] = _progress(path)[1:-1]
    return lands, stands, middles, shares


def _progress(path: np.ndarray) -> np.ndarray:
    """(T,) from 0 to 1: how far along from its first to its last point a path (T, 2) is; never back."""
    way = path[-1] - path[0]
    even = np.linspace(0.0, 1.0, len(path))
    smooth = even * even * (3.0 - 2.0 * even)
    length2 = float(way @ way)
    if length2 < 0.01:
        return smooth
    along = np.maximum.accumulate(np.clip((path - path[0]) @ way / length2, 0.0, 1.0))
    along[-1] = 1.0
    mixed: np.ndarray = 0.5 * along + 0.5 * smooth
    return mixed
