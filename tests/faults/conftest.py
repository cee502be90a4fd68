"""Small disks, and processes that die in the middle of their work."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from clipactor_node.motion import Label, MotionClip


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of 256 kB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid():
        pytest.skip("a disk can be mounted by root alone")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def killed_at():
    """Runs a program until it says "now" and kills it, so that nothing in it can clean up."""

    def run(program: str, *arguments: object) -> None:
        command = [sys.executable, "-c", program, *map(str, arguments)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "now\n"
            process.kill()
        assert process.returncode == -signal.SIGKILL

    return run


@pytest.fixture
def make_clip():
    def make(name: str, frames: int = 8) -> MotionClip:
        poses = np.random.default_rng(frames).normal(0, 0.2, (frames, 55, 3)).astype(np.float32)
        return MotionClip(
            name, 30.0, poses, np.zeros((frames, 3), np.float32), labels=(Label(name, 0.0, 0.1),)
        )

    return make
