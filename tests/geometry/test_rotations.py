"""Rotations agree with scipy's, everywhere, including the places where formulas break down."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from clipactor_node.geometry import rotations

vectors = arrays(np.float64, (5, 3), elements=st.floats(-3.0, 3.0))
SPECIAL = np.array(
    [[0, 0, 0], [1e-9, 0, 0], [1e-5, -2e-5, 0], [np.pi, 0, 0], [0, np.pi / 2, 0], [0, 0, -np.pi + 1e-9]]
)


@given(vectors)
def test_axis_angle_to_matrix_is_rodrigues(vector):
    expected = Rotation.from_rotvec(vector).as_matrix()
    np.testing.assert_allclose(rotations.matrix_from_axis_angle(vector), expected, atol=1e-9)


@given(vectors)
def test_matrix_and_axis_angle_are_inverse(vector):
    matrix = rotations.matrix_from_axis_angle(vector)
    back = rotations.matrix_from_axis_angle(rotations.axis_angle_from_matrix(matrix))
    np.testing.assert_allclose(back, matrix, atol=1e-7)


@pytest.mark.parametrize("vector", SPECIAL)
def test_special_angles_survive_a_round_trip(vector):
    matrix = Rotation.from_rotvec(vector).as_matrix()
    quaternion = rotations.quaternion_from_axis_angle(vector)
    assert quaternion[0] >= -1e-12
    for rebuilt in (
        rotations.matrix_from_axis_angle(rotations.axis_angle_from_quaternion(quaternion)),
        rotations.matrix_from_axis_angle(rotations.axis_angle_from_matrix(matrix)),
    ):
        np.testing.assert_allclose(rebuilt, matrix, atol=1e-7)


@given(vectors, vectors)
def test_quaternion_product_is_composition(left, right):
    product = rotations.multiply(
        rotations.quaternion_from_axis_angle(left), rotations.quaternion_from_axis_angle(right)
    )
    expected = (Rotation.from_rotvec(left) * Rotation.from_rotvec(right)).as_matrix()
    actual = rotations.matrix_from_axis_angle(rotations.axis_angle_from_quaternion(product))
    np.testing.assert_allclose(actual, expected, atol=1e-7)


@given(vectors, vectors, st.floats(0.0, 1.0))
def test_slerp_starts_ends_and_stays_on_the_shortest_arc(left, right, fraction):
    a, b = rotations.quaternion_from_axis_angle(left), rotations.quaternion_from_axis_angle(right)
    at = rotations.slerp(a, b, fraction)
    np.testing.assert_allclose(np.linalg.norm(at, axis=-1), 1.0, atol=1e-9)

    def angle(p, q):
        return 2 * np.arccos(np.clip(np.abs(np.einsum("...i,...i->...", p, q)), 0, 1))

    np.testing.assert_allclose(angle(a, at), fraction * angle(a, b), atol=1e-6)


@pytest.mark.parametrize("tilt_axis", ["X", "Z"])
@pytest.mark.parametrize("tilt", [-90, 0, 20, 90])
def test_heading_is_the_turn_about_the_vertical_also_of_one_who_lies(tilt_axis, tilt):
    for degrees in (-170, -90, 0, 45, 120, 180):
        matrix = Rotation.from_euler("Y" + tilt_axis, [degrees, tilt], degrees=True).as_matrix()
        difference = np.rad2deg(rotations.heading_from_matrix(matrix)) - degrees
        assert (difference + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)


def test_float32_stays_float32():
    pose = np.zeros((55, 3), np.float32)
    matrix = rotations.matrix_from_axis_angle(pose)
    assert matrix.dtype == np.float32
    assert rotations.quaternion_from_matrix(matrix).dtype == np.float32
