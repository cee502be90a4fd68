"""Build the interface packages of src/ into the Python environment that runs this script.

Only for ROS 2 that came from the Python registry (requirements/ros-*.txt); where a ROS 2 distribution
is installed, `cd ros2_ws && colcon build` is the way. Needs cmake, gcc and make (ninja if present).

    .venv/bin/python ros2_ws/build_interfaces.py [--force]

Does nothing when the packages are built already and neither they nor ROS nor Python changed.
"""

import argparse
import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "src"
PREFIX = Path(sys.prefix)
STAMP = "built_from.txt"
STAND_INS = ("tf2_msgs", "hri_msgs")
"""The few messages that are needed of packages which the registry does not have."""
BUILD_MACHINE_PYTHON = re.compile(r"/opt/python/[^/;\"]+/[^;\"]*?(numpy/_core/include|include/python[\d.]+)")
STEP = re.compile(r"^\[\s*(?:(\d+)/(\d+)|(\d+)%)\]")


class BuildError(Exception):
    pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    force = parser.parse_args().force
    try:
        check_environment()
        built = [build(package, force) for package in packages()]
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if not any(built):
        print("interface packages are up to date")
    return 0


def check_environment() -> None:
    if Path(sys.base_prefix) == PREFIX:
        raise BuildError(
            "this Python is not a virtual environment; type: .venv/bin/python ros2_ws/build_interfaces.py"
        )
    if not (PREFIX / "share" / "rosidl_default_generators").is_dir():
        raise BuildError(
            f"{PREFIX} holds no ROS 2; type: {PREFIX}/bin/pip install -r requirements/ros-kilted.txt"
        )
    missing = [tool for tool in ("cmake", "gcc", "g++") if not shutil.which(tool)]
    if not shutil.which("ninja") and not shutil.which("make"):
        missing.append("make")
    if missing:
        raise BuildError(f"{', '.join(missing)} not found; type: sudo apt install cmake gcc g++ make")


def packages() -> list[Path]:
    """What has to be built here: stand-ins only if the environment did not bring the real packages."""

    def ours(name: str) -> bool:
        brought = PREFIX / "share" / name
        return (brought / STAMP).is_file() or not (brought / "package.xml").is_file()

    return [SOURCES / name for name in (*filter(ours, STAND_INS), "clipactor_interfaces")]


def build(source: Path, force: bool) -> bool:
    """Build and install one package; True if there was something to do."""
    stamp = PREFIX / "share" / source.name / STAMP
    state = fingerprint(source)
    if not force and stamp.is_file() and stamp.read_text() == state:
        return False
    point_cmake_files_at_this_python()
    started = time.monotonic()
    folder = PREFIX / "build" / source.name
    shutil.rmtree(folder, ignore_errors=True)
    stamp.unlink(missing_ok=True)
    generator = ["-G", "Ninja"] if shutil.which("ninja") else ["-G", "Unix Makefiles"]
    cmake = [
        "cmake", "-S", source, "-B", folder, *generator,
        "-DBUILD_TESTING=OFF", f"-DCMAKE_INSTALL_PREFIX={PREFIX}", f"-DPython3_EXECUTABLE={sys.executable}",
    ]  # fmt: skip
    run(f"{source.name}: configure", cmake)
    run(f"{source.name}: build", ["cmake", "--build", folder, "--parallel", str(os.cpu_count() or 1)])
    run(f"{source.name}: install", ["cmake", "--install", folder])
    shutil.rmtree(folder)
    stamp.write_text(state)
    print(f"{source.name}: installed in {time.monotonic() - started:.0f} s")
    return True


def fingerprint(source: Path) -> str:
    """Everything the built package depends on: its files, the ROS wheels, numpy, Python, this script."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(source)}\0".encode() + path.read_bytes())
    versions = sorted(
        f"{found.name}=={found.version}"
        for found in importlib.metadata.distributions()
        if found.name.startswith("ros-") or found.name == "numpy"
    )
    return "\n".join([digest.hexdigest(), sys.version, *versions, ""])


def point_cmake_files_at_this_python() -> None:
    """The wheels' cmake files name the include folders of the machine that built them; name ours."""
    import numpy

    ours = {"numpy/_core/include": numpy.get_include(), "include/python": sysconfig.get_path("include")}

    def replacement(match: re.Match) -> str:
        return ours["numpy/_core/include" if match[1].startswith("numpy") else "include/python"]

    for path in PREFIX.glob("share/*/cmake/*.cmake"):
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        changed = BUILD_MACHINE_PYTHON.sub(replacement, text)
        if changed != text:
            path.write_text(changed, encoding="utf-8", errors="surrogateescape")


def run(title: str, command: list) -> None:
    """Run one build command; show one moving line of progress, and its output only if it fails."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "CMAKE_PREFIX_PATH")}
    environment |= {"AMENT_PREFIX_PATH": str(PREFIX), "CMAKE_PREFIX_PATH": str(PREFIX)}
    environment["PATH"] = f"{PREFIX / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    lines: list[str] = []
    shown = -1
    process = subprocess.Popen(
        list(map(str, command)),
        env=environment,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    for line in process.stdout:
        lines.append(line)
        percent = step_percent(line)
        if percent is not None and (sys.stdout.isatty() or percent >= shown + 25):
            shown = percent
            print(f"\r{title} {percent:3d} %", end="" if sys.stdout.isatty() else "\n", flush=True)
    if process.wait() != 0:
        raise BuildError(f"{title} failed:\n{''.join(lines[-60:])}")
    print(f"\r{title} done ", flush=True)


def step_percent(line: str) -> int | None:
    """The progress that ninja ("[3/57] ...") and make ("[ 12%] ...") print, in percent."""
    match = STEP.match(line)
    if not match:
        return None
    done, total, percent = match.groups()
    return int(percent) if percent else 100 * int(done) // int(total)


if __name__ == "__main__":
    sys.exit(main())
