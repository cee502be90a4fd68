"""A full disk, one that may only be read, little memory, few open files: said in a sentence, nothing lost."""

import subprocess
import sys

import numpy as np
import pytest

from clipactor_node.errors import ClipActorError
from clipactor_node.files import write_whole
from clipactor_node.jobs.queue import Queue
from clipactor_node.motion import write_pack
from clipactor_node.motion.library.pack import Pack
from clipactor_node.style import Job, Style, StyleCache, StyleCard


def style(count: int) -> Style:
    card = StyleCard(
        key="0123456789abcdef", prompt="a clown", seed=0, preset="cpu-preview", schedule={}, model="m",
        body="b", frames="f", clip="walk", vertices=count, subdivisions=0, status="complete", iterations=1,
        images=1, seconds=1.0, score=0.1, proposal_score=0.1, moved=0.0, losses=[], scores=[], events=[],
        made_with={}, created="2026-11-30T00:00:00+00:00",
    )  # fmt: skip
    zeros = np.zeros((count, 3), np.float16)
    return Style(card, zeros.astype(np.uint8), np.zeros(count, np.float16), zeros)


def fill(folder) -> None:
    """Leave no block free."""
    with open(folder / "filler", "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass


def test_on_a_full_disk_the_old_file_stays(small_disk):
    path = small_disk / "file.bin"
    write_whole(path, b"old")
    fill(small_disk)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new" * 10_000)
    assert path.read_bytes() == b"old"
    assert sorted(file.name for file in small_disk.iterdir()) == ["file.bin", "filler"]


def test_on_a_full_disk_the_library_stays_and_it_is_said_why(small_disk, make_clip):
    path = small_disk / "mine.clips"
    write_pack(path, [make_clip("walk")])
    fill(small_disk)
    with pytest.raises((ClipActorError, OSError), match="(?i)space"):
        write_pack(path, [make_clip(f"walk{i}", 300) for i in range(4)])
    assert Pack(path).names == ("walk",)
    assert sorted(file.name for file in small_disk.iterdir()) == ["filler", "mine.clips"]


def test_on_a_full_disk_a_style_is_refused_with_what_to_do(small_disk):
    fill(small_disk)
    with pytest.raises(ClipActorError, match="Free some space"):
        StyleCache(small_disk / "styles").save(style(20_000), {})
    (small_disk / "filler").unlink()
    StyleCache(small_disk / "styles").save(style(100), {})


def test_on_a_full_disk_the_queue_refuses_and_keeps_what_it_has(small_disk):
    queue = Queue(small_disk)
    first = queue.add(Job("a knight"), "local", False)
    fill(small_disk)
    with pytest.raises(ClipActorError):
        for number in range(2000):
            queue.add(Job(f"a knight with {number} swords"), "local", False)
    (small_disk / "filler").unlink()
    assert queue.status(first.id).job.prompt == "a knight"
    assert queue.add(Job("a monk"), "local", False).id
    queue.close()


def test_a_home_that_may_only_be_read_is_named(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(ClipActorError, match=str(small_disk)):
        Queue(small_disk / "jobs")
    with pytest.raises(ClipActorError, match="folder you can write to"):
        StyleCache(small_disk / "styles").save(style(10), {})


LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
from clipactor_node.motion.importing.import_file import Importer, Settings
importer = Importer(Settings())
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 60_000_000, resource.RLIM_INFINITY))
outcome = importer.run(Path(sys.argv[1]))
print(outcome.status, outcome.note)
"""


def test_a_clip_that_does_not_fit_into_memory_is_refused_and_the_process_lives(tmp_path):
    path = tmp_path / "long.npz"
    frames = 400_000
    poses, places = np.zeros((frames, 156), np.float32), np.zeros((frames, 3), np.float32)
    np.savez_compressed(path, poses=poses, trans=places, mocap_framerate=30.0)
    done = subprocess.run([sys.executable, "-c", LITTLE_MEMORY, path], capture_output=True, text=True)
    assert done.returncode == 0 and "memory" in done.stdout.lower(), done.stdout + done.stderr[-500:]
    assert "Traceback" not in done.stderr


FEW_FILES = """
import resource, sys
from pathlib import Path
from clipactor_node.motion.library.pack import Pack
kept = [open("/dev/null") for _ in range(2000)]
limit = len(kept) + 40
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
for _ in range(200):
    assert Pack(Path(sys.argv[1])).load(0).name == "walk"
print("fine")
"""


def test_among_2000_open_files_packs_are_opened_and_closed(tmp_path, make_clip):
    path = tmp_path / "mine.clips"
    write_pack(path, [make_clip("walk")])
    done = subprocess.run([sys.executable, "-c", FEW_FILES, path], capture_output=True, text=True)
    assert done.stdout == "fine\n", done.stderr[-800:]
