"""Files that several processes share: whole or not at all, one holder of a lock, whose name is told."""

import os
import signal
import subprocess
import sys

import pytest

from clipactor_node.files import Locked, holder_of, lock, replacing, sweep, write_whole

HOLD = """
import sys, time
from pathlib import Path
from clipactor_node.files import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other_process(tmp_path):
    """Holds `.lock` in `tmp_path`."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / ".lock"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "deep" / "file.bin"
    write_whole(path, b"old")
    with pytest.raises(RuntimeError), replacing(path) as part:
        part.write_bytes(b"half of the n")
        raise RuntimeError
    assert path.read_bytes() == b"old" and list(path.parent.iterdir()) == [path]
    write_whole(path, b"new")
    assert path.read_bytes() == b"new" and list(path.parent.iterdir()) == [path]


def test_others_may_read_what_was_written(tmp_path):
    write_whole(tmp_path / "file", b"")
    (tmp_path / "ordinary").write_bytes(b"")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def test_what_a_killed_writer_left_is_swept_away(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path; from clipactor_node.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as part: os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, tmp_path / "file"])
    assert killed.returncode == -signal.SIGKILL and len(list(tmp_path.iterdir())) == 1
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_who_holds_a_lock_is_named(tmp_path, other_process):
    path = tmp_path / ".lock"
    assert holder_of(path) == other_process.pid
    with pytest.raises(Locked, match=f"process {other_process.pid} is at work in"), lock(path):
        pass
    assert holder_of(path) == other_process.pid  # whoever asked in vain has not signed over it


def test_a_lock_ends_with_its_process_however_it_ends(tmp_path, other_process):
    path, asked = tmp_path / ".lock", []

    def waiting() -> None:
        asked.append(holder_of(path))
        other_process.kill()
        other_process.wait()

    with lock(path, waiting):
        assert asked == [other_process.pid] and path.read_text() == str(os.getpid())
    assert holder_of(path) is None and holder_of(tmp_path / "none") is None
