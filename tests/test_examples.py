"""Every script of examples/ runs as it stands and does what its first line says."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from domain import claim_domain
from PIL import Image

from clipactor_node import body, motion
from clipactor_node.body.export import bvh

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))
PATIENCE_S = 300.0


@pytest.fixture
def run(tmp_path) -> Callable[..., str]:
    """Runs the script whose name begins so, in an empty folder; what it printed."""

    def run(number: str, *arguments: object, **environment: str) -> str:
        (script,) = EXAMPLES.glob(f"{number}_*.py")
        ran = subprocess.run(
            [sys.executable, script, *map(str, arguments)],
            cwd=tmp_path,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


@pytest.fixture(scope="module")
def avatar(tmp_path_factory) -> Iterator[dict[str, str]]:
    """A running node; the environment of those who want to see it."""
    domain, claim = claim_domain()
    environment = {"ROS_DOMAIN_ID": str(domain), "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    log = tmp_path_factory.mktemp("avatar") / "log"
    with log.open("w") as output:
        node = subprocess.Popen(
            [sys.executable, "-m", "clipactor_node.ros.nodes.avatar_main"],
            env=os.environ | environment | {"NUMBA_NUM_THREADS": "1"},
            cwd=log.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[claim.fileno()],
        )
    deadline = time.monotonic() + PATIENCE_S
    while "ready" not in log.read_text():
        assert node.poll() is None and time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    yield environment
    node.terminate()
    node.wait(PATIENCE_S)
    claim.close()


def test_there_are_ten_of_at_most_forty_lines():
    assert [script.name[:2] for script in SCRIPTS] == [f"{number:02}" for number in range(1, 11)]
    assert [script.name for script in SCRIPTS if len(script.read_text().splitlines()) > 40] == []


def test_01_finds_a_clip(run):
    found = [line for line in run("01", "a person waves hello").splitlines() if "note:" not in line]
    assert len(found) == 3
    assert "wave" in found[0]


def test_02_skins_a_pose_to_a_picture(run, tmp_path):
    run("02", "pose.png")
    picture = np.asarray(Image.open(tmp_path / "pose.png"))
    assert picture.shape == (512, 512, 3)
    assert picture.std() > 10


def test_03_imports_a_motion_file(run, tmp_path):
    library = motion.open_library()
    clip = library.load(library.labels[0].clip)
    (tmp_path / "mine.bvh").write_text(bvh(body.Skinner(body.load()).rest_joints, clip))
    told = run("03", "mine.bvh", "library")
    assert "mine.bvh: imported" in told or "mine.bvh: repaired" in told
    assert f"mine: {len(clip.poses)} frames" in told


def test_04_writes_an_outfit_as_glb(run, tmp_path):
    assert "as pirate" in run("04", "a pirate in a red coat", "pirate.glb")
    assert (tmp_path / "pirate.glb").read_bytes()[:4] == b"glTF"


def test_05_lists_the_styles_and_reads_one(run):
    told = run("05", "firefighter").splitlines()
    assert len(told) >= 10
    assert told[-1].startswith("on 54848 vertices: colors (54848, 3)")


def test_06_writes_a_style(run, tmp_path):
    assert "2 iterations" in run("06", "a pirate", "styles")
    (card,) = (tmp_path / "styles").glob("*/style.json")
    assert '"prompt": "a pirate"' in card.read_text()


def test_07_lets_a_robot_follow(run, tmp_path):
    assert "broken 0" in run("07", "generic_humanoid", "motion.csv")
    assert len((tmp_path / "motion.csv").read_text().splitlines()) > 30


def test_08_reads_the_mesh(run, avatar):
    count, height = run("08", **avatar).split(" vertices, ")
    assert int(count) > 1000
    assert 1.0 < float(height.split()[0]) < 2.5


def test_09_has_the_avatar_perform(run, avatar):
    told = run("09", "a person waves hello", **avatar).splitlines()
    assert told[-1].startswith("done: ")
    assert any("performing" in line or "%" in line for line in told[:-1])


def test_10_reads_joints_and_frames(run, avatar):
    told = run("10", "head", **avatar)
    assert told.startswith("166 joints; map <- base_footprint <- ")
    assert told.rstrip().endswith("<- head")
