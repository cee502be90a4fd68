"""The face of whoever is mirrored: shown while it comes, and no longer when it does not."""

import numpy as np

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.face import ClipFace
from clipactor_node.player import HOLD_S, LivePose, PoseTarget
from clipactor_node.player.clip_playback import Place

SMILE = np.eye(len(FACE_CHANNELS), dtype=np.float32)[FACE_CHANNELS.index("smile")]
FRAME = np.zeros((55, 3), np.float32), np.array([0.0, 1.0, 0.0], np.float32)
OWN = ClipFace(0.5 * SMILE[::-1].copy())


def following():
    live = LivePose(np.zeros(3))
    live.follow(Place(np.zeros(2), 0.0))
    live.show(PoseTarget(*FRAME, np.ones(55, bool)))
    return live


def test_a_face_that_comes_is_shown_and_fades_when_none_comes():
    live = following()
    live.over(FRAME, FRAME, 1 / 30)
    live.show_face(SMILE)
    rows = [live.face_over(OWN, 1 / 30).row for _ in range(12)]
    steps = np.diff([row @ SMILE for row in rows])
    assert rows[-1] @ SMILE > 0.9 and (steps >= 0.0).all() and steps.max() < 0.5
    faded = [live.face_over(OWN, 1 / 30).row @ SMILE for _ in range(int(30 * (HOLD_S + 3.0)))]
    assert faded[0] > 0.9 and faded[-1] < 0.05 and np.abs(np.diff(faded)).max() < 0.2


def test_who_does_not_mirror_has_the_face_of_the_clip():
    live = LivePose(np.zeros(3))
    live.show_face(SMILE)
    assert live.face_over(OWN, 1 / 30) is OWN
