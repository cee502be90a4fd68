"""Counts, durations, speeds and sides asked of every shipped clip, counted in what is played of it."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node import language
from clipactor_node.motion import mirrored, spans
from clipactor_node.motion.blending import Legs
from clipactor_node.player.clip_playback import ORIGIN
from clipactor_node.player.layered_motion import LayeredPlayback
from clipactor_node.player.loading import layered_motions
from clipactor_node.retrieval import Match, Plan, PlannedLayer

RATE_HZ = 15.0
JOINTS = slice(1, 22)


@pytest.fixture(scope="module")
def legs(skinner):
    return Legs(skinner.rest_joints, float(skinner.rest_vertices[:, 1].min()))


@pytest.fixture(scope="module")
def played(library, legs):
    """Poses (T, 55, 3) of a clip as a layer asks for it."""

    def play(name, layer, mirror=False):
        clip = library.load(name)
        label = next(label for label in library.labels if label.clip == name)
        match = Match(label.text, name, 0.0, clip.duration_s, 1.0, 1.0)
        planned = PlannedLayer(layer, match, mirror)
        (motion,) = layered_motions(Plan(((planned,),)), library, RATE_HZ)
        playback = LayeredPlayback(motion, ORIGIN, legs, 0.4)
        frames = []
        while not playback.passed:
            frames.append(playback.next()[0])
        return np.stack(frames)

    return play


def said(library, name, words):
    """The layer of a clip's own label with a number after it."""
    texts = [label.text for label in library.labels if label.clip == name]
    text = next(text for text in texts if language.parse(text).plan)  # "put on a hat" is about looks
    return [layer for step in language.parse(f"{text} {words}").plan for layer in step][-1]


def peaks(poses, apex):
    """How often a pose that is the clip's own comes by."""
    away = np.abs(poses[:, JOINTS] - apex[JOINTS]).max(axis=(1, 2))
    return len(spans(away < 0.5 * away.max()))


def test_counts_are_the_passes_that_are_seen(library, played):
    wrong = []
    for name in library.names:
        once = played(name, replace(said(library, name, "once"), duration_s=0.0, repeat=1))
        apex = once[np.abs(once[:, JOINTS] - once[0, JOINTS]).max(axis=(1, 2)).argmax()]
        layer = said(library, name, "three times")
        thrice = played(name, replace(layer, speed=1.0, target=None))
        if layer.counts_steps or layer.repeat != 3 or peaks(thrice, apex) != 3 * peaks(once, apex):
            wrong.append((name, layer.repeat, peaks(once, apex), peaks(thrice, apex)))
    assert not wrong


def test_durations_are_kept_to_a_frame(library, played):
    for name in library.names:
        layer = said(library, name, "for seven seconds")
        assert (layer.duration_s, len(played(name, layer))) == (7.0, 7 * RATE_HZ), name


def test_speeds_are_those_of_the_words(library, played):
    for name in library.names:
        own = len(played(name, replace(said(library, name, "once"), speed=1.0, repeat=1, duration_s=0.0)))
        for words in ("slowly", "quickly"):
            layer = said(library, name, words)
            asked = replace(layer, repeat=1, duration_s=0.0, target=None)
            assert (layer.speed < 1.0) == (words == "slowly"), (name, words)
            assert len(played(name, asked)) == pytest.approx(own / min(max(layer.speed, 0.5), 2.0), abs=2), (
                name
            )


def test_the_other_side_is_the_mirror_image(library, played):
    for name in library.names:
        layer = replace(said(library, name, "once"), repeat=1, duration_s=0.0, speed=1.0, target=None)
        if any(
            side in label.text for label in library.labels if label.clip == name for side in ("left", "right")
        ):
            own, other = played(name, layer), played(name, layer, mirror=True)
            turned = mirrored(replace(library.load(name), face=None)).resampled(RATE_HZ)
            assert len(own) == len(other) and np.abs(other[0] - turned.poses[0]).max() < 1e-3, name
