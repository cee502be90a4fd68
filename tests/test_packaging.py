"""What an installation is made of: one version, types, data files, the dependencies that are imported."""

import ast
import contextlib
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import clipactor_node

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]

DISTRIBUTION_OF = {
    "PIL": "pillow",
    "faiss": "faiss-cpu",
    "fast_simplification": "fast-simplification",
    "yaml": "pyyaml",
}
BROUGHT_BY = {"rclpy", "rosidl_parser", "ament_index_python", "launch", "launch_ros"}
"""Modules of ROS 2 itself, besides message packages."""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """What setuptools makes of the source tree: the package in `lib`, the metadata beside it."""
    place = tmp_path_factory.mktemp("built")
    commands = ["egg_info", "--egg-base", place, "build", "--build-base", place, "--build-lib", place / "lib"]
    made = subprocess.run(
        [sys.executable, "setup.py", "-q", *map(str, commands)], cwd=ROOT, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    return place


def metadata(built: Path):
    (information,) = built.glob("*.egg-info/PKG-INFO")
    return Parser().parsestr(information.read_text())


def test_the_version_is_said_once(built):
    assert metadata(built)["Version"] == clipactor_node.__version__
    assert ElementTree.parse(ROOT / "package.xml").findtext("version") == clipactor_node.__version__
    assert "version" not in PROJECT


def test_the_changelog_knows_the_version():
    assert f"## [{clipactor_node.__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_types_and_tables_are_installed_with_the_package(built):
    package = built / "lib" / "clipactor_node"
    assert (package / "py.typed").is_file()
    source = ROOT / "clipactor_node"
    for path in source.rglob("*"):
        if (
            path.suffix in {".py", ".toml", ".json", ".html", ".js", ".css"}
            and "__pycache__" not in path.parts
        ):
            assert (package / path.relative_to(source)).is_file(), path


def test_python_and_extras_are_in_the_metadata(built):
    read = metadata(built)
    assert read["Requires-Python"] == ">=3.11"
    extras = {"style", "farm", "robots", "camera", "mcp", "fbx", "gpu", "test", "docs", "dev"}
    assert set(read.get_all("Provides-Extra")) == extras


NEEDING_AN_EXTRA = {"outpainting"}
"""Sub-rooms that nothing opens without its extra, and that say so."""


def imported(folder: str) -> set[str]:
    """Top-level names that the modules of a room import when they are imported."""
    found: set[str] = set()
    for path in (ROOT / "clipactor_node" / folder).rglob("*.py"):
        if NEEDING_AN_EXTRA & {*path.parts}:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"clipactor_node"}


@pytest.mark.parametrize(
    "room",
    [
        "language",
        "geometry",
        "motion",
        "face",
        "generation/describing",
        "retrieval",
        "appearance",
        "render",
        "player",
        "jobs",
        "ros",
        "stage",
    ],
)
def test_what_the_playback_path_imports_is_a_dependency(room):
    declared = {re.split(r"[<>=;\[ ]", line)[0] for line in PROJECT["dependencies"]}
    for name in imported(room):
        if name in BROUGHT_BY or name.endswith(("_msgs", "_interfaces")):
            continue
        assert DISTRIBUTION_OF.get(name, name) in declared, f"{room} imports {name}"


def test_what_plays_brings_no_torch():
    """Followed from distribution to distribution, by what is installed: nobody needs 7 GB to play."""
    waiting = [Requirement(line) for line in (*PROJECT["dependencies"], *EXTRAS["robots"])]
    brought: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in brought or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        brought.add(name)
        with contextlib.suppress(PackageNotFoundError):  # [robots] need not be installed
            waiting += map(Requirement, requires(name) or ())
    assert "numba" in brought and "llvmlite" in brought
    assert not {name for name in brought if name.startswith(("torch", "nvidia", "triton"))}


def test_every_extra_is_explained():
    text = (ROOT / "pyproject.toml").read_text()
    for extra in EXTRAS:
        assert re.search(rf"^# .*\n{extra} = \[", text, re.MULTILINE), f"no comment above {extra}"


def test_rosdep_keys_of_package_xml_are_dependencies_of_pyproject():
    """A dependency that goes from one list goes from the other."""
    package = ElementTree.parse(ROOT / "package.xml").getroot()
    declared = {re.split(r"[<>=;\[ ]", line)[0] for line in [*PROJECT["dependencies"], *EXTRAS["test"]]}
    declared |= {"pil", "faiss", "yaml"}
    for tag in ("exec_depend", "test_depend"):
        for key in (element.text for element in package.findall(tag)):
            if key.startswith("python3-"):
                assert key.removeprefix("python3-").removesuffix("-pip") in declared, key


def test_every_pinned_tool_of_make_lint_is_pinned():
    pins = (ROOT / "requirements" / "constraints.txt").read_text().lower()
    for tool in ("ruff", "mypy", "coverage", "pytest", "pytest-cov", "pytest-xdist", "rapidfuzz", "filelock"):
        assert re.search(rf"^{tool}==", pins, re.MULTILINE), tool


def test_onnxruntime_for_a_gpu_is_never_installed_by_default():
    assert "onnxruntime" in PROJECT["dependencies"]
    assert EXTRAS["gpu"] == ["onnxruntime-gpu"]
    for extra in set(EXTRAS) - {"gpu"}:
        assert not any("onnxruntime" in line for line in EXTRAS[extra])
