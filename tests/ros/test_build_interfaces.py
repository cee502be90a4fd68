"""The script that builds the interface packages where no ROS 2 distribution does."""

import importlib.util
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "ros2_ws" / "build_interfaces.py"
EXPORTED = (
    '  INTERFACE_INCLUDE_DIRECTORIES "/opt/python/cp311-cp311/include/python3.11;'
    '/opt/python/cp311-cp311/lib/python3.11/site-packages/numpy/_core/include"\n'
    '  OTHER "${_IMPORT_PREFIX}/include/rclpy"\n'
)


@pytest.fixture
def script(monkeypatch, tmp_path):
    """The script as a module whose prefix is an empty folder."""
    spec = importlib.util.spec_from_file_location("build_interfaces", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PREFIX", tmp_path)
    return module


def test_a_second_run_has_nothing_to_do():
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "interface packages are up to date\n"


def test_include_folders_of_the_build_machine_are_replaced_once_and_for_all(script, tmp_path):
    file = tmp_path / "share" / "std_msgs" / "cmake" / "export.cmake"
    file.parent.mkdir(parents=True)
    file.write_text(EXPORTED)
    for _ in range(2):
        script.point_cmake_files_at_this_python()
        assert file.read_text() == (
            f'  INTERFACE_INCLUDE_DIRECTORIES "{sysconfig.get_path("include")};{np.get_include()}"\n'
            '  OTHER "${_IMPORT_PREFIX}/include/rclpy"\n'
        )


@pytest.mark.parametrize("name", ["tf2_msgs", "hri_msgs"])
def test_stand_ins_are_built_only_where_nobody_brought_the_real_package(script, tmp_path, name):
    def names() -> list[str]:
        return [path.name for path in script.packages()]

    share = tmp_path / "share" / name
    everything = ["tf2_msgs", "hri_msgs", "clipactor_interfaces"]
    assert names() == everything
    share.mkdir(parents=True)
    (share / "package.xml").write_text("<package/>")  # somebody's
    assert names() == [other for other in everything if other != name]
    (share / script.STAMP).write_text("built before")  # ours
    assert names() == everything


def test_the_fingerprint_follows_the_sources(script, tmp_path):
    source = tmp_path / "package"
    (source / "msg").mkdir(parents=True)
    (source / "msg" / "A.msg").write_text("int32 x\n")
    before = script.fingerprint(source)
    assert script.fingerprint(source) == before
    assert f"numpy=={np.__version__}" in before and "ros-rclpy==" in before
    (source / "msg" / "A.msg").write_text("int64 x\n")
    assert script.fingerprint(source) != before


def test_an_environment_without_ros_is_refused_with_what_to_type(script):
    with pytest.raises(script.BuildError, match="pip install -r requirements/ros-kilted.txt"):
        script.check_environment()


def test_missing_tools_are_named(script, tmp_path, monkeypatch):
    (tmp_path / "share" / "rosidl_default_generators").mkdir(parents=True)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        script.BuildError, match="cmake, gcc, g\\+\\+, make not found; type: sudo apt install"
    ):
        script.check_environment()


def test_a_failing_step_shows_its_output(script):
    with pytest.raises(script.BuildError, match="step failed:\n(.*\n)*boom"):
        script.run("step", [sys.executable, "-c", "print('boom'); raise SystemExit(1)"])


@pytest.mark.parametrize(
    ("line", "percent"), [("[3/12] Building C object", 25), ("[ 50%] Built target x", 50), ("-- Found", None)]
)
def test_progress_of_ninja_and_make_is_understood(script, line, percent):
    assert script.step_percent(line) == percent
