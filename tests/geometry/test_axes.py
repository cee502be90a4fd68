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


def test_the_way_to_ros_and_back_ends_where_it_began():
    points = np.random.default_rng(1).normal(size=(4, 5, 3)).astype(np.float32)
    back = axes.points_from_ros(axes.points_to_ros(points))
    np.testing.assert_array_equal(back, points)
    assert back.dtype == np.float32
    np.testing.assert_array_equal(points @ axes.ROS_FROM_SMPL.T, axes.points_to_ros(points))
    np.testing.assert_array_equal(points @ axes.SMPL_FROM_ROS.T, axes.points_from_ros(points))


def test_a_place_on_the_floor_is_the_point_without_its_height():
    point = np.array([0.3, 1.7, -2.0])
    np.testing.assert_array_equal(axes.floor_to_ros(point[[0, 2]]), axes.points_to_ros(point)[:2])
    np.testing.assert_array_equal(axes.floor_from_ros(axes.floor_to_ros(point[[0, 2]])), point[[0, 2]])


def test_a_z_up_file_has_up_last_and_forward_against_its_y():
    smpl_left, smpl_up, smpl_forward = np.eye(3)
    np.testing.assert_array_equal(axes.points_to_z_up(smpl_up), [0, 0, 1])
    np.testing.assert_array_equal(axes.points_to_z_up(smpl_left), [1, 0, 0])
    np.testing.assert_array_equal(axes.points_to_z_up(smpl_forward), [0, -1, 0])
    points = np.random.default_rng(2).normal(size=(6, 3))
    np.testing.assert_array_equal(axes.points_from_z_up(axes.points_to_z_up(points)), points)
    turn = matrix_from_axis_angle(np.array([0.4, -1.1, 0.2]))
    np.testing.assert_allclose(
        axes.orientations_to_z_up(turn) @ points[0], axes.points_to_z_up(turn @ points[0])
    )
    np.testing.assert_array_equal(axes.orientations_from_z_up(axes.orientations_to_z_up(turn)), turn)


def test_kernels_take_components_as_points_do():
    point = np.array([0.3, 1.7, -2.0])
    np.testing.assert_array_equal([point[k] for k in axes.SMPL_AXES], axes.points_to_ros(point))
    np.testing.assert_array_equal([point[k] for k in axes.ROS_AXES], axes.points_from_ros(point))
