"""What legs do to cloth that hangs around both, learned once from how it settles: pose blend shapes of its
own.

Like SMPL's, they are linear in R - I of the joints (here hips and knees), so that whatever poses the body
poses
the cloth, at the same cost, and every exporter knows them.
"""

import numpy as np

from clipactor_node.appearance.cloth.cage import cage_of, capsules, leg_radii, settled
from clipactor_node.appearance.cloth.sheet import Sheet
from clipactor_node.appearance.painting.surface import Surface
from clipactor_node.body import Body, Skinner
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX, matrix_from_axis_angle

JOINTS = tuple(JOINT_INDEX[name] for name in ("left_hip", "right_hip", "left_knee", "right_knee"))
_RIDGE = 0.02


def leg_poses() -> np.ndarray:
    """(P, 55, 3) stances, strides, kicks, bows of the knee, seats, splits, each with its mirror image."""
    found = []

    def add(
        left: tuple[float, float, float],
        left_knee: float,
        right: tuple[float, float, float],
        right_knee: float,
    ) -> None:
        pose = np.zeros((JOINT_COUNT, 3), np.float32)
        pose[JOINTS[0]], pose[JOINTS[1]] = left, right
        pose[JOINTS[2], 0], pose[JOINTS[3], 0] = left_knee, right_knee
        found.append(pose)

    for flex in (-0.6, -0.3, 0.3, 0.6):
        for knee in (0.0, 0.5, 1.0):
            add((-flex, 0, 0.05), knee if flex > 0 else 0.2, (flex, 0, -0.05), 0.15)
    for flex in (0.6, 1.0, 1.4, 1.7):
        for knee in (0.1, 0.9, 1.7):
            add((-flex, 0, 0.05), knee, (0.05, 0, -0.03), 0.05)
            add((-flex, 0, 0.25), knee, (-flex, 0, -0.25), knee)
        add((-flex, 0, 0.05), flex * 1.2, (-0.5 * flex, 0, -0.05), flex)
    for spread in (0.15, 0.35, 0.6, 0.9):
        add((0.0, 0, spread), 0.05, (0.0, 0, -spread), 0.05)
        add((-0.4, 0, spread), 0.6, (-0.4, 0, -spread), 0.6)
        add((0.0, 0, spread), 0.05, (0.0, 0, -0.03), 0.05)
    for back in (0.3, 0.6):
        add((back, 0, 0.03), 1.4, (-0.1, 0, -0.03), 0.2)
        add((back, 0, 0.03), 0.4, (-0.9, 0, -0.03), 1.0)
    for turn in (-0.5, 0.5):
        add((-0.2, turn, 0.1), 0.2, (-0.2, turn, -0.1), 0.2)
    poses = np.stack(found)
    mirrored = poses[:, [*range(JOINT_COUNT)]].copy()
    for a, b in ((JOINTS[0], JOINTS[1]), (JOINTS[2], JOINTS[3])):
        mirrored[:, a], mirrored[:, b] = poses[:, b], poses[:, a]
    mirrored[:, :, 1:] *= -1
    return np.concatenate([np.zeros((1, JOINT_COUNT, 3), np.float32), poses, mirrored])


def features(poses: np.ndarray) -> np.ndarray:
    """(P, 36): R - I of hips and knees, row by row."""
    rotation = matrix_from_axis_angle(np.asarray(poses, np.float32)[:, list(JOINTS)]).astype(float)
    return (rotation - np.eye(3)).reshape(len(poses), -1)


def learned(sheet: Sheet, weights: np.ndarray, body: Body, surface: Surface) -> np.ndarray:
    """(4, V, 3, 9) float32 metres per unit of R - I of `JOINTS`, added to the T-pose before skinning."""
    cage, skinner, radii = cage_of(sheet, weights, surface), Skinner(body), leg_radii(body, surface)
    poses = leg_poses()
    still = np.zeros(3, np.float32)
    rest = settled(cage, cage.nodes, *capsules(skinner.transforms(poses[0], still), radii)) - cage.nodes
    targets = []
    half = 1 + (len(poses) - 1) // 2  # the others are mirror images
    for pose in poses[:half]:
        transforms = skinner.transforms(pose, still).astype(float)
        moves = transforms.copy()
        moves[:, :3, 3] -= np.einsum("jab,jb->ja", transforms[:, :3, :3], skinner.rest_joints.astype(float))
        blend = np.einsum("nj,jab->nab", cage.weights, moves[:, :3])
        start = np.einsum("nab,nb->na", blend[:, :, :3], cage.nodes) + blend[:, :, 3]
        away = settled(cage, start, *capsules(transforms, radii)) - start
        turn = blend[:, :, :3]
        local = np.linalg.solve(turn + 0.02 * np.eye(3), away[..., None])[..., 0]
        targets.append(local - rest)
    targets += [cage.mirrored(target) for target in targets[1:]]
    wanted = np.clip(np.stack(targets).reshape(len(poses), -1), -0.6, 0.6)
    known = features(poses)
    solved = np.linalg.solve(known.T @ known + _RIDGE * np.eye(known.shape[1]), known.T @ wanted)
    count = len(cage.nodes)
    nodes = solved.reshape(len(JOINTS), 9, count, 3).transpose(0, 2, 3, 1).reshape(len(JOINTS), count, 27)
    return np.stack([cage.spread(of) for of in nodes]).reshape(len(JOINTS), -1, 3, 9).astype(np.float32)
