"""The pose of one arm, found from any start: damped least squares over its few joints, within their limits.

The robot's solver goes downhill from where it is. An arm can then stick: against a limit, with a better pose
on the other side of the shoulder. Here one arm is posed alone, against a trunk that stands, so cheaply that
many starts can be tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numba
import numpy as np

from clipactor_node.robots.robot import Robot

_STARTS = (-1.8, 0.0, 1.8)  # radians of each shoulder joint that are tried
_BENT = 0.7  # radians of the elbow, likewise
_STEPS, _SETTLED = 40, 1e-4
_SMALLEST_DAMPING, _FIRST_DAMPING = 1e-6, 1e-2


@dataclass(frozen=True, eq=False)
class Arm:
    """The joints between trunk and hand, and the parts that follow the avatar.

    Fields:
        trunk: the link on which it hangs.
        names: of its N joints; indices: (N,) int, where they are in `Robot.moving`.
        axes: (N, 3) of the joints at zero, in the axes of `Robot.rest`.
        lower, upper, home: (N,) radians: limits (-pi and pi where there are none), and the neutral pose.
        parts: M joints of the avatar; moved_by: (M,) int: index of the last joint that moves the part.
        zero: (M, 3, 3) rotations of the parts' frames at zero; costs: (M, 3) per radian about their axes.
        starts: (S, N) radians: poses to start from, the neutral one among them.
    """

    trunk: str
    names: tuple[str, ...]
    indices: np.ndarray
    axes: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    home: np.ndarray
    parts: tuple[str, ...]
    moved_by: np.ndarray
    zero: np.ndarray
    costs: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, robot: Robot, side: str, costs: Mapping[str, np.ndarray]) -> "Arm | None":
        """The arm of a side; `costs`: part -> (3,); None if none follows, or a joint of it slides."""
        limb = robot.limbs.get(("arm", side))
        names = [f"{side}_{part}" for part in ("shoulder", "elbow", "wrist")]
        parts = [name for name in names if name in robot.mapping.by_joint]
        if limb is None or not parts:
            return None
        links = {part: robot.mapping.by_joint[part].link for part in parts}
        trunk = robot.mapping.by_joint.get("spine3", robot.mapping.by_joint["pelvis"]).link
        above = robot.description.ancestors(links[parts[-1]])
        if trunk not in above:
            return None
        moving = robot.description.by_child
        joints = [moving[link] for link in reversed(above[: above.index(trunk)]) if link in moving]
        movers = [robot.description.mover(links[part]) for part in parts]
        if any(joint.slides for joint in joints) or any(mover not in joints for mover in movers):
            return None
        lower = np.maximum([joint.lower for joint in joints], -np.pi)
        upper = np.minimum([joint.upper for joint in joints], np.pi)
        home = np.clip(0.0, lower, upper)
        frames = {names[0]: limb.frames[0], names[1]: limb.frames[1], names[2]: limb.frames[1]}
        elbow = robot.description.mover(links.get(names[1], links[parts[0]]))
        hinge = joints.index(elbow) if elbow in joints else 0
        return cls(
            trunk,
            tuple(joint.name for joint in joints),
            np.array([robot.moving.index(joint) for joint in joints]),
            np.array([robot.rest.axes[joint.name] for joint in joints]),
            lower,
            upper,
            home,
            tuple(parts),
            np.array([joints.index(mover) for mover in movers if mover]),
            np.array([frames[part] for part in parts]),
            np.array([costs[part] for part in parts]),
            _starts(home, lower, upper, hinge),
        )

    def solve(
        self, start: np.ndarray, base: np.ndarray, goals: np.ndarray, neutral: float
    ) -> tuple[np.ndarray, float]:
        """The best pose downhill of a start.

        Args:
            start: (N,) radians; base: (3, 3) from the axes of `Robot.rest` to the world, as the trunk is
                turned; goals: (M, 3, 3) the parts' rotations in the world.
            neutral: cost per radian from the neutral pose.

        Returns:
            (N,) radians within the limits, and its cost.
        """
        return _solve(
            np.clip(start, self.lower, self.upper), self.axes, self.lower, self.upper, self.home,
            self.moved_by, self.zero, self.costs, base, goals, neutral,
        )  # fmt: skip

    def cost(self, pose: np.ndarray, base: np.ndarray, goals: np.ndarray, neutral: float) -> float:
        """What a pose costs, as `solve` counts."""
        residuals = np.empty(3 * len(self.parts) + len(pose))
        return float(
            _residuals(
                np.asarray(pose, np.float64), self.axes, self.home, self.moved_by, self.zero, self.costs,
                base, goals, neutral, residuals, np.empty((len(residuals), len(pose))),
            )
        )  # fmt: skip


def _starts(home: np.ndarray, lower: np.ndarray, upper: np.ndarray, hinge: int) -> np.ndarray:
    """The neutral pose, and every combination of a few angles of the joints above the elbow."""
    first = max(hinge - 3, 0)
    rows = [home]
    for angles in product(_STARTS, repeat=hinge - first):
        row = home.copy()
        row[first:hinge] = angles
        row[hinge] = _BENT if upper[hinge] > -lower[hinge] else -_BENT
        rows.append(np.clip(row, lower, upper))
    return np.unique(np.array(rows), axis=0)


@numba.njit(cache=True)
def _turn(matrix: np.ndarray, axis: np.ndarray, angle: float, out: np.ndarray) -> None:
    """out <- matrix R(axis, angle)."""
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = axis
    t = 1.0 - c
    r = (
        (t * x * x + c, t * x * y - s * z, t * x * z + s * y),
        (t * x * y + s * z, t * y * y + c, t * y * z - s * x),
        (t * x * z - s * y, t * y * z + s * x, t * z * z + c),
    )
    for i in range(3):
        a, b, d = matrix[i, 0], matrix[i, 1], matrix[i, 2]
        for k in range(3):
            out[i, k] = a * r[0][k] + b * r[1][k] + d * r[2][k]


@numba.njit(cache=True)
def _rotation_vector(r: np.ndarray) -> tuple[float, float, float]:
    """(3, 3) rotation -> axis times angle."""
    x, y, z = r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]
    twice_sine = np.sqrt(x * x + y * y + z * z)
    angle = np.arctan2(twice_sine, r[0, 0] + r[1, 1] + r[2, 2] - 1.0)
    if twice_sine > 1e-7:
        return x * angle / twice_sine, y * angle / twice_sine, z * angle / twice_sine
    if angle < 1.0:
        return 0.5 * x, 0.5 * y, 0.5 * z
    largest = 0  # half a turn: the axis is the largest column of r + 1
    for i in range(1, 3):
        if r[i, i] > r[largest, largest]:
            largest = i
    a, b, c = r[0, largest], r[1, largest], r[2, largest]
    if largest == 0:
        a += 1.0
    elif largest == 1:
        b += 1.0
    else:
        c += 1.0
    scale = angle / np.sqrt(a * a + b * b + c * c)
    return a * scale, b * scale, c * scale


@numba.njit(cache=True)
def _residuals(
    q: np.ndarray,
    axes: np.ndarray,
    home: np.ndarray,
    moved_by: np.ndarray,
    zero: np.ndarray,
    costs: np.ndarray,
    base: np.ndarray,
    goals: np.ndarray,
    neutral: float,
    out: np.ndarray,
    jacobian: np.ndarray,
) -> float:
    """Weighted errors (3 M + N,) and their derivatives (3 M + N, N), in place; their sum of squares.

    A part's rotation is base times the product of R(axis, angle) of the joints above it times its rotation
    at zero; its error is the rotation vector from there to the goal, in the part's own axes.
    """
    n, m = len(q), len(moved_by)
    jacobian[:] = 0.0
    turned, after = base.copy(), np.empty((3, 3))
    directions = np.empty((n, 3))
    total = 0.0
    for joint in range(n):
        for i in range(3):
            directions[joint, i] = (
                turned[i, 0] * axes[joint, 0] + turned[i, 1] * axes[joint, 1] + turned[i, 2] * axes[joint, 2]
            )
        _turn(turned, axes[joint], q[joint], after)
        turned[:] = after
        for part in range(m):
            if moved_by[part] == joint:
                frame = turned @ zero[part]
                error = _rotation_vector(frame.T @ goals[part])
                for i in range(3):
                    row = 3 * part + i
                    out[row] = costs[part, i] * error[i]
                    total += out[row] ** 2
                    for k in range(joint + 1):
                        along = 0.0
                        for axis in range(3):
                            along += frame[axis, i] * directions[k, axis]
                        jacobian[row, k] = -costs[part, i] * along
    for joint in range(n):
        row = 3 * m + joint
        out[row] = neutral * (q[joint] - home[joint])
        jacobian[row, joint] = neutral
        total += out[row] ** 2
    return total


@numba.njit(cache=True)
def _solve(
    start: np.ndarray,
    axes: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    home: np.ndarray,
    moved_by: np.ndarray,
    zero: np.ndarray,
    costs: np.ndarray,
    base: np.ndarray,
    goals: np.ndarray,
    neutral: float,
) -> tuple[np.ndarray, float]:
    """Levenberg-Marquardt; joints at a limit that would go beyond stay there for the step."""
    n, rows = len(start), 3 * len(moved_by) + len(start)
    q, errors, jacobian = start.copy(), np.empty(rows), np.empty((rows, n))
    tried_errors, tried_jacobian = np.empty(rows), np.empty((rows, n))
    cost = _residuals(q, axes, home, moved_by, zero, costs, base, goals, neutral, errors, jacobian)
    damping = _FIRST_DAMPING
    for _ in range(_STEPS):
        gradient = jacobian.T @ errors
        hessian = jacobian.T @ jacobian
        for i in range(n):
            hessian[i, i] += damping
            if (q[i] <= lower[i] and gradient[i] > 0.0) or (q[i] >= upper[i] and gradient[i] < 0.0):
                gradient[i] = 0.0
                hessian[i, :] = 0.0
                hessian[:, i] = 0.0
                hessian[i, i] = 1.0
        step = np.linalg.solve(hessian, gradient)
        tried = np.minimum(np.maximum(q - step, lower), upper)
        now = _residuals(
            tried, axes, home, moved_by, zero, costs, base, goals, neutral, tried_errors, tried_jacobian
        )
        moved = np.abs(tried - q).max()
        if now < cost:
            q, cost = tried, now
            errors, tried_errors = tried_errors, errors
            jacobian, tried_jacobian = tried_jacobian, jacobian
            damping = max(0.2 * damping, _SMALLEST_DAMPING)
        else:
            damping = 8.0 * max(damping, 1e-4)
        if moved < _SETTLED:
            break
    return q, cost
