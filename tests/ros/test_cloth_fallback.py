"""A body that cannot wear cloth is painted, and that is said."""

import time
from dataclasses import replace

import numpy as np
import pytest
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

from clipactor_node import body as bodies
from clipactor_node.body.open_format import write_open_body
from clipactor_node.player import CLOTH, AppearanceSelector, Player
from clipactor_node.ros.nodes.cloth_dressing import SEWING, ClothDresser, ClothesController
from clipactor_node.ros.publishers.body import BodyOutputs
from clipactor_node.style import open_cache


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A body file without a UV map."""
    path, body = tmp_path_factory.mktemp("body") / "bare.npz", bodies.load()
    nothing = np.zeros((0, 2), np.float32), np.zeros((0, 3), np.int32)
    write_open_body(replace(body, uv=nothing[0], uv_faces=nothing[1]), path)
    return path


def test_it_is_painted_and_said(ros, bare):
    node, executor = Node("dresser", namespace="fallback"), SingleThreadedExecutor()
    executor.add_node(node)
    body = bodies.load(bare)
    player = Player(None, None, bodies.Skinner(body), selector=AppearanceSelector(body, open_cache()))
    outputs = BodyOutputs(node, player.skinner, bodies.detail_of(body, "plain"))
    dresser = ClothDresser(node, body, str(bare))
    controller = ClothesController(player, outputs, dresser, CLOTH)
    assert controller.notes == (SEWING,)
    deadline = time.monotonic() + 120.0
    while controller.notes == (SEWING,):
        assert time.monotonic() < deadline
        executor.spin_once(timeout_sec=0.05)
        controller.tick()
    (note,) = controller.notes
    assert note.startswith("clothes are painted: ") and "bare.npz" in note and "UV map" in note
    assert player.appearance.mesh is None
    dresser.close()
    node.destroy_node()
