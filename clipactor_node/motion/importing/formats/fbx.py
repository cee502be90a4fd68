"""Animations in FBX, binary or text, read by ufbx (the [fbx] extra) in a process of its own.

Every animation stack of the file is a motion. The library turns the scene to metres and y up; what is odd
about a
skeleton's rest pose is mended later (rest_pose.py).
"""

import importlib.util
import io
import subprocess
import sys
from pathlib import Path

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.formats import file_limits
from clipactor_node.motion.importing.orientation import EXPECTED_WEIGHT
from clipactor_node.motion.importing.placing import FileSays, Given, placed
from clipactor_node.motion.importing.source_motion import SourceMotion
from clipactor_node.motion.importing.world_motion import from_world

_READER = Path(__file__).with_name("fbx_process.py")
_REFUSED = 3  # exit code of the reader
_LONGEST_READ_S = 300.0
_CONVERT = "convert it: open it in Blender and export the armature as .glb or .bvh"
_MISSING = (
    "FBX is read by the package ufbx, which is not installed; type: pip install 'clipactor_node[fbx]', or "
    f"{_CONVERT}"
)


def read_all(path: Path, given: Given) -> tuple[SourceMotion, ...]:
    """Every animation of an FBX file that moves a person.

    Raises:
        LibraryError: damaged, without animation, of no person, or ufbx is not installed.
    """
    file_limits.check_file(path)
    if importlib.util.find_spec("ufbx") is None:
        raise LibraryError(f"{path.name}: {_MISSING}")
    scene = np.load(io.BytesIO(_scene(path)), allow_pickle=False)
    stacks = [str(name) for name in scene["stacks"]]
    if not stacks:
        raise LibraryError(f"{path.name}: holds no animation, only a scene; export it with its animation")
    joints, parents = tuple(map(str, scene["names"])), tuple(map(int, scene["parents"]))
    motions = []
    for number, stack in enumerate(stacks):
        name = f"{path.stem} {stack or number + 1}" if len(stacks) > 1 else path.stem
        rate, frames = float(scene["rates"][number]), scene[f"frames{number}"]
        if not np.isfinite(frames).all():
            raise LibraryError(f"{path.name}: holds values that are not finite")
        source = from_world(name, rate, joints, parents, scene["rest"], frames)
        motions.append(placed(source, given, FileSays(1.0, {"y": 0.5 * EXPECTED_WEIGHT})))
    return tuple(motions)


def _scene(path: Path) -> bytes:
    """What the reader writes about a file: an .npz."""
    command = [sys.executable, str(_READER), str(path), str(file_limits.LONGEST_S)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LONGEST_READ_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise LibraryError(
            f"{path.name}: could not be read within {_LONGEST_READ_S:.0f} s; {_CONVERT}"
        ) from error
    if done.returncode == 0 and done.stdout:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip().splitlines()
    if done.returncode == _REFUSED and said:
        raise LibraryError(f"{path.name}: is not read ({said[-1]}); if other programs open it, {_CONVERT}")
    raise LibraryError(f"{path.name}: ended the process that read it; {_CONVERT}")
