"""Weights evened out where poses would stretch cloth: at the crotch, under the arms, behind the knees."""

import numba
import numpy as np
from scipy import sparse

from clipactor_node.appearance.cloth.binding import normalized
from clipactor_node.appearance.cloth.sheet import Sheet, averages, edges_of
from clipactor_node.body import Body, Skinner
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX

_ROUNDS, _STEPS = 14, 4
_FROM, _FULL = 1.2, 1.45
"""Ratios of an edge to its length at rest from which weights are evened out, and fully."""
_LEAST_EDGE_M = 0.003
_Pose = dict[str, tuple[float, float, float]]
_POSES: tuple[_Pose, ...] = (
    {"left_hip": (-1.5, 0, 0.1), "left_knee": (0.3, 0, 0)},
    {"left_hip": (0.6, 0, 0), "left_knee": (1.5, 0, 0), "right_hip": (-0.8, 0, 0)},
    {
        "left_hip": (-1.5, 0, 0.2),
        "right_hip": (-1.5, 0, -0.2),
        "left_knee": (1.8, 0, 0),
        "right_knee": (1.8, 0, 0),
        "spine1": (0.4, 0, 0),
    },
    {"left_hip": (0, 0, 0.8), "right_hip": (0, 0, -0.8)},
    {"left_hip": (-0.9, 0.5, 0.5), "left_knee": (1.2, 0, 0)},
    {"left_shoulder": (0, 0, 1.0), "left_collar": (0, 0, 0.25)},
    {"left_shoulder": (0, 0, 0.5), "left_elbow": (0, -1.2, 0), "spine2": (0.2, 0.3, 0)},
    {"left_shoulder": (0, -1.3, 0), "left_elbow": (0, -0.6, 0)},
    {"left_shoulder": (0, 0.6, -0.6)},
    {"left_shoulder": (0, 0, -1.15), "left_elbow": (0, -0.3, 0)},
    {"spine1": (0.3, 0, 0), "spine2": (0.3, 0, 0.2), "spine3": (0.2, 0.3, 0)},
)


def stretching_poses() -> np.ndarray:
    """(P, 55, 3) axis-angle: legs and arms as far as dances take them; each with its mirror image."""
    found = np.zeros((2 * len(_POSES), JOINT_COUNT, 3), np.float32)
    for number, pose in enumerate(_POSES):
        for name, turn in pose.items():
            found[2 * number, JOINT_INDEX[name]] = turn
            other = name.replace("left", "right") if "left" in name else name.replace("right", "left")
            found[2 * number + 1, JOINT_INDEX[other]] = turn * np.array((1, -1, -1))
    return found


def evened(weights: np.ndarray, sheet: Sheet, body: Body) -> np.ndarray:
    """Weights (V, 55) with which no pose stretches an edge much: where one does, its ends take on more of
    what carries their neighbours."""
    edges = edges_of(sheet.faces)
    length = np.linalg.norm(sheet.vertices[edges[:, 0]] - sheet.vertices[edges[:, 1]], axis=1)
    edges, length = edges[length > _LEAST_EDGE_M], length[length > _LEAST_EDGE_M]
    skinner = Skinner(body)
    transforms = skinner.transforms(stretching_poses(), np.zeros((2 * len(_POSES), 3), np.float32))
    moves = transforms[:, :, :3].astype(float)
    moves[..., 3] -= np.einsum("pjab,jb->pja", moves[..., :3], skinner.rest_joints.astype(float))
    mean = averages(len(sheet.vertices), sheet.faces)
    best, least = weights, np.inf
    for _ in range(_ROUNDS):
        weights = normalized(weights)
        rows = sparse.csr_array(weights)
        most, spoilt = _stretched(
            sheet.vertices, rows.indptr, rows.indices, rows.data, moves, edges, length, _FULL
        )
        if spoilt < least:
            best, least = weights, spoilt
        much = np.clip((most - _FROM) / (_FULL - _FROM), 0, 1)
        if not much.any():
            break
        for _ in range(3):  # wider than the edges themselves, without a step at its border
            much = np.maximum(much, mean @ much)
        for _ in range(_STEPS):
            weights = weights + 0.7 * much[:, None] * (mean @ weights - weights)
    return best


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _stretched(
    points: np.ndarray,
    starts: np.ndarray,
    joints: np.ndarray,
    weights: np.ndarray,
    moves: np.ndarray,
    edges: np.ndarray,
    lengths: np.ndarray,
    bound: float,
) -> tuple[np.ndarray, float]:
    """(V,) the greatest stretch of an edge at each vertex in any of the poses (P, 55, 3, 4); and the sum of
    squares of what goes beyond `bound`."""
    count = len(points)
    most, total, posed = np.zeros(count), 0.0, np.empty((count, 3))
    for p in range(len(moves)):
        for v in range(count):
            for axis in range(3):
                value = 0.0
                for k in range(starts[v], starts[v + 1]):
                    m = moves[p, joints[k], axis]
                    value += weights[k] * (
                        m[0] * points[v, 0] + m[1] * points[v, 1] + m[2] * points[v, 2] + m[3]
                    )
                posed[v, axis] = value
        for e in range(len(edges)):
            a, b = edges[e, 0], edges[e, 1]
            away = 0.0
            for axis in range(3):
                away += (posed[a, axis] - posed[b, axis]) ** 2
            ratio = np.sqrt(away) / lengths[e]
            most[a], most[b] = max(most[a], ratio), max(most[b], ratio)
            total += max(ratio - bound, 0.0) ** 2
    return most, total
