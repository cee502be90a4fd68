"""A queue that is locked and a slow disk hold up answers, and never a tick."""

import sqlite3
import sys
import time
from pathlib import Path

import pytest
from action_msgs.msg import GoalStatus
from clipactor_interfaces.action import Stylize
from clipactor_interfaces.srv import CreateAvatar, FindMotions, ListStyles
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import SetParameters
from sensor_msgs.msg import JointState
from std_msgs.msg import String

LATE_S = 0.5
"""Between two ticks; at 30 Hz there are 0.033, on a machine with better things to do some more."""
DISK_S = 0.6
LOCKED_S = 2.5
RATE_HZ = 24.0


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    return tmp_path_factory.mktemp("disk") / "slow"


@pytest.fixture(scope="module")
def node(ros, avatar_process, home_without_worker, disk, tmp_path_factory):
    command = [sys.executable, Path(__file__).with_name("slow_disk_node.py")]
    process = avatar_process(
        tmp_path_factory.mktemp("node"),
        command=command,
        CLIPACTOR_HOME=str(home_without_worker),
        SLOW_DISK=str(disk),
    )
    process.wait_for("ready")
    yield process
    assert "the tick's thread waits" not in process.output, process.output
    disk.unlink(missing_ok=True)
    assert process.end() == 0, process.output
    assert "Traceback" not in process.output


@pytest.fixture
def ticks(reader, node):
    """Seconds at which the avatar's ticks began, by the node's clock, as they come."""
    stamps: list[float] = []

    def hear(joints: JointState) -> None:
        stamps.append(joints.header.stamp.sec + 1e-9 * joints.header.stamp.nanosec)

    listening = reader.node.create_subscription(JointState, "/clipactor/joint_states", hear, 1000)
    reader.until(lambda: len(stamps) > 30, "ticks")
    yield stamps
    reader.node.destroy_subscription(listening)


def longest_gap(ticks) -> float:
    """Seconds between two ticks that follow one another."""
    return max(after - before for before, after in zip(ticks, ticks[1:], strict=False))


@pytest.fixture
def slow(disk):
    disk.write_text(str(DISK_S))
    yield
    disk.unlink()


def test_while_the_disk_is_slow_commands_and_services_are_answered_late_and_every_tick_is_in_time(
    node, reader, ticks, slow
):
    states = []
    reader.node.create_subscription(JointState, "/clipactor/ann/joint_states", states.append, 10)
    del ticks[:]
    for command in ("a firefighter in a yellow jacket waves hello", "ein Mann in einem roten Hemd tanzt"):
        reader.publish(String(data=command))
        assert not reader.state(lambda state, text=command: state.command == text).last_error
    request = CreateAvatar.Request(name="ann", command="a knight in silver armour bows")
    assert "refused" not in reader.call(CreateAvatar, "/clipactor/create_avatar", request).message
    found = reader.call(FindMotions, "/clipactor/find_motions", FindMotions.Request(text="crawl"))
    assert found.success and found.matches
    assert reader.call(ListStyles, "/clipactor/list_styles", ListStyles.Request()).keys
    reader.until(lambda: states, "ann")
    assert longest_gap(ticks) < LATE_S


def test_a_rate_is_changed_without_a_late_tick(node, reader, ticks, slow):
    reader.say("walks forward, then jumps and kicks, then dances while waving")
    del ticks[:]
    value = ParameterValue(type=ParameterType.PARAMETER_DOUBLE, double_value=RATE_HZ)
    request = SetParameters.Request(parameters=[Parameter(name="rate_hz", value=value)])
    assert reader.call(SetParameters, "/clipactor/avatar/set_parameters", request).results[0].successful

    def steady() -> bool:
        return len(ticks) > 20 and abs((ticks[-1] - ticks[-11]) / 10 - 1 / RATE_HZ) < 0.1 / RATE_HZ

    reader.until(steady, "the new rate")
    assert longest_gap(ticks) < LATE_S


def test_a_control_word_is_obeyed_while_a_command_is_still_prepared(node, reader, ticks, disk):
    reader.say("a person walks forward")
    disk.write_text("2.0")
    reader.publish(String(data="a person dances"))
    reader.publish(String(data="pause"))
    asked_s = time.monotonic()
    reader.state(lambda state: state.activity == "paused")
    assert time.monotonic() - asked_s < 1.5
    disk.unlink()
    state = reader.state(lambda state: "danc" in state.label)
    assert state.activity == "paused"  # the outcome is that of the order in which they came
    reader.say("resume")
    assert "danc" in reader.state(lambda state: state.activity == "playing").label


def test_while_the_queue_is_locked_styles_wait_and_every_tick_is_in_time(
    node, reader, send, ticks, home_without_worker
):
    first = send(Stylize.Goal(prompt="a chef in white"))
    reader.until(lambda: first.feedback, "feedback")
    del ticks[:]
    base = sqlite3.connect(home_without_worker / "jobs" / "queue.v1.sqlite", isolation_level=None)
    base.execute("BEGIN EXCLUSIVE")
    locked_s = time.monotonic()
    first.handle.cancel_goal_async()
    second = send(Stylize.Goal(prompt="a nurse in yellow"))
    reader.say("a person bows")  # is not held up
    answered_s = time.monotonic() - locked_s
    reader.until(lambda: time.monotonic() - locked_s > LOCKED_S, "the end of the lock")
    base.execute("ROLLBACK")
    base.close()
    assert first.result()[0] == GoalStatus.STATUS_CANCELED
    second.handle.cancel_goal_async()
    second.result()
    assert longest_gap(ticks) < LATE_S
    assert answered_s < LOCKED_S
