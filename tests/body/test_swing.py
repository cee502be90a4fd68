"""What hangs free lags behind, comes back and stays calm; at any rate, and the same every time."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node.body import Skinner, Swing, load

SKINNER = Skinner(load())
HEIGHT = SKINNER.rest_vertices[:, 1]
FREEDOM = np.clip((0.9 - HEIGHT) / 0.75, 0, 1)
"""As if the legs were a gown."""
FARTHEST_M = 0.161


def standing(x: float = 0.0, turn: float = 0.0) -> np.ndarray:
    pose = np.zeros((55, 3), np.float32)
    pose[0, 1] = turn
    return SKINNER.transforms(pose, np.array([x, 0, 0], np.float32))


def started_and_stopped(swing: Swing, rate_hz: float, rest_s: float = 3.0) -> list[np.ndarray]:
    """Offsets: a second at a metre per second, which ends at once, and some seconds of rest."""
    moves = np.concatenate([np.arange(rate_hz) / rate_hz, np.ones(int(rest_s * rate_hz))])
    return [swing.step(standing(x), 1 / rate_hz).copy() for x in moves]


def farthest(offsets: np.ndarray) -> float:
    return float(np.linalg.norm(offsets, axis=-1).max())


def test_where_nothing_moves_everything_is_where_skinning_puts_it():
    swing, vertices = Swing(SKINNER, FREEDOM), SKINNER.vertices(standing())
    for _ in range(60):
        offsets = swing.step(standing(), 1 / 30)
    moved = vertices.copy()
    swing.add(offsets, moved)
    assert np.abs(moved - vertices).max() < 1e-6


@pytest.mark.parametrize("rate_hz", [5.0, 30.0, 240.0])
def test_it_lags_behind_swings_on_and_comes_to_rest_at_every_rate(rate_hz):
    seen = started_and_stopped(Swing(SKINNER, FREEDOM), rate_hz)
    moving, after = seen[int(0.8 * rate_hz)], np.stack(seen[int(rate_hz) + 1 :])
    assert moving[:, 0].min() < -0.005  # behind, while it goes on
    assert after[..., 0].max() > 0.003  # and past it, once it has stopped
    assert max(map(farthest, seen)) < FARTHEST_M
    assert farthest(seen[-1]) < 1e-3


def test_the_same_motion_gives_the_same_bytes_and_what_is_held_does_not_move():
    one, again = (started_and_stopped(Swing(SKINNER, FREEDOM), 30.0, 0.5) for _ in range(2))
    assert np.array_equal(one, again)
    swing, vertices = Swing(SKINNER, FREEDOM), SKINNER.vertices(standing())
    moved = vertices.copy()
    swing.step(standing(), 1 / 30)
    swing.add(swing.step(standing(0.05), 1 / 30), moved)
    assert np.array_equal(moved[FREEDOM == 0], vertices[FREEDOM == 0])
    assert np.abs(moved - vertices).max() > 0.005


def test_after_a_jump_a_long_gap_and_a_rest_it_begins_anew():
    swing = Swing(SKINNER, FREEDOM)
    started_and_stopped(swing, 30.0, 0.1)
    assert farthest(swing.offsets) > 0.01
    assert farthest(swing.step(standing(7.0), 1 / 30)) == 0
    swing.step(standing(7.1), 1 / 30)
    assert farthest(swing.step(standing(7.2), 2.0)) == 0
    swing.step(standing(7.3), 1 / 30)
    swing.rest()
    assert farthest(swing.step(standing(7.4), 1 / 30)) == 0


def test_where_time_stands_still_it_does_too():
    swing = Swing(SKINNER, FREEDOM)
    started_and_stopped(swing, 30.0, 0.1)
    before = swing.offsets.copy()
    for _ in range(30):
        assert np.allclose(swing.step(standing(1.0), 0.0), before, atol=1e-6)


def test_wild_motion_stays_bounded():
    swing, random = Swing(SKINNER, FREEDOM), np.random.default_rng(0)
    for _ in range(90):
        pose = random.normal(0, 0.5, (55, 3)).astype(np.float32)
        transforms = SKINNER.transforms(pose, random.normal(0, 0.05, 3).astype(np.float32))
        offsets = swing.step(transforms, 1 / 30)
        assert np.isfinite(offsets).all() and farthest(offsets) < FARTHEST_M


def test_cloth_that_skinning_leaves_in_a_thigh_is_brought_out_of_it():
    """A sheet before the thighs that is held by the pelvis alone, and a knee that is raised through it."""
    body, hips = load(), SKINNER.rest_joints
    front = (body.parts == 0) & (hips[1, 1] > HEIGHT) & (hips[4, 1] < HEIGHT) & (body.template[:, 2] > 0.02)
    held = np.where(front[:, None], np.eye(55, dtype=np.float32)[0], body.weights)
    skinner = Skinner(replace(body, weights=held, correctives=None))
    swing, pose = Swing(skinner, front.astype(np.float32)), np.zeros((55, 3), np.float32)
    pose[1, 0] = -1.4
    transforms = skinner.transforms(pose, np.zeros(3, np.float32))
    skinned, moved = skinner.vertices(transforms), skinner.vertices(transforms)
    swing.add(swing.step(transforms, 1 / 30), moved)
    hip, knee = transforms[1, :3, 3], transforms[4, :3, 3]

    def inside(points):
        along = knee - hip
        t = np.clip((points - hip) @ along / (along @ along), 0, 1)
        return (np.linalg.norm(points - hip - t[:, None] * along, axis=1) < 0.06).mean()

    assert inside(moved[front]) < 0.6 * inside(skinned[front])  # between nodes it is less than at them
    assert np.abs(swing.step(SKINNER.transforms(0 * pose, np.zeros(3)), 1.0)).max() == 0


def test_nothing_that_swings_is_none():
    assert Swing.of(SKINNER, None) is None and Swing.of(SKINNER, np.zeros(len(HEIGHT))) is None
