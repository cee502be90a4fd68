"""Two bytes per number, and nobody sees the difference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from clipactor_node.geometry.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from clipactor_node.motion.library import codec

LARGEST_ERROR_DEG = 0.05


@settings(deadline=None)
@given(
    hnp.arrays(np.float32, (3, 55, 3), elements=st.floats(-9, 9, width=32)),
    hnp.arrays(np.float32, (3, 3), elements=st.floats(-1000, 1000, width=32)),
)
def test_rotations_come_back_within_the_stated_error_and_translation_exactly(poses, translation):
    back, moved = codec.decode(memoryview(codec.encode(poses, translation)), 3)
    there = matrix_from_axis_angle(poses.astype(np.float64))
    away = np.swapaxes(there, -1, -2) @ matrix_from_axis_angle(back.astype(np.float64))
    degrees = np.degrees(np.linalg.norm(axis_angle_from_matrix(away), axis=-1))
    assert degrees.max() <= LARGEST_ERROR_DEG / 5  # stated: 0.0048
    np.testing.assert_array_equal(moved, translation)


def test_joints_that_do_not_move_cost_nothing_per_frame():
    still = np.zeros((1000, 55, 3))
    moving = still.copy()
    moving[:, 4, 0] = np.linspace(0, 1, 1000)
    one_channel = len(codec.encode(moving, np.zeros((1000, 3)))) - len(
        codec.encode(still, np.zeros((1000, 3)))
    )
    assert one_channel == 2000


def test_a_payload_of_another_length_is_refused():
    payload = codec.encode(np.zeros((4, 55, 3)), np.zeros((4, 3)))
    with pytest.raises(ValueError):
        codec.decode(memoryview(payload)[:-1], 5)
