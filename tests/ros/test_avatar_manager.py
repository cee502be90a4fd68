"""Other work on the playing thread does not hold up the avatars longer than it must."""

import pytest
from rclpy.clock import ROSClock
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.time import Time

from clipactor_node.player import ORIGIN
from clipactor_node.ros.nodes.avatar_manager import AvatarManager
from clipactor_node.ros.parameters.avatar_parameters import SETTINGS


def awaited(node, coroutine):
    """What a coroutine returns that waits for work in another thread."""
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    task = executor.create_task(coroutine)
    executor.spin_until_future_complete(task, timeout_sec=60.0)
    executor.remove_node(node)
    return task.result()


@pytest.fixture
def stage(ros):
    """Avatars whose clock stands still, and a function that sets it."""
    sim_time = Parameter("use_sim_time", value=True)
    node = Node("avatar", namespace="in_process", parameter_overrides=[sim_time])
    manager = AvatarManager(node, {setting.name: setting.default for setting in SETTINGS})
    clock: ROSClock = node.get_clock()

    def at(seconds: float) -> AvatarManager:
        clock.set_ros_time_override(Time(nanoseconds=round(1e9 * seconds), clock_type=clock.clock_type))
        return manager

    yield node, at
    manager.destroy()
    node.destroy_node()


def test_a_tick_that_is_due_is_made_in_the_middle_of_other_work_once(stage):
    _, stage = stage
    manager = stage(100.0)
    manager.keep_time()  # before the clock runs
    manager.play()
    for seconds, ticks in ((100.0, 0), (100.05, 1), (100.05, 1), (100.09, 2)):
        stage(seconds).keep_time()
        assert manager.meter.ticks_total == ticks
    manager.freeze()
    stage(101.0).keep_time()
    assert manager.meter.ticks_total == 2


def test_an_avatar_that_fails_does_not_stop_the_work(stage, monkeypatch):
    node, stage = stage
    manager = stage(100.0)
    ann = awaited(node, manager.add_avatar("ann", ORIGIN))

    def fail(due, stamp):
        raise RuntimeError("ann has fallen over")

    monkeypatch.setattr(ann, "tick", fail)
    manager.play()
    for seconds in (100.05, 100.09):
        stage(seconds).keep_time()
    assert manager.meter.ticks_total == 2
    assert manager.avatars[""].player.status.index == 1  # the others played on
