"""An avatar that faces the front and stays near its place, whatever it performs and however long."""

import math

import numpy as np
import pytest

from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.motion.blending import Legs, heading_of, kept_in_place
from clipactor_node.motion.contacts import skating_ratio
from clipactor_node.player import Activity, Player

RATE_HZ = 30.0
FEET = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]


@pytest.fixture(scope="module")
def legs(skinner):
    return Legs(skinner.rest_joints, float(skinner.rest_vertices[:, 1].min()))


@pytest.fixture
def player(library, retriever, skinner):
    player = Player(library, retriever, skinner, RATE_HZ)
    player.faces_front = player.stays_near = True
    return player


def performed(player: Player, seconds: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Poses (T, 55, 3), places (T, 2) on the floor, headings (T,) and labels of the next seconds."""
    poses, places, labels = [], [], []
    for _ in range(round(seconds * RATE_HZ)):
        frame = player.tick()
        poses.append(frame.pose)
        places.append(frame.translation)
        labels.append(frame.status.label)
    headings = np.array([heading_of(pose) for pose in poses])
    return np.array(poses), np.array(places), headings, labels


def feet_of(skinner, poses: np.ndarray, translations: np.ndarray) -> np.ndarray:
    return skinner.transforms(poses, translations)[:, FEET][..., :3, 3]


@pytest.mark.parametrize("clip", ["dance_a", "dance_b"])
def test_a_dance_of_two_minutes_stays_where_it_began(player, skinner, clip):
    player.command(clip)
    poses, translations, headings, labels = performed(player, 120.0)
    assert set(labels) == {clip}  # it is never interrupted
    places = translations[:, [0, 2]]
    assert np.linalg.norm(places, axis=1).max() < 1.2
    middles = places.reshape(12, -1, 2).mean(axis=1)
    assert np.linalg.norm(middles - middles[1], axis=1)[1:].max() < 0.2
    turned = np.exp(1j * headings).reshape(12, -1).mean(axis=1)
    np.testing.assert_allclose(turned[1:], turned[1], atol=0.2)  # neither does its front turn away

    player.stays_near = False
    player.command(clip)
    freely = performed(player, 120.0)
    slides, slid = (
        skating_ratio(feet_of(skinner, *frames[:2]), RATE_HZ) for frames in ((poses, translations), freely)
    )
    assert slides < slid + 0.04


@pytest.mark.parametrize("name", ["dance_a", "dance_b"])
def test_a_cycle_in_place_ends_where_it_began_and_its_feet_slide_no_more(library, skinner, legs, name):
    clip = library.load(name)
    placed = kept_in_place(clip, legs)
    ends = placed.translation[[0, -1]]
    np.testing.assert_allclose(ends[1], ends[0], atol=0.03)
    np.testing.assert_allclose(placed.poses[-1], placed.poses[0], atol=0.05)
    before = skating_ratio(feet_of(skinner, clip.poses, clip.translation), clip.rate_hz)
    after = skating_ratio(feet_of(skinner, placed.poses, placed.translation), clip.rate_hz)
    assert after <= before + 0.03


def test_what_has_no_cycle_or_turns_is_left_as_it_is(library, legs):
    for name in ("wave", "walk_bend_left"):
        clip = library.load(name)
        assert kept_in_place(clip, legs) is clip


def test_walking_goes_to_and_fro(player, skinner):
    player.command("a person walks forward")
    poses, translations, _, labels = performed(player, 90.0)
    assert np.linalg.norm(translations[:, [0, 2]], axis=1).max() < 5.0
    assert {"turn in place", "walk back"} < set(labels)
    assert labels.count("walk back") < len(labels) / 2
    player.stays_near = False
    player.command("a person walks forward")
    straight = skating_ratio(feet_of(skinner, *performed(player, 90.0)[:2]), RATE_HZ)
    assert skating_ratio(feet_of(skinner, poses, translations), RATE_HZ) < straight + 0.03


def test_a_kick_that_turns_faces_the_front_again_before_the_next(player):
    player.command("kick")
    _, translations, headings, labels = performed(player, 40.0)
    assert np.linalg.norm(translations[:, [0, 2]], axis=1).max() < 4.0
    starts = [i for i in range(1, len(labels)) if "kick" in labels[i] and labels[i - 1] == "turn in place"]
    assert len(starts) > 3
    assert max(abs(math.remainder(headings[i], math.tau)) for i in starts) < math.radians(30.0)


def test_any_number_of_commands_leaves_it_near_home_and_facing_the_front(player):
    for command in ("run", "cartwheel", "walk forward", "run", "a person walks forward") * 3:
        assert player.command(command, loop=False)
        performed(player, 5.0)
    player.command("a person bows", loop=False)
    _, translations, headings, labels = performed(player, 20.0)
    bowing = [i for i, label in enumerate(labels) if "bow" in label]
    assert np.linalg.norm(translations[bowing][:, [0, 2]], axis=1).max() < 2.5
    assert max(abs(math.remainder(headings[i], math.tau)) for i in bowing) < math.radians(35.0)


def test_who_is_done_comes_home_and_idles(player):
    player.command("a person runs", loop=False)
    performed(player, 30.0)
    assert player.status.activity is Activity.IDLE
    _, translations, headings, _ = performed(player, 1.0)
    assert np.linalg.norm(translations[-1, [0, 2]]) < 1.5
    assert abs(math.remainder(headings[-1], math.tau)) < math.radians(31.0)


def test_planners_keep_what_they_have(library, retriever, skinner):
    """By default nobody turns, comes back or is held in place."""
    player = Player(library, retriever, skinner, RATE_HZ)
    assert not player.faces_front and not player.stays_near
    player.command("dance_a")
    _, translations, _, labels = performed(player, 20.0)
    assert set(labels) == {"dance_a"}
    assert np.linalg.norm(translations[-1, [0, 2]]) > 8.0


def test_what_is_repeated_begins_where_it_began(library, retriever, skinner):
    """Dances in words stay on the spot, kicks step back; words that move lead away."""
    player = Player(library, retriever, skinner, RATE_HZ, idle="still")
    for words, kind in (("dance", "dance"), ("kick", "kick")):
        player.command("reset")
        player.command(words)
        _, translations, _, labels = performed(player, 60.0)
        passes = [i for i in range(1, len(labels)) if kind in labels[i] and labels[i - 1] == "step back"]
        at = translations[passes][:, [0, 2]] if passes else translations[:, [0, 2]][-3:]
        assert np.linalg.norm(at, axis=1).max() < (0.3 if passes else 0.6), words
    player.command("reset")
    player.command("walk")
    assert np.linalg.norm(performed(player, 10.0)[1][-1, [0, 2]]) > 5.0
