"""A node that generates motions: no tick is late while it does, and it says what came of it."""

import os

import pytest
from sensor_msgs.msg import JointState
from std_msgs.msg import String

pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("peft")

LATE_S = 0.5
"""Between two ticks; at 30 Hz there are 0.033, on a machine with better things to do some more."""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with a generator of the size that ships, which learnt nothing: it is tried three times."""
    from clipactor_node.bench.generation import write_untrained
    from clipactor_node.generation import GENERATOR_FOLDER

    home = tmp_path_factory.mktemp("home")
    (home / "models").mkdir()
    cache = os.path.join(os.environ["CLIPACTOR_HOME"], "cache")
    os.makedirs(cache, exist_ok=True)
    (home / "cache").symlink_to(cache)
    write_untrained(home / "models" / GENERATOR_FOLDER)
    return home


@pytest.fixture(scope="module")
def node(ros, avatar_process, home, no_torch, tmp_path_factory):
    process = avatar_process(
        tmp_path_factory.mktemp("node"), "-p", "motion_source:=generated",
        CLIPACTOR_HOME=str(home), PYTHONPATH=str(no_torch),
    )  # fmt: skip
    process.wait_for("ready")
    yield process
    assert process.end() == 0, process.output
    assert "Traceback" not in process.output


def test_while_a_motion_is_generated_every_tick_is_in_time_and_the_nearest_clip_follows(node, reader):
    stamps: list[float] = []

    def hear(joints: JointState) -> None:
        stamps.append(joints.header.stamp.sec + 1e-9 * joints.header.stamp.nanosec)

    listening = reader.node.create_subscription(JointState, "/clipactor/joint_states", hear, 1000)
    reader.until(lambda: len(stamps) > 10, "ticks")
    del stamps[:]
    reader.publish(String(data="a person waves hello"))
    state = reader.state(lambda state: state.command == "a person waves hello" and state.label)
    assert not state.last_error
    (said,) = (warning for warning in state.warnings if "generated motions were refused" in warning)
    assert said.startswith("3 generated motions were refused (")
    assert said.endswith("the nearest clip is played")
    assert "wave" in state.label or "greet" in state.label
    reader.until(lambda: len(stamps) > 30, "ticks")
    assert max(b - a for a, b in zip(stamps, stamps[1:], strict=False)) < LATE_S
    reader.node.destroy_subscription(listening)
