"""The body changes with what is worn: where it stands, and what poses it."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node import body as bodies
from clipactor_node.player import Order, Player

BODY = bodies.load()


def soles(skinner: bodies.Skinner, frame) -> float:
    return bodies.SolePoints(skinner).ground(skinner.transforms(frame.pose, frame.translation))


def test_a_child_stands_on_the_floor_as_soon_as_it_is_shown():
    player = Player(None, None, bodies.Skinner(BODY))
    grown = player.tick()
    child = bodies.Stature(BODY, BODY.betas(child=1.0))
    player.wear(replace(player.appearance, mesh=_any_mesh(), stature=child))
    frame = player.tick()
    assert frame.appearance.stature is child
    assert player.shown_skinner is child.skinner
    assert soles(child.skinner, frame) == pytest.approx(child.ratio * soles(player.skinner, grown), abs=2e-3)
    high = (player.skinner.rest_joints[0] + grown.translation)[1]
    assert (child.skinner.rest_joints[0] + frame.translation)[1] == pytest.approx(
        child.ratio * high, abs=0.02
    )
    pose, where = next(player.preview())
    assert soles(child.skinner, replace(frame, pose=pose, translation=where)) == pytest.approx(0.0, abs=0.02)


def _any_mesh():
    from clipactor_node.body.export import SkinnedMesh

    return SkinnedMesh.of(bodies.Skinner(BODY), np.zeros((len(BODY.template), 3), np.uint8))


def test_the_process_that_sews_is_told_whose_body():
    from clipactor_node.player import dressing_worker

    assert Order("a child", person=3) != Order("a child")
    assert dressing_worker.propose_outfit("a child").betas(BODY, 3) != dressing_worker.propose_outfit(
        "a child"
    ).betas(BODY)
