"""Starting, ending and coming back: cleanly, whatever is missing and however it ends."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from sensor_msgs.msg import JointState

import clipactor_node
from clipactor_node.home import shipped_models

PACKAGE = Path(clipactor_node.__file__).parent


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_node_cleanly(start, how):
    node = start()
    node.wait_for("ready")
    assert node.end(how) == 0
    assert "Traceback" not in node.output


def test_a_signal_while_loading_ends_the_node_cleanly(start):
    node = start()
    deadline = time.monotonic() + 60
    while "onnxruntime" not in Path(f"/proc/{node.process.pid}/maps").read_text():  # imports are under way
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert node.end(signal.SIGTERM) in (0, -signal.SIGTERM)  # the latter before rclpy took over
    assert node.process.poll() is not None


def test_impatient_interrupts_do_not_break_the_shutdown(start):
    node = start()
    node.wait_for("ready")
    for _ in range(5):
        node.process.send_signal(signal.SIGINT)
        time.sleep(0.01)
    assert node.process.wait(120) == 0
    assert "Traceback" not in node.output


def segments_of(process: subprocess.Popen) -> set[Path]:
    """Locks of the shared memory that a process owns, made to look as if it had started long ago."""
    folder = f"/proc/{process.pid}/fd"
    links = {os.readlink(f"{folder}/{number}") for number in os.listdir(folder)}
    locks = {Path(link) for link in links if re.fullmatch(r"/dev/shm/fastdds_[0-9a-f]{16}_el", link)}
    for lock in locks:
        os.utime(lock, (0, 0))
    return locks


def test_after_kill_9_the_next_start_is_clean_and_nothing_piles_up(start, reader):
    left: set[Path] = set()
    for command, label in (("a person walks forward", "walk"), ("a person waves hello", "wave")):
        node = start("-p", f"command:={command}")
        reader.state(lambda state, label=label: label in state.label)
        left |= segments_of(node.process)
        node.end(signal.SIGKILL)
    assert left
    node = start()
    reader.say("a person bows")
    reader.state(lambda state: "bow" in state.label)
    assert not any(lock.exists() or lock.with_name(lock.name[:-3]).exists() for lock in left)
    assert node.end() == 0


def test_of_two_nodes_of_the_same_name_one_may_end(start, reader):
    first, second = (start("-p", "command:=a person walks forward") for _ in range(2))
    for node in (first, second):
        node.wait_for("ready")
    reader.until(
        lambda: "another node is called /clipactor/avatar too" in errors_of(reader).message, "a warning"
    )
    for node in (first, second):
        node.wait_for("another node is called /clipactor/avatar too")
    assert first.end() == 0
    assert reader.messages(JointState, "/clipactor/joint_states", 10)
    assert second.process.poll() is None


def test_names_can_be_remapped(start, reader):
    start("-r", "__ns:=/stage/left", "-r", "joint_states:=angles", "-r", "__node:=bob")
    assert reader.messages(JointState, "/stage/left/angles", 3)
    listed = reader.node.get_node_names_and_namespaces
    reader.until(lambda: ("bob", "/stage/left") in listed(), "bob among the nodes")


@pytest.mark.parametrize("argument", ["rate_hz", "rate_hz:=[1", "=="])
def test_arguments_that_ros_does_not_take_end_with_a_message(start, argument):
    node = start("-p", argument)
    assert node.process.wait(120) == 2
    assert "error: " in node.output and argument in node.output
    assert "Traceback" not in node.output


def test_a_reader_that_stalls_does_not_stop_the_others(start, reader):
    start("-p", "command:=a person walks forward")
    stalled = stalled_reader(reader)
    try:
        assert reader.messages(JointState, "/clipactor/joint_states", 60)
    finally:
        stalled.kill()


def stalled_reader(reader):
    """A process that subscribes to the mesh and then never takes a message."""
    code = (
        "import rclpy, time; from visualization_msgs.msg import Marker; rclpy.init();"
        "node = rclpy.create_node('stalled'); node.create_subscription(Marker, '/clipactor/mesh', print, 1);"
        "print('subscribed', flush=True); time.sleep(600)"
    )
    stalled = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert stalled.stdout.readline() == "subscribed\n"
    reader.until(lambda: reader.node.count_subscribers("/clipactor/mesh"), "the stalled reader")
    return stalled


def truncated(source: Path, target: Path) -> Path:
    data = source.read_bytes()
    target.write_bytes(data[: len(data) // 2])
    return target


def errors_of(reader) -> DiagnosticStatus:
    return reader.messages(DiagnosticArray, "/diagnostics", 1)[0].status[0]


def test_damaged_files_are_named_and_the_shipped_ones_are_used(start, reader, tmp_path):
    body = truncated(next((shipped_models() / "body").glob("*.npz")), tmp_path / "half.npz")
    pack = truncated(next((shipped_models() / "motion").glob("*.clips")), tmp_path / "half.clips")
    node = start("-p", f"body:={body}", "-p", f"library:={pack}", "-p", "command:=a person walks forward")
    state = reader.state(lambda state: state.activity == "playing")
    said = "\n".join(state.warnings)
    assert "half.npz" in said and "half.clips" in said
    assert "half.npz" in state.last_error
    status = errors_of(reader)
    assert status.level == DiagnosticStatus.ERROR
    assert "half.npz" in status.message and "half.clips" in status.message
    assert "half.npz" in node.output and "half.clips" in node.output


def test_missing_files_are_named_and_the_shipped_ones_are_used(start, reader):
    arguments = ("-p", "body:=/nowhere/body.npz", "-p", "library:=/nowhere", "-p", "command:=a person bows")
    start(*arguments, CLIPACTOR_STYLES="/nowhere/styles")
    state = reader.state(lambda state: "bow" in state.label)
    said = "\n".join(state.warnings)
    assert "/nowhere/body.npz" in said and "looked in: /nowhere" in said and "/nowhere/styles" in said


def test_with_a_truncated_text_model_the_avatar_idles_and_says_so(start, reader, tmp_path):
    """The encoder ships; an installation may be damaged."""
    shutil.copytree(PACKAGE, tmp_path / "clipactor_node", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(shipped_models(), tmp_path / "models", ignore=shutil.ignore_patterns("styles"))
    graph = tmp_path / "models" / "minilm" / "int8.onnx"
    os.truncate(graph, graph.stat().st_size // 2)
    start(PYTHONPATH=str(tmp_path), CLIPACTOR_HOME=str(tmp_path / "home"))
    reader.say("a person walks forward")
    state = reader.state(lambda state: state.last_error)
    assert "int8.onnx" in state.last_error and "restore it from the package" in state.last_error
    assert state.activity == "idle"
    assert "idle" in state.clip
    assert reader.messages(JointState, "/clipactor/joint_states", 5)
    assert "int8.onnx" in errors_of(reader).message


def test_without_any_model_at_all_the_node_still_answers(start, reader, tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "clipactor_node", ignore=shutil.ignore_patterns("__pycache__"))
    node = start(PYTHONPATH=str(tmp_path), CLIPACTOR_HOME=str(tmp_path / "empty"))
    reader.say("a person walks forward")
    state = reader.state(lambda state: state.last_error)
    assert state.activity == "stopped"
    assert "registry.toml" in state.last_error
    assert errors_of(reader).level == DiagnosticStatus.ERROR
    assert node.end() == 0
