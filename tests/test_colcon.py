"""On a real ROS 2 the root package is built by colcon; what it installs must run from there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """The install prefix after `colcon build` in ros2_ws of the linked root package alone."""
    place = tmp_path_factory.mktemp("colcon")
    built = subprocess.run(
        [
            BIN / "colcon", "--log-base", place / "log", "build", "--packages-select", "clipactor_node",
            "--base-paths", "src/clipactor_node",
            "--build-base", place / "build", "--install-base", place / "install",
        ],
        cwd=ROOT / "ros2_ws", env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    return place / "install" / "clipactor_node"


def test_executables_are_where_ros2_run_and_launch_look(prefix):
    found = {path.name for path in (prefix / "lib" / "clipactor_node").iterdir()}
    assert {"clipactor", "clipactor_node", "retarget", "viewer"} <= found


def test_shared_files_are_installed(prefix):
    share = prefix / "share" / "clipactor_node"
    for file in (
        "package.xml",
        "launch/clipactor.launch.py",
        "models/registry.toml",
        "models/motion/builtin.clips",
    ):
        assert (share / file).is_file(), file
    index = prefix / "share" / "ament_index" / "resource_index" / "packages" / "clipactor_node"
    assert index.is_file()


def test_the_installed_package_finds_its_own_models(prefix):
    """Without the source tree on the path: the clips are those under the prefix."""
    site = next(prefix.rglob("site-packages"), None) or next(prefix.rglob("dist-packages"))
    code = (
        "import clipactor_node, clipactor_node.home as h, clipactor_node.motion as m;"
        "print(clipactor_node.__file__); print(h.shipped_models()); print(len(m.open_library()))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(site), "AMENT_PREFIX_PATH": str(prefix)},
    )
    assert ran.returncode == 0, ran.stderr
    package, models, clips = ran.stdout.split()
    assert package.startswith(str(prefix))
    assert models.startswith(str(prefix))
    assert int(clips) >= 43
