"""Commands in, a frame per tick out; transitions without jumps; control words; bad input."""

import math

import numpy as np
import pytest

from clipactor_node.motion.blending.blend import heading_of
from clipactor_node.player import Activity, Place, Player
from clipactor_node.retrieval import Retriever, plan_prompt
from clipactor_node.text import load_encoder

RATE_HZ = 30.0


@pytest.fixture
def player(library, retriever, skinner):
    return Player(library, retriever, skinner, RATE_HZ)


def play(player, seconds):
    return [player.tick() for _ in range(round(seconds * RATE_HZ))]


def pelvis_path(frames, skinner):
    return np.stack([skinner.rest_joints[0] + frame.translation for frame in frames])


def joints(frames, skinner):
    return np.stack([skinner.transforms(f.pose, f.translation)[:22, :3, 3] for f in frames])


def test_it_idles_on_the_floor_before_anything_is_asked(player, skinner):
    frames = play(player, 1)
    assert {frame.status.activity for frame in frames} == {Activity.IDLE}
    vertices = skinner.vertices(skinner.transforms(frames[-1].pose, frames[-1].translation))
    assert abs(vertices[:, 1].min()) < 0.02
    assert math.isnan(frames[-1].status.score)


def test_a_sentence_is_performed(player, skinner):
    assert player.command("Freddie Mercury is dancing")
    status = play(player, 1)[-1].status
    assert "dance" in status.clip
    assert status.command == "Freddie Mercury is dancing"
    assert status.activity is Activity.PLAYING
    assert 0 < status.score <= 1
    assert 0 <= status.index < status.frames
    assert status.plan


def test_walking_walks_and_goes_on_walking(player, skinner):
    player.command("a person walks forward")
    path = pelvis_path(play(player, 6), skinner)
    assert path[-1, 2] - path[0, 2] > 3.0  # forward is +z
    assert abs(path[-1, 0]) < 1.0


def test_the_next_motion_starts_where_the_last_one_was(player, skinner):
    player.command("a person walks forward")
    play(player, 4)
    before = pelvis_path(play(player, 0.1), skinner)[-1]
    player.command("a person waves hello")
    after = pelvis_path(play(player, 1.5), skinner)
    assert np.linalg.norm(after[0] - before) < 0.1
    assert np.linalg.norm((after[-1] - before)[[0, 2]]) < 0.6


def test_heading_is_kept(player):
    player.command("turn left while walking")
    turned = heading_of(play(player, 3)[-1].pose)
    player.command("a person bows")
    assert abs(turned) > 0.3
    difference = heading_of(play(player, 1)[-1].pose) - turned
    assert abs((difference + np.pi) % (2 * np.pi) - np.pi) < 0.5


def test_no_transition_jumps(player, skinner):
    """Joints never move faster than people do, whenever a command comes."""
    frames = play(player, 0.5)
    for text in ("run", "a person kicks", "crawl", "dance", "stop", "jump", "walk"):
        player.command(text)
        frames += play(player, 0.7)
    speed = np.linalg.norm(np.diff(joints(frames, skinner), axis=0), axis=-1) * RATE_HZ
    assert speed.max() < 15.0  # metres per second


def test_a_transition_takes_at_least_a_quarter_of_a_second(player):
    player.command("walk")
    activities = [frame.status.activity for frame in play(player, 1)]
    assert activities.count(Activity.BLENDING) >= 0.25 * RATE_HZ
    assert activities[-1] is Activity.PLAYING


def test_once_then_idle(library, retriever, skinner):
    player = Player(library, retriever, skinner, RATE_HZ, loop=False)
    player.command("kick")
    assert play(player, 4)[-1].status.activity is Activity.IDLE


def test_a_loop_can_be_asked_for_per_command(player):
    player.command("kick", loop=False)
    assert play(player, 4)[-1].status.activity is Activity.IDLE


def test_steps_follow_one_another(player):
    player.command("walks forward, then jumps and kicks")
    clips = list(dict.fromkeys(frame.status.clip for frame in play(player, 12)))
    assert [clip.split("_")[0] for clip in clips[:3]] == ["walk", "jump", "kick"]


def test_layers_play_together(player, skinner):
    player.command("walks forward while waving")
    frames = play(player, 3)
    assert " + " in frames[-1].status.clip
    path = pelvis_path(frames, skinner)
    assert path[-1, 2] > 1.0
    wrists = joints(frames, skinner)[:, [20, 21]] - path[:, None]
    assert wrists[..., 1].max() > 0.25  # a hand is up


def test_stop_pause_resume_reset(player, skinner):
    player.command("walk")
    play(player, 2)
    player.command("pause")
    held = play(player, 1)
    assert all(np.array_equal(frame.pose, held[0].pose) for frame in held)
    assert held[-1].status.activity is Activity.PAUSED
    player.command("resume")
    assert not np.array_equal(play(player, 0.2)[-1].pose, held[-1].pose)
    player.command("stop")
    assert play(player, 1)[-1].status.activity is Activity.STOPPED
    player.command("reset")
    frame = play(player, 0.1)[-1]
    assert frame.status.activity is Activity.IDLE
    np.testing.assert_allclose(pelvis_path([frame], skinner)[0, [0, 2]], 0, atol=0.1)


@pytest.mark.parametrize(
    "text",
    ["", "   \n\t ", "x" * 10_000, "walk " * 2_000, "\x00\x01", "🕺💃🔥", "\udcff", "走り回る", "ходит"],
    ids=["empty", "blank", "long word", "long", "control", "emoji", "surrogates", "japanese", "russian"],
)
def test_bad_input_never_stops_the_avatar(player, text):
    player.command("walk")
    play(player, 1)
    accepted = player.command(text)
    frames = play(player, 1)
    assert accepted or player.status.error
    assert np.abs(np.diff([f.pose for f in frames], axis=0)).max() > 0
    assert len(player.status.command) <= 200
    assert all(np.isfinite(f.pose).all() and np.isfinite(f.translation).all() for f in frames)


def test_a_refused_command_changes_nothing_on_stage(player):
    player.command("walk")
    play(player, 1)
    assert not player.command("")
    status = play(player, 0.1)[-1].status
    assert status.clip.startswith("walk")
    assert status.error


def test_without_a_library_it_stands_and_says_why(skinner):
    player = Player(None, None, skinner, RATE_HZ, excuse="the library is damaged: reinstall")
    assert not player.command("walk")
    frame = play(player, 1)[-1]
    assert frame.status.error == "the library is damaged: reinstall"
    vertices = skinner.vertices(skinner.transforms(frame.pose, frame.translation))
    assert abs(vertices[:, 1].min()) < 0.005


def test_only_looks_do_not_stop_the_motion(player):
    player.command("walk")
    play(player, 1)
    assert player.command("a person in a red coat")
    assert play(player, 0.5)[-1].status.clip.startswith("walk")


@pytest.mark.parametrize("rate_hz", [10.0, 24.0, 60.0, 120.0])
def test_any_rate_shows_the_same_motion(library, retriever, skinner, rate_hz):
    player = Player(library, retriever, skinner, rate_hz)
    player.command("run")
    frames = [player.tick() for _ in range(round(3 * rate_hz))]
    assert 5.0 < frames[-1].translation[2] < 15.0


@pytest.mark.parametrize("name", ["dance_b", "get_up_from_back", "idle"])
def test_the_name_of_a_clip_plays_that_very_clip(player, name):
    assert player.command(name)
    status = play(player, 0.5)[-1].status
    assert status.clip == name
    assert name in status.plan[0]


def test_it_turns_to_the_front_before_it_performs_if_that_is_wanted(player):
    player.command("a person turns left while walking")
    frames = play(player, 3)
    assert abs(heading_of(frames[-1].pose)) > 0.6
    player.faces_front = True
    player.command("wave hello")
    frames = play(player, 6)
    assert "turn in place" in {frame.status.label for frame in frames}
    assert abs(heading_of(frames[-1].pose)) < 0.3
    assert frames[-1].status.clip == "wave"


def test_it_goes_on_as_it_faces_otherwise(player):
    player.command("a person turns left while walking")
    before = heading_of(play(player, 3)[-1].pose)
    player.command("wave hello")
    frames = play(player, 4)
    assert "turn in place" not in {frame.status.label for frame in frames}
    assert abs(heading_of(frames[-1].pose) - before) < 0.5


@pytest.mark.parametrize("rate_hz", [10.0, 100.0])
def test_the_rate_may_change_while_it_plays(player, skinner, rate_hz):
    player.command("a person walks forward, then bows")
    before = joints(play(player, 1.5), skinner)[-1]
    player.change_rate(player.resampled(rate_hz))
    frames = [player.tick() for _ in range(round(2 * rate_hz))]
    after = joints(frames, skinner)
    assert np.linalg.norm(after[0] - before, axis=1).max() < 0.1 * 30 / min(rate_hz, 30)  # goes on from there
    assert frames[-1].status.clip == "walk"
    speed = np.linalg.norm(after[-1, 0] - after[round(rate_hz), 0]) / (len(after) / rate_hz - 1)
    assert 0.7 < speed < 2.0  # metres per second, as before
    frames += [player.tick() for _ in range(round(6 * rate_hz))]
    assert "bow" in {frame.status.clip for frame in frames}  # what was waiting still comes


def test_there_and_back_between_rates_nothing_is_lost(player):
    player.command("a person dances")
    play(player, 1)
    clip = player.motion.base.clip
    player.change_rate(player.resampled(1.0))
    player.change_rate(player.resampled(RATE_HZ))
    np.testing.assert_array_equal(player.motion.base.clip.poses, clip.poses)


def test_idling_goes_on_idling_at_another_rate(player):
    player.change_rate(player.resampled(60.0))
    assert {player.tick().status.activity for _ in range(60)} == {Activity.IDLE}


def test_home_is_where_it_is_put(library, retriever, skinner):
    home = Place(np.array([2.0, -1.0]), 0.5)
    player = Player(library, retriever, skinner, RATE_HZ, place=home)
    for _ in range(2):
        frame = player.tick()
        place = (skinner.rest_joints[0] + frame.translation)[[0, 2]]
        np.testing.assert_allclose(place, home.position, atol=0.05)
        assert heading_of(frame.pose) == pytest.approx(0.5, abs=0.1)
        player.command("a person walks forward")
        play(player, 2)
        player.command("reset")


def test_what_was_performed_has_had_its_turn_what_was_only_asked_has_not(library, skinner):
    varied = Retriever(library, load_encoder("minilm"), variety=1.0)
    player = Player(library, varied, skinner, RATE_HZ)
    asked = plan_prompt(varied, "walks")
    assert asked.layers[0].match.alternatives > 1
    assert plan_prompt(varied, "walks") == asked
    player.command("a person in a red coat")
    player.command("walks")
    assert player.motion.base.clip.name == asked.layers[0].match.clip
    assert plan_prompt(varied, "walks") != asked
