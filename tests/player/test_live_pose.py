"""Poses from outside: followed without a jump, held, given up, and taken up again."""

import numpy as np
import pytest

from clipactor_node.player import HOLD_S, Activity, Player, PoseTarget

RATE_HZ = 30.0
_ALL = np.arange(55) < 22


@pytest.fixture
def player(library, retriever, skinner):
    return Player(library, retriever, skinner, RATE_HZ)


def target(arm: float = 0.0, at: tuple[float, float] = (0.0, 0.0), heading: float = 0.0) -> PoseTarget:
    pose = np.zeros((55, 3), np.float32)
    pose[0, 1], pose[16, 2], pose[17, 2] = heading, arm, -1.2
    return PoseTarget(pose, np.array([at[0], 1.3, at[1]], np.float32), _ALL)


def follow(player, targets, seconds=1.5):
    frames = []
    for index in range(round(seconds * RATE_HZ)):
        player.live.show(targets(index / RATE_HZ))
        frames.append(player.tick())
    return frames


def steps(frames, skinner):
    joints = np.stack([skinner.transforms(f.pose, f.translation)[:22, :3, 3] for f in frames])
    return np.linalg.norm(np.diff(joints, axis=0), axis=-1)


def test_nothing_is_followed_before_it_is_asked_for(player):
    frames = follow(player, lambda t: target(1.0), 0.5)
    assert all(abs(frame.pose[16, 2] - 1.0) > 0.5 for frame in frames)


def test_mirror_follows_and_stop_ends_it(player):
    assert player.command("mirror")
    frames = follow(player, lambda t: target(0.9))
    assert abs(frames[-1].pose[16, 2] - 0.9) < 0.02
    assert frames[-1].status.activity is Activity.PLAYING and frames[-1].status.label == "mirror"
    assert player.command("stop")
    later = follow(player, lambda t: target(0.9), 1.0)
    assert abs(later[-1].pose[16, 2] - 0.9) > 0.5
    assert later[-1].status.activity is Activity.STOPPED


def test_hands_and_face_go_on_by_themselves(player):
    player.command("mirror")
    asked = target(0.9)
    frame = follow(player, lambda t: asked)[-1]
    assert np.abs(frame.pose[25:] - asked.pose[25:]).max() > 0.05  # idle hands are not flat


def test_it_comes_from_where_it_stands_and_goes_where_it_is_led(player, skinner):
    player.command("mirror")
    first = player.tick().translation
    frames = follow(player, lambda t: target(0.3, (5.0 + min(t, 1.0), 2.0)), 2.5)
    moved = frames[-1].translation - first
    assert abs(moved[0] - 1.0) < 0.05 and abs(moved[2]) < 0.05
    assert abs(frames[-1].translation[1] - 1.3) < 0.01


@pytest.mark.parametrize("wild", ["pose", "place", "both"])
def test_wild_targets_do_not_make_it_jump(player, skinner, wild):
    player.command("mirror")
    rng = np.random.default_rng(0)

    def jumping(t):
        arm = rng.uniform(-3, 3) if wild != "place" else 0.5
        at = tuple(rng.uniform(-50, 50, 2)) if wild != "pose" else (0.0, 0.0)
        return target(arm, at)

    assert steps(follow(player, jumping), skinner).max() < (4.0 + 14.0 * 0.8) / RATE_HZ


def test_the_last_pose_is_held_then_it_idles_and_takes_up_again(player, skinner):
    player.command("mirror")
    follow(player, lambda t: target(0.9))
    held = [player.tick() for _ in range(round(0.9 * HOLD_S * RATE_HZ))]
    assert abs(held[-1].pose[16, 2] - 0.9) < 0.01 and held[-1].status.activity is Activity.PLAYING
    idle = [player.tick() for _ in range(round((0.1 * HOLD_S + 1.5) * RATE_HZ))]
    assert idle[-1].status.activity is Activity.IDLE and abs(idle[-1].pose[16, 2] - 0.9) > 0.3
    again = follow(player, lambda t: target(0.9))
    assert abs(again[-1].pose[16, 2] - 0.9) < 0.02
    assert steps([*held, *idle, *again], skinner).max() < 0.2


def test_another_command_is_performed_from_the_pose_that_is_shown(player, skinner):
    player.command("mirror")
    frames = follow(player, lambda t: target(1.2))
    assert player.command("a person waves hello")
    frames += follow(player, lambda t: target(1.2), 2.0)
    assert "wave" in frames[-1].status.clip and frames[-1].status.label != "mirror"
    assert steps(frames, skinner).max() < 0.25


def test_reset_ends_it(player):
    player.command("mirror")
    follow(player, lambda t: target(0.9), 0.5)
    player.command("reset")
    assert not player.live.following
