"""The rooms and doors of docs/architecture.md, read from the imports themselves."""

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "clipactor_node"
EVERYBODY = {"compiling", "errors", "files", "home"}

DOORS: dict[str, set[str]] = {
    "compiling": {"home"},
    "errors": set(),
    "files": set(),
    "home": {"errors"},
    "geometry": set(),
    "language": set(),
    "text": set(),
    "body": {"geometry"},
    "motion": {"geometry", "body"},
    "face": {"geometry", "body"},
    "generation": {"geometry", "body", "motion", "text", "language"},
    "retrieval": {"text", "motion", "language", "generation"},
    "appearance": {"language", "geometry", "body", "text"},
    "render": {"geometry", "body", "motion", "appearance"},
    "robots": {"geometry", "body", "render"},
    "perception": {"geometry", "body", "motion", "text", "appearance", "render"},
    "imagetext": {"geometry", "body", "render", "text", "appearance"},
    "style": {"geometry", "language", "body", "render", "imagetext", "appearance"},
    "jobs": {"style", "motion", "body"},
    "locomotion": {"geometry", "motion"},
    "aiming": {"geometry"},
    "pairs": {"geometry", "body", "motion"},
    "player": {
        "geometry",
        "language",
        "motion",
        "style",
        "appearance",
        "body",
        "retrieval",
        "face",
        "generation",
        "text",
        "locomotion",
        "aiming",
        "pairs",
    },
    "ros": {
        "face",
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
        "perception",
        "locomotion",
    },
    "stage": {"geometry", "body", "appearance", "motion", "style", "ros", "render", "robots"},
}

ROS_PACKAGES = {
    "rclpy", "rcl_interfaces", "builtin_interfaces", "std_msgs", "std_srvs", "sensor_msgs", "geometry_msgs",
    "visualization_msgs", "trajectory_msgs", "diagnostic_msgs", "nav_msgs", "lifecycle_msgs", "tf2_msgs",
    "tf2_ros", "action_msgs", "rosgraph_msgs", "ament_index_python", "clipactor_interfaces",
}  # fmt: skip
TORCH_PACKAGES = {
    "torch", "torchvision", "pytorch3d", "open_clip", "sentence_transformers", "transformers", "smplx",
    "anny", "timm", "nvdiffrast", "roma", "peft", "diffusers",
}  # fmt: skip

TORCH_MODULES: set[str] = {
    "body/build",
    "generation/training",
    "imagetext/open_clip",
    "imagetext/embedded/model",
    "imagetext/embedded/network",
    "imagetext/embedded/tokens",
    "imagetext/embedded/weights",
    "imagetext/training",
    "perception/training/refiner",
    "perception/training/regressor",
    "render/outpainting",
    "perception/training/space",
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


@dataclass(frozen=True)
class Import:
    """`from <base> import <name>`, or `import <base>` with no name; both dotted, without relative dots.

    at_start: happens when the module is imported, not inside a function.
    for_types: stands under `if TYPE_CHECKING`, so it does not happen when the code runs.
    """

    base: str
    name: str
    at_start: bool
    for_types: bool

    @property
    def whole(self) -> str:
        return f"{self.base}.{self.name}" if self.name else self.base


@cache
def imports(path: Path) -> tuple[Import, ...]:
    tree = ast.parse(path.read_text(), str(path))
    nodes_in = lambda kind, wanted=lambda node: True: {  # noqa: E731
        id(inner) for outer in ast.walk(tree) if isinstance(outer, kind) and wanted(outer)
        for inner in ast.walk(outer)
    }  # fmt: skip
    in_functions = nodes_in(ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for_types = nodes_in(ast.If, lambda node: ast.unparse(node.test) == "TYPE_CHECKING")
    found = []
    for node in ast.walk(tree):
        about = (id(node) not in in_functions, id(node) in for_types)
        if isinstance(node, ast.Import):
            found += [Import(alias.name, "", *about) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written in full"
            found += [Import(node.module, alias.name, *about) for alias in node.names]
    return tuple(found)


def ours(path: Path) -> list[Import]:
    return [found for found in imports(path) if found.base.split(".")[0] == PACKAGE.name]


def file_of(dotted: str) -> Path | None:
    """The file of a module or package of ours."""
    place = PACKAGE.parent.joinpath(*dotted.split("."))
    for path in (place / "__init__.py", place.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def is_door(dotted: str) -> bool:
    """Whether that is a room, a sub-room, or a file on the top floor."""
    path = file_of(dotted)
    return path is not None and (path.name == "__init__.py" or path.parent == PACKAGE)


@cache
def exported(door: Path) -> dict[str, Import | None]:
    """What a door hands on, by name, and where it takes it from; None: it is defined there."""
    handed: dict[str, Import | None] = {found.name: found for found in ours(door) if found.at_start}
    for node in ast.parse(door.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            handed[node.name] = None
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            handed |= {name.id: None for target in targets for name in ast.walk(target)
                       if isinstance(name, ast.Name)}  # fmt: skip
    return handed


@cache
def definition(found: Import) -> Path | None:
    """The file in which what is imported is defined: doors are looked through."""
    base = file_of(found.base)
    if base is None or not found.name:
        return base
    if base.name == "__init__.py":
        source = exported(base).get(found.name, found)
        if source is None:
            return base
        return definition(source) if source.base != found.base else file_of(found.whole) or base
    return base


def is_torch_module(module: str) -> bool:
    return any(module == name or module.startswith(name + "/") for name in TORCH_MODULES)


@pytest.mark.parametrize("path", modules(), ids=identity)
def test_other_rooms_are_entered_by_their_doors(path):
    """Only what the `__init__` of a room, or of one of its sub-rooms, hands on."""
    room = room_of(identity(path))
    for found in ours(path):
        other = found.base.split(".")[1] if "." in found.base else found.name
        if other == room:
            continue
        assert is_door(found.base), f"import {found.name} from a door, not from {found.base}"
        inside = is_door(found.whole) or found.name in exported(file_of(found.base))
        assert inside, f"{found.base} does not hand on {found.name}"


def test_no_files_import_each_other():
    """Not in a circle of any length either, nor for types alone, nor inside functions."""
    arrows = {path: {definition(found) for found in ours(path)} - {None, path} for path in modules()
              if path.name != "__init__.py"}  # fmt: skip
    circles = [
        sorted(identity(path) for path in circle)
        for circle in strongly_connected(arrows)
    ]  # fmt: skip
    assert circles == []


def test_every_door_may_be_the_first_that_is_opened():
    """An import that goes in a circle fails or not by what was imported before: here nothing was.

    The door of a sub-room is never the first: Python opens the room's before.
    """
    doors = sorted(".".join(p.parent.relative_to(PACKAGE.parent).parts) for p in PACKAGE.rglob("__init__.py"))
    code = (
        "import importlib, sys\n"
        "for door in sys.argv[1:]:\n"
        "    if door.count('.') <= 1:\n"
        "        for name in [n for n in sys.modules if n.split('.')[0] == 'clipactor_node']:\n"
        "            del sys.modules[name]\n"
        "    try:\n"
        "        importlib.import_module(door)\n"
        "    except ModuleNotFoundError:\n"
        "        pass  # an extra is not installed\n"
        "    except Exception as error:\n"
        "        print(door, repr(error)) if type(error).__name__ != 'MissingExtra' else None\n"
    )
    opened = subprocess.run([sys.executable, "-c", code, *doors], capture_output=True, text=True)
    assert (opened.returncode, opened.stdout) == (0, ""), opened.stdout + opened.stderr


def strongly_connected(arrows: dict[Path, set[Path]]) -> list[frozenset[Path]]:
    """Files that can be reached from each other, by following arrows to the end from every file."""
    reach = {}
    for start in arrows:
        seen, waiting = set(), [start]
        while waiting:
            for target in arrows.get(waiting.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        reach[start] = seen
    return [
        circle
        for circle in {frozenset(b for b in reach[a] if a in reach.get(b, ())) for a in arrows}
        if circle
    ]


@pytest.mark.parametrize("path", modules(), ids=identity)
def test_a_module_uses_only_the_doors_of_its_room(path):
    module = identity(path)
    room = room_of(module)
    if room in {"cli", "bench", "__init__"}:
        return
    allowed = DOORS[room] | EVERYBODY | {room}
    for found in ours(path):
        target = found.whole.split(".")[1]
        assert target in allowed or target == "__version__", f"{module} may not import {found.whole}"


@pytest.mark.parametrize("path", modules(), ids=identity)
def test_rclpy_stays_in_ros_and_stage(path):
    module = identity(path)
    if room_of(module) in {"ros", "stage"}:
        return
    for found in imports(path):
        assert found.base.split(".")[0] not in ROS_PACKAGES, f"{module} may not import {found.whole}"


@pytest.mark.parametrize("path", modules(), ids=identity)
def test_torch_stays_off_the_playback_path(path):
    module = identity(path)
    for found in imports(path):
        if found.for_types:
            continue
        if found.base.split(".")[0] in TORCH_PACKAGES:
            lazy = room_of(module) in {"cli", "bench"} and not found.at_start
            assert lazy or is_torch_module(module), f"{module} may not import {found.base}: list or move it"
        target = definition(found) if found.base.startswith(PACKAGE.name) else None
        if target and is_torch_module(identity(target)) and found.at_start:
            assert is_torch_module(module), f"{module} may import {found.whole} only inside a function"


def test_the_listed_torch_modules_exist():
    for module in TORCH_MODULES:
        assert (PACKAGE / f"{module}.py").is_file() or (PACKAGE / module).is_dir(), module
