"""One passage between SMPL's axes and REP 103's."""

import numpy as np

from clipactor_node.geometry import axes
from clipactor_node.geometry.rotations import matrix_from_axis_angle

FORWARD, LEFT, UP = np.eye(3)


def test_smpl_forward_left_up_become_rep_103_x_y_z():
    smpl_left, smpl_up, smpl_forward = np.eye(3)
    np.testing.assert_array_equal(axes.points_to_ros(smpl_forward), FORWARD)
    np.testing.assert_array_equal(axes.points_to_ros(smpl_left), LEFT)
    np.testing.assert_array_equal(axes.points_to_ros(smpl_up), UP)


def test_points_and_rotations_change_axes_together():
    rng = np.random.default_rng(0)
    rotation = matrix_from_axis_angle(rng.normal(size=(7, 3)))
    points = rng.normal(size=(7, 3))
    turned = np.einsum("nij,nj->ni", rotation, points)
    expected = np.einsum("nij,nj->ni", axes.rotations_to_ros(rotation), axes.points_to_ros(points))
    np.testing.assert_allclose(axes.points_to_ros(turned), expected, atol=1e-12)
    np.testing.assert_allclose(
        axes.rotations_to_ros(rotation), axes.ROS_FROM_SMPL @ rotation @ axes.ROS_FROM_SMPL.T, atol=1e-7
    )
