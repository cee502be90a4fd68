"""Whole-body inverse kinematics: joint rotations that bring joints to where they should be.

Per frame, over the 22 body joints, with local rotations R_j and the root p,

    min  sum_k w_k |x_k(R, p) - y_k|^2  +  sum_j v_j |log(R_j R0_j^T)|^2  +  u |p - p0|^2

by damped Gauss-Newton from the prior R0, p0. A turn w of joint j moves the joint k below it by
w x (x_k - x_j), so the normal equations are assembled along the kinematic chains. Frames are
independent of each other: what is smooth in the prior and the targets stays smooth.
"""

import numba
import numpy as np

from clipactor_node.geometry import BODY, PARENTS

BODY_JOINTS = BODY.stop
_PARENTS = np.array(PARENTS[:BODY_JOINTS])
_LONGEST_STEP = 0.6  # radians a joint may turn in one iteration


def solve(
    rest_joints: np.ndarray,
    prior: np.ndarray,
    root: np.ndarray,
    joints: np.ndarray,
    targets: np.ndarray,
    weights: np.ndarray,
    stiffness: np.ndarray,
    root_stiffness: float = 1e-4,
    iterations: int = 6,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Solve every frame.

    Args:
        rest_joints: (55, 3) or (22, 3) metres.
        prior: (T, 22, 3, 3) local rotations to stay near to.
        root: (T, 3) pelvis positions to start from, metres.
        joints: (K,) indices of the joints that have targets.
        targets: (T, K, 3) metres.
        weights: (T, K) of each target.
        stiffness: (22,) weight of staying near the prior, per radian squared.
        root_stiffness: the same of the root, per metre squared.

    Returns:
        Local rotations (T, 22, 3, 3), pelvis positions (T, 3), reached positions (T, 22, 3).
    """
    rest = np.asarray(rest_joints, np.float64)[:BODY_JOINTS]
    offsets = rest - rest[np.maximum(_PARENTS, 0)]
    rotations = np.array(prior, np.float64, order="C")
    position = np.array(root, np.float64, order="C")
    reached = np.empty((len(rotations), BODY_JOINTS, 3))
    _solve(
        offsets,
        _PARENTS,
        np.ascontiguousarray(prior, np.float64),
        np.ascontiguousarray(root, np.float64),
        np.asarray(joints, np.int64),
        np.ascontiguousarray(targets, np.float64),
        np.ascontiguousarray(weights, np.float64),
        np.asarray(stiffness, np.float64),
        float(root_stiffness),
        iterations,
        rotations,
        position,
        reached,
    )
    return rotations, position, reached


@numba.njit(cache=True)
def _solve(
    offsets: np.ndarray,
    parents: np.ndarray,
    prior: np.ndarray,
    root: np.ndarray,
    joints: np.ndarray,
    targets: np.ndarray,
    weights: np.ndarray,
    stiffness: np.ndarray,
    root_stiffness: float,
    iterations: int,
    rotations: np.ndarray,
    position: np.ndarray,
    reached: np.ndarray,
) -> None:
    """As `solve`; `rotations` and `position` hold the prior and become the result, `reached` is filled."""
    count = len(parents)
    size = 3 * count + 3
    turned = np.empty((count, 3, 3))
    places = np.empty((count, 3))
    chain = np.empty(count, np.int64)
    arms = np.empty((count, 3))
    hessian = np.empty((size, size))
    gradient = np.empty(size)
    for t in range(len(rotations)):
        for _ in range(iterations):
            _forward(offsets, parents, rotations[t], position[t], turned, places)
            hessian[:] = 0.0
            gradient[:] = 0.0
            for k in range(len(joints)):
                weight = weights[t, k]
                if weight <= 0.0:
                    continue
                length = _chain_to(joints[k], parents, chain)
                place = places[joints[k]]
                for i in range(length):
                    arms[i] = place - places[chain[i]]
                _add_target(weight, place - targets[t, k], chain, arms, length, 3 * count, hessian, gradient)
            _add_prior(parents, stiffness, prior[t], rotations[t], turned, hessian, gradient)
            for i in range(3):
                hessian[3 * count + i, 3 * count + i] += root_stiffness
                gradient[3 * count + i] += root_stiffness * (position[t, i] - root[t, i])
            step = _solved(hessian, gradient)
            for j in range(count):
                _turn(step[3 * j : 3 * j + 3], parents[j], turned, rotations[t, j])
            position[t] += step[3 * count :]
        _forward(offsets, parents, rotations[t], position[t], turned, places)
        reached[t] = places


@numba.njit(cache=True)
def _solved(hessian: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """-H^-1 g of a symmetric positive definite H (N, N), by Cholesky's factors, which take H's place."""
    size = len(gradient)
    step = -gradient
    for i in range(size):
        for j in range(i + 1):
            total = hessian[i, j]
            for k in range(j):
                total -= hessian[i, k] * hessian[j, k]
            hessian[i, j] = np.sqrt(total) if i == j else total / hessian[j, j]
        for k in range(i):
            step[i] -= hessian[i, k] * step[k]
        step[i] /= hessian[i, i]
    for i in range(size - 1, -1, -1):
        step[i] /= hessian[i, i]
        for k in range(i):
            step[k] -= hessian[i, k] * step[i]
    return step


@numba.njit(cache=True)
def _forward(
    offsets: np.ndarray,
    parents: np.ndarray,
    local: np.ndarray,
    root: np.ndarray,
    turned: np.ndarray,
    places: np.ndarray,
) -> None:
    for j in range(len(parents)):
        p = parents[j]
        if p < 0:
            turned[j] = local[j]
            places[j] = root
        else:
            _multiply(turned[p], local[j], turned[j])
            for i in range(3):
                moved = 0.0
                for k in range(3):
                    moved += turned[p, i, k] * offsets[j, k]
                places[j, i] = places[p, i] + moved


@numba.njit(cache=True)
def _multiply(a: np.ndarray, b: np.ndarray, product: np.ndarray) -> None:
    """(3, 3) by (3, 3): numpy's own takes longer to be called than to multiply."""
    for i in range(3):
        for j in range(3):
            total = 0.0
            for k in range(3):
                total += a[i, k] * b[k, j]
            product[i, j] = total


@numba.njit(cache=True)
def _chain_to(joint: int, parents: np.ndarray, chain: np.ndarray) -> int:
    """The joints whose turning moves `joint`: all its ancestors."""
    length = 0
    j = parents[joint]
    while j >= 0:
        chain[length] = j
        length += 1
        j = parents[j]
    return length


@numba.njit(cache=True)
def _add_target(
    weight: float,
    error: np.ndarray,
    chain: np.ndarray,
    arms: np.ndarray,
    length: int,
    at: int,
    hessian: np.ndarray,
    gradient: np.ndarray,
) -> None:
    """Add a target to the normal equations; the Jacobian is -[arm]x for each joint, identity for the root."""
    for i in range(length):
        a = arms[i]
        row = 3 * chain[i]
        gradient[row] += weight * (a[1] * error[2] - a[2] * error[1])
        gradient[row + 1] += weight * (a[2] * error[0] - a[0] * error[2])
        gradient[row + 2] += weight * (a[0] * error[1] - a[1] * error[0])
        for m in range(length):
            b = arms[m]
            column = 3 * chain[m]
            dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
            for r in range(3):
                for c in range(3):
                    value = -b[r] * a[c]  # [a]x^T... of two lever arms: (a.b) I - b a^T
                    if r == c:
                        value += dot
                    hessian[row + r, column + c] += weight * value
        # Cross terms with the root: ([a]x) and its transpose.
        _add_skew(weight, a, row, at, hessian)
    for r in range(3):
        hessian[at + r, at + r] += weight
        gradient[at + r] += weight * error[r]


@numba.njit(cache=True)
def _add_skew(weight: float, a: np.ndarray, row: int, at: int, hessian: np.ndarray) -> None:
    values = ((0.0, -a[2], a[1]), (a[2], 0.0, -a[0]), (-a[1], a[0], 0.0))
    for r in range(3):
        for c in range(3):
            hessian[row + r, at + c] += weight * values[r][c]
            hessian[at + c, row + r] += weight * values[r][c]


@numba.njit(cache=True)
def _add_prior(
    parents: np.ndarray,
    stiffness: np.ndarray,
    prior: np.ndarray,
    local: np.ndarray,
    turned: np.ndarray,
    hessian: np.ndarray,
    gradient: np.ndarray,
) -> None:
    between = np.empty((3, 3))
    for j in range(len(parents)):
        _multiply(local[j], prior[j].T, between)
        own = _log(between)
        away = own
        if parents[j] >= 0:
            away = np.zeros(3)
            for i in range(3):
                for k in range(3):
                    away[i] += turned[parents[j], i, k] * own[k]
        for i in range(3):
            hessian[3 * j + i, 3 * j + i] += stiffness[j]
            gradient[3 * j + i] += stiffness[j] * away[i]


@numba.njit(cache=True)
def _turn(step: np.ndarray, parent: int, turned: np.ndarray, local: np.ndarray) -> None:
    """Apply a turn given about world axes to a local rotation."""
    angle = np.sqrt(step[0] ** 2 + step[1] ** 2 + step[2] ** 2)
    if angle < 1e-12:
        return
    axis = step / angle
    angle = min(angle, _LONGEST_STEP)
    if parent >= 0:
        axis = turned[parent].T @ axis
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = axis[0], axis[1], axis[2]
    turn = np.array(
        [
            [c + x * x * (1 - c), x * y * (1 - c) - z * s, x * z * (1 - c) + y * s],
            [y * x * (1 - c) + z * s, c + y * y * (1 - c), y * z * (1 - c) - x * s],
            [z * x * (1 - c) - y * s, z * y * (1 - c) + x * s, c + z * z * (1 - c)],
        ]
    )
    _multiply(turn, local.copy(), local)


@numba.njit(cache=True)
def _log(m: np.ndarray) -> np.ndarray:
    """Rotation vector of a matrix; accurate below pi, which a prior never is away."""
    x, y, z = m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]
    sine = 0.5 * np.sqrt(x * x + y * y + z * z)
    cosine = 0.5 * (m[0, 0] + m[1, 1] + m[2, 2] - 1.0)
    scale = 0.5 if sine < 1e-9 else 0.5 * np.arctan2(sine, cosine) / sine
    return np.array([x * scale, y * scale, z * scale])
