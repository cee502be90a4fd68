"""A node that does not play says so to whoever asks, and `last_error` and diagnostics tell what is so now."""

import pytest
from clipactor_interfaces.action import GoTo, Perform, Stylize
from clipactor_interfaces.msg import AvatarState
from rclpy.action import ActionClient
from rclpy.parameter import Parameter
from std_msgs.msg import String

from clipactor_node.ros.nodes.avatar_node import AvatarNode
from clipactor_node.ros.nodes.diagnostics import TickMeter, _slow_clock

REASON = "the node is inactive; first: ros2 lifecycle set /clipactor/avatar activate"


@pytest.fixture(scope="module")
def node(ros, reader):
    """A configured node in this process, spun with the reader."""
    node = AvatarNode()
    node.set_parameters([Parameter("clothes", value="paint")])
    node.trigger_configure()
    reader._executor.add_node(node)
    yield node
    reader._executor.remove_node(node)
    node.trigger_shutdown()
    node.destroy_node()


def outcome(reader, kind, name, goal):
    client = ActionClient(reader.node, kind, f"/clipactor/{name}")
    reader.until(client.server_is_ready, name)
    sent = client.send_goal_async(goal)
    reader.until(sent.done, "a reply to the goal")
    result = sent.result().get_result_async()
    reader.until(result.done, "the result")
    client.destroy()
    return result.result().result


@pytest.mark.parametrize(
    ("kind", "name", "goal"),
    [
        (Perform, "perform", Perform.Goal(text="a person bows")),
        (Perform, "perform", Perform.Goal(text="a person in a red shirt bows", wait_for_style=True)),
        (GoTo, "go_to", GoTo.Goal()),
        (Stylize, "stylize", Stylize.Goal(prompt="a red shirt")),
    ],
)
def test_an_inactive_node_refuses_goals_with_a_reason(node, reader, kind, name, goal):
    result = outcome(reader, kind, name, goal)
    assert not result.success and REASON in result.message


def test_an_inactive_node_refuses_commands_and_last_error_is_cleared_by_success(node, reader):
    received: list[AvatarState] = []
    watching = reader.node.create_subscription(AvatarState, "/clipactor/state", received.append, 10)
    reader.until(lambda: reader.node.count_publishers("/clipactor/state"), "the state")
    reader.publish(String(data="a person bows"))
    reader.until(lambda: received and received[-1].last_error == REASON, "a refusal", received)
    assert received[-1].command == "a person bows"

    node.trigger_activate()
    reader.publish(String(data="a person bows"))
    reader.until(lambda: "bow" in received[-1].label, "a bow", received)
    assert received[-1].last_error == ""
    node.trigger_deactivate()
    reader.publish(String(data="a person waves hello"))
    reader.until(lambda: received[-1].last_error == REASON, "a refusal", received)
    reader.node.destroy_subscription(watching)


def test_diagnostics_warn_of_late_ticks_and_skipped_frames_and_no_longer_when_that_is_over():
    meter = TickMeter(10.0)
    meter.report(0.0)
    for due in (1, 1, 4, *[1] * 6):
        meter.tick(due, 0.001)
    assert _slow_clock(meter.report(0.9), simulated=False) == ["1 ticks late and 3 frames skipped lately"]
    for _ in range(10):
        meter.tick(1, 0.001)
    figures = meter.report(1.9)
    assert _slow_clock(figures, simulated=False) == []
    assert (figures["late ticks"], figures["skipped frames"]) == (1, 3)  # in all, as before
