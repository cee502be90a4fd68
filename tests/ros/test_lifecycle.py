"""A managed node: configure loads, activate plays, deactivate freezes, cleanup frees."""

import itertools
import weakref

import pytest
from clipactor_interfaces.msg import AvatarState
from diagnostic_msgs.msg import DiagnosticArray
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import SetParametersAtomically
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import JointState

from clipactor_node.ros.nodes.avatar_node import AvatarNode

LIBRARY = ParameterValue(type=ParameterType.PARAMETER_STRING, string_value="/nowhere")


@pytest.fixture
def managed(start, reader):
    """A node that waits, and a function that changes its state."""
    node = start("-p", "autostart:=false", "-p", "command:=a person walks forward")
    node.wait_for("waiting for a lifecycle manager")

    def change(transition: int) -> int:
        """The state after it; a transition that was asked for twice is refused the second time."""
        request = ChangeState.Request(transition=Transition(id=transition))
        reader.call(ChangeState, "/clipactor/avatar/change_state", request)
        return reader.call(GetState, "/clipactor/avatar/get_state", GetState.Request()).current_state.id

    return node, change


def published(reader, topic: str = "/clipactor/joint_states") -> int:
    return reader.node.count_publishers(topic)


def set_library(reader):
    request = SetParametersAtomically.Request(parameters=[Parameter(name="library", value=LIBRARY)])
    return reader.call(SetParametersAtomically, "/clipactor/avatar/set_parameters_atomically", request).result


def test_the_whole_life_of_a_managed_node(managed, reader):
    node, change = managed
    assert published(reader) == 0
    assert change(Transition.TRANSITION_CONFIGURE) == State.PRIMARY_STATE_INACTIVE
    reader.until(lambda: published(reader), "publishers")
    assert change(Transition.TRANSITION_ACTIVATE) == State.PRIMARY_STATE_ACTIVE
    before = reader.state(lambda state: state.activity == "playing")
    refused = set_library(reader)
    assert not refused.successful and "cleanup" in refused.reason

    assert change(Transition.TRANSITION_DEACTIVATE) == State.PRIMARY_STATE_INACTIVE
    received: list[JointState] = []
    listening = reader.node.create_subscription(JointState, "/clipactor/joint_states", received.append, 10)
    reader.call(GetState, "/clipactor/avatar/get_state", GetState.Request())  # it lives, and is silent
    assert not received
    assert change(Transition.TRANSITION_ACTIVATE) == State.PRIMARY_STATE_ACTIVE
    reader.until(lambda: received, "joint states")
    reader.node.destroy_subscription(listening)
    assert reader.state().clip == before.clip  # goes on where it was frozen

    assert change(Transition.TRANSITION_DEACTIVATE) == State.PRIMARY_STATE_INACTIVE
    assert change(Transition.TRANSITION_CLEANUP) == State.PRIMARY_STATE_UNCONFIGURED
    reader.until(lambda: not published(reader), "the end of the publishers")
    assert set_library(reader).successful
    assert change(Transition.TRANSITION_CONFIGURE) == State.PRIMARY_STATE_INACTIVE
    assert change(Transition.TRANSITION_ACTIVATE) == State.PRIMARY_STATE_ACTIVE
    state: AvatarState = reader.state(lambda state: state.activity == "playing")
    assert any("/nowhere" in warning for warning in state.warnings)
    assert node.end() == 0, node.output
    assert "Traceback" not in node.output


def test_shutting_down_by_a_lifecycle_manager_frees_everything(managed, reader):
    node, change = managed
    change(Transition.TRANSITION_CONFIGURE)
    change(Transition.TRANSITION_ACTIVATE)
    assert change(Transition.TRANSITION_ACTIVE_SHUTDOWN) == State.PRIMARY_STATE_FINALIZED
    reader.until(lambda: not published(reader), "the end of the publishers")
    assert node.end() == 0, node.output


def test_cleanup_frees_what_was_loaded(ros):
    node = AvatarNode()
    node.trigger_configure()
    loaded = node.manager.avatars[""].loaded
    held = [weakref.ref(part) for part in (node.manager, loaded.retriever, loaded.library, loaded.selector)]
    del loaded
    node.trigger_cleanup()
    assert [part() for part in held] == [None] * len(held)
    node.destroy_node()


def test_simulated_time_drives_the_clock_even_when_it_jumps_back(start, reader):
    start("-p", "use_sim_time:=true", "-p", "command:=a person walks forward").wait_for("ready")
    clock = reader.node.create_publisher(Clock, "/clock", 10)
    received: list[JointState] = []
    listening = reader.node.create_subscription(JointState, "/clipactor/joint_states", received.append, 10)
    reader.until(lambda: clock.get_subscription_count() and published(reader), "the node on both topics")
    time_ms = 100_000

    def pass_time(milliseconds: int) -> None:
        nonlocal time_ms
        time_ms += milliseconds
        message = Clock()
        message.clock.sec, rest_ms = divmod(time_ms, 1000)
        message.clock.nanosec = rest_ms * 1_000_000
        clock.publish(message)

    def play_until(count: int, latest_s: float) -> list[float]:
        """Stamps since the first that is not later, `count` of them; others may have been on their way."""

        def stamps() -> list[float]:
            of_all = [state.header.stamp.sec + 1e-9 * state.header.stamp.nanosec for state in received]
            return list(itertools.dropwhile(lambda stamp: stamp > latest_s, of_all))

        def enough() -> bool:
            pass_time(5)
            return len(stamps()) >= count

        reader.until(enough, "joint states by simulated time")
        return stamps()

    stamps = play_until(5, time_ms / 1000 + 1000)
    assert stamps == sorted(set(stamps)) and stamps[0] >= 100 and stamps[-1] <= time_ms / 1000
    pass_time(-50_000)
    stamps = play_until(5, 99.0)
    assert stamps == sorted(set(stamps)) and stamps[0] >= 50 and stamps[-1] <= time_ms / 1000
    reports: list[DiagnosticArray] = []
    reading = reader.node.create_subscription(DiagnosticArray, "/diagnostics", reports.append, 10)
    reader.until(
        lambda: reports and "nothing comes on /clock" in reports[-1].status[0].message,
        "a word about time that stands still",
        reports,
    )
    reader.node.destroy_subscription(reading)
    reader.node.destroy_subscription(listening)
    reader.node.destroy_publisher(clock)
