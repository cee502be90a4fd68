"""ROS4HRI mode: avatars are tracked bodies, or persons, under the names of REP 155."""

import xml.etree.ElementTree as ElementTree

import pytest
from clipactor_interfaces.srv import CreateAvatar, RemoveAvatar
from hri_msgs.msg import IdsList
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rcl_interfaces.srv import GetParameters
from rclpy.qos import DurabilityPolicy, QoSProfile, qos_profile_system_default
from sensor_msgs.msg import JointState
from std_msgs.msg import Bool, Float32, String
from tf2_msgs.msg import TFMessage

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


@pytest.fixture(scope="module")
def people(ros, avatar_process, tmp_path_factory):
    """A node whose avatars are persons."""
    arguments = ("-p", "hri:=person", "-p", "command:=a person waves hello")
    process = avatar_process(tmp_path_factory.mktemp("people"), *arguments)
    process.wait_for("ready")
    yield process
    assert process.end() == 0, process.output
    assert "Traceback" not in process.output


def tracked(reader, what: str, wanted: set[str]) -> None:
    """As libhri listens: with the system's default quality of service, to the list of those tracked now."""
    lists: list[IdsList] = []
    topic = f"/humans/{what}"
    listening = reader.node.create_subscription(IdsList, topic, lists.append, qos_profile_system_default)
    reader.until(lambda: lists and set(lists[-1].ids) == wanted, f"{wanted} on {topic}", lists)
    reader.node.destroy_subscription(listening)


def test_the_message_is_that_of_hri_msgs():
    assert IdsList.get_fields_and_field_types() == {"header": "std_msgs/Header", "ids": "sequence<string>"}


def test_who_is_on_stage_is_tracked(people, reader):
    for what in ("bodies/tracked", "persons/tracked", "persons/known"):
        tracked(reader, what, {"clipactor"})
    assert reader.call(CreateAvatar, "/clipactor/create_avatar", CreateAvatar.Request(name="bob")).success
    tracked(reader, "bodies/tracked", {"clipactor", "bob"})
    assert reader.messages(JointState, "/humans/bodies/bob/joint_states", 1)
    assert reader.call(RemoveAvatar, "/clipactor/remove_avatar", RemoveAvatar.Request(name="bob")).success
    tracked(reader, "bodies/tracked", {"clipactor"})
    refused = reader.call(CreateAvatar, "/clipactor/create_avatar", CreateAvatar.Request(name="clipactor"))
    assert not refused.success and "something else" in refused.message


def test_nobody_is_tracked_while_the_node_is_inactive(people, reader):
    lists: list[IdsList] = []
    listening = reader.node.create_subscription(
        IdsList, "/humans/bodies/tracked", lists.append, qos_profile_system_default
    )
    reader.until(lambda: lists, "a list")
    for transition, wanted in (
        (Transition.TRANSITION_DEACTIVATE, []),
        (Transition.TRANSITION_ACTIVATE, ["clipactor"]),
    ):
        request = ChangeState.Request(transition=Transition(id=transition))
        assert reader.call(ChangeState, "/clipactor/avatar/change_state", request).success
        reader.until(lambda wanted=wanted: list(lists[-1].ids) == wanted, f"{wanted} on stage", lists)
    reader.node.destroy_subscription(listening)


def test_joints_links_and_frames_have_the_same_names(people, reader):
    description = reader.messages(String, "/humans/bodies/clipactor/urdf", 1, LATCHED)[0].data
    names = GetParameters.Request(names=["human_description_clipactor"])
    values = reader.call(GetParameters, "/clipactor/avatar/get_parameters", names).values
    assert values[0].string_value == description
    tree = ElementTree.fromstring(description)
    moving = {joint.get("name") for joint in tree.iter("joint") if joint.get("type") == "revolute"}
    state = reader.messages(JointState, "/humans/bodies/clipactor/joint_states", 1)[0]
    assert set(state.name) == moving and len(state.position) == len(state.velocity) == 20

    parents: dict[str, str] = {}

    def on_tf(message: TFMessage) -> None:
        parents.update({f.child_frame_id: f.header.frame_id for f in message.transforms})

    listening = reader.node.create_subscription(TFMessage, "/tf", on_tf, 100)
    reader.until(lambda: "body_clipactor" in parents and "pelvis" in parents, "frames")
    reader.node.destroy_subscription(listening)
    assert parents["body_clipactor"] == "map"
    assert parents["person_clipactor"] == "head_clipactor"
    for joint in tree.iter("joint"):
        assert parents[joint.find("child").get("link")] == joint.find("parent").get("link")


def test_a_person_has_that_body(people, reader):
    space = "/humans/persons/clipactor"
    assert reader.messages(String, f"{space}/body_id", 1, LATCHED)[0].data == "clipactor"
    assert reader.messages(Bool, f"{space}/anonymous", 1, LATCHED)[0].data is False
    assert reader.messages(Float32, f"{space}/location_confidence", 1, LATCHED)[0].data == 1.0


def test_a_body_alone_is_left_to_a_person_manager(start, reader):
    start("-p", "hri:=body", "-r", "__ns:=/lab/ann").wait_for("ready")
    reader.until(lambda: reader.node.count_publishers("/humans/bodies/ann/urdf"), "ann's body")
    assert not reader.node.count_publishers("/humans/persons/ann/body_id")
