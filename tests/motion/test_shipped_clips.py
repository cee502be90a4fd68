"""What ships: enough clips, each fit to be played and called by words of its own."""

from collections import defaultdict

import numpy as np
import pytest

from clipactor_node.geometry import axis_angle_from_matrix, matrix_from_axis_angle
from clipactor_node.home import shipped_models
from clipactor_node.motion import open_library
from clipactor_node.motion.importing import faults, measured

SHIPPED = open_library()
VARIANTS = [{"walk", "walk_relaxed"}, {"dance_a", "dance_b"}, {"get_up_from_belly", "get_up_from_back"}]
CROSSING = {"cross_arms", "spin"}  # the arms lie on each other
MADE_HERE = [
    n for n in SHIPPED.names if "recipe" in SHIPPED.info(n).source or "authored" in SHIPPED.info(n).source
]
LEAST_SMOOTH_RAD_S2 = 800.0


def test_there_are_two_hundred():
    assert len(SHIPPED) >= 200
    assert sum(path.stat().st_size for path in (shipped_models() / "motion").iterdir()) < 5_000_000


@pytest.mark.parametrize("name", SHIPPED.names)
def test_every_clip_passes_the_gate(name, skin):
    clip = SHIPPED.load(name)
    figures = measured(clip, skin)
    assert faults(clip, figures) == []
    assert figures["entangled"] <= 0.05 or name in CROSSING


@pytest.mark.parametrize("name", MADE_HERE)
def test_joints_turn_without_a_jerk_and_cycles_close(name):
    clip = SHIPPED.load(name)
    turns = matrix_from_axis_angle(clip.poses[:, :22].astype(float))
    speeds = axis_angle_from_matrix(np.swapaxes(turns[:-1], -1, -2) @ turns[1:]) * clip.rate_hz
    jerks = np.linalg.norm(np.diff(speeds, axis=0), axis=-1) * clip.rate_hz
    assert jerks.max() < LEAST_SMOOTH_RAD_S2
    if clip.loop:
        seam = axis_angle_from_matrix(np.swapaxes(turns[0, 1:], -1, -2) @ turns[-1, 1:])
        assert np.linalg.norm(seam, axis=-1).max() < 0.06


def test_every_clip_has_words_of_its_own():
    users = defaultdict(set)
    for name in SHIPPED.names:
        info = SHIPPED.info(name)
        words = {text.lower() for text in (*(label.text for label in info.labels), *info.captions)}
        assert len(words) >= 4, name
        for text in words:
            users[text].add(name)
    shared = {text: names for text, names in users.items() if len(names) > 1}
    assert {t: n for t, n in shared.items() if not any(n <= variants for variants in VARIANTS)} == {}
