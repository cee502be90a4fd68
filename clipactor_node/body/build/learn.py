"""From settled flesh to the T-pose and its correctives."""

from collections.abc import Callable

import numpy as np

from clipactor_node.body.build.bends import Anatomy, Block, poses_of
from clipactor_node.body.build.fit import Directions, both_sides, fit_directions, packed
from clipactor_node.body.build.sites import SITES
from clipactor_node.body.correctives import FEATURES, Correctives


def settle_everywhere(
    anatomy: Anatomy, template: np.ndarray, mirror: np.ndarray, say: Callable[[str], None]
) -> tuple[np.ndarray, Correctives]:
    """The T-pose as flesh makes it, and pose correctives that make skinning follow flesh in other poses.

    Args:
        anatomy: of the skin; its vertices are the first ones of `template`.
        template: (V, 3) a first T-pose, kept wherever no block speaks.
        mirror: (V,) each vertex's counterpart on the other side.
        say: told what is being done.

    Returns:
        (V, 3) template and the correctives of both sides.
    """
    template = template.copy()
    directions: Directions = {}
    for site in SITES:
        block, poses = Block(anatomy, site), np.stack(list(poses_of(site)))
        say(f"settling {site.joint} in {len(poses)} poses")
        settled = np.stack([block.settled(pose) for pose in poses])
        own, mask = block.vertices, block.mask[:, None]
        template[own] = (1 - mask) * template[own] + mask * settled[0]
        blended, missing = _missing(anatomy, own, poses, settled)
        for joint, values in fit_directions(site.learns, poses, blended, mask * missing).items():
            directions.setdefault(joint, np.zeros((len(template), 3, FEATURES)))[own] += values
    right = template[:, 0] < 0
    template[right] = template[mirror[right]] * [-1, 1, 1]
    return template, packed(both_sides(directions, mirror))


def _missing(
    anatomy: Anatomy, own: np.ndarray, poses: np.ndarray, settled: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Blended rotations (S, P, 3, 3), and what skinning the settled T-pose misses, (S, P, 3)."""
    weights = anatomy.weights[own]
    moves = np.stack([np.einsum("pj,jab->pab", weights, anatomy.motions(pose)) for pose in poses])
    skinned = np.einsum("spab,pb->spa", moves[..., :3, :3], settled[0]) + moves[..., :3, 3]
    return moves[..., :3, :3], settled - skinned
