"""Counts, durations, speeds and sides asked of every shipped clip, counted in what is played of it."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node import language
from clipactor_node.motion.blending import Legs
from clipactor_node.motion.variants import mirrored_pose
from clipactor_node.player.clip_playback import ORIGIN
from clipactor_node.player.layered_motion import LayeredPlayback
from clipactor_node.player.loading import layered_motions
from clipactor_node.retrieval import Match, Plan, PlannedLayer

RATE_HZ = 6.0
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
    """The layer of a clip's own label with a number after it; None: its labels are about looks."""
    for text in (label.text for label in library.labels if label.clip == name):
        prompt = language.parse(f"{text} {words}")
        if prompt.plan and not prompt.clothes and "dress" not in text:
            return [layer for step in prompt.plan for layer in step][-1]
    return None


def asked(library, words):
    """Every clip that words can ask for, and the layer of it."""
    for name in library.names:
        if (layer := said(library, name, words)) is not None:
            yield name, layer


def test_counts_are_the_passes_that_are_seen(library, played):
    """The pose that is farthest from the beginning comes by as often as was said, a pass apart."""
    wrong = []
    for name, layer in asked(library, "three times"):
        own = replace(layer, speed=1.0, target=None, duration_s=0.0)
        once = played(name, replace(own, repeat=1))
        late = len(once) // 2
        apex = late + np.abs(once[late:, JOINTS] - once[0, JOINTS]).max(axis=(1, 2)).argmax()
        thrice = played(name, own)
        passes = np.minimum(apex + np.arange(3) * len(once), len(thrice) - 1)
        seen = np.abs(thrice[passes, JOINTS] - once[apex, JOINTS]).max(axis=(1, 2))
        if layer.repeat != 3 or abs(len(thrice) - 3 * len(once)) > 3 or max(seen) > 0.25:
            wrong.append((name, layer.repeat, len(once), len(thrice), np.round(seen, 2)))
    assert not wrong


def test_durations_are_kept_to_a_frame(library, played):
    for name, layer in asked(library, "for seven seconds"):
        assert (layer.duration_s, len(played(name, layer))) == (7.0, 7 * RATE_HZ), name


def test_speeds_are_those_of_the_words(library, played):
    for words in ("slowly", "quickly"):
        for name, layer in asked(library, words):
            assert (layer.speed < 1.0) == (words == "slowly"), (name, words)
            own = replace(layer, repeat=1, duration_s=0.0, target=None)
            usual = len(played(name, replace(own, speed=1.0)))
            factor = min(max(layer.speed, 0.5), 2.0)
            assert len(played(name, own)) == pytest.approx(usual / factor, abs=2), name


def test_the_other_side_is_the_mirror_image(library, played):
    for name, layer in asked(library, "once"):
        texts = " ".join(label.text for label in library.labels if label.clip == name)
        if "left" in texts or "right" in texts:
            own = replace(layer, repeat=1, duration_s=0.0, speed=1.0, target=None)
            turned = mirrored_pose(played(name, own))
            assert np.abs(played(name, own, mirror=True) - turned)[:, JOINTS].max() < 0.02, name
