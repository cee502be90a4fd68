"""Several avatars on one node: each with a name, a place, topics and frames of its own."""

import math
import signal

import numpy as np
import pytest
from clipactor_interfaces.action import Perform
from clipactor_interfaces.msg import AvatarState
from clipactor_interfaces.srv import CreateAvatar, ListAvatars, RemoveAvatar
from diagnostic_msgs.msg import DiagnosticArray
from hypothesis import given, settings
from hypothesis import strategies as st
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import SetParameters
from rclpy.action import ActionClient
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

from clipactor_node.player import Place
from clipactor_node.ros.services.avatars import MOST_AVATARS, ROOM_M, nearest_free

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


def create(reader, name: str, **request) -> CreateAvatar.Response:
    asked = CreateAvatar.Request(name=name, **request)
    return reader.call(CreateAvatar, "/clipactor/create_avatar", asked)


def remove(reader, name: str) -> RemoveAvatar.Response:
    return reader.call(RemoveAvatar, "/clipactor/remove_avatar", RemoveAvatar.Request(name=name))


def listed(reader) -> ListAvatars.Response:
    return reader.call(ListAvatars, "/clipactor/list_avatars", ListAvatars.Request())


@pytest.fixture
def empty_stage(avatar, reader):
    """The shared node with its own avatar alone, before and after."""
    yield
    for name in listed(reader).names[1:]:
        assert remove(reader, name).success


def state_of(reader, name: str, condition) -> AvatarState:
    states: list[AvatarState] = []
    topic = f"/clipactor/{name}/state"
    listening = reader.node.create_subscription(AvatarState, topic, states.append, LATCHED)
    reader.until(lambda: states and condition(states[-1]), f"a state of {name} as wanted", states)
    reader.node.destroy_subscription(listening)
    return states[-1]


def test_each_avatar_does_what_it_alone_was_told(avatar, reader, empty_stage):
    assert create(reader, "ann", command="a person waves hello").success
    assert create(reader, "bob").success
    state_of(reader, "ann", lambda state: "wave" in state.label)
    assert state_of(reader, "bob", lambda state: True).activity == "idle"
    said = reader.node.create_publisher(String, "/clipactor/bob/command", 10)
    reader.until(said.get_subscription_count, "bob's ears")
    said.publish(String(data="a person bows"))
    state_of(reader, "bob", lambda state: "bow" in state.label)
    assert "wave" in state_of(reader, "ann", lambda state: state.label).label
    client = ActionClient(reader.node, Perform, "/clipactor/bob/perform")
    reader.until(client.server_is_ready, "bob's action")
    client.destroy()
    answer = listed(reader)
    assert list(answer.names) == ["", "ann", "bob"]
    assert list(answer.commands)[1:] == ["a person waves hello", "a person bows"]


def test_frames_and_joints_of_each_are_apart(avatar, reader, empty_stage):
    assert create(reader, "ann", x=2.0, y=-1.0, heading=math.pi / 2).success
    bases: dict[str, object] = {}

    def on_tf(message: TFMessage) -> None:
        parent, child = message.transforms[0].header.frame_id, message.transforms[0].child_frame_id
        assert parent == "map"
        names = [frame.child_frame_id for frame in message.transforms]
        assert all(name.startswith("ann/") for name in names) == (child == "ann/base_footprint")
        bases[child] = message.transforms[0].transform

    listening = reader.node.create_subscription(TFMessage, "/tf", on_tf, 100)
    reader.until(lambda: len(bases) == 2, "both on /tf")
    reader.node.destroy_subscription(listening)
    base = bases["ann/base_footprint"]
    assert (base.translation.x, base.translation.y) == pytest.approx((2.0, -1.0), abs=0.05)
    assert 2 * math.atan2(base.rotation.z, base.rotation.w) == pytest.approx(math.pi / 2, abs=0.2)
    own, other = (
        reader.messages(JointState, f"/clipactor/{space}joint_states", 1)[0] for space in ("", "ann/")
    )
    assert own.name == other.name


def test_nobody_stands_in_another(avatar, reader, empty_stage):
    answers = [create(reader, f"guest{number}") for number in range(4)]
    places = np.array([(0.0, 0.0), *((answer.x, answer.y) for answer in answers)])
    apart = np.linalg.norm(places[:, None] - places[None], axis=2) + np.eye(len(places))
    assert apart.min() > 0.99 * ROOM_M
    assert all("nearest free place" in answer.message for answer in answers)
    free = create(reader, "far", x=30.0, y=4.0)
    assert (free.x, free.y) == (30.0, 4.0) and "nearest" not in free.message


@pytest.mark.parametrize(
    "name",
    ["", "1st", "two words", "a/b", "/abs", "under__score", "end_", "_hidden", "é", "x" * 33, "~", "{n}"],
)
def test_bad_names_are_refused_in_words(avatar, reader, name):
    answer = create(reader, name)
    assert not answer.success and "expected up to 32 letters" in answer.message


@pytest.mark.parametrize("name", ["avatar", "perform", "joint_states", "create_avatar"])
def test_names_of_something_else_are_refused(avatar, reader, name):
    answer = create(reader, name)
    assert not answer.success and "is something else" in answer.message


def test_somebody_elses_avatar_is_left_alone_and_early_commands_are_no_avatar(avatar, reader, empty_stage):
    theirs = reader.node.create_publisher(JointState, "/clipactor/cid/joint_states", 10)
    early = reader.node.create_publisher(String, "/clipactor/dot/command", 10)
    reader.until(lambda: not create(reader, "cid").success or remove(reader, "cid") is None, "a refusal")
    assert "is something else" in create(reader, "cid").message
    assert create(reader, "dot").success
    reader.until(early.get_subscription_count, "dot's ears")
    for publisher in (theirs, early):
        reader.node.destroy_publisher(publisher)


@pytest.mark.parametrize("place", [{"x": math.nan}, {"y": math.inf}, {"x": 1e9}, {"heading": math.nan}])
def test_impossible_places_are_refused(avatar, reader, place):
    answer = create(reader, "lost", **place)
    assert not answer.success and "expected a finite number" in answer.message
    assert "lost" not in listed(reader).names


def test_duplicates_and_strangers(avatar, reader, empty_stage):
    assert create(reader, "ann").success
    again = create(reader, "ann")
    assert not again.success and "there is an avatar ann already" in again.message
    assert remove(reader, "ann").success
    gone = remove(reader, "ann")
    assert not gone.success and "no avatar is called 'ann'; there are: none" in gone.message
    assert not remove(reader, "").success  # the node's own stays
    assert create(reader, "ann").success  # a name is free again at once


def test_a_refused_command_leaves_the_avatar_on_stage_and_says_so(avatar, reader, empty_stage):
    answer = create(reader, "ann", command="?!")
    assert answer.success and "the command was refused" in answer.message


def test_who_left_leaves_nothing_behind(avatar, reader, empty_stage):
    assert create(reader, "ann").success
    reader.until(lambda: reader.node.count_publishers("/clipactor/ann/mesh"), "ann's topics")
    assert remove(reader, "ann").success
    reader.until(
        lambda: (
            not any(name.startswith("/clipactor/ann/") for name, _ in reader.node.get_topic_names_and_types())
        ),
        "an end of ann's topics",
    )
    services = reader.node.get_service_names_and_types
    reader.until(
        lambda: not any(name.startswith("/clipactor/ann/") for name, _ in services()),
        "an end of ann's services",
    )


def test_a_hundred_are_too_many_and_the_show_goes_on(start, reader):
    start("-r", "__ns:=/crowd", "-p", "command:=a person walks forward").wait_for("ready")
    answers = [
        reader.call(CreateAvatar, "/crowd/create_avatar", CreateAvatar.Request(name=f"n{number}"))
        for number in range(100)
    ]
    assert [answer.success for answer in answers] == [True] * (MOST_AVATARS - 1) + [False] * (
        101 - MOST_AVATARS
    )
    assert "remove_avatar first" in answers[-1].message
    last = f"/crowd/n{MOST_AVATARS - 2}/joint_states"
    assert reader.messages(JointState, last, 5) and reader.messages(JointState, "/crowd/joint_states", 5)
    reports: list[DiagnosticArray] = []
    listening = reader.node.create_subscription(DiagnosticArray, "/diagnostics", reports.append, 10)
    reader.until(lambda: any(r.status[0].name.startswith("/crowd/") for r in reports), "the crowd's report")
    reader.node.destroy_subscription(listening)
    (names, *_) = ([s.name for s in r.status] for r in reports if r.status[0].name.startswith("/crowd/"))
    assert names[:2] == ["/crowd/avatar: playback", "/crowd/avatar: n0"] and len(names) == MOST_AVATARS


def test_a_signal_in_the_middle_of_everything_ends_all_cleanly(start, reader):
    """While clothes are being cut, other vertices prepared, and a goal is on stage."""
    node = start("-r", "__ns:=/busy", "-p", "hri:=body")
    node.wait_for("ready")
    for name, color in (("ann", "red"), ("bob", "green")):
        request = CreateAvatar.Request(name=name, command=f"a knight in {color} armour walks")
        assert reader.call(CreateAvatar, "/busy/create_avatar", request).success
    client = ActionClient(reader.node, Perform, "/busy/ann/perform")
    reader.until(client.server_is_ready, "ann's action")
    goal = Perform.Goal(text="a person bows", loop=True)
    assert reader.answer(lambda: client.send_goal_async(goal), "a reply to the goal").accepted
    fine = ParameterValue(type=ParameterType.PARAMETER_STRING, string_value="fine")
    request = SetParameters.Request(parameters=[Parameter(name="mesh_detail", value=fine)])
    assert reader.call(SetParameters, "/busy/avatar/set_parameters", request).results[0].successful
    assert node.end(signal.SIGTERM) == 0, node.output
    assert "Traceback" not in node.output
    client.destroy()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(*[st.floats(-3, 3)] * 2), max_size=12), st.tuples(*[st.floats(-3, 3)] * 2))
def test_the_nearest_free_place_is_free(taken, wanted):
    taken = [Place(np.array(position), 0.0) for position in taken]
    place = nearest_free(Place(np.array(wanted), 1.0), taken)
    assert place.heading == 1.0
    assert all(np.linalg.norm(place.position - other.position) > 0.99 * ROOM_M for other in taken)
