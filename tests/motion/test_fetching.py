"""A collection is fetched from a server with CMU's layout: resumed, checked, converted, labelled."""

import hashlib
import io
import json
import resource
import signal
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.motion import open_library
from clipactor_node.motion.fetching import Source, fetch, planned, source, sources, subjects_of
from clipactor_node.motion.fetching import download as net
from clipactor_node.motion.fetching.trials import read_captions, read_index
from clipactor_node.motion.importing import IMPORTED, REPAIRED

sys.path.insert(0, str(Path(__file__).parent))
import files  # noqa: E402

INDEX = """A list of motions
Subject #7 (knees)

07_01\tbend knee
07_02\tSlowKneeBend
07_03\tUnknown
07_04\tMotorcycle Pose
07_05\tA bends a knee; B looks (2 subjects - subject A)

Subject #8 (not asked for)
08_01\twalk
"""


def knee(phase):
    return files.amc(40 + 40 * np.sin(np.linspace(phase, 9 + phase, 45)))


class Site(ThreadingHTTPServer):
    """CMU's layout on this machine. `cut`: paths whose next answers end after half of their bytes."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.files = {"index.txt": INDEX.encode(), "subjects/07/07.asf": files.asf().encode()}
        for i, trial in enumerate(("07_01", "07_02", "07_03", "07_05")):
            self.files[f"subjects/07/{trial}.amc"] = knee(0.7 * i).encode()
        self.files["subjects/07/07_04.amc"] = self.files["subjects/07/07_01.amc"]
        self.cut: dict[str, int] = {}
        self.asked: list[tuple[str, str, str]] = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fetched(self, path):
        return [ranges for method, asked, ranges in self.asked if method == "GET" and asked == path]


class Answer(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer(b"")

    def do_GET(self):
        self.answer(None)

    def answer(self, body):
        site, path = self.server, self.path.lstrip("/")
        ranges = self.headers.get("Range", "")
        site.asked.append((self.command, path, ranges))
        whole = site.files.get(path)
        if whole is None:
            self.send_error(404)
            return
        start = int(ranges.removeprefix("bytes=").rstrip("-")) if ranges else 0
        if start >= len(whole):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(whole)}")
            self.end_headers()
            return
        rest = whole[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if body is None:
            if site.cut.get(path, 0) > 0:
                site.cut[path] -= 1
                rest = rest[: len(rest) // 2]
                self.close_connection = True
            self.wfile.write(rest)

    def log_message(self, *_):
        pass


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(net, "_WAIT_S", 0.01)
    server = Site()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def cmu(site):
    return Source(
        name="cmu", title="Motions", holds="", licence="free", address=site.address, index="index.txt",
        skeleton="subjects/{subject}/{subject}.asf", motion="subjects/{subject}/{trial}.amc", rate_hz=30.0,
    )  # fmt: skip


@pytest.fixture
def folders(tmp_path):
    return tmp_path / "downloads" / "cmu", tmp_path / "library"


def test_what_there_is_is_said_first_and_comes_with_its_words(site, cmu, folders):
    plan = planned(cmu, folders[0], subjects_of("7"))
    assert [t.name for t in plan.trials] == ["07_01", "07_02", "07_03", "07_05"]
    assert plan.left_out == 1  # the pose by which markers are measured
    assert plan.size == sum(len(site.files[f"subjects/07/{t.name}.amc"]) for t in plan.trials)

    report = fetch(plan, *folders)
    assert report.clean and {o.status for o in report.outcomes} <= {IMPORTED, REPAIRED}
    library = open_library([folders[1]])
    labels = {name: [label.text for label in library.info(name).labels] for name in library.names}
    assert labels["cmu/07_01"] == ["bend knee"]
    assert labels["cmu/07_02"] == ["slow knee bend"]
    assert "a bends a knee" in " ".join(labels["cmu/07_05"]).lower()
    assert library.info("cmu/07_01").licence == "free"
    assert len(site.fetched("subjects/07/07.asf")) == 1  # once for all motions
    assert not list(folders[0].rglob("*.amc"))  # converted and cleared away

    again = planned(cmu, folders[0], subjects_of("7"))
    assert (again.trials, again.done) == ((), 4)


def test_a_cut_download_goes_on_where_it_was(site, cmu, folders):
    path = "subjects/07/07_01.amc"
    site.cut[path] = 2
    assert fetch(planned(cmu, folders[0], subjects_of("7")), *folders).clean
    half = len(site.files[path]) // 2
    assert site.fetched(path)[:2] == ["", f"bytes={half}-"]
    assert "cmu/07_01" in open_library([folders[1]])


def test_what_a_run_did_not_get_the_next_one_gets(site, cmu, folders):
    path = "subjects/07/07_02.amc"
    site.cut[path] = 100
    report = fetch(planned(cmu, folders[0], subjects_of("7")), *folders)
    assert set(report.failed) == {"07_02"} and "type the same again" in report.failed["07_02"]
    site.cut.clear()
    plan = planned(cmu, folders[0], subjects_of("7"))
    assert [t.name for t in plan.trials] == ["07_02"]
    assert fetch(plan, *folders).clean
    assert "cmu/07_02" in open_library([folders[1]])


def test_a_motion_that_the_server_does_not_have_is_not_asked_for_again(site, cmu, folders):
    del site.files["subjects/07/07_03.amc"]
    assert fetch(planned(cmu, folders[0], subjects_of("7")), *folders).clean
    assert planned(cmu, folders[0], subjects_of("7")).trials == ()


def test_a_file_with_another_hash_is_not_used(site, cmu, folders):
    def named(path):
        return f"{hashlib.sha256(site.files[path]).hexdigest()}  {path}"

    paths = [path for path in site.files if path.startswith("subjects/07/")]
    site.files["SHA256SUMS"] = "\n".join(map(named, paths)).encode()
    site.files["subjects/07/07_01.amc"] = knee(2.0).encode()  # changed since
    hashed = Source(**{**cmu.__dict__, "hashes": "SHA256SUMS"})
    report = fetch(planned(hashed, folders[0], subjects_of("7")), *folders)
    assert set(report.failed) == {"07_01"} and "another hash" in report.failed["07_01"]
    assert "cmu/07_01" not in open_library([folders[1]]) and "cmu/07_02" in open_library([folders[1]])
    assert (
        len(site.fetched("subjects/07/07_01.amc")) == 2
    )  # a second time, whole: the first might have been cut


def test_a_full_disk_is_said_and_loses_nothing(site, cmu, folders):
    """The limit of the size of files is the kernel's, so that writing fails as on a full disk."""
    code = (
        "import sys; from pathlib import Path\n"
        "from clipactor_node.motion.fetching import Source, fetch, planned\n"
        "from clipactor_node.errors import LibraryError\n"
        "cmu = Source(**eval(sys.argv[1])); folder = Path(sys.argv[2])\n"
        "plan = planned(cmu, folder, frozenset({'07'}))\n"
        "try: fetch(plan, folder, Path(sys.argv[3]))\n"
        "except LibraryError as error: print(error)\n"
    )

    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    arguments = [sys.executable, "-c", code, repr(cmu.__dict__), *map(str, folders)]
    done = subprocess.run(arguments, capture_output=True, text=True, preexec_fn=limited, timeout=300)
    assert "free room, then type the same again" in done.stdout, done.stderr
    plan = planned(cmu, folders[0], subjects_of("7"))
    assert len(plan.trials) == 4 and fetch(plan, *folders).clean


def test_the_server_that_does_not_answer_and_subjects_that_are_not(site, cmu, folders):
    with pytest.raises(LibraryError, match="it has 7-8"):
        planned(cmu, folders[0], subjects_of("40-50"))
    gone = Source(**{**cmu.__dict__, "address": "http://127.0.0.1:9"})
    with pytest.raises(LibraryError, match="cannot be fetched"):
        planned(gone, folders[0])
    site.files["index.txt"] = b"<html>moved</html>"
    with pytest.raises(LibraryError, match="layout"):
        planned(cmu, folders[0])
    site.files["index.txt"] = INDEX.encode()
    plan = planned(cmu, folders[0], subjects_of("8"))  # the list says more than the server has
    assert fetch(plan, *folders).outcomes == ()


@pytest.mark.parametrize("text", ["seven", "5-3", "1,,x", "-4", "1000"])
def test_subjects_that_are_none(text):
    with pytest.raises(LibraryError, match="expected numbers and ranges"):
        subjects_of(text)


def test_subjects():
    assert subjects_of("") is None
    assert subjects_of("9-11, 5,105") == {"05", "09", "10", "11", "105"}


def test_captions_of_kit_are_read_by_the_trial_they_are_about():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        for number, (base, trial) in enumerate((("cmu", 1), ("kit", 2), ("cmu", 12))):
            database = {"identifier": base, "motion_id": 7, "motion_file_id": trial}
            out.writestr(f"{number:05}_meta.json", json.dumps({"source": {"database": database}}))
            out.writestr(f"{number:05}_annotations.json", json.dumps([f"A person does {trial}.", ""]))
        out.writestr("00009_meta.json", json.dumps({"source": {"database": {"identifier": "cmu"}}}))
    assert read_captions(archive.getvalue()) == {
        "07_01": ("A person does 1.",),
        "07_12": ("A person does 12.",),
    }
    with pytest.raises(LibraryError, match="captions"):
        read_captions(b"<html>")


def test_an_index_line_may_be_poor():
    read = {
        t.name: t for t in read_index("1_2 walk\n105_06\tMotorCyclePose\n106_21\tbad AMC\n106_01\tclean\n")
    }
    assert read["01_02"].description == "walk" and read["01_02"].moves
    assert not read["105_06"].moves and not read["106_21"].moves
    assert read["106_01"].description == "" and read["106_01"].moves


def test_the_collections_are_listed_with_their_licences():
    assert source("cmu").address.startswith("http") and all(one.licence and one.way for one in sources())
    with pytest.raises(LibraryError, match="Register"):
        source("amass")
    with pytest.raises(InvalidChoice, match="cmu"):
        source("cnu")


def test_the_command_says_what_comes_brings_it_and_goes_on(site, tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    del site.files["subjects/07/07_05.amc"]
    command = ["library", "fetch", "cmu", "--server", site.address, "--subjects", "7", "--jobs", "1"]
    first = CliRunner().invoke(app, [*command, "--yes"])
    assert first.exit_code == 0, first.output
    assert "4 motions to fetch, 1 left out" in first.output and "MB" in first.output
    assert "without captions" in first.output and "free for all uses" in first.output
    again = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert (again["planned"], again["before"], again["failed"]) == (0, 4, {})
    listed = CliRunner().invoke(app, ["library", "sources"])
    assert "amass" in listed.output and "clipactor library fetch cmu" in listed.output
