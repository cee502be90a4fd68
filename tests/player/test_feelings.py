"""What is said of faces and manners reaches the frames; an idle that lives, and one that holds still."""

import numpy as np
import pytest

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.errors import InvalidChoice
from clipactor_node.player import Activity, Player

RATE_HZ = 30.0


@pytest.fixture
def player(library, retriever, skinner):
    return Player(library, retriever, skinner, RATE_HZ)


def play(player, seconds):
    return [player.tick() for _ in range(round(seconds * RATE_HZ))]


def shown(frame):
    return {name: float(value) for name, value in zip(FACE_CHANNELS, frame.face, strict=True) if value > 0.3}


@pytest.mark.parametrize(
    ("command", "expression", "coefficient"),
    [
        ("she smiles", "smile", "smile"),
        ("he is angry", "angry", "brows_down"),
        ("walks with closed eyes", "eyes_closed", "blink"),
        ("waves sadly", "sad", "frown"),
        ("an angry man walks", "angry", "sneer"),
        ("looks surprised", "surprised", "eyes_wide"),
        ("waves and smiles", "smile", "smile"),
    ],
)
def test_words_become_faces(player, command, expression, coefficient):
    assert player.command(command), player.status.error
    frame = play(player, 1.0)[-1]
    assert frame.expression == expression
    assert coefficient in shown(frame)


def test_a_face_lasts_as_long_as_its_step(player):
    player.command("smile, then wave", loop=False)
    frames = play(player, 12)
    assert frames[30].expression == "smile"
    assert frames[-1].expression == "neutral" and frames[-1].status.activity is Activity.IDLE


def test_a_manner_changes_posture_and_pace_of_the_clip_that_fits(player, skinner):
    player.command("runs")
    plain = play(player, 3)
    player.command("reset")
    player.command("runs like an old man")
    old = play(player, 3)
    assert old[-1].status.clip == plain[-1].status.clip
    ways = [np.linalg.norm(frames[-1].translation - frames[0].translation) for frames in (plain, old)]
    assert ways[1] < 0.8 * ways[0]
    heads = [skinner.transforms(f[-1].pose, f[-1].translation)[15, 1, 3] for f in (plain, old)]
    assert heads[1] < heads[0] - 0.05


def test_what_is_said_is_spoken_while_something_is_done(player):
    assert player.command('waves and says "good morning"')
    frames = play(player, 1.5)
    assert "wave" in frames[-1].status.clip
    assert max(frame.pose[22, 0] for frame in frames) > 0.08


def test_who_only_speaks_stands_and_talks_with_the_hands(player):
    assert player.command('say: "good morning everybody"')
    frames = play(player, 4)
    assert {str(frame.status.activity) for frame in frames} >= {"playing", "idle"}
    assert max(frame.pose[19, 1] for frame in frames) > 0.5  # the right elbow
    assert player.face.speaking == ""


def test_idling_never_repeats_a_motion_at_once_and_feet_stay(player, skinner):
    frames = play(player, 80)
    poses = np.stack([frame.pose for frame in frames])
    begun = np.flatnonzero(np.diff([frame.status.index for frame in frames]) < 0) + 1
    assert len(begun) >= 8
    passes = [poses[a:b, :22] for a, b in zip(begun, begun[1:], strict=False)]
    for one, other in zip(passes, passes[1:], strict=False):
        assert np.abs(one[:200] - other[:200]).max() > 0.02
    joints = np.stack([skinner.transforms(f.pose, f.translation)[:, :3, 3] for f in frames[::5]])
    assert np.ptp(joints[:, [7, 8]], axis=0).max() < 0.004  # ankles
    assert np.ptp(joints[:, 0, 0]) > 0.02  # the weight shifts
    assert np.abs(np.diff(poses[:, :22], axis=0)).max() < 0.06


def test_idling_ends_at_a_command(player):
    play(player, 11)
    player.command("a person waves")
    frames = play(player, 0.2)
    assert all(frame.status.activity is Activity.BLENDING for frame in frames)
    assert "wave" in frames[-1].status.clip


def test_a_still_idle_does_not_move_and_may_be_chosen_at_any_time(player):
    play(player, 3)
    player.idle = "still"
    play(player, 2)
    poses = np.stack([frame.pose for frame in play(player, 20)])
    assert np.ptp(poses, axis=0).max() < 1e-4
    player.idle = "alive"
    assert np.ptp(np.stack([frame.pose for frame in play(player, 10)]), axis=0).max() > 0.05
    with pytest.raises(InvalidChoice, match="alive"):
        player.idle = "asleep"


def test_others_wait_otherwise(library, retriever, skinner):
    alike = [Player(library, retriever, skinner, RATE_HZ, seed=seed) for seed in (1, 1, 2)]
    poses = [np.stack([frame.pose for frame in play(player, 20)]) for player in alike]
    np.testing.assert_array_equal(poses[0], poses[1])
    assert not np.array_equal(poses[0], poses[2])
