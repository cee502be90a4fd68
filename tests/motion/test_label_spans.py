"""Of several things in one description, each is found where it is seen, or not at all."""

import numpy as np
import pytest

from clipactor_node import motion
from clipactor_node.motion import MotionClip
from clipactor_node.motion.blending.blend import anchored, heading_of
from clipactor_node.motion.importing.annotations import Facts, said_about
from clipactor_node.motion.importing.import_file import spans_on
from clipactor_node.motion.importing.label_spans import found

RATE_HZ = 30.0


@pytest.fixture(scope="module")
def library():
    return motion.open_library()


def after_one_another(library, names, skinner):
    """The clips as one, and the span of each, seconds."""
    pelvis = np.asarray(skinner.rest_joints[0], np.float64)
    poses, paths, spans, at = [], [], [], 0
    position, heading = np.zeros(2), 0.0
    for name in names:
        clip = anchored(library.load(name).resampled(RATE_HZ), position, heading, pelvis)
        poses.append(clip.poses)
        paths.append(clip.translation)
        position, heading = (pelvis + clip.translation[-1])[[0, 2]], heading_of(clip.poses[-1])
        spans.append((at / RATE_HZ, (at + len(clip)) / RATE_HZ))
        at += len(clip)
    return MotionClip("several", RATE_HZ, np.concatenate(poses), np.concatenate(paths)), spans


@pytest.mark.parametrize(
    ("label", "names", "which"),
    [
        ("jump", ("idle", "jump", "idle"), 1),
        ("bow", ("idle", "wave", "bow", "idle"), 2),
        ("run", ("idle", "run", "run", "run", "run", "idle"), slice(1, 5)),
        ("walk forward", ("idle", "walk", "walk", "walk", "wave"), slice(1, 4)),
        ("turn left", ("idle", "walk_turn_left", "idle"), 1),
        ("raise both arms", ("idle", "raise_hands", "idle"), 1),
        ("get up from the floor", ("get_up_from_back", "idle", "wave"), 0),
    ],
)
def test_it_is_found_where_it_happens(label, names, which, library, skinner):
    clip, spans = after_one_another(library, names, skinner)
    chosen = spans[which] if isinstance(which, slice) else [spans[which]]
    start, end = chosen[0][0], chosen[-1][1]
    seen = found(label, clip, skinner.rest_joints)
    assert seen is not None
    assert start - 0.8 <= seen[0] < seen[1] <= end + 0.8
    assert seen[1] - seen[0] > 0.25 * (end - start)


@pytest.mark.parametrize("label", ["jump", "run", "bow", "turn left", "stand up", "sing", "", "raise a hand"])
def test_what_does_not_happen_or_cannot_be_seen_is_not_found(label, library, skinner):
    assert found(label, library.load("idle"), skinner.rest_joints) is None


def test_what_happens_all_the_time_has_no_span(library, skinner):
    clip, _ = after_one_another(library, ["walk"] * 4, skinner)
    assert found("walk", clip, skinner.rest_joints) is None


def test_labels_of_a_compound_description_get_their_spans(library, skinner):
    clip, (_, jump, _) = after_one_another(library, ("walk", "jump", "idle"), skinner)
    facts = Facts(said_about("exercise - jump, sing", []))
    labels = {label.text: label for label in spans_on(clip, facts, skinner.rest_joints)}
    assert jump[0] - 0.8 <= labels["jump"].start_s < labels["jump"].end_s <= jump[1] + 0.8
    assert labels["sing"].end_s == pytest.approx(clip.duration_s)


def test_a_single_description_is_for_the_whole_clip(library, skinner):
    clip, _ = after_one_another(library, ("idle", "jump", "idle"), skinner)
    (label,) = spans_on(clip, Facts(said_about("jump", [])), skinner.rest_joints)
    assert (label.start_s, label.end_s) == (0.0, clip.duration_s)
