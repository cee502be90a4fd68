"""Compiled loops: kept where they can be, and told of while they are made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest

import clipactor_node
from clipactor_node import compiling

PACKAGE = Path(clipactor_node.__file__).parent

LOOP = """
from clipactor_node.geometry.normals import vertex_normals
import numpy as np
vertex_normals(np.zeros((3, 3), np.float32), np.zeros((1, 3), np.int32))
"""


def test_a_loop_is_named_while_it_is_compiled_and_others_are_not(monkeypatch):
    said = []
    ours = numba.njit(_double)
    theirs = numba.njit(lambda x: x + 1)
    monkeypatch.setattr(_double, "__module__", "clipactor_node.motion.anything")
    with compiling.announced(lambda loop, number: said.append((loop, number))):
        assert ours(2) == 4 and theirs(2) == 3
        assert ours(2.5) == 5.0  # for another type: compiled again
        assert ours(3) == 6
    assert said == [("motion.anything._double", 1), ("motion.anything._double", 2)]
    ours(1j)
    assert len(said) == 2  # nobody listens any more


def _double(x):
    return 2 * x


def copy_of_the_package(folder: Path) -> Path:
    """The package's source in a folder, without what was compiled."""
    shutil.copytree(PACKAGE, folder / "clipactor_node", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "models").symlink_to(PACKAGE.parent / "models")
    return folder / "clipactor_node"


def as_somebody_who_may_not_write() -> list[str]:
    """The beginning of a command whose process honours the modes of files, even if root runs the tests."""
    if os.getuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and there is no setpriv to do without")
    return ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]


def test_an_installation_that_must_not_be_written_to_keeps_loops_in_the_users_home(tmp_path):
    package = copy_of_the_package(tmp_path)
    home = tmp_path / "home"
    folders = [package, *(path for path in package.rglob("*") if path.is_dir())]
    environment = {k: v for k, v in os.environ.items() if k != compiling.CACHE_VARIABLE}
    environment |= {"PYTHONPATH": str(tmp_path), "CLIPACTOR_HOME": str(home)}
    command = [*as_somebody_who_may_not_write(), sys.executable, "-c", LOOP]
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert list((home / "cache" / "numba").rglob("*.nbc"))


def test_a_folder_that_the_user_names_is_kept(monkeypatch):
    monkeypatch.setenv(compiling.CACHE_VARIABLE, "/somewhere")
    compiling.keep_machine_code()
    assert os.environ[compiling.CACHE_VARIABLE] == "/somewhere"


def test_beside_the_source_they_are_kept_where_that_can_be_written_to(monkeypatch):
    monkeypatch.delenv(compiling.CACHE_VARIABLE, raising=False)
    if os.access(PACKAGE / "geometry", os.W_OK):
        compiling.keep_machine_code()
        assert compiling.CACHE_VARIABLE not in os.environ
