"""FBX, binary and ASCII, of 2011 and later: turned into glTF by Assimp, then read as that.

Assimp (BSD licence; the extra `fbx`, or the system's own) runs in a process of its own, which a damaged file
may end.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.formats import file_limits, gltf
from clipactor_node.motion.importing.placing import Given
from clipactor_node.motion.importing.source_motion import SourceMotion

SUFFIXES = (".fbx",)
_LONGEST_S = 300.0
_PREFIX = "cmeel.prefix"  # where the wheel cmeel-assimp keeps programs and libraries


def read_all(path: Path, given: Given) -> tuple[SourceMotion, ...]:
    """Every animation of an FBX file that moves a person.

    Raises:
        LibraryError: Assimp is not installed, cannot read the file, or it holds no person's animation.
    """
    file_limits.check_file(path)
    command, environment = _assimp(path.name)
    with tempfile.TemporaryDirectory(prefix="clipactor-fbx-") as folder:
        target = Path(folder) / "a.glb"
        try:
            done = subprocess.run(
                [command, "export", str(path.resolve()), str(target), "-fglb2"],
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_LONGEST_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise LibraryError(
                f"{path.name}: Assimp has read it for {_LONGEST_S:.0f} s without an end; "
                "export it without meshes"
            ) from error
        if not target.is_file():
            said = done.stdout.decode(errors="replace").strip().splitlines()
            why = f" ({said[-1].strip()})" if said else ""
            raise LibraryError(
                f"{path.name}: Assimp cannot read it{why}; export it again as binary FBX 2013 or later, "
                "or as glTF"
            )
        return gltf.read_all(target, given, path)


def _assimp(name: str) -> tuple[str, dict[str, str]]:
    """Assimp's program, and the environment that it runs in."""
    for entry in sys.path:
        prefix = Path(entry) / _PREFIX
        if (prefix / "bin" / "assimp").is_file():
            paths = [str(prefix / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
            libraries = os.pathsep.join(filter(None, paths))
            return str(prefix / "bin" / "assimp"), {**os.environ, "LD_LIBRARY_PATH": libraries}
    own = shutil.which("assimp")
    if own is None:
        raise LibraryError(
            f"{name}: FBX is read through Assimp, which is not installed: pip install cmeel-assimp (or "
            "apt install assimp-utils); or convert it to glTF: import it in Blender, export .glb"
        )
    return own, dict(os.environ)
