"""Who is killed (-9) while it writes leaves what was there before, and the next one goes on."""

import pytest

from clipactor_node.files import sweep, write_whole
from clipactor_node.jobs import JobStage
from clipactor_node.jobs.queue import Queue
from clipactor_node.motion import write_pack
from clipactor_node.motion.library.pack import Pack
from clipactor_node.style import Job, StyleCache

CACHE = """
import sys, time
from pathlib import Path
from clipactor_node.files import replacing
with replacing(Path(sys.argv[1])) as part:
    part.write_bytes(b"half")
    print("now", flush=True)
    time.sleep(600)
"""
STYLE = CACHE.replace("replacing", "replacing_folder").replace("part.write", "(part / 'arrays').write")
LIBRARY = """
import sys, time
from pathlib import Path
from clipactor_node.motion.library.pack import Pack, PackWriter
clip = Pack(Path(sys.argv[2])).load(0)
with PackWriter(Path(sys.argv[1])) as pack:
    pack.add(clip)
    print("now", flush=True)
    time.sleep(600)
"""
QUEUE = """
import sys, time
from pathlib import Path
from clipactor_node.jobs.queue import Queue
queue = Queue(Path(sys.argv[1]))
with queue._table.change():
    queue._table.execute("UPDATE jobs SET stage = 'done'")
    print("now", flush=True)
    time.sleep(600)
"""
MODEL = """
import sys, time
from pathlib import Path
from clipactor_node.files import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "model.onnx").write_bytes(b"half of a model")
    print("now", flush=True)
    time.sleep(600)
"""


def test_a_cached_file_is_the_old_one(killed_at, tmp_path):
    path = tmp_path / "cache" / "file.bin"
    write_whole(path, b"old")
    killed_at(CACHE, path)
    assert path.read_bytes() == b"old"
    write_whole(path, b"new")
    sweep(path.parent)
    assert list(path.parent.iterdir()) == [path]


def test_a_style_that_was_half_written_is_not_there(killed_at, tmp_path):
    cache = StyleCache(tmp_path / "styles")
    killed_at(STYLE, tmp_path / "styles" / "0123456789abcdef")
    assert cache.cards() == [] and cache.refused == {}


def test_a_library_is_the_old_one_and_the_import_can_be_repeated(killed_at, tmp_path, make_clip):
    path, source = tmp_path / "mine.clips", tmp_path / "source.clips"
    write_pack(source, [make_clip("bow", 60)])
    write_pack(path, [make_clip("walk")])
    killed_at(LIBRARY, path, source)
    assert Pack(path).names == ("walk",)
    write_pack(path, [make_clip("walk"), make_clip("run")])
    assert Pack(path).names == ("walk", "run")


def test_a_queue_forgets_the_change_that_was_not_done(killed_at, tmp_path):
    queue = Queue(tmp_path)
    job = queue.add(Job("a knight"), "local", False)
    queue.close()
    killed_at(QUEUE, tmp_path)
    queue = Queue(tmp_path)
    assert queue.status(job.id).stage is JobStage.QUEUED
    assert queue.claim("local").id == job.id
    queue.close()


@pytest.mark.parametrize("already", [True, False])
def test_a_model_that_was_being_prepared_is_not_taken_for_one(killed_at, tmp_path, already):
    folder = tmp_path / "models" / "minilm"
    if already:
        folder.mkdir(parents=True)
        (folder / "model.onnx").write_bytes(b"whole")
    killed_at(MODEL, folder)
    assert folder.exists() == already
    assert not already or (folder / "model.onnx").read_bytes() == b"whole"
