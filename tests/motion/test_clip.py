"""A clip is checked once, when it is made; afterwards everybody may rely on it."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node.errors import LibraryError
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.motion import Label, MotionClip


def clip_of(poses, translation=None, **fields):
    translation = np.zeros((len(poses), 3)) if translation is None else translation
    return MotionClip("clip", fields.pop("rate_hz", 30.0), poses, translation, **fields)


def test_duration_is_the_time_of_the_last_frame(make_clip):
    assert make_clip(frames=31, rate_hz=30.0).duration_s == pytest.approx(1.0)


def test_arrays_are_copies_that_nobody_can_write_into():
    poses = np.zeros((2, 55, 3), np.float32)
    clip = clip_of(poses)
    poses[:] = 7.0
    assert not clip.poses.any()
    with pytest.raises(ValueError, match="read-only"):
        clip.poses[0] = 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"poses": np.zeros((0, 55, 3))}, "T >= 1"),
        ({"poses": np.zeros((4, 52, 3))}, "55, 3"),
        ({"poses": np.full((4, 55, 3), np.nan)}, "not finite"),
        ({"translation": np.zeros((3, 3))}, "4 poses but 3"),
        ({"rate_hz": 0.0}, "rate"),
        ({"rate_hz": float("nan")}, "rate"),
        ({"name": " walk"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"labels": (Label("late", 0.0, 99.0),)}, "ends at 99"),
        ({"loop": (1.0, 0.5)}, "loop"),
    ],
)
def test_impossible_values_are_refused(change, message):
    fields = {"name": "x", "rate_hz": 30.0, "poses": np.zeros((4, 55, 3)), "translation": np.zeros((4, 3))}
    with pytest.raises(LibraryError, match=message):
        MotionClip(**{**fields, **change})


@pytest.mark.parametrize("span", [(1.0, 0.5), (-1.0, 0.5), (0.0, float("inf")), (float("nan"), 1.0)])
def test_a_label_needs_a_span_that_exists(span):
    with pytest.raises(LibraryError, match="expected 0 <= start <= end"):
        Label("walk", *span)


@settings(deadline=None)
@given(rate=st.sampled_from([10.0, 24.0, 29.97, 30.0, 60.0, 120.0]), frames=st.integers(1, 40))
def test_resampling_keeps_the_ends_and_never_goes_beyond(rate, frames):
    rng = np.random.default_rng(frames)
    clip = clip_of(rng.normal(scale=0.5, size=(frames, 55, 3)), rng.normal(size=(frames, 3)))
    other = clip.resampled(rate)
    assert other.rate_hz == rate
    assert other.duration_s <= clip.duration_s + 1e-9
    assert clip.duration_s - other.duration_s < 1.0 / rate
    np.testing.assert_allclose(other.poses[0], clip.poses[0], atol=1e-5)
    np.testing.assert_allclose(other.translation[0], clip.translation[0], atol=1e-6)


def test_resampling_goes_the_shortest_way_between_rotations():
    poses = np.zeros((2, 55, 3))
    poses[0, 0], poses[1, 0] = [0.0, 3.0, 0.0], [0.0, -3.0, 0.0]  # 0.28 rad apart, through pi
    middle = clip_of(poses).sampled(np.array([0.5 / 30.0]))[0][0, 0]
    expected = matrix_from_axis_angle(np.array([0.0, np.pi, 0.0]))
    np.testing.assert_allclose(matrix_from_axis_angle(middle.astype(float)), expected, atol=1e-5)


def test_a_slice_shifts_its_spans(make_clip):
    clip = make_clip(frames=61, labels=(Label("walk", 0.0, 1.2), Label("stop", 1.5, 2.0)), loop=(0.5, 1.0))
    part = clip.slice(0.5, 1.3)
    assert part.duration_s == pytest.approx(0.8)
    (label,) = part.labels
    assert (label.text, label.start_s) == ("walk", 0.0)
    assert label.end_s == pytest.approx(0.7)
    assert part.loop == pytest.approx((0.0, 0.5))
    np.testing.assert_array_equal(part.poses, clip.poses[15:40])
    assert clip.slice(0.6, 1.3).loop is None
    with pytest.raises(LibraryError, match="no frames"):
        clip.slice(2.5, 3.0)


def test_a_clip_travels_between_processes(make_clip):
    clip = make_clip(quality={"fit_mean_m": 0.01})
    copy = pickle.loads(pickle.dumps(clip))
    np.testing.assert_array_equal(copy.poses, clip.poses)
    assert copy.labels == clip.labels
    assert dict(copy.quality) == {"fit_mean_m": 0.01}
