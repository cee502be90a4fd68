"""Bad profiles are named; shared memory of the dead is freed, that of the living is not touched."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sensor_msgs.msg import JointState

from clipactor_node.ros.runtime import transport

SHIPPED = Path(__file__).resolve().parents[2] / "launch" / "fastdds.xml"
NAME = "fastdds_0123456789abcdef"


@pytest.fixture
def segment(tmp_path):
    """A segment and its lock, made long ago."""
    (tmp_path / NAME).write_bytes(bytes(100_000))
    lock = tmp_path / f"{NAME}_el"
    lock.touch()
    os.utime(lock, (0, 0))
    return lock


def test_segments_of_the_dead_are_freed(segment, tmp_path):
    assert transport.sweep(tmp_path) >= 100_000
    assert not list(tmp_path.iterdir())
    assert transport.sweep(tmp_path) == 0


def test_segments_of_the_living_stay(segment, tmp_path):
    with open(segment, "rb+") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        assert transport.sweep(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 2


def test_what_was_made_just_now_and_what_is_something_else_stay(segment, tmp_path):
    os.utime(segment)
    others = ["fastdds_port7413", "fastdds_port7413_el", "somebody_else", "fastdds_0123_el"]
    for other in others:
        (tmp_path / other).touch()
        os.utime(tmp_path / other, (0, 0))
    assert transport.sweep(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 2 + len(others)


def test_where_there_is_no_shared_memory_there_is_nothing_to_do(tmp_path):
    assert transport.sweep(tmp_path / "nowhere") == 0


def held(segment_path: str) -> bool:
    with open(segment_path, "rb+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def locks_of(pid: int) -> set[str]:
    """Lock files of segments that a process has open."""
    links = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
    return {link for link in links if transport._LOCK.fullmatch(Path(link).name)}


def test_what_kill_9_leaves_is_freed_by_the_next_start(start, monkeypatch):
    """With the shipped profile, whose segments have 64 MB."""
    nodes = [start(FASTDDS_DEFAULT_PROFILES_FILE=str(SHIPPED)) for _ in range(2)]
    for node in nodes:
        node.wait_for("ready")
    dead, living = (locks_of(node.process.pid) for node in nodes)
    assert dead and living and all(map(held, dead | living))  # Fast DDS locks as it is thought to
    nodes[0].end(signal.SIGKILL)
    assert not any(map(held, dead))
    for lock in dead:
        os.utime(lock, (0, 0))  # as if it had been killed a while ago
    code = "import sys; from clipactor_node.ros.nodes.avatar_main import main; sys.exit(main())"
    third = start(command=[sys.executable, "-c", code], FASTDDS_DEFAULT_PROFILES_FILE=str(SHIPPED))
    third.wait_for("ready")
    for lock in dead:
        assert not Path(lock).exists() and not Path(lock.removesuffix("_el")).exists()
    for lock in living:
        assert Path(lock).exists() and Path(lock.removesuffix("_el")).exists()


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), ("<dds><oops", "is no XML")])
def test_a_bad_profile_is_named(tmp_path, monkeypatch, content, said):
    profile = tmp_path / "profile.xml"
    if content is not None:
        profile.write_text(content)
    monkeypatch.setenv(transport.PROFILE, str(profile))
    problem = transport.profile_problem()
    assert str(profile) in problem and said in problem


def test_without_its_profile_the_node_plays_and_says_so(start, reader):
    node = start(FASTDDS_DEFAULT_PROFILES_FILE="/nowhere/profile.xml")
    state = reader.state(lambda state: state.warnings)
    assert any("/nowhere/profile.xml" in warning for warning in state.warnings)
    assert reader.messages(JointState, "/clipactor/joint_states", 3)
    assert "/nowhere/profile.xml" in node.output and node.end() == 0


def test_the_shipped_profile_is_fine(monkeypatch):
    monkeypatch.setenv(transport.PROFILE, str(SHIPPED))
    assert transport.profile_problem() == ""
    monkeypatch.delenv(transport.PROFILE)
    assert transport.profile_problem() == ""


FROZEN = """
import rclpy, sys
from sensor_msgs.msg import JointState
from visualization_msgs.msg import Marker
rclpy.init()
node = rclpy.create_node("frozen")
node.create_subscription(Marker, "/clipactor/mesh", lambda m: print("mesh", flush=True), 1)
node.create_subscription(JointState, "/clipactor/joint_states", lambda m: print("joints", flush=True), 10)
rclpy.spin(node)
"""


def test_a_reader_that_is_frozen_holds_nobody_up(start, reader):
    """Stopped in the middle of it, it acknowledges nothing any more."""
    start("-p", "command:=a person walks forward")
    frozen = subprocess.Popen([sys.executable, "-c", FROZEN], stdout=subprocess.PIPE, text=True)
    try:
        heard: set[str] = set()
        while not {"mesh\n", "joints\n"} <= heard:
            heard.add(frozen.stdout.readline())
            assert "" not in heard  # it ended
        frozen.send_signal(signal.SIGSTOP)
        stamps = [
            m.header.stamp.sec + 1e-9 * m.header.stamp.nanosec
            for m in reader.messages(JointState, "/clipactor/joint_states", 90)
        ]
        assert stamps == sorted(stamps)
        assert stamps[-1] > time.time() - 30  # what comes is of now
        reader.state(lambda state: state.activity == "playing")
    finally:
        frozen.kill()
        frozen.wait()
