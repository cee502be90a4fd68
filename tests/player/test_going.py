"""Commands that go somewhere, look and point: the player over the shipped clips."""

import math
from dataclasses import replace

import numpy as np
import pytest

from clipactor_node.body import Stature
from clipactor_node.errors import ClipActorError, PromptError
from clipactor_node.geometry import floor_from_ros
from clipactor_node.locomotion import Obstacles
from clipactor_node.player import (
    Activity,
    Goal,
    Places,
    Player,
    Spot,
    checked_goal,
    read_places,
    spot_of_pose,
)
from clipactor_node.player.detours import around
from clipactor_node.player.place_names import name_meant

SPOTS = {
    "front_door_link": spot_of_pose([3.0, 1.0, 0.0], 1.0),
    "table": spot_of_pose([1.0, -2.0, 0.8], None),
    "red_box": spot_of_pose([2.0, 2.0, 1.2], None),
    "bob/base_footprint": spot_of_pose([-2.0, 0.0, 0.0], 0.0),
}


@pytest.fixture
def spots():
    return dict(SPOTS)


@pytest.fixture
def player(library, retriever, skinner, spots):
    return Player(library, retriever, skinner, scene=Places(spots), idle="still")


def ended(player, most=1500):
    """The frames until it idles."""
    frames = [player.tick() for _ in range(8)]
    while frames[-1].status.activity not in (Activity.IDLE, Activity.STOPPED):
        frames.append(player.tick())
        assert len(frames) < most, frames[-1].status
    return frames


def ros(player):
    """x, y metres and heading in degrees."""
    z, x = player.place.position[::-1], math.degrees(player.place.heading)
    return np.array([*z, x])


@pytest.mark.parametrize(
    ("text", "x", "y", "degrees"),
    [
        ("walk to the door", 3.0, 1.0, math.degrees(1.0)),
        ("go to the dor", 3.0, 1.0, math.degrees(1.0)),
        ("two metres forward", 2.0, 0.0, 0.0),
        ("a step to the left", 0.0, 0.4, 0.0),
        ("walk backwards one metre", -1.0, 0.0, 0.0),
        ("turn 90 degrees right", 0.0, 0.0, -90.0),
        ("walk one metre forward, then come back", 0.0, 0.0, 0.0),
    ],
)
def test_where_words_lead(player, text, x, y, degrees):
    assert player.command(text), player.status.error
    ended(player)
    where = ros(player)
    assert np.linalg.norm(where[:2] - (x, y)) < 0.03
    assert abs(math.remainder(where[2] - degrees, 360.0)) < 3.0


def test_it_stops_beside_a_thing_and_faces_it(player):
    assert player.command("walk to the table like a tired man while waving")
    assert player.tick().status.clip.startswith("walk_tired + ")
    ended(player)
    away = np.array([1.0, -2.0]) - ros(player)[:2]
    assert 0.55 < np.linalg.norm(away) < 0.65
    assert abs(math.remainder(math.degrees(math.atan2(away[1], away[0])) - ros(player)[2], 360.0)) < 3.0


def test_an_unknown_name_is_said_and_nobody_walks_off(player):
    assert not player.command("walk to the moon")
    assert "moon" in player.status.error and "front_door_link" in player.status.error
    for _ in range(30):
        player.tick()
    assert np.linalg.norm(ros(player)[:2]) < 0.05


def test_where_nothing_has_a_name_words_are_performed_as_before(library, retriever, skinner):
    plain, empty = (Player(library, retriever, skinner, scene=s) for s in (None, Places()))
    for player in (plain, empty):
        assert player.command("a firefighter walks to the door and waves")
        assert player.tick().status.clip.startswith("walk")
    assert not plain.status.warnings
    assert any("door" in warning for warning in empty.status.warnings)


def test_stop_stops_within_two_steps_and_a_new_goal_is_taken_on_the_way(player):
    player.command("walk to the door")
    for _ in range(60):
        player.tick()
    before = ros(player)[:2]
    player.command("stop")
    assert ended(player)[-1].status.activity is Activity.STOPPED
    assert np.linalg.norm(ros(player)[:2] - before) < 0.9
    player.command("walk to the door")
    frames = [player.tick() for _ in range(40)]
    player.command("walk to the table")
    frames += ended(player)
    steps = np.linalg.norm(np.diff([f.translation for f in frames], axis=0), axis=1)
    assert steps.max() < 0.12  # no teleport


def test_what_vanishes_or_jumps_stops_the_avatar(player, spots):
    for change in (
        lambda: spots.pop("table"),
        lambda: spots.update(table=spot_of_pose([90.0, 0.0, 0.8], None)),
    ):
        spots["table"] = SPOTS["table"]
        player.command("reset")
        player.command("walk to the table")
        for _ in range(40):
            player.tick()
        change()
        last = ended(player)[-1]
        assert any("table" in warning for warning in last.status.warnings)
        assert np.linalg.norm(ros(player)[:2]) < 2.0


def test_following_keeps_behind_somebody_who_walks(player, spots):
    for k in range(240):
        spots["bob/base_footprint"] = Spot(np.array([0.0, 0.0, 2.0 + 0.02 * k]), 0.0, 0.9, person=True)
        if k == 0:
            player.command("follow bob")
        player.tick()
    away = np.linalg.norm(np.array([2.0 + 0.02 * 240, 0.0]) - ros(player)[:2])
    assert 0.8 < away < 2.2
    player.command("stop")
    ended(player)


def test_it_looks_over_any_clip_until_told_otherwise(player):
    player.command("dance")
    player.tick()
    clip = player.status.clip
    assert player.command("look at the red box")
    assert player.attention.looked_at == "red_box"
    player.tick()
    assert player.status.clip == clip
    player.command("look ahead")
    assert player.attention.looked_at == ""


def test_it_turns_to_what_it_points_at_and_walks_to_what_it_touches(player):
    player.command("point at the table")
    assert player.status.label == "stand" or player.tick().status.label == "turn to"
    ended(player)
    assert abs(math.remainder(ros(player)[2] - math.degrees(math.atan2(-2.0, 1.0)), 360.0)) < 60.0
    player.command("touch the red box")
    ended(player)
    assert np.linalg.norm(ros(player)[:2] - (2.0, 2.0)) < 0.6


def test_driving_and_silence(player):
    for _ in range(60):
        player.drive(0.8, 0.0, 0.0)
        player.tick()
    assert 0.8 < ros(player)[0] < 1.7 and player.status.plan == ("driven",)
    before = ros(player)[0]
    player.drive(0.0, 0.0, 0.0)
    for _ in range(15):
        player.tick()
    stopped = ros(player)[0]
    assert stopped - before < 0.4
    for _ in range(60):
        player.tick()
    assert ros(player)[0] - stopped < 0.05


def test_a_goal_of_a_planner(player):
    way = np.array([[0.0, 1.0], [1.0, 2.0], [1.0, 3.0]])  # x and z
    prepared = player.preparer.going_to(Goal(way=way, heading=0.5), "slowly", 0.7, "path")
    assert not prepared.error and player.perform(prepared)
    ended(player)
    assert np.linalg.norm(ros(player) - (3.0, 1.0, math.degrees(0.5))) < 3.0


@pytest.mark.parametrize("bad", [np.array([[np.nan, 0.0]]), np.array([[0.0, 10_000.0]])])
def test_goals_that_nobody_can_walk_to(bad):
    with pytest.raises(PromptError, match="expected"):
        checked_goal(bad, 0.0, np.zeros(2))


@pytest.mark.parametrize(
    ("said", "meant"),
    [("door", "front_door_link"), ("the door", "front_door_link"), ("red box", "red_box"), ("tabel", "table"),
     ("bob", "bob/base_footprint"), ("RedBox", "red_box"), ("front door", "front_door_link")],
)  # fmt: skip
def test_names_by_spelling(said, meant):
    assert name_meant(said, list(SPOTS)) == meant


def test_names_by_meaning(retriever):
    assert name_meant("entrance", list(SPOTS), retriever.encoder) == "front_door_link"


def test_ambiguous_and_unknown_names_are_said():
    with pytest.raises(PromptError, match="may be back_door, front_door"):
        name_meant("door", ["front_door", "back_door"])
    with pytest.raises(PromptError, match="known are front_door"):
        name_meant("moon", ["front_door"])


def test_nobody_is_walked_through():
    corners = around(np.zeros(2), np.array([[0.0, 4.0]]), [(0.05, 2.0, 0.45)])
    line = np.concatenate(
        [np.linspace(a, b, 50) for a, b in zip([np.zeros(2), *corners], corners, strict=False)]
    )
    assert np.linalg.norm(line - (0.05, 2.0), axis=1).min() > 0.45
    assert np.array_equal(corners[-1], (0.0, 4.0))


def test_places_of_a_file(tmp_path):
    file = tmp_path / "places.yaml"
    file.write_text("places:\n  door: [1, 2, 0, 90]\n  desk: {x: 3, y: 0}\n")
    places = read_places(file)
    assert places.where("door").heading == pytest.approx(math.pi / 2)
    assert np.allclose(places.where("desk").floor, (0.0, 3.0))


@pytest.mark.parametrize(
    "text", ["door: 3", "door: [a, b]", "- x", "door: [.nan, 0]", "door: {x: 1}", "door: [1"]
)
def test_files_that_hold_no_places(tmp_path, text):
    file = tmp_path / "places.yaml"
    file.write_text(text)
    with pytest.raises(ClipActorError, match="expected NAME"):
        read_places(file)


def test_a_goal_without_a_manner_is_walked_to(player):
    """Though "walk", which is asked for then, is also what a clip is called."""
    ready = player.preparer.going_to(Goal(way=np.array([[0.0, 0.5]])))
    assert not ready.error and ready.motions[0].going is not None


def wall(at_x, from_y, to_y):
    """An occupancy grid of 8 m x 8 m around the origin with a wall across the way ahead, ROS axes."""
    cells = np.zeros((80, 80), np.int8)
    column = round((at_x + 4.0) / 0.1)
    cells[round((from_y + 4.0) / 0.1) : round((to_y + 4.0) / 0.1), column : column + 2] = 100
    axes = ((-4.0, -4.0), (1.0, 0.0), (0.0, 1.0))
    return Obstacles.of(cells, 0.1, *(floor_from_ros(np.array(axis)) for axis in axes))


def track(player):
    """(T, 2) x and y until it idles."""
    seen = [ros(player)[:2]]
    while len(seen) < 5 or player.status.activity is not Activity.IDLE:
        player.tick()
        seen.append(ros(player)[:2])
        assert len(seen) < 1500
    return np.array(seen)


class Walled(Places):
    """Places with a wall between."""

    floor = None

    def obstacles(self):
        return self.floor


@pytest.fixture
def walled(library, retriever, skinner):
    scene = Walled({"door": spot_of_pose([3.0, 0.0, 0.0], None)})
    return Player(library, retriever, skinner, scene=scene, idle="still"), scene


def test_obstacles_of_a_map_are_walked_around(walled):
    player, scene = walled
    Walled.floor = wall(1.5, -1.0, 1.0)
    assert player.command("walk to the door")
    seen = track(player)
    assert np.linalg.norm(ros(player)[:2] - (3.0, 0.0)) < 0.03
    away = [np.hypot(x - 1.6, max(abs(y) - 1.0, 0.0)) for x, y in seen]
    assert min(away) > 0.2 and np.abs(np.diff(seen, axis=0)).max() < 0.1


def test_a_map_that_comes_on_the_way_changes_the_way_and_one_without_a_way_stops(walled):
    player, scene = walled
    Walled.floor = wall(1.5, 3.9, 4.0)
    player.command("walk to the door")
    for _ in range(20):
        player.tick()
    Walled.floor = wall(1.5, -1.0, 4.0)
    assert track(player)[:, 1].min() < -1.1
    player.command("reset")
    assert np.linalg.norm(ros(player)[:2]) < 0.03  # at once
    Walled.floor = wall(1.5, -4.0, 4.0)
    player.command("walk to the door")
    last = ended(player)[-1]
    assert any("no way leads there" in warning for warning in last.status.warnings)
    assert np.linalg.norm(ros(player)[:2]) < 0.1


def test_a_goal_in_an_obstacle_is_neared():
    floor = wall(1.5, -1.0, 1.0)
    way = floor.way(np.zeros(2), np.array([0.0, 1.6]))  # x and z
    assert floor.free(way).all() and np.linalg.norm(way[-1] - (0.0, 1.6)) < 0.7


def test_another_shape_walks_to_where_it_was_sent(player, skinner):
    small = Stature(skinner.body, skinner.body.betas(height=-2.0))
    player.wear(replace(player.appearance, stature=small))
    assert player.command("walk to the door")
    last = ended(player)[-1]
    pelvis = small.skinner.transforms(last.pose, last.translation)[0, :3, 3]
    assert np.linalg.norm(pelvis[[2, 0]] - (3.0, 1.0)) < 0.03
    player.command("reset")
    pelvis = player.tick().translation + small.skinner.rest_joints[0]
    assert np.linalg.norm(pelvis[[0, 2]]) < 0.03
