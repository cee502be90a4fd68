"""The rooms and doors of docs/architecture.md, read from the imports themselves."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "clipactor_node"
EVERYBODY = {"errors", "files", "home"}

DOORS: dict[str, set[str]] = {
    "errors": set(),
    "files": set(),
    "home": {"errors"},
    "geometry": set(),
    "language": set(),
    "text": set(),
    "body": {"geometry"},
    "motion": {"geometry", "body"},
    "retrieval": {"text", "motion", "language"},
    "appearance": {"language", "geometry", "body", "text"},
    "render": {"geometry", "body", "motion", "appearance", "style"},
    "robots": {"geometry", "body", "render"},
    "imagetext": {"geometry", "body", "render", "text", "appearance"},
    "style": {"geometry", "body", "render", "imagetext", "appearance"},
    "jobs": {"style", "motion", "body"},
    "player": {"geometry", "language", "motion", "style", "appearance", "body", "retrieval"},
    "ros": {
        "geometry",
        "language",
        "player",
        "retrieval",
        "jobs",
        "style",
        "body",
        "motion",
        "text",
        "robots",
    },
    "stage": {"geometry", "body", "ros"},
}

ROS_PACKAGES = {
    "rclpy", "rcl_interfaces", "builtin_interfaces", "std_msgs", "std_srvs", "sensor_msgs", "geometry_msgs",
    "visualization_msgs", "trajectory_msgs", "diagnostic_msgs", "nav_msgs", "lifecycle_msgs", "tf2_msgs",
    "tf2_ros", "action_msgs", "rosgraph_msgs", "ament_index_python", "clipactor_interfaces",
}  # fmt: skip
TORCH_PACKAGES = {
    "torch", "torchvision", "pytorch3d", "open_clip", "sentence_transformers", "transformers", "smplx",
    "anny", "timm", "nvdiffrast", "roma",
}  # fmt: skip

TORCH_MODULES: set[str] = {
    "body/build",
    "imagetext/open_clip",
    "imagetext/embedded/model",
    "imagetext/embedded/network",
    "imagetext/embedded/tokens",
    "imagetext/embedded/weights",
    "imagetext/training",
    "style/backends",
    "style/optimization",
    "text/export",
}
"""Modules of the [style] extra. They may import torch; nobody may import them at module level."""


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py"))


def identity(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def room_of(module: str) -> str:
    return module.split("/")[0]


def imports(path: Path) -> list[tuple[str, bool]]:
    """Every dotted name the file imports when it runs, and whether that happens at module level."""
    tree = ast.parse(path.read_text(), str(path))
    inside_functions = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for_types_only = {
        id(node)
        for condition in ast.walk(tree)
        if isinstance(condition, ast.If) and ast.unparse(condition.test) == "TYPE_CHECKING"
        for node in ast.walk(condition)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in for_types_only:
            continue
        top = id(node) not in inside_functions
        if isinstance(node, ast.Import):
            found += [(alias.name, top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = ("clipactor_node", *path.relative_to(PACKAGE).parent.parts)
                base = ".".join((*parts[: len(parts) - node.level + 1], *filter(None, [base])))
            found += [(f"{base}.{alias.name}", top) for alias in node.names]
    return found


def is_torch_module(module: str) -> bool:
    return any(module == name or module.startswith(name + "/") for name in TORCH_MODULES)


@pytest.mark.parametrize("path", modules(), ids=identity)
def test_a_module_uses_only_the_doors_of_its_room(path):
    module = identity(path)
    room = room_of(module)
    if room in {"cli", "bench", "__init__"}:
        return
    allowed = DOORS[room] | EVERYBODY | {room}
    for name, _ in imports(path):
        if name.startswith("clipactor_node."):
            target = name.split(".")[1]
            assert target in allowed or target == "__version__", f"{module} may not import {name}"


@pytest.mark.parametrize("path", modules(), ids=identity)
def test_rclpy_stays_in_ros_and_stage(path):
    module = identity(path)
    if room_of(module) in {"ros", "stage"}:
        return
    for name, _ in imports(path):
        assert name.split(".")[0] not in ROS_PACKAGES, f"{module} may not import {name}"


@pytest.mark.parametrize("path", modules(), ids=identity)
def test_torch_stays_off_the_playback_path(path):
    module = identity(path)
    for name, top in imports(path):
        if name.split(".")[0] in TORCH_PACKAGES:
            lazy = room_of(module) in {"cli", "bench"} and not top
            assert lazy or is_torch_module(module), f"{module} may not import {name}: list or move it"
        if name.startswith("clipactor_node."):
            target = "/".join(name.split(".")[1:])
            needs_torch = is_torch_module(target) or is_torch_module(target.rpartition("/")[0])
            if needs_torch and top:
                assert is_torch_module(module), f"{module} may import {name} only inside a function"


def test_the_listed_torch_modules_exist():
    for module in TORCH_MODULES:
        assert (PACKAGE / f"{module}.py").is_file() or (PACKAGE / module).is_dir(), module
