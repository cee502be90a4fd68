"""The body as a robot's links and joints: names, angles and frames, fast enough for every tick.

    map -> base_footprint -> pelvis_height_link -> pelvis_y_link -> pelvis_x_link -> pelvis -> ...

`base_footprint` lies under the pelvis, turned to where the avatar heads, as high as the lowest sole
(REP 120): on the floor, or above it while the avatar jumps. A prismatic `pelvis_height` lifts it. Every
joint is then three revolute joints `<joint>_x`, `<joint>_y`, `<joint>_z` about the ROS axes of its link
(all links are aligned in the T-pose), through links of next to no mass named after the joint that moves
them; the third moves `<joint>` itself.

The order of the three keeps the gimbal lock, at 90 degrees of the middle one, out of the way. In the
trunk and the legs it is the clinical one, R = Ry Rx Rz (flexion, lateral bend, twist): a knee may bend
by 150 degrees. In the arms, which lie along y, it is R = Rx Ry Rz (lift, twist, swing), but for the
wrists, where the forearm's wide twist about y comes first again. Of the two sets of angles that make
the same rotation, the one within human limits is taken.
"""

from functools import cache

import numba
import numpy as np

from clipactor_node.body.joint_angles import first_angles, next_angles, turn
from clipactor_node.body.joint_limits import LIMITS
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX, JOINT_NAMES, PARENTS, ROS_AXES, SMPL_AXES

BASE, HEIGHT = "base_footprint", "pelvis_height"


def _lifts_first(joint: int) -> bool:
    """Collar, shoulder, elbow or finger."""
    collars = (JOINT_INDEX["left_collar"], JOINT_INDEX["right_collar"])
    if JOINT_NAMES[joint].endswith("wrist"):
        return False
    while joint >= 0 and joint not in collars:
        joint = PARENTS[joint]
    return joint >= 0


LIFT_FIRST = np.array([_lifts_first(joint) for joint in range(JOINT_COUNT)])
"""(55,) bool: True where R = Rx Ry Rz, False where R = Ry Rx Rz."""

_PARENTS = np.array(PARENTS)
_ANY_STEP = np.full(JOINT_COUNT, np.inf)


def axis_order(joint: int) -> str:
    """The axes of a joint's three revolute joints, from its parent outwards: "xyz" or "yxz"."""
    return "xyz" if LIFT_FIRST[joint] else "yxz"


@cache
def joint_state_names() -> tuple[str, ...]:
    """The 166 joints in the order of `joint_positions`: pelvis_height, then x, y, z of each."""
    return (HEIGHT, *(f"{name}_{axis}" for name in JOINT_NAMES for axis in "xyz"))


@cache
def link_names() -> tuple[str, ...]:
    """The 167 links in the order of `link_transforms`; every parent comes before its children."""
    names = [BASE, f"{HEIGHT}_link"]
    for joint, name in enumerate(JOINT_NAMES):
        order = axis_order(joint)
        names += [f"{name}_{order[0]}_link", f"{name}_{order[1]}_link", name]
    return tuple(names)


@cache
def link_parents() -> tuple[str, ...]:
    """The parent frame of each link: "map" for `base_footprint`."""
    names = link_names()
    parents = ["map", BASE]
    for joint, parent in enumerate(PARENTS):
        at = 2 + 3 * joint
        before = f"{HEIGHT}_link" if parent < 0 else JOINT_NAMES[parent]
        parents += [before, names[at], names[at + 1]]
    return tuple(parents)


def joint_positions(
    transforms: np.ndarray,
    near: np.ndarray | None = None,
    ground: float = 0.0,
    base: float | None = None,
    steps: np.ndarray | None = None,
) -> np.ndarray:
    """What the robot description's joints must be for the body to stand as it does.

    Of one moment. `JointAngles` goes from moment to moment, as robots need it.

    Args:
        transforms: (55, 4, 4) joint -> world, metres, SMPL axes.
        near: (166,) the positions of a moment before: of all angles that make the same rotation the
            nearest are then taken, unless they are far beyond human limits, so that angles do not jump.
        ground: height of `base_footprint`, metres: that of the lowest sole (`soles.SolePoints`).
        base: where `base_footprint` heads, radians; None: `heading(transforms)`.
        steps: (55,) radians that the angles of each joint may be away from `near`. Farther away only
            where the joint itself was turned farther; elsewhere (near the gimbal lock) the angles lag
            behind for a moment. None: any.

    Returns:
        (166,) float64 in the order of `joint_state_names`: metres, then radians, in [-pi, pi] without `near`.
    """
    positions = np.empty(1 + 3 * JOINT_COUNT)
    transforms = np.asarray(transforms, np.float64)
    base = _heading(transforms) if base is None else base
    first = near is None
    near = np.zeros_like(positions) if near is None else np.asarray(near, np.float64)
    steps = _ANY_STEP if steps is None else steps
    _positions(transforms, base, _PARENTS, LIFT_FIRST, LIMITS, near, first, steps, positions)
    positions[0] -= ground
    return positions


def link_transforms(
    transforms: np.ndarray,
    positions: np.ndarray | None = None,
    ground: float = 0.0,
    base: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Every link in its parent's frame, in ROS axes: what a robot_state_publisher would publish.

    Args:
        transforms: (55, 4, 4) joint -> world, metres, SMPL axes.
        positions: their `joint_positions`, if they are published too; None: computed.
        ground, base: height and heading of `base_footprint`, as for `positions`.

    Returns:
        translations (167, 3) float64, metres; unit quaternions (167, 4) float64, (x, y, z, w);
        in the order of `link_names`, the first one `base_footprint` in `map`.
    """
    transforms = np.asarray(transforms, np.float64)
    translations, quaternions = np.zeros((2 + 3 * JOINT_COUNT, 3)), np.zeros((2 + 3 * JOINT_COUNT, 4))
    if positions is None:
        positions = joint_positions(transforms, ground=ground, base=base)
    translations[0, 2] = ground
    positions = np.asarray(positions, np.float64)
    base = _heading(transforms) if base is None else base
    _links(transforms, base, _PARENTS, LIFT_FIRST, positions, translations, quaternions)
    return translations, quaternions


def transforms_from_positions(
    rest_joints: np.ndarray, positions: np.ndarray, base_translation: np.ndarray, base_quaternion: np.ndarray
) -> np.ndarray:
    """The way back, for whoever receives what was published: joint values -> joint transforms.

    Args:
        rest_joints: (55, 3), metres, SMPL axes, of the body that was described.
        positions: (166,) in the order of `joint_state_names`.
        base_translation, base_quaternion: (3,), (4,) x, y, z, w: `base_footprint` in `map`, ROS axes.

    Returns:
        (55, 4, 4) float64 joint -> world, SMPL axes.
    """
    out = np.zeros((JOINT_COUNT, 4, 4))
    rest, translation, quaternion = (
        np.asarray(a, np.float64) for a in (rest_joints, base_translation, base_quaternion)
    )
    _forward(rest, np.asarray(positions, np.float64), translation, quaternion, _PARENTS, LIFT_FIRST, out)
    return out


def heading(transforms: np.ndarray) -> float:
    """Radians about the vertical that `base_footprint` is turned: the twist of the pelvis's rotation.

    Unlike the direction of the chest it stays defined, and still, for somebody lying down.
    """
    return float(_heading(np.asarray(transforms, np.float64)))


@numba.njit(cache=True)
def _heading(transforms: np.ndarray) -> float:
    m = transforms[0]
    return np.arctan2(m[0, 2] - m[2, 0], m[0, 0] + m[2, 2])


@numba.njit(cache=True)
def _relative(transforms: np.ndarray, base: float, joint: int, parent: int, r: np.ndarray) -> None:
    """The joint's rotation in its parent's frame, both in ROS axes: r (3, 3), filled in place."""
    child = transforms[joint]
    if parent < 0:
        c, s = np.cos(base), np.sin(base)
    for i in range(3):
        for k in range(3):
            a, b = SMPL_AXES[i], SMPL_AXES[k]
            if parent >= 0:
                above = transforms[parent]
                r[i, k] = above[0, a] * child[0, b] + above[1, a] * child[1, b] + above[2, a] * child[2, b]
            elif a == 0:
                r[i, k] = c * child[0, b] - s * child[2, b]
            elif a == 2:
                r[i, k] = s * child[0, b] + c * child[2, b]
            else:
                r[i, k] = child[1, b]


@numba.njit(cache=True)
def _positions(
    transforms: np.ndarray,
    base: float,
    parents: np.ndarray,
    lift_first: np.ndarray,
    limits: np.ndarray,
    near: np.ndarray,
    first: bool,
    steps: np.ndarray,
    out: np.ndarray,
) -> None:
    out[0] = transforms[0, 1, 3]
    r = np.empty((3, 3))
    for joint in range(len(parents)):
        _relative(transforms, base, joint, parents[joint], r)
        at = 1 + 3 * joint
        own = near[at : at + 3]
        if first:
            angles = first_angles(r, lift_first[joint], limits[joint])
        else:
            angles = next_angles(r, lift_first[joint], limits[joint], own, steps[joint])
        for axis in range(3):
            out[at + axis] = angles[axis]


@numba.njit(cache=True)
def _links(
    transforms: np.ndarray,
    base: float,
    parents: np.ndarray,
    lift_first: np.ndarray,
    positions: np.ndarray,
    translations: np.ndarray,
    quaternions: np.ndarray,
) -> None:
    for i in range(2):
        translations[0, i] = transforms[0, SMPL_AXES[i], 3]
    quaternions[0, 2], quaternions[0, 3] = np.sin(0.5 * base), np.cos(0.5 * base)
    translations[1, 2] = positions[0]
    quaternions[1, 3] = 1.0
    for joint in range(len(parents)):
        at, parent = 2 + 3 * joint, parents[joint]
        if parent >= 0:  # where the joint sits in its parent: world offset, turned back
            for i in range(3):
                a = SMPL_AXES[i]
                for k in range(3):
                    offset = transforms[joint, k, 3] - transforms[parent, k, 3]
                    translations[at, i] += transforms[parent, k, a] * offset
        for step in range(3):
            axis = step if lift_first[joint] or step == 2 else 1 - step
            half = 0.5 * positions[1 + 3 * joint + axis]
            quaternions[at + step, axis] = np.sin(half)
            quaternions[at + step, 3] = np.cos(half)


@numba.njit(cache=True)
def _forward(
    rest: np.ndarray,
    positions: np.ndarray,
    translation: np.ndarray,
    quaternion: np.ndarray,
    parents: np.ndarray,
    lift_first: np.ndarray,
    out: np.ndarray,
) -> None:
    x, y, z, w = quaternion
    base = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    for joint in range(len(parents)):
        m, parent = out[joint], parents[joint]
        m[3, 3] = 1.0
        for i in range(3):
            if parent < 0:
                ros = ROS_AXES[i]
                m[i, 3] = translation[ros] + base[ros, 2] * positions[0]
                for k in range(3):
                    m[i, k] = base[ros, ROS_AXES[k]]
            else:
                above = out[parent]
                m[i, 3] = above[i, 3]
                for k in range(3):
                    m[i, k] = above[i, k]
                    m[i, 3] += above[i, k] * (rest[joint, k] - rest[parent, k])
        for step in range(3):
            axis = step if lift_first[joint] or step == 2 else 1 - step
            turn(m, axis, positions[1 + 3 * joint + axis])
