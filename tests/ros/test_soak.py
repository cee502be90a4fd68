"""Minutes of everything at once: memory and descriptors stay flat, what was acknowledged is performed.

CLIPACTOR_SOAK_MINUTES says how long (2; `make proof-long`: 30). Its figures are printed (`-s`).
"""

import os
import random
import time

import pytest
from clipactor_interfaces.srv import CreateAvatar, FindMotions, ListClips, RemoveAvatar
from diagnostic_msgs.msg import DiagnosticArray
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import SetParameters
from sensor_msgs.msg import JointState

MINUTES = float(os.environ.get("CLIPACTOR_SOAK_MINUTES", "2"))
COMMANDS = (
    "a person walks forward", "a person waves hello", "bow then clap", "a firefighter walks and waves",
    "jump", "dance", "stop", "pause", "resume", "reset", "sit down slowly", "two metres forward",
    "a pirate in a red coat bows", "smile", "say: \"hello\"", "qwxz jklp", "", "turn 90 degrees left",
)  # fmt: skip
SETTINGS = {
    "loop": (True, False),
    "lit_colors": (True, False),
    "idle": ("alive", "still"),
    "place": ("home", "keep"),
    "mesh_encoding": ("uint16", "float32"),
}
GROWTH_MB = 80.0
"""What a node may gain after its first half minute: other clips and clothes are kept, within limits."""


def footprint(pid: int) -> tuple[float, int]:
    """Megabytes resident, and open descriptors."""
    with open(f"/proc/{pid}/statm") as file:
        pages = int(file.read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir(f"/proc/{pid}/fd"))


def value(given: bool | str) -> ParameterValue:
    if isinstance(given, bool):
        return ParameterValue(type=ParameterType.PARAMETER_BOOL, bool_value=given)
    return ParameterValue(type=ParameterType.PARAMETER_STRING, string_value=given)


@pytest.mark.long
def test_minutes_of_everything_at_once(start, reader):
    node, choose = start(), random.Random(1)
    node.wait_for("ready")
    reports: list[DiagnosticArray] = []
    reader.node.create_subscription(DiagnosticArray, "/diagnostics", reports.append, 10)
    heard: list[JointState] = []
    reader.node.create_subscription(JointState, "/clipactor/joint_states", heard.append, 10)
    friends: list[str] = []
    counts = dict.fromkeys(("commands", "avatars", "parameters", "questions"), 0)
    began, first = time.monotonic(), None
    while time.monotonic() - began < 60 * MINUTES:
        what = choose.random()
        if what < 0.6:
            reader.say(choose.choice(COMMANDS) or " ")  # returns when `state` repeats it
            counts["commands"] += 1
        elif what < 0.75:
            if friends and (len(friends) > 3 or choose.random() < 0.5):
                request = RemoveAvatar.Request(name=friends.pop())
                assert reader.call(RemoveAvatar, "/clipactor/remove_avatar", request)
            else:
                counts["avatars"] += 1
                friends.append(f"friend{counts['avatars']}")
                request = CreateAvatar.Request(name=friends[-1], command="a person waves hello")
                assert reader.call(CreateAvatar, "/clipactor/create_avatar", request)
        elif what < 0.9:
            name = choose.choice(list(SETTINGS))
            parameter = Parameter(name=name, value=value(choose.choice(SETTINGS[name])))
            request = SetParameters.Request(parameters=[parameter])
            (done,) = reader.call(SetParameters, "/clipactor/avatar/set_parameters", request).results
            assert done.successful, done.reason
            counts["parameters"] += 1
        else:
            assert reader.call(ListClips, "/clipactor/list_clips", ListClips.Request()).names
            reader.call(FindMotions, "/clipactor/find_motions", FindMotions.Request(text="a bow"))
            counts["questions"] += 1
        if first is None and time.monotonic() - began > min(30.0, 20 * MINUTES):
            first = footprint(node.process.pid)
    reader.say("a person walks forward")
    assert "walk" in reader.state(lambda state: state.activity == "playing").label
    last, values = footprint(node.process.pid), {v.key: v.value for v in reports[-1].status[0].values}
    print(f"\n{MINUTES:g} min: {counts}, {len(heard)} joint states, late ticks {values['late ticks']}, "
          f"skipped {values['skipped frames']}, MB and descriptors {first} -> {last}")  # fmt: skip
    assert first is not None and last[0] - first[0] < GROWTH_MB
    assert last[1] - first[1] < 30  # six avatars have more than none
    assert "Traceback" not in node.output
    assert node.end() == 0
