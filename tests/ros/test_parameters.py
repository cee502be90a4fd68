"""Parameters: described, ranged, and refused with words when they do not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import DescribeParameters, ListParameters, SetParametersAtomically
from sensor_msgs.msg import JointState
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker

from clipactor_node.ros.messages.decoding import decode_marker
from clipactor_node.ros.parameters.avatar_parameters import SETTINGS
from clipactor_node.ros.parameters.setting import Setting, unknown

BY_NAME = {setting.name: setting for setting in SETTINGS}
RATE = BY_NAME["rate_hz"]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_a_description_and_a_default_that_fits(setting):
    assert setting.description.endswith(".") and len(setting.description) > 20
    assert setting.checked(setting.default) == setting.default


@given(st.floats(1, 240) | st.integers(1, 240))
def test_a_number_within_its_range_is_taken(value):
    assert RATE.checked(value) == value and type(RATE.checked(value)) is float


@given(
    st.floats(max_value=1, exclude_max=True)
    | st.floats(min_value=240, exclude_min=True)
    | st.just(float("nan"))
    | st.booleans()
    | st.text()
    | st.none()
)
def test_anything_else_is_refused(value):
    with pytest.raises(ValueError, match="parameter rate_hz: .* given, expected a number from 1 to 240"):
        RATE.checked(value)


def test_a_choice_lists_the_others():
    setting = Setting("color", "red", "Of the hat.", choices=("red", "blue"))
    with pytest.raises(ValueError, match="'green' given, expected one of: red, blue"):
        setting.checked("green")


def test_off_is_off_though_yaml_reads_false():
    assert BY_NAME["hri"].checked(False) == "off"
    with pytest.raises(ValueError, match="True given, expected one of: off, body, person"):
        BY_NAME["hri"].checked(True)


@given(st.text(alphabet=" /ab_\t", max_size=6))
def test_frames_have_names_that_tf_takes(name):
    taken = name and not name.startswith("/") and not set(name) & set(" \t")
    if taken:
        assert BY_NAME["map_frame"].checked(name) == name
    else:
        with pytest.raises(ValueError, match="expected the name of a frame: no spaces, no slash in front"):
            BY_NAME["map_frame"].checked(name)


def test_a_misspelt_parameter_is_recognised():
    assert unknown("rate_hertz", BY_NAME) == "parameter rate_hertz is unknown; did you mean rate_hz?"
    assert "choose from: rate_hz, " in unknown("qqq", BY_NAME)


def set_parameter(reader, name: str, **value):
    request = SetParametersAtomically.Request(
        parameters=[Parameter(name=name, value=ParameterValue(**value))]
    )
    return reader.call(SetParametersAtomically, "/clipactor/avatar/set_parameters_atomically", request).result


def test_the_node_describes_its_parameters(avatar, reader):
    names = reader.call(
        ListParameters, "/clipactor/avatar/list_parameters", ListParameters.Request()
    ).result.names
    assert set(BY_NAME) <= set(names)
    described = reader.call(
        DescribeParameters,
        "/clipactor/avatar/describe_parameters",
        DescribeParameters.Request(names=list(BY_NAME)),
    ).descriptors
    for descriptor in described:
        setting = BY_NAME[descriptor.name]
        assert descriptor.description == setting.description
        assert not descriptor.read_only  # the node can be configured anew
    (rate,) = (d for d in described if d.name == "rate_hz")
    assert (rate.floating_point_range[0].from_value, rate.floating_point_range[0].to_value) == (1.0, 240.0)


def test_publish_tf_can_be_switched_while_the_node_runs(avatar, reader):
    off = {"type": ParameterType.PARAMETER_BOOL, "bool_value": False}
    assert set_parameter(reader, "publish_tf", **off).successful
    received = {"tf": [], "joints": []}
    subscriptions = [
        reader.node.create_subscription(TFMessage, "/tf", received["tf"].append, 10),
        reader.node.create_subscription(JointState, "/clipactor/joint_states", received["joints"].append, 10),
    ]
    reader.until(lambda: len(received["joints"]) > 10, "joint states")
    assert not received["tf"]
    assert set_parameter(reader, "publish_tf", **off | {"bool_value": True}).successful
    reader.until(lambda: received["tf"], "transforms")
    for subscription in subscriptions:
        reader.node.destroy_subscription(subscription)


def test_unlit_colors_are_those_of_the_clothes(avatar, reader):
    def shades() -> int:
        mesh = decode_marker(reader.messages(Marker, "/clipactor/mesh", 3, raw=True)[-1])
        return len(set(map(tuple, mesh.colors.reshape(-1, 4).round(4).tolist())))

    lit = shades()
    assert set_parameter(reader, "lit_colors", type=ParameterType.PARAMETER_BOOL, bool_value=False).successful
    assert shades() < lit / 10
    assert set_parameter(reader, "lit_colors", type=ParameterType.PARAMETER_BOOL, bool_value=True).successful


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (
            "library",
            {"type": ParameterType.PARAMETER_STRING, "string_value": "/elsewhere"},
        ),  # only while unconfigured
        ("rate_hz", {"type": ParameterType.PARAMETER_DOUBLE, "double_value": 0.0}),
        ("map_frame", {"type": ParameterType.PARAMETER_STRING, "string_value": ""}),
        ("map_frame", {"type": ParameterType.PARAMETER_STRING, "string_value": "/map"}),
        ("frame_prefix", {"type": ParameterType.PARAMETER_STRING, "string_value": "two words/"}),
        ("mesh_detail", {"type": ParameterType.PARAMETER_STRING, "string_value": "huge"}),
        ("publish_tf", {"type": ParameterType.PARAMETER_STRING, "string_value": "perhaps"}),
        ("no_such_parameter", {"type": ParameterType.PARAMETER_BOOL, "bool_value": True}),
    ],
)
def test_a_parameter_that_cannot_be_set_says_why(avatar, reader, name, value):
    result = set_parameter(reader, name, **value)
    assert not result.successful
    assert result.reason
    assert reader.messages(JointState, "/clipactor/joint_states", 3)
