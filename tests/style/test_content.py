"""Multi-modal content mesh sampling."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from clipactor_node.style.backends.backend import load_backend
from clipactor_node.style.optimization import content
from clipactor_node.style.optimization.mesh import Topology


def test_the_best_frames_come_first_and_are_no_neighbours():
    indices = np.arange(0, 100, 2)
    scores = np.exp(-(((indices - 40) / 9.0) ** 2)).astype(np.float32)
    scores[45] = 0.6  # frame 90
    assert content.best_frames(scores, indices, 3, 20).tolist() == [40, 90, 20]


def test_a_short_motion_gets_smaller_spacing_rather_than_fewer_frames():
    assert sorted(content.best_frames(np.zeros(4, np.float32), np.arange(4), 3, 15).tolist()) == [0, 1, 2]


def test_a_single_frame_is_enough():
    assert content.best_frames(np.ones(1, np.float32), np.array([5]), 3, 15).tolist() == [5]


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40), st.integers(1, 6), st.integers(0, 30))
def test_it_always_finds_distinct_frames(scores, count, spacing):
    chosen = content.best_frames(np.array(scores, np.float32), np.arange(len(scores)) * 3, count, spacing)
    assert len(set(chosen.tolist())) == len(chosen) == min(count, len(scores))


def test_random_frames_follow_the_seed():
    indices = np.arange(50)
    assert np.array_equal(content.naive_frames(indices, 3, 1), content.naive_frames(indices, 3, 1))
    assert not np.array_equal(content.naive_frames(indices, 3, 1), content.naive_frames(indices, 3, 2))


def test_scores_are_the_cosines_of_frontal_grey_pictures(frames, body, model):
    """The text that is exactly what a frame looks like scores 1 with it, and less with other frames."""
    topology, backend = Topology(body.faces, len(body.template)), load_backend("numba")
    seen = []
    encode = model.encode_image

    def remember(images):
        seen.append(images)
        return encode(images)

    model.encode_image = remember
    some_text = model.encode_text(["anything"])[0]
    content.frame_scores(frames, np.arange(4), some_text, model, topology, backend)
    target = encode(seen[0])[2]
    scores = content.frame_scores(frames, np.arange(4), target, model, topology, backend)
    assert scores[2] == pytest.approx(1.0, abs=1e-5) and scores.argmax() == 2
    assert torch.equal(seen[0][:, 0], seen[0][:, 1])
