"""`clipactor doctor`: what is installed, which models and backends are active, what is missing."""

import ctypes
import importlib.metadata
import importlib.util
import json
import platform
import shutil
from dataclasses import asdict, dataclass
from typing import Annotated

import typer


@dataclass(frozen=True)
class Finding:
    """One line of the report. `state` is "ok", "missing" (optional) or "broken" (needed)."""

    topic: str
    state: str
    detail: str


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):  # its parent is not there, or half removed
        return False


def _ros() -> list[Finding]:
    findings = []
    if _importable("rclpy"):
        findings.append(Finding("rclpy", "ok", _version("ros-rclpy") or "of the sourced ROS 2"))
    else:
        findings.append(Finding("rclpy", "broken", "source a ROS 2 (Jazzy or later), or run `make setup`"))
    for package in ("clipactor_interfaces", "tf2_msgs"):
        if _importable(f"{package}.msg"):
            findings.append(Finding(package, "ok", "built"))
        else:
            how = "run `make setup` (or `colcon build` in ros2_ws)"
            findings.append(Finding(package, "broken", f"not built: {how}"))
    for tool, what in (("ros2", "ros2 launch, ros2 topic"), ("rviz2", "RViz")):
        found = shutil.which(tool)
        state, detail = ("ok", found) if found else ("missing", f"{what}: only with a ROS 2 installation")
        findings.append(Finding(tool, state, detail))
    return findings


def _onnxruntime() -> Finding:
    if _version("onnxruntime") and _version("onnxruntime-gpu"):
        cure = "pip uninstall -y onnxruntime onnxruntime-gpu && pip install onnxruntime-gpu"
        return Finding(
            "onnxruntime",
            "broken",
            "onnxruntime and onnxruntime-gpu are both installed and overwrite each other's files; "
            f"type: {cure} (without an NVIDIA GPU: ... && pip install onnxruntime)",
        )
    try:
        import onnxruntime

        names = [p.removesuffix("ExecutionProvider") for p in onnxruntime.get_available_providers()]
    except Exception as error:  # a half-removed or mixed installation fails in many ways
        return Finding("onnxruntime", "broken", f"{error}; type: pip install --force-reinstall onnxruntime")
    return Finding("onnxruntime", "ok", f"{onnxruntime.__version__}, providers: {', '.join(names)}")


def _playback() -> list[Finding]:
    return [
        Finding("python", "ok", platform.python_version()),
        _onnxruntime(),
        *(Finding(name, "ok", str(_version(name))) for name in ("numpy", "numba", "nicegui")),
    ]


def _models() -> list[Finding]:
    """What is shipped and what was prepared, by the bytes on disk.

    Nothing is opened: the rooms that read bodies and clips compile kernels, which takes seconds.
    """
    try:
        from clipactor_node.text import ABSENT, DAMAGED, model_states, verify
    except Exception as error:  # without a runtime, which has a line of its own
        return [Finding(topic, "broken", str(error)) for topic in ("sentence encoder", "models")]
    states = {ABSENT: "missing", DAMAGED: "broken"}
    found = []
    for model in model_states():
        entry = model.entry
        topic = _NEEDED.get(entry.name)
        if topic and entry.kind != "text-encoder":
            model = verify(model)
        state = states.get(model.state, "ok")
        detail = f"get it: {entry.get}" if model.state == ABSENT else model.detail or model.state
        if topic:
            needed = "broken" if state == "missing" else state
            how = f"not prepared; type: {entry.get}" if model.state == ABSENT else f"{entry.name}: {detail}"
            found.append(Finding(topic, needed, how))
        found.append(Finding(f"model {entry.name}", state, detail))
    return [*found, _own_clips()]


_NEEDED = {"minilm": "sentence encoder", "open-body": "body", "builtin-clips": "library"}
"""Models that nothing works without, and what they are called in the report."""


def _own_clips() -> Finding:
    from clipactor_node.home import user_home

    packs = sorted((user_home() / "library").glob("*.clips"))
    size = sum(path.stat().st_size for path in packs) / 1e6
    return Finding(
        "your clips", "ok", f"{len(packs)} packs, {size:.1f} MB; `clipactor library check` looks inside"
    )


def _style() -> list[Finding]:
    packages = ("torch", "torchvision", "easypytorch3d", "open_clip_torch", "sentence-transformers")
    findings = []
    for name in (*packages, "smplx", "anny", "nvdiffrast"):
        version = _version(name)
        how = (
            "only if you build it yourself" if name == "nvdiffrast" else "pip install 'clipactor_node[style]'"
        )
        detail = version or f"optional, to optimize styles and build models: {how}"
        findings.append(Finding(name, "ok" if version else "missing", detail))
    return [*findings, _gpu(), _settings()]


def _settings() -> Finding:
    """What `clipactor scene` paints with."""
    version = _version("diffusers")
    detail = "painted from words, no model" + (
        f"; diffusers {version}: --model FOLDER has a local diffusion model paint them" if version else
        "; --model needs diffusers: pip install 'clipactor_node[style]'"
    )  # fmt: skip
    return Finding("settings of scenes", "ok", detail)


def _gpu() -> Finding:
    """The first CUDA device, asked of the driver itself: importing torch for it takes seconds."""
    name, number = ctypes.create_string_buffer(256), ctypes.c_int()
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return Finding("GPU", "missing", "no NVIDIA driver: everything runs on the CPU")
    failed = (
        driver.cuInit(0)
        or driver.cuDeviceGet(ctypes.byref(number), 0)
        or driver.cuDeviceGetName(name, len(name), number)
    )
    if failed:
        return Finding("GPU", "missing", f"no CUDA device (driver says {failed}): everything runs on the CPU")
    if (_version("torch") or "").endswith("+cpu"):
        return Finding("GPU", "missing", f"{name.value.decode()}, but this torch is built for the CPU alone")
    return Finding("GPU", "ok", name.value.decode())


def _robots() -> list[Finding]:
    how = "optional, for robots that follow the avatar: pip install 'clipactor_node[robots]'"
    versions = {name: _version(name) for name in ("mink", "mujoco", "daqp")}
    return [Finding(name, "ok" if found else "missing", found or how) for name, found in versions.items()]


def diagnose() -> list[Finding]:
    """Every finding, in the order in which a user would repair things."""
    return [*_ros(), *_playback(), *_models(), *_style(), *_robots()]


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print findings as JSON.")] = False) -> None:
    """Say what is installed, which models and backends are active, what is missing and how to get it."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from clipactor_node.home import user_home

    findings = diagnose()
    if as_json:
        typer.echo(json.dumps({"home": str(user_home()), "findings": [asdict(f) for f in findings]}))
    else:
        home = escape(f"CLIPACTOR_HOME is {user_home()}")
        table = Table("", "what", "found", title=home, title_justify="left")
        mark = {"ok": "[green]ok[/green]", "missing": "[yellow]--[/yellow]", "broken": "[red]!![/red]"}
        for finding in findings:
            table.add_row(mark[finding.state], escape(finding.topic), escape(finding.detail))
        Console().print(table)
    raise typer.Exit(any(f.state == "broken" for f in findings))
