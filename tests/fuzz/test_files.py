"""Whatever stands in a file: read, or refused in a sentence; nothing is run, nothing written elsewhere."""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipactor_node.body import load
from clipactor_node.errors import ClipActorError
from clipactor_node.home import shipped_models
from clipactor_node.jobs.queue import FILE, Queue
from clipactor_node.motion import MotionClip, write_pack
from clipactor_node.motion.importing.import_file import FAILED, Importer, Settings
from clipactor_node.motion.library.pack import Pack
from clipactor_node.robots.description import parse_description, shipped_urdf
from clipactor_node.style import Job
from clipactor_node.style.entry import read_card, read_style

sys.path.insert(0, str(Path(__file__).parent.parent / "motion"))

from files import amc, asf, bvh  # noqa: E402

SEEDS = st.integers(0, 2**32 - 1)


def npz() -> bytes:
    file = io.BytesIO()
    np.savez(file, poses=np.zeros((12, 156)), trans=np.zeros((12, 3)), mocap_framerate=30.0, gender="neutral")
    return file.getvalue()


SOURCES = {
    "walk.bvh": lambda: bvh(np.linspace(0, 40, 12)).encode(),
    "walk.npz": npz,
    "walk.amc": lambda: amc(np.linspace(0, 40, 12)).encode(),
    "walk.npy": lambda: npz()[:0] + _npy(),
    "walk.json": lambda: json.dumps({"Loop": "wrap", "Frames": [[0.03, *[0.0] * 43]] * 9}).encode(),
}


def _npy() -> bytes:
    file = io.BytesIO()
    np.save(file, np.random.default_rng(0).normal(size=(12, 22, 3)))
    return file.getvalue()


@pytest.fixture(scope="module")
def importer():
    return Importer(Settings())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.parametrize("name", SOURCES)
@given(SEEDS)
def test_a_spoiled_motion_is_imported_or_refused(importer, folder, spoil, in_time, name, seed):
    inside = folder / name.replace(".", "_")
    inside.mkdir(exist_ok=True)
    (inside / "walk.asf").write_text(asf())
    (inside / name).write_bytes(spoil(SOURCES[name](), seed))
    before = sorted(folder.parent.iterdir()), sorted(inside.iterdir())
    with in_time():
        outcome = importer.run(inside / name)
    assert outcome.status != FAILED or (outcome.note and "\n  File" not in outcome.note)
    if outcome.clip is not None:
        assert np.isfinite(outcome.clip.poses).all()
    assert (sorted(folder.parent.iterdir()), sorted(inside.iterdir())) == before


@given(SEEDS)
def test_a_spoiled_library_is_refused_or_whole(folder, spoil, in_time, seed):
    path = folder / "some.clips"
    if not path.exists():
        frames = np.zeros((5, 55, 3), np.float32)
        write_pack(path, [MotionClip("walk", 30.0, frames, np.zeros((5, 3), np.float32))])
    bad = folder / "bad.clips"
    bad.write_bytes(spoil(path.read_bytes(), seed))
    with in_time():
        try:
            assert Pack(bad).load(0).name == "walk"
        except (ClipActorError, IndexError) as error:
            assert not isinstance(error, IndexError) or bad.stat().st_size < 64 or len(Pack(bad)) == 0


@given(SEEDS)
def test_a_spoiled_style_is_refused_or_read(folder, spoil, in_time, seed):
    place = next(path for path in (shipped_models() / "styles").iterdir() if path.is_dir())
    bad = folder / place.name
    bad.mkdir(exist_ok=True)
    (bad / "style.safetensors").write_bytes((place / "style.safetensors").read_bytes())
    (bad / "style.json").write_bytes(spoil((place / "style.json").read_bytes(), seed))
    with in_time():
        try:
            read_card(bad)
            read_style(bad)
        except ClipActorError as error:
            assert str(error)


@given(SEEDS)
def test_a_spoiled_queue_is_refused_or_read(folder, spoil, in_time, seed):
    place = folder / f"jobs{seed}"
    queue = Queue(place)
    queue.add(Job("a knight"), "local", False)
    queue.close()
    (place / FILE).write_bytes(spoil((place / FILE).read_bytes(), seed))
    with in_time():
        try:
            queue = Queue(place)
            queue.claim("local")
            queue.close()
        except ClipActorError as error:
            assert str(error)


@given(SEEDS)
def test_a_spoiled_urdf_is_refused_or_a_tree(folder, spoil, in_time, seed):
    text = spoil(shipped_urdf().read_bytes(), seed).decode("utf-8", "replace")
    with in_time():
        try:
            robot = parse_description(text, folder)
            assert robot.root in robot.links
        except ClipActorError as error:
            assert str(error)


@given(st.binary(max_size=400))
def test_bytes_are_no_body(folder, in_time, content):
    path = folder / "body.npz"
    path.write_bytes(b"PK\x03\x04" + content)
    with in_time(), pytest.raises(ClipActorError, match=r"body\.npz"):
        load(path)
