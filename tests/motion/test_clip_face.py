"""The face as a track of a clip: kept by packs, sampled, sliced, mirrored; a wrong one is refused."""

import numpy as np
import pytest

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.errors import LibraryError
from clipactor_node.motion import MotionClip, mirrored, open_library, write_pack

LEFT, RIGHT = FACE_CHANNELS.index("blink_left"), FACE_CHANNELS.index("blink_right")


def clip(face, frames=5, name="a"):
    return MotionClip(name, 10.0, np.zeros((frames, 55, 3)), np.zeros((frames, 3)), face=face)


def rising(frames=5):
    face = np.zeros((frames, 12), np.float32)
    face[:, 0] = np.linspace(0.0, 1.0, frames)
    face[:, LEFT] = 1.0
    return face


def test_a_pack_keeps_faces_and_clips_without_one(tmp_path):
    write_pack(tmp_path / "x.clips", [clip(rising()), clip(None, name="b")])
    library = open_library([tmp_path])
    np.testing.assert_allclose(library.load("a").face, rising(), atol=2e-5)
    assert library.load("b").face is None


def test_half_way_between_frames_and_a_part():
    np.testing.assert_allclose(clip(rising()).resampled(20.0).face[:3, 0], [0.0, 0.125, 0.25], atol=1e-6)
    np.testing.assert_allclose(clip(rising()).slice(0.1, 0.3).face[:, 0], [0.25, 0.5, 0.75])


def test_in_a_mirror_the_other_eye_is_closed():
    face = mirrored(clip(rising())).face
    assert face[:, RIGHT].min() == 1.0 and face[:, LEFT].max() == 0.0


def test_a_face_beyond_its_range_is_brought_within():
    face = clip(np.full((5, 12), 7.0)).face
    assert face.max() == 1.0 and face[:, FACE_CHANNELS.index("eyes_wide")].max() == 0.0


def test_a_face_of_another_length_or_width_is_refused():
    with pytest.raises(LibraryError, match="5 poses but 4 faces; expected equal counts"):
        clip(rising(4))
    with pytest.raises(LibraryError, match=r"face have shape \(5, 11\); expected \(T >= 1, 12\)"):
        clip(np.zeros((5, 11)))
