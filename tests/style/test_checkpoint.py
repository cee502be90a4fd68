"""Checkpoints and locks."""

import subprocess
import sys

import numpy as np
import pytest

from clipactor_node.errors import StyleError
from clipactor_node.style.optimization.checkpoint import only_one, read_checkpoint, write_checkpoint


def test_what_is_written_is_what_is_read(tmp_path):
    arrays = {"a": np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32), "step": np.float32(7.0)}
    write_checkpoint(tmp_path / "new" / "c", {k: np.asarray(v) for k, v in arrays.items()}, {"iteration": 3})
    read, facts = read_checkpoint(tmp_path / "new" / "c")
    assert facts == {"iteration": 3}
    assert all(np.array_equal(read[name], arrays[name]) for name in arrays)


def test_none_damaged_and_foreign_checkpoints_are_as_good_as_none(tmp_path):
    assert read_checkpoint(tmp_path / "none") is None
    path = tmp_path / "c"
    write_checkpoint(path, {"a": np.ones(9)}, {})
    path.write_bytes(path.read_bytes()[:40])
    assert read_checkpoint(path) is None
    path.write_text("something else")
    assert read_checkpoint(path) is None


def test_a_full_disk_keeps_the_checkpoint_before(tmp_path, monkeypatch):
    from pathlib import Path

    path = tmp_path / "c"
    write_checkpoint(path, {"a": np.ones(9)}, {"iteration": 1})

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StyleError, match="No space left"):
        write_checkpoint(path, {"a": np.zeros(9)}, {"iteration": 2})
    assert read_checkpoint(path)[1] == {"iteration": 1}


HOLD = """
import sys
from pathlib import Path
from clipactor_node.files import lock  # what `only_one` holds, without loading torch
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_second_process_waits_until_the_first_is_done(tmp_path, holder):
    waited = []

    def waiting():
        waited.append(True)
        holder.stdin.close()

    with only_one(tmp_path / "lock", waiting):
        assert waited


def test_a_killed_process_lets_go_of_its_lock_and_the_next_one_leaves_none(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert (tmp_path / "lock").exists()
    with only_one(tmp_path / "lock", lambda: pytest.fail("still locked")):
        pass
    assert not (tmp_path / "lock").exists()
