"""From joints in the world, as scenes have them, to a `SourceMotion`, whose rest pose has no rotations."""

import numpy as np

from clipactor_node.motion.importing.source_motion import SourceMotion

_MOVES = 1e-3  # share of a leg or so that a joint must move from its parent to be more than a rotation


def from_world(
    name: str,
    rate_hz: float,
    joints: tuple[str, ...],
    parents: tuple[int, ...],
    rest: np.ndarray,
    frames: np.ndarray,
) -> SourceMotion:
    """A motion in the axes and the unit of the world it comes from.

    Args:
        rest: (J, 4, 4) of joints in the rest pose. frames: (T, J, 4, 4); uniform scales are taken out.
    """
    turned = orthonormal(frames[..., :3, :3]) @ np.swapaxes(orthonormal(rest[:, :3, :3]), -1, -2)
    places, rest_places = frames[..., :3, 3], rest[:, :3, 3]
    above = np.maximum(parents, 0)
    local = np.swapaxes(turned[:, above], -1, -2) @ turned
    local[:, 0] = turned[:, 0]
    bones = np.einsum("tjba,tjb->tja", turned[:, above], places - places[:, above])
    offsets = rest_places - rest_places[above]
    far = np.abs(bones - offsets).max(axis=(0, 2)) > _MOVES * max(
        float(np.ptp(rest_places, axis=0).max()), 1e-9
    )
    return SourceMotion(
        name=name,
        rate_hz=rate_hz,
        joints=unique(joints),
        parents=parents,
        offsets=offsets,
        rotations=local,
        root=places[:, 0],
        shifts={j: bones[:, j] for j in np.flatnonzero(far).tolist() if j} or None,
    )


def orthonormal(matrices: np.ndarray) -> np.ndarray:
    """The rotations (..., 3, 3) in matrices that also scale evenly; columns are made right-angled and 1
    long."""
    x = matrices[..., 0] / np.maximum(np.linalg.norm(matrices[..., 0], axis=-1, keepdims=True), 1e-12)
    z = np.cross(x, matrices[..., 1])
    z = z / np.maximum(np.linalg.norm(z, axis=-1, keepdims=True), 1e-12)
    return np.stack([x, np.cross(z, x), z], axis=-1)


def unique(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of which those that occur again get a number."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(result)
