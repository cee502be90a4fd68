"""Guided diffusion: gradients are those of equations 6 and 7, and words move what is hidden."""

import numpy as np
import pytest

from clipactor_node.geometry import forward_kinematics, matrix_from_axis_angle
from clipactor_node.perception import Adapter, Conditions, Estimate, Estimator, Landmarks, View
from clipactor_node.perception.feedback import Rig, keypoint_gradients
from clipactor_node.perception.pose_space import TOKENS, load_space, pose_numbers, sentence_vectors
from clipactor_node.perception.regions import Region

VIEW = View(400, 400, 45.0)
PLACE = np.array([0.0, 0.0, -3.5])
ARM = [13, 15, 17, 19, 21]


@pytest.fixture(scope="module")
def estimator(skinner):
    return Estimator(skinner)


@pytest.fixture(scope="module")
def adapter(estimator):
    return Adapter(estimator)


def hanging():
    pose = np.zeros((55, 3))
    pose[16, 2], pose[17, 2] = -1.25, 1.25
    return pose


def seen_from(estimator, pose, hidden=()):
    points = estimator.landmarks(matrix_from_axis_angle(pose), PLACE)
    visible = np.ones(33)
    visible[list(hidden)] = 0.02
    world = (points - points[23:25].mean(0)) * [1.0, -1.0, -1.0]
    return Landmarks(VIEW.pixels(points), world, visible, 1.0, Region(0, 0, 1))


def test_equation_6_is_the_slope_of_the_reprojection_error(estimator):
    """By steps of a landmark sideways, the place held by all others."""
    seen = seen_from(estimator, hanging())
    rig = Rig(estimator.rest_joints[:22], estimator.offsets)
    pose = hanging()
    pose[16, 2] = -0.9
    points = rig.landmarks(matrix_from_axis_angle(pose)[None, :22])
    slopes = keypoint_gradients(points, VIEW.rays(seen.picture)[None], np.ones((1, 33))).reshape(33, 3)
    wrong = np.linalg.norm(VIEW.pixels(points[0] + PLACE) - seen.picture, axis=1)
    assert np.linalg.norm(slopes[ARM[1:]], axis=1).min() > 2.0 * np.linalg.norm(slopes[23:33], axis=1).max()
    assert int(np.argmax(wrong)) in ARM
    towards = VIEW.rays(seen.picture)[15] * 3.5 - (points[0] + PLACE)[15, :2]
    assert slopes[15, :2] @ towards < 0.0  # down the slope is nearer


def test_equation_7_is_the_slope_of_the_squared_cosine():
    space, rng = load_space(), np.random.default_rng(0)
    pose = space.scale[0] + space.scale[1] * rng.normal(0, 1, space.scale.shape[1])
    meant = rng.normal(0, 1, 256)
    _, slope = space.similarity(pose, meant)
    way = rng.normal(0, 1, len(pose))
    ahead, behind = (space.similarity(pose + s * 1e-3 * way * space.scale[1], meant)[0] for s in (1, -1))
    assert np.isclose((ahead - behind) / 2e-3, slope @ way, rtol=0.05, atol=2e-3)


def test_the_codebook_keeps_a_pose():
    space = load_space()
    pose = pose_numbers(matrix_from_axis_angle(hanging())[:22], np.eye(3))
    assert space.tokens(space.encode(pose)).shape == (TOKENS,)
    assert np.abs(space.rebuilt(pose) - pose).mean() < 0.12


def test_words_mean_the_pose_that_they_describe(skinner):
    """Equation 3: of two descriptions, the one that fits is nearer, by its side, too."""
    space = load_space()
    for raised, turn in ((16, 1.3), (17, -1.3)):
        pose = hanging()
        pose[raised, 2] = turn
        numbers = pose_numbers(matrix_from_axis_angle(pose)[:22], np.eye(3))
        near = {}
        for side in ("left", "right"):
            meant = space.read(sentence_vectors(f"the person stands, the {side} hand is above the head"))
            near[side] = float(space.similarity(numbers, meant)[0])
        assert max(near, key=near.get) == ("left" if raised == 16 else "right"), near


def test_words_move_an_arm_that_is_hidden(estimator, adapter):
    """The first estimate has it hanging; it is said to be raised."""
    seen = seen_from(estimator, hanging(), ARM)
    first = Estimate(matrix_from_axis_angle(hanging()), PLACE, seen.visibility, 1.0, True)
    said = "the left hand is above the head, the left arm is raised high over the head"

    def height(estimate):
        joints = forward_kinematics(estimator.rest_joints, estimate.local, np.zeros(3))[:, :3, 3]
        return joints[20, 1] - joints[16, 1], joints[21, 1] - joints[17, 1]

    silent, told = adapter(first, seen, VIEW), adapter(first, seen, VIEW, said)
    assert height(told)[0] > height(silent)[0] + 0.08
    assert abs(height(told)[1] - height(silent)[1]) < 0.12  # the other arm is seen
    other = adapter(first, seen, VIEW, "the head looks down, the right hand is above the head")
    assert abs(height(other)[0] - height(silent)[0]) < 0.03  # nothing was said of the hidden one


def test_it_is_pure_and_without_conditions_near_the_first_estimate(estimator, adapter):
    seen = seen_from(estimator, hanging())
    first = Estimate(matrix_from_axis_angle(hanging()), PLACE, seen.visibility, 1.0, True)
    once, again = (adapter(first, seen, VIEW, "the person stands") for _ in range(2))
    assert (once.local == again.local).all() and (once.pelvis == again.pelvis).all()
    assert (first.local == matrix_from_axis_angle(hanging())).all()
    turns = once.local.transpose(0, 2, 1) @ once.local
    assert np.abs(turns - np.eye(3)).max() < 1e-6
    blind = adapter(first, seen, VIEW, conditions=Conditions(image=False, keypoints=False, text=False))
    points = [estimator.landmarks(e.local, np.zeros(3)) for e in (blind, first)]
    assert np.linalg.norm(points[0] - points[1], axis=1).mean() < 0.2


def test_a_description_that_says_nothing_changes_nothing(estimator, adapter):
    seen = seen_from(estimator, hanging())
    first = Estimate(matrix_from_axis_angle(hanging()), PLACE, seen.visibility, 1.0, True)
    assert (adapter(first, seen, VIEW, " . ").local == adapter(first, seen, VIEW).local).all()
