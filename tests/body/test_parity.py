"""The same pose in: vertices and joints equal those of the `smplx` package within 0.01 mm.

On our own body written in the SMPL-X schema, and on random numbers in the size of the licensed one.
"""

import numpy as np
import pytest

from clipactor_node.body import Skinner, load
from clipactor_node.body.poses import FlatHandPose, MeanHandPose
from clipactor_node.body.smplx_format import write_smplx
from clipactor_node.geometry.skeleton import PARENTS

smplx = pytest.importorskip("smplx", reason="the smplx package is an optional extra")
import torch  # noqa: E402

HUNDREDTH_OF_A_MILLIMETRE = 1e-5


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "SMPLX_NEUTRAL.npz"
    write_smplx(load(), path)
    return path


@pytest.fixture(scope="module")
def licensed_size(tmp_path_factory):
    path = tmp_path_factory.mktemp("random") / "SMPLX_FEMALE.npz"
    rng = np.random.default_rng(3)
    count = 10475
    weights = rng.random((count, 55)) ** 20
    joints = rng.random((55, count)) ** 40
    np.savez(
        path,
        v_template=rng.normal(0, 0.4, (count, 3)),
        f=rng.integers(0, count, (20908, 3)).astype(np.uint32),
        weights=weights / weights.sum(1, keepdims=True),
        J_regressor=joints / joints.sum(1, keepdims=True),
        kintree_table=np.stack([np.array((2**32 - 1, *PARENTS[1:])), np.arange(55)]),
        posedirs=rng.normal(0, 1e-3, (count, 3, 486)).astype(np.float32),
        shapedirs=rng.normal(0, 1e-2, (count, 3, 400)).astype(np.float32),
        hands_meanl=rng.normal(0, 0.2, 45),
        hands_meanr=rng.normal(0, 0.2, 45),
        hands_componentsl=np.eye(45),
        hands_componentsr=np.eye(45),
        lmk_faces_idx=np.zeros(51, np.int64),
        lmk_bary_coords=np.tile([1.0, 0, 0], (51, 1)),
    )
    return path


def theirs(path, gender, pose, translation, betas, expression, flat=True):
    model = smplx.create(
        str(path),
        model_type="smplx",
        gender=gender,
        use_pca=False,
        flat_hand_mean=flat,
        num_betas=10,
        num_expression_coeffs=10,
    )
    whole = torch.as_tensor(pose)[None]
    out = model(
        global_orient=whole[:, 0],
        body_pose=whole[:, 1:22].flatten(1),
        jaw_pose=whole[:, 22],
        leye_pose=whole[:, 23],
        reye_pose=whole[:, 24],
        left_hand_pose=whole[:, 25:40].flatten(1),
        right_hand_pose=whole[:, 40:55].flatten(1),
        transl=torch.as_tensor(translation)[None],
        betas=torch.as_tensor(betas)[None],
        expression=torch.as_tensor(expression)[None],
    )
    return out.vertices[0].detach().numpy(), out.joints[0, :55].detach().numpy()


@pytest.mark.parametrize(("which", "gender"), [("own", "neutral"), ("licensed_size", "female")])
@pytest.mark.parametrize("flat", [True, False])
def test_vertices_and_joints_equal_those_of_the_smplx_package(which, gender, flat, request):
    path = request.getfixturevalue(which)
    body, rng = load(path), np.random.default_rng(5)
    for _ in range(2):
        pose = rng.normal(0, 0.4, (55, 3)).astype(np.float32)
        translation, betas, expression = (rng.normal(0, 1, n).astype(np.float32) for n in (3, 10, 10))
        skinner = Skinner(body, betas, expression)
        given = FlatHandPose(pose) if flat else MeanHandPose(pose, body.hands)
        transforms = skinner.transforms(given.smplx(), translation)
        vertices, joints = theirs(path, gender, pose, translation, betas, expression, flat)
        assert np.abs(skinner.vertices(transforms) - vertices).max() < HUNDREDTH_OF_A_MILLIMETRE
        assert np.abs(transforms[:, :3, 3] - joints).max() < HUNDREDTH_OF_A_MILLIMETRE
