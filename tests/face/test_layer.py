"""A face from tick to tick: no jumps, blinks by itself, the same for the same seed, within range."""

import numpy as np
import pytest

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.face import EXPRESSIONS, ClipFace, FaceLayer, Speech
from clipactor_node.geometry import JOINT_INDEX

PERIOD_S = 1.0 / 60.0
SILENT = ClipFace()
POSE = np.zeros((55, 3), np.float32)
BLINK, SMILE, JAW = FACE_CHANNELS.index("blink"), FACE_CHANNELS.index("smile"), JOINT_INDEX["jaw"]
SLOW = [i for i, name in enumerate(FACE_CHANNELS) if not name.startswith(("blink", "eyes_wide"))]


def play(layer, seconds, clip=SILENT):
    shown = [layer.tick(PERIOD_S, POSE, clip) for _ in range(round(seconds / PERIOD_S))]
    return np.stack([pose for pose, _ in shown]), np.stack([face for _, face in shown])


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_expression_is_reached_without_a_jump(name):
    layer = FaceLayer()
    layer.alive = False
    layer.show(name)
    poses, faces = play(layer, 0.6)
    wanted = EXPRESSIONS[name]
    if wanted.face.any():
        assert np.abs(faces - wanted.face).max(1).min() < 0.05
    assert np.abs(np.diff(faces[:, SLOW], axis=0)).max(initial=0) < 0.17
    assert np.isfinite(poses).all()
    assert poses[:, JAW, 0].max() <= 0.42


def test_from_one_expression_into_another_half_way():
    layer = FaceLayer()
    layer.alive = False
    layer.show("surprised")
    _, first = play(layer, 0.15)
    layer.show("sad")
    _, second = play(layer, 0.6)
    assert np.abs(second[0] - first[-1]).max() < 0.08
    np.testing.assert_allclose(second[-1], EXPRESSIONS["sad"].face, atol=1e-5)


def test_a_wink_is_over_by_itself():
    layer = FaceLayer()
    layer.alive = False
    layer.show("wink")
    _, faces = play(layer, 2.0)
    left, right = FACE_CHANNELS.index("blink_left"), FACE_CHANNELS.index("blink_right")
    assert faces[:, left].max() > 0.95 and faces[:, right].max() == 0.0
    assert faces[-1].max() < 1e-6 and layer.name == "neutral"


def test_it_blinks_every_few_seconds_and_looks_about_a_little():
    poses, faces = play(FaceLayer(seed=3), 60.0)
    closed = faces[:, BLINK] > 0.9
    blinks = int((np.diff(closed.astype(int)) == 1).sum())
    assert 8 <= blinks <= 30
    gaze = poses[:, JOINT_INDEX["left_eye_smplhf"], :2]
    assert 0.02 < np.abs(gaze).max() < 0.15
    np.testing.assert_array_equal(gaze, poses[:, JOINT_INDEX["right_eye_smplhf"], :2])


def test_the_same_seed_blinks_alike_and_another_does_not():
    faces = [play(FaceLayer(seed=seed), 20.0)[1] for seed in (5, 5, 6)]
    np.testing.assert_array_equal(faces[0], faces[1])
    assert not np.array_equal(faces[0], faces[2])


def test_a_still_face_neither_blinks_nor_looks_about():
    layer = FaceLayer()
    layer.alive = False
    poses, faces = play(layer, 20.0)
    assert not poses.any() and not faces.any()


def test_a_clip_shows_its_own_face_and_eyes_are_ahead_of_the_head():
    layer = FaceLayer()
    layer.alive = False
    row = np.zeros(12, np.float32)
    row[SMILE] = 0.6
    poses, faces = play(layer, 0.5, ClipFace(row, (0.2, 0.0)))
    assert faces[-1, SMILE] == pytest.approx(0.6)
    assert poses[-1, JOINT_INDEX["left_eye_smplhf"], 1] == pytest.approx(0.2, abs=0.01)


def test_who_speaks_moves_the_lips_and_closes_the_mouth_in_the_end():
    layer = FaceLayer()
    layer.alive = False
    layer.beats = True
    layer.say(Speech("good morning everybody"))
    assert layer.speaking == "good morning everybody"
    poses, faces = play(layer, 4.0)
    assert poses[:, JAW, 0].max() > 0.08
    assert faces[:, FACE_CHANNELS.index("pucker")].max() > 0.3
    assert poses[:, JOINT_INDEX["right_elbow"], 1].max() > 0.4  # a hand beats time
    assert np.abs(np.diff(poses, axis=0)).max() < 0.08
    assert not poses[-1].any() and not faces[-1].any() and layer.speaking == ""


def test_who_is_interrupted_falls_silent_without_a_jump():
    layer = FaceLayer()
    layer.alive = False
    layer.say(Speech("a a a a a a a a a a a a"))
    play(layer, 0.5)
    layer.say(None)
    poses, _ = play(layer, 0.3)
    assert np.abs(np.diff(poses, axis=0)).max() < 0.05 and not poses[-1].any()


def hear(layer, levels):
    """Jaws while a voice is heard that is so loud, a level every 20 ms."""
    jaws = []
    for level in levels:
        layer.hear(level)
        jaws += [layer.tick(0.01, POSE, SILENT)[0][JAW, 0] for _ in range(2)]
    return np.array(jaws)


def test_a_voice_alone_opens_the_jaw_as_far_as_it_is_loud_and_silence_closes_it():
    layer = FaceLayer()
    loud, soft, silent = np.split(hear(layer, [1.0] * 20 + [0.3] * 20 + [0.0] * 20), 3)
    assert loud[-1] == pytest.approx(0.2, abs=0.02)
    assert soft[-1] == pytest.approx(0.06, abs=0.01)
    assert silent[-1] < 0.003
    assert np.abs(np.diff(np.concatenate([loud, soft, silent]))).max() < 0.06
    hear(layer, [1.0] * 20)
    assert play(layer, 1.0)[0][-1, JAW, 0] < 0.003  # nobody says anything more


def test_a_text_waits_for_its_voice():
    layer = FaceLayer()
    layer.say(Speech("mama mama"))
    assert hear(layer, [0.0] * 100).max() < 0.02 and layer.speaking  # two seconds: longer than the text
    assert hear(layer, [1.0] * 40).max() > 0.1
    hear(layer, [1.0] * 60)
    assert not layer.speaking


def test_levels_out_of_range_are_taken_as_the_nearest():
    layer = FaceLayer()
    assert hear(layer, [40.0] * 20)[-1] == pytest.approx(0.2, abs=0.02)
    assert hear(layer, [-3.0] * 20)[-1] == pytest.approx(0.0, abs=0.01)
