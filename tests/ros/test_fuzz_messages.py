"""Templates of messages say what rclpy's serializer says; what came over the wire is read or refused."""

import math
import random

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarAppearance, AvatarMesh
from geometry_msgs.msg import Quaternion, Transform, Vector3
from hypothesis import given, settings
from hypothesis import strategies as st
from rclpy.serialization import deserialize_message, serialize_message
from sensor_msgs.msg import JointState, MultiDOFJointState
from std_msgs.msg import Header

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.client import decode_appearance
from clipactor_node.ros.messages.cdr import serialized
from clipactor_node.ros.messages.pose_target import pose_target
from clipactor_node.ros.messages.templates import JointStateMessage

NAMES = st.lists(st.text("abcdefghij_äß", min_size=1, max_size=17), min_size=1, max_size=40)
DOUBLES = st.floats(allow_nan=False)
FEW = settings(max_examples=25, derandomize=True, deadline=None)


@FEW
@given(NAMES, st.data())
def test_a_template_of_joint_states_is_what_rclpy_makes(names, data):
    count = len(names)
    values = st.lists(DOUBLES, min_size=count, max_size=count)
    positions, velocities = data.draw(values), data.draw(values)
    stamp = Time(sec=data.draw(st.integers(0, 2**31 - 1)), nanosec=data.draw(st.integers(0, 10**9 - 1)))
    raw = JointStateMessage(names).serialized(stamp, np.array(positions), np.array(velocities))
    message = JointState(header=Header(stamp=stamp), name=names, position=positions, velocity=velocities)
    assert deserialize_message(raw, JointState) == message
    assert raw == serialized(message)
    whole = serialize_message(message)
    assert 0 <= len(whole) - len(raw) < 8  # rclpy hands out what lies behind the message, too


@FEW
@given(NAMES, st.lists(st.floats(), min_size=7, max_size=7), st.integers(0, 3))
def test_a_pose_from_outside_is_followed_or_refused(names, numbers, missing):
    x, y, z, a, b, c, d = numbers
    transform = Transform(translation=Vector3(x=x, y=y, z=z), rotation=Quaternion(x=a, y=b, z=c, w=d))
    names = ["pelvis", *names]
    message = MultiDOFJointState(joint_names=names, transforms=[transform] * max(len(names) - missing, 0))
    target, problem = pose_target(message, np.zeros(3))
    assert (target is None) == bool(problem) or target is not None
    if target is not None:
        assert np.isfinite(target.pose).all() and np.isfinite(target.translation).all()


@pytest.mark.parametrize("seed", range(20))
def test_an_appearance_full_of_nonsense_is_refused_in_a_sentence(seed):
    choose = random.Random(seed)
    message = AvatarAppearance()
    for name, kind in AvatarAppearance.get_fields_and_field_types().items():
        if kind.startswith("sequence<") and choose.random() < 0.7:
            number = kind[9:].rstrip(">")
            wide = number in ("float", "double")
            if number in ("uint8", "uint16", "uint32", "int32", "float", "double"):
                values = [math.nan if wide else 250] * choose.randrange(40)
                setattr(message, name, values)
    with pytest.raises(ClipActorError) as refused:
        decode_appearance(message)
    assert str(refused.value)


def test_a_mesh_that_says_more_vertices_than_it_has_is_refused():
    from clipactor_node.ros.messages import decode_compact_mesh

    raw = serialized(AvatarMesh(vertex_count=1000, positions=[0] * 6, colors=[0] * 3))
    with pytest.raises((ClipActorError, ValueError)):
        decode_compact_mesh(raw)
