"""Files that several processes share: whole or not at all, one holder of a lock, whose name is told."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clipactor_node.files import (
    Locked,
    holder_of,
    lock,
    replace_folder,
    replacing,
    replacing_folder,
    scratch_folder,
    sweep,
    write_whole,
)

PACKAGE = Path(__file__).resolve().parent.parent / "clipactor_node"
ELSEWHERE = {
    "ros/runtime/transport.py": "the locks it tries are those of Fast DDS, which must not be signed",
}
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


def test_a_folder_is_replaced_as_a_whole_or_not_at_all(tmp_path):
    path = tmp_path / "deep" / "model"
    for content in ("old", "newer"):
        with replacing_folder(path) as new:
            (new / "file").write_text(content)
        assert (path / "file").read_text() == content
    with pytest.raises(RuntimeError), replacing_folder(path) as new:
        (new / "file").write_text("half of the n")
        raise RuntimeError
    assert (path / "file").read_text() == "newer" and list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_replaced_stays(tmp_path):
    (tmp_path / "old").mkdir()
    with pytest.raises(OSError):
        replace_folder(tmp_path / "there is none", tmp_path / "old")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_scratch_folders_of_killed_runs_are_removed_after_a_day(tmp_path):
    old, young = tmp_path / ".scratch-old", tmp_path / ".scratch-young"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, 0))
    with scratch_folder(tmp_path / "model") as scratch:
        assert not old.exists() and set(tmp_path.iterdir()) == {young, scratch}
    assert list(tmp_path.iterdir()) == [young]


def by_hand(source: str) -> list[str]:
    """What in a module locks a file or moves one into place: the work of files.py."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name == "fcntl"]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [n for n in names if n in ("os.replace", "os.rename", "tempfile.mkstemp", "shutil.move")]
            found += [n for n in names if n.startswith("fcntl.")]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            # A text's `replace` takes two arguments, a path's one; a data class's and a date's, keywords.
            moves = node.func.attr in ("replace", "rename") and len(node.args) == 1 and not node.keywords
            if moves or called in ("os.replace", "os.rename", "tempfile.mkstemp", "shutil.move"):
                found.append(called)
    return found


def test_files_are_written_and_locked_in_one_place():
    modules = {path.relative_to(PACKAGE).as_posix(): path.read_text() for path in PACKAGE.rglob("*.py")}
    found = {name for name, source in modules.items() if by_hand(source)}
    assert found == {"files.py", *ELSEWHERE}


@pytest.mark.parametrize(
    "line",
    [
        "import fcntl",
        "from fcntl import flock",
        "os.replace(a, b)",
        "from os import rename",
        "part.replace(path)",
        "path.rename(other)",
        "tempfile.mkstemp()",
    ],
)
def test_what_is_written_by_hand_is_noticed(line):
    assert by_hand(line)


def test_what_is_no_file_is_not_noticed():
    assert not by_hand("text.replace('a', 'b'); replace(job, state=1); when.replace(hour=3)")
