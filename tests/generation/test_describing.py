"""What is said of motions whose content is known: parts, sides, directions, numbers, postures."""

import random
import re
import subprocess
import sys

import numpy as np
import pytest

from clipactor_node.generation.captions import captions_of, written_captions
from clipactor_node.generation.describing import describe, described, events_of, phrase, sentences
from clipactor_node.generation.describing.event import Event
from clipactor_node.motion import MotionClip, mirrored, open_library, swapped_sides

LIBRARY = open_library()


def kinds(name, rest):
    return {(e.kind, e.side, e.way) for e in events_of(LIBRARY.load(name), rest)}


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("wave", ("wave", "right", "to the height of the head")),
        ("point_up", ("raise", "right", "above the head")),
        ("point_left", ("look", "", "to the left")),
        ("raise_hands", ("raise", "both", "above the head")),
        ("bow", ("bend", "", "forward")),
        ("nod", ("nod", "", "")),
        ("shake_head", ("shake head", "", "")),
        ("hands_on_hips", ("hand on hip", "both", "")),
        ("pray", ("hands together", "both", "in front of the chest")),
        ("drink", ("hand to head", "right", "to the face")),
        ("kneel", ("kneel down", "", "")),
        ("sit_down", ("sit down", "", "on the floor")),
        ("squat", ("crouch down", "", "")),
        ("balance", ("balance", "left", "")),
        ("march", ("lift knee", "left", "high")),
        ("walk", ("walk", "", "forward")),
        ("run", ("run", "", "forward")),
        ("jump", ("jump", "", "forward")),
        ("walk_turn_left", ("walk", "", "in a curve to the left")),
        ("walk_turn_right", ("walk", "", "in a curve to the right")),
        ("kick", ("kick", "right", "high to the side")),
        ("cartwheel", ("cartwheel", "", "")),
        ("backflip", ("flip", "", "backward")),
        ("roll", ("roll over", "", "forward")),
    ],
)
def test_what_happens_is_seen(name, seen, rest):
    assert seen in kinds(name, rest)


def test_nobody_who_stands_does_anything(rest):
    assert events_of(LIBRARY.load("idle"), rest) == []
    assert any("still" in s or "stays" in s or "without" in s for s in describe(LIBRARY.load("idle"), rest))


@pytest.mark.parametrize("name", ["wave", "kick", "walk_turn_left", "point_right", "balance", "throw"])
def test_in_a_mirror_left_is_right(name, rest):
    clip = LIBRARY.load(name)
    here = sorted((e.kind, swapped_sides(e.side), swapped_sides(e.way)) for e in events_of(clip, rest))
    there = sorted((e.kind, e.side, e.way) for e in events_of(mirrored(clip), rest))
    assert here == there


def standing(rest, frames):
    """(T, 3): the translation of somebody whose toes are where those of a standing person are."""
    return np.tile([0.0, 0.02 - rest[[10, 11], 1].min(), 0.0], (frames, 1))


def turning(degrees, rest, seconds=2.0):
    frames = round(20 * seconds) + 1
    poses = np.zeros((frames, 55, 3), np.float32)
    poses[:, 16, 2], poses[:, 17, 2] = -1.3, 1.3  # hanging arms
    poses[:, 0, 1] = np.radians(degrees) * np.clip(np.linspace(-0.2, 1.2, frames), 0, 1)
    return MotionClip("turning", 20.0, poses, standing(rest, frames))


@pytest.mark.parametrize(
    ("degrees", "kind", "side"),
    [(90, "turn", "left"), (-90, "turn", "right"), (180, "turn around", "left"),
     (45, "turn a little", "left"), (-350, "turn in a circle", "right")],
)  # fmt: skip
def test_turns_on_the_spot_have_a_side_and_a_size(degrees, kind, side, rest):
    assert [(e.kind, e.side) for e in events_of(turning(degrees, rest), rest)] == [(kind, side)]


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_hand_that_goes_up_is_counted(times, side, rest):
    frames = 40 * times + 1
    poses = np.zeros((frames, 55, 3), np.float32)
    hanging = {"left": -1.3, "right": 1.3}
    poses[:, 16, 2], poses[:, 17, 2] = hanging["left"], hanging["right"]
    up = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frames) / 40)
    joint, sign = (16, 1) if side == "left" else (17, -1)
    poses[:, joint, 2] = hanging[side] + sign * 2.6 * up
    clip = MotionClip("up", 20.0, poses, standing(rest, frames))
    raises = [e for e in events_of(clip, rest) if e.kind == "raise"]
    assert [(e.side, e.way, e.count) for e in raises] == [(side, "above the head", times)]


def test_sentences_are_the_same_for_the_same_seed_and_others_for_another():
    events = [
        Event("walk", 0.0, 2.0, way="forward", count=4),
        Event("wave", 2.0, 4.0, side="left", weight=2.0),
    ]
    assert sentences(events, 1, 3) == sentences(events, 1, 3)
    assert sentences(events, 1, 3) != sentences(events, 2, 3)
    assert len(set(sentences(events, 1, 3))) == 3


def test_a_count_and_a_pace_are_said():
    one = Event("raise", 0.0, 3.0, side="left", way="above the head", count=2, pace="slowly")
    said = phrase(one, random.Random(0))
    assert re.search("left (hand|arm)", said) and "above the head" in said
    assert re.search("twice|two times", said) and "slow" in said


def test_what_has_no_words_gets_labels_of_spans_and_captions(rest):
    from dataclasses import replace

    clip = described(replace(LIBRARY.load("kick"), labels=(), captions=()), rest)
    assert any("right leg" in x.text or "right foot" in x.text for x in clip.labels)
    assert len(clip.captions) == 3
    assert all(0.0 <= x.start_s < x.end_s <= clip.duration_s for x in clip.labels)


def test_a_clip_of_three_frames_is_described_too(rest):
    clip = MotionClip("short", 20.0, np.zeros((3, 55, 3)), np.zeros((3, 3)))
    assert describe(clip, rest)


def test_written_captions_are_three_each_and_swap_sides():
    table = written_captions()
    assert len(table) >= 30
    assert all(len(set(three)) == 3 for three in table.values())
    assert "left hand" in captions_of("wave", mirrored=True)[0]
    assert captions_of("nobody_has_this_clip") == ()


def test_the_command_says_what_is_seen(tmp_path):
    command = [sys.executable, "-m", "clipactor_node.cli", "library", "describe", "wave", "--mirrored"]
    done = subprocess.run(command, capture_output=True, text=True)
    if "No module named" in done.stderr:
        command[1:3] = ["-c", "from clipactor_node.cli import main; main()"]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "left hand" in done.stdout
