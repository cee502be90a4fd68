"""Walks over the shipped clips: where they end, whether feet slide, and that nothing jumps."""

import math

import numpy as np
import pytest

from clipactor_node import body, motion
from clipactor_node.body import Skinner
from clipactor_node.geometry import axis_angle_from_matrix, matrix_from_axis_angle
from clipactor_node.locomotion import FASTER, Gait, Walker, circle, is_gait, route_to
from clipactor_node.motion import sliding
from clipactor_node.motion.blending import Legs, heading_of

RATE_HZ = 30.0


@pytest.fixture(scope="module")
def legs():
    skinner = Skinner(body.load())
    return Legs(skinner.rest_joints, float(skinner.rest_vertices[:, 1].min()))


@pytest.fixture(scope="module")
def library():
    return motion.open_library()


@pytest.fixture(scope="module")
def gait_of(library, legs):
    stance = library.load("idle").resampled(RATE_HZ)
    return lambda name: Gait.of(library.load(name).resampled(RATE_HZ), stance, legs)


def walked(gait, legs, route, most=2000):
    """Poses, translations of a whole walk along a route."""
    walker = Walker(gait, legs, route[0])
    walker.follow(route)
    frames = [walker.tick()]
    while not walker.done and len(frames) < most:
        frames.append(walker.tick())
    assert walker.done
    poses, translations = map(np.stack, zip(*frames, strict=True))
    return poses, translations


def slides(poses, translations, legs):
    """Share of frames near the floor in which a ball of a foot slides."""
    low, slid = sliding(legs.feet(poses, translations).balls, legs.ball_height, RATE_HZ)
    return slid.sum() / max(low.sum(), 1)


GOALS = [
    (0.0, 3.0, 0.0),
    (2.0, 1.0, 1.0),
    (-1.0, -2.0, 0.5),
    (0.6, 0.0, 0.0),
    (0.0, -0.6, 0.0),
    (0.0, 0.0, 2.5),
]


@pytest.mark.parametrize("goal", GOALS)
def test_a_walk_ends_at_its_goal_foot_beside_foot(goal, gait_of, legs, library):
    gait = gait_of("walk")
    route = route_to(np.zeros(3), np.array(goal[:2]), goal[2], gait.speed, RATE_HZ)
    poses, translations = walked(gait, legs, route)
    pelvis = (translations[-1] + legs.pelvis)[[0, 2]]
    assert np.linalg.norm(pelvis - goal[:2]) < 0.03
    assert abs(math.remainder(heading_of(poses[-1]) - goal[2], math.tau)) < math.radians(3.0)
    stance = library.load("idle")
    apart, own = (
        np.ptp(legs.feet(p[-1:], t[-1:]).ankles[0], axis=0)
        for p, t in ((poses, translations), (stance.poses[:1], stance.translation[:1]))
    )
    assert np.linalg.norm(apart[[0, 2]]) == pytest.approx(np.linalg.norm(own[[0, 2]]), abs=0.03)


@pytest.mark.parametrize("name", ["walk", "walk_tired", "walk_old", "limp", "sneak", "march_forward", "run"])
def test_feet_that_stand_stay(name, gait_of, legs, library):
    gait, clip = gait_of(name), library.load(name).resampled(RATE_HZ)
    route = route_to(np.zeros(3), np.array([1.0, 3.0]), 0.0, gait.speed, RATE_HZ)
    assert slides(*walked(gait, legs, route), legs) <= slides(clip.poses, clip.translation, legs) + 0.02


def test_a_standing_foot_does_not_move_at_all(gait_of, legs):
    gait = gait_of("walk")
    balls = legs.feet(
        *walked(gait, legs, route_to(np.zeros(3), np.array([1.0, 3.0]), 0.0, 0.9, RATE_HZ))
    ).balls
    moved = np.linalg.norm(np.diff(balls[..., [0, 2]], axis=0), axis=-1)
    assert np.median(moved.min(axis=1)) < 1e-3  # of the foot that stands


def test_no_joint_jumps_and_no_pelvis(gait_of, legs):
    gait = gait_of("walk")
    poses, translations = walked(gait, legs, route_to(np.zeros(3), np.array([-1.0, -2.0]), 0.5, 0.9, RATE_HZ))
    turns = matrix_from_axis_angle(poses.astype(np.float64))
    steps = axis_angle_from_matrix(np.swapaxes(turns[:-1], -1, -2) @ turns[1:])
    assert np.linalg.norm(steps, axis=-1).max() < 0.6
    assert np.abs(np.diff(translations, 2, axis=0)).max() * RATE_HZ**2 < 16.0  # m/s^2; the clip has 10


@pytest.mark.parametrize("speed", [0.4, 0.8, 1.4])
def test_the_speed_that_is_asked_for(speed, gait_of, legs):
    _, translations = walked(
        gait_of("walk"), legs, route_to(np.zeros(3), np.array([0.0, 5.0]), 0.0, speed, RATE_HZ)
    )
    middle = translations[len(translations) // 3 : len(translations) // 2]
    gone = np.linalg.norm((middle[-1] - middle[0])[[0, 2]]) * RATE_HZ / (len(middle) - 1)
    assert gone == pytest.approx(speed, abs=0.08)


def test_a_circle_is_one(gait_of, legs):
    centre = np.array([1.0, 0.0])
    way = circle(np.zeros(3), centre, 1.0, 1.0, to_the_left=True)
    gait = gait_of("walk")
    route = route_to(np.zeros(3), way[-1], None, gait.speed, RATE_HZ, way=way[1:])
    away = np.linalg.norm(route[40:-10, :2] - centre, axis=1)
    assert away.min() > 0.8 and away.max() < 1.15
    walked(gait, legs, route)


def test_driving_stops_within_two_steps_and_faster_than_legs_is_as_fast_as_legs(gait_of, legs):
    gait = gait_of("walk")
    walker = Walker(gait, legs, np.zeros(3))
    for _ in range(60):
        walker.drive(50.0, 0.0, 9.0)
        walker.tick()
    assert 0.9 * gait.speed < walker.speed <= FASTER * gait.speed + 1e-6
    walker.halt()
    before, ticks = walker.place.copy(), 0
    while not walker.done:
        walker.tick()
        ticks += 1
    assert np.linalg.norm(walker.place[:2] - before[:2]) < 0.9
    assert ticks < 2 * len(gait)


def test_the_same_walk_is_the_same_to_the_bit(gait_of, legs):
    route = route_to(np.zeros(3), np.array([1.0, 2.0]), 0.3, 0.8, RATE_HZ)
    first, second = (walked(gait_of("walk"), legs, route) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_which_clips_are_gaits(library):
    assert all(is_gait(library.load(name)) for name in ("walk", "run", "walk_tired", "limp", "sneak"))
    others = ("idle", "wave", "walk_circle", "walk_backwards", "march", "run_in_place")
    assert not any(is_gait(library.load(name)) for name in others)
