"""Importing many files: one line for each, all or nothing on disk, and never a lost library."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from clipactor_node.errors import LibraryError
from clipactor_node.motion import open_library
from clipactor_node.motion.importing import adding
from clipactor_node.motion.importing.adding import add
from clipactor_node.motion.importing.import_file import (
    DUPLICATE,
    FAILED,
    IMPORTED,
    QUARANTINED,
    REPAIRED,
    Importer,
    Settings,
    motion_files,
)

sys.path.insert(0, str(Path(__file__).parent))
import files  # noqa: E402

BENDS = 40 + 40 * np.sin(np.linspace(0, 9, 45))


@pytest.fixture
def folder(tmp_path):
    """Captures as they come: good ones, a copy, a broken one, and files that are none."""
    folder = tmp_path / "captures"
    (folder / "07").mkdir(parents=True)
    (folder / "07" / "07.asf").write_text(files.asf())
    (folder / "07" / "07_01.amc").write_text(files.amc(BENDS))
    (folder / "07" / "07_02.amc").write_text(files.amc(BENDS))
    (folder / "squat.bvh").write_text(files.bvh(BENDS))
    (folder / "broken.bvh").write_text(files.bvh(BENDS)[:2000])
    (folder / "README.txt").write_text("nothing to see")
    np.savez(folder / "shape.npz", betas=np.zeros(10))
    np.save(folder / "Mean.npy", np.zeros(263))
    (folder / "scene.gltf").write_text('{"asset": {"version": "2.0"}, "nodes": [{}]}')
    (folder / "clips.csv").write_text(
        "clip,description,captions,file,skeleton,fps\n"
        '7_1,"bend/flex knee, balance",A person bends a knee.,07/07_01.amc,07/07.asf,30\n'
        "squat,squat,,squat.bvh,in file,30\n"
    )
    return folder


def by_name(report):
    return {outcome.path.name: outcome for outcome in report.outcomes}


def test_only_motions_are_picked_from_a_folder(folder):
    names = [path.name for path in motion_files([folder])]
    assert names == ["07_01.amc", "07_02.amc", "broken.bvh", "squat.bvh"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_good_files_are_imported_whatever_the_others_are(folder, tmp_path, jobs):
    library, seen = tmp_path / "library", []
    settings = Settings((folder / "clips.csv",), fps=30.0, source="tests", licence="CC0-1.0")
    report = add([folder], library, settings, jobs, "lab/", lambda o, done, total: seen.append((done, total)))
    outcomes = by_name(report)
    assert outcomes["07_01.amc"].status == IMPORTED
    assert outcomes["07_02.amc"].status == DUPLICATE
    assert "lab/7_1" in outcomes["07_02.amc"].note
    assert outcomes["broken.bvh"].status == FAILED
    assert outcomes["squat.bvh"].status in (IMPORTED, REPAIRED)
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert not report.clean
    clip = open_library([library]).load("lab/7_1")
    assert [label.text for label in clip.labels] == [
        "bend knee",
        "flex knee",
        "balance",
        "a person bends a knee",
    ]
    assert clip.captions == ("bend/flex knee, balance", "A person bends a knee.")
    assert (clip.source, clip.licence) == ("tests", "CC0-1.0")
    assert clip.quality["fit_mean_m"] < 0.03


def test_a_second_import_finds_what_is_there(folder, tmp_path):
    library = tmp_path / "library"
    settings = Settings(fps=30.0)
    add([folder / "squat.bvh"], library, settings)
    again = add([folder / "squat.bvh", folder / "07" / "07_01.amc"], library, settings)
    assert [outcome.status for outcome in again.outcomes] == [DUPLICATE, IMPORTED]
    assert sorted(path.name for path in library.glob("*.clips")) == ["import-0001.clips", "import-0002.clips"]
    assert set(open_library([library]).names) == {"squat", "07_01"}


def test_clips_of_the_same_name_are_both_kept(folder, tmp_path):
    other = folder / "elsewhere"
    other.mkdir()
    (other / "squat.bvh").write_text(files.bvh(BENDS[::-1]))
    add([folder / "squat.bvh", other / "squat.bvh"], tmp_path / "library", Settings())
    assert set(open_library([tmp_path / "library"]).names) == {"squat", "squat (bvh)"}


def test_unfit_motions_are_set_aside_with_a_reason(folder, tmp_path):
    bent = np.full(45, -80.0)  # a knee that bends forwards
    (folder / "bird.bvh").write_text(files.bvh(bent))
    report = add([folder / "bird.bvh", folder / "squat.bvh"], tmp_path / "library", Settings())
    outcome = by_name(report)["bird.bvh"]
    assert outcome.status == QUARANTINED
    assert "wrong way" in outcome.note
    assert open_library([tmp_path / "library"]).names == ("squat",)
    assert open_library([report.quarantine]).names == ("bird",)
    reasons = json.loads(report.quarantine.with_suffix(".json").read_text())
    assert "wrong way" in reasons["bird"]


def test_reasons_of_an_earlier_import_are_kept(folder, tmp_path):
    """Also where nothing but reasons came of it: motions that cannot even be retargeted."""
    path = [[0.0, 0.0, 5.0 * (i > 20)] for i in range(45)]
    notes = []
    for name in ("one", "two"):
        file = folder / f"{name}.npz"
        np.savez(file, poses=np.zeros((45, 72)), trans=path, mocap_framerate=30.0)
        report = add([file], tmp_path / "library", Settings())
        assert report.counts == {QUARANTINED: 1}
        notes.append(report.outcomes[0].note)
    kept = [json.loads(p.read_text()) for p in sorted((tmp_path / "library" / "quarantine").glob("*.json"))]
    assert kept == [{"one.npz": notes[0]}, {"two.npz": notes[1]}]


def test_an_interrupted_import_leaves_the_library_as_it_was(folder, tmp_path):
    library = tmp_path / "library"
    add([folder / "squat.bvh"], library, Settings())
    before = {path: path.read_bytes() for path in library.rglob("*") if path.is_file()}

    def interrupt(outcome, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add([folder], library, Settings(fps=30.0), on_outcome=interrupt)
    assert {path: path.read_bytes() for path in library.rglob("*") if path.is_file()} == before


IMPORT_UNTIL_KILLED = """
import multiprocessing, sys, time
from pathlib import Path
from clipactor_node.motion.importing import add
from clipactor_node.motion.importing import Settings

def wait_to_be_killed(outcome, done, total):
    print(*(worker.pid for worker in multiprocessing.active_children()), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    add([Path(sys.argv[1])], Path(sys.argv[2]), Settings(fps=30.0), 2, on_outcome=wait_to_be_killed)
"""


def test_an_import_that_is_killed_leaves_the_library_as_it_was_and_no_process(folder, tmp_path):
    library, script = tmp_path / "library", tmp_path / "killed.py"
    script.write_text(IMPORT_UNTIL_KILLED)
    add([folder / "squat.bvh"], library, Settings())
    before = {path.name: path.read_bytes() for path in library.glob("*.clips")}
    with subprocess.Popen([sys.executable, script, folder, library], stdout=subprocess.PIPE) as importer:
        workers = [int(pid) for pid in importer.stdout.readline().split()]
        importer.kill()
    assert workers
    assert list(library.rglob("*.part"))  # it was in the middle
    for _ in range(100):
        alive = [pid for pid in workers if Path(f"/proc/{pid}").exists()]
        if not alive:
            break
        time.sleep(0.1)
    assert alive == []
    assert {path.name: path.read_bytes() for path in library.glob("*.clips")} == before
    assert open_library([library]).names == ("squat",)
    add([folder / "07" / "07_01.amc"], library, Settings(fps=30.0))
    assert set(open_library([library]).names) == {"squat", "07_01"}
    assert not list(library.rglob("*.part"))


def test_imports_do_not_overwrite_each_other(folder, tmp_path):
    library = tmp_path / "library"

    def meanwhile(outcome, done, total):
        with pytest.raises(
            LibraryError, match=rf"another import into .* is running \(process {os.getpid()}\)"
        ):
            add([folder / "squat.bvh"], library, Settings())

    add([folder / "07" / "07_01.amc"], library, Settings(), on_outcome=meanwhile)
    (library / ".import-0009-killed.part").write_text("left behind")
    add([folder / "squat.bvh"], library, Settings())
    assert set(open_library([library]).names) == {"07_01", "squat"}
    assert not list(library.rglob("*.part"))


def test_a_file_that_raises_anything_is_only_a_failed_file(folder, tmp_path, monkeypatch):
    def explode(*_):
        raise ZeroDivisionError("the reader is broken")

    monkeypatch.setattr("clipactor_node.motion.importing.import_file.bvh.read", explode)
    report = add([folder / "squat.bvh", folder / "07" / "07_01.amc"], tmp_path / "library", Settings())
    assert [outcome.status for outcome in report.outcomes] == [FAILED, IMPORTED]
    assert "the reader is broken" in report.outcomes[0].note


def test_a_reader_that_dies_takes_only_its_file_along(folder, tmp_path, monkeypatch):
    pool, died = adding._pool, []

    class DyingPool:
        """A pool in which the second file ends its process, as running out of memory would."""

        def __init__(self, *args):
            self.inner = pool(*args)

        def __enter__(self):
            self.inner.__enter__()
            return self

        def __exit__(self, *args):
            return self.inner.__exit__(*args)

        def submit(self, work, path):
            if path.name == "squat.bvh":
                died.append(path)
                return self.inner.submit(_die)
            return self.inner.submit(work, path)

    monkeypatch.setattr(adding, "_pool", DyingPool)
    files_ = [folder / "07" / "07_01.amc", folder / "squat.bvh", folder / "broken.bvh"]
    report = add(files_, tmp_path / "library", Settings(fps=30.0), jobs=2)
    assert [outcome.status for outcome in report.outcomes] == [IMPORTED, FAILED, FAILED]
    assert "ended the process" in report.outcomes[1].note
    assert len(died) >= 2


def _die():
    os._exit(9)


def test_nothing_to_import_is_said(tmp_path):
    with pytest.raises(LibraryError, match="no motion files"):
        add([tmp_path], tmp_path / "library", Settings())


def test_the_importer_never_raises(tmp_path):
    importer = Importer(Settings())
    for name in ("gone.bvh", "gone.amc", "gone.npz", "gone.txt", "gone.xyz", "gone"):
        outcome = importer.run(tmp_path / name)
        assert outcome.status == FAILED, name
        assert outcome.note


@pytest.fixture
def command(tmp_path, monkeypatch):
    from clipactor_node.cli.library import app

    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, list(map(str, words)))


def test_the_command_says_a_line_per_problem_and_ends_with_a_code(folder, command):
    result = command("add", folder, "--fps", 30, "--labels", folder / "clips.csv")
    assert result.exit_code == 1
    assert "failed      broken.bvh: " in result.output
    assert "4 files: 2 imported" in result.output
    assert command("add", folder / "07" / "07_02.amc", "--fps", 30).exit_code == 0  # a duplicate is no fault
    assert any(
        line.startswith("7_1 ") and "flex knee" in line for line in command("list").output.splitlines()
    )
    listed = json.loads(command("list", "--json").output)
    assert {"7_1", "squat"} <= {clip["name"] for clip in listed["clips"]}


def test_check_names_damaged_packs(folder, command, tmp_path):
    command("add", folder / "squat.bvh")
    assert command("check", "squat").exit_code == 0
    pack = tmp_path / "home" / "library" / "import-0001.clips"
    data = bytearray(pack.read_bytes())
    data[200] ^= 1
    pack.write_bytes(data)
    result = command("check", "squat")
    assert result.exit_code == 1
    assert "import-0001.clips holds a damaged clip 'squat'" in result.output


def test_show_draws_a_clip(command, tmp_path):
    from PIL import Image

    out = tmp_path / "walk.png"
    assert command("show", "walk", "--out", out).exit_code == 0
    picture = np.asarray(Image.open(out))
    assert picture.shape[1] == 8 * 150
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 1000
