"""Small faults of BVH files that people meet: what is meant is read, and said where it is odd."""

import sys
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.motion.importing.formats import bvh
from clipactor_node.motion.importing.import_file import FAILED, REPAIRED, Importer, Settings
from clipactor_node.motion.importing.placing import Given

sys.path.insert(0, str(Path(__file__).parent))
import files  # noqa: E402

BENDS = np.linspace(0.0, 60.0, 45)
TEXT = files.bvh(BENDS)


def commas(text):
    head, motion = text.split("Frame Time:")
    return head.replace(".", ",") + "Frame Time:" + motion.replace(".", ",")


FAULTS = {
    "spaces before the colon": TEXT.replace("Frames:", "Frames :").replace("Frame Time:", "Frame Time :"),
    "no space": TEXT.replace("Frames: ", "Frames:").replace("Frame Time: ", "FrameTime:"),
    "Motion": TEXT.replace("MOTION", "Motion").replace("HIERARCHY", "Hierarchy"),
    "a blank line after Frames": TEXT.replace("Frame Time", "\n\nFrame Time"),
    "a blank line between rows": TEXT.replace("\n0.0", "\n\n0.0"),
    "trailing zero bytes": TEXT + "\0" * 40,
    "CRLF": TEXT.replace("\n", "\r\n"),
    "CR": TEXT.replace("\n", "\r"),
    "tabs and trailing blanks": TEXT.replace(" ", "\t")
    .replace("\n", " \n")
    .replace("Frame\tTime", "Frame Time"),
    "byte order mark": "\ufeff" + TEXT,
    "decimal commas": commas(TEXT),
    "decimal commas of the motion alone": (
        TEXT.split("MOTION")[0] + "MOTION" + TEXT.split("MOTION")[1].replace(".", ",")
    ),
    "commas between the numbers": TEXT.split("Frame Time:")[0]
    + "Frame Time:"
    + TEXT.split("Frame Time:")[1].replace(" 0.000000 ", " 0.000000,"),
    "a whole number of frames": TEXT.replace("Frames: 45", "Frames: 45.0"),
    "scientific numbers": TEXT.replace(" 0.000000", " 0.0000e+00"),
    "an empty end site": TEXT.replace("\t\tOFFSET 0 0 1\n", ""),
    "no end sites": "\n".join(
        line for line in TEXT.replace("OFFSET 0 0 1", "OFFSET_0").split("\n") if "OFFSET_0" not in line
    ),
    "words in lower case": TEXT.replace("JOINT", "Joint")
    .replace("CHANNELS", "Channels")
    .replace("OFFSET", "Offset"),
    "rows that are wrapped": TEXT.replace(" 0.000000 0.000000 0.000000 ", " 0.000000\n0.000000 0.000000 "),
}


def knees(motion):
    """(T,) degrees between thigh and shin of the left leg."""
    hip, knee, ankle = (
        motion.world[1][:, motion.joints.index(name)] for name in ("LeftUpLeg", "LeftLeg", "LeftFoot")
    )
    thigh, shin = knee - hip, ankle - knee
    cosine = (thigh * shin).sum(-1) / np.linalg.norm(thigh, axis=-1) / np.linalg.norm(shin, axis=-1)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_meant_is_read(tmp_path, fault, encoding):
    (tmp_path / "a.bvh").write_bytes(FAULTS[fault].encode(encoding))
    motion = bvh.read(tmp_path / "a.bvh")
    assert motion.rate_hz == pytest.approx(30.0, rel=1e-4)
    assert motion.notes == ()
    np.testing.assert_allclose(knees(motion), BENDS, atol=0.01)
    np.testing.assert_allclose(motion.root[:, 1], files.HIPS_HEIGHT, atol=1e-5)


def test_more_rows_than_frames_are_all_read_and_said(tmp_path):
    (tmp_path / "a.bvh").write_text(TEXT.replace("Frames: 45", "Frames: 44") + "1 2 3\n")
    motion = bvh.read(tmp_path / "a.bvh")
    np.testing.assert_allclose(knees(motion), BENDS, atol=0.01)
    assert motion.notes == (
        "holds 45 rows but says Frames: 44; read all 45",
        "left out 3 numbers after the last whole row",
    )


def test_fewer_rows_than_frames_are_all_read_and_said(tmp_path):
    (tmp_path / "a.bvh").write_text(TEXT.replace("Frames: 45", "Frames: 60"))
    motion = bvh.read(tmp_path / "a.bvh")
    np.testing.assert_allclose(knees(motion), BENDS, atol=0.01)
    assert motion.notes == ("holds 45 rows but says Frames: 60; read all 45",)


@pytest.mark.parametrize("word", ["nan", "-nan(ind)", "inf", "1.#QNAN0", "-1.#IND00"])
def test_one_frame_without_numbers_is_bridged(tmp_path, word):
    rows = TEXT.split("\n")
    first = next(i for i, row in enumerate(rows) if row.startswith("Frame Time")) + 1
    rows[first + 20] = " ".join([word] * len(rows[first].split()))
    (tmp_path / "a.bvh").write_text("\n".join(rows))
    outcome = Importer(Settings()).run(tmp_path / "a.bvh")
    assert outcome.status == REPAIRED
    assert "bridged 1 frames without numbers at 0.67 s" in outcome.note
    knee = np.degrees(outcome.clip.poses[:, JOINT_INDEX["left_knee"], 0])
    assert np.abs(np.diff(knee[16:26], 2)).max() < 0.5  # it goes on evenly


def test_many_frames_without_numbers_are_refused(tmp_path):
    rows = TEXT.split("\n")
    first = next(i for i, row in enumerate(rows) if row.startswith("Frame Time")) + 1
    for i in range(10):
        rows[first + 20 + i] = " ".join(["nan"] * len(rows[first].split()))
    (tmp_path / "a.bvh").write_text("\n".join(rows))
    with pytest.raises(LibraryError, match=r"not finite in 10 of 45 frames; at most 0.12 s at once and 5%"):
        bvh.read(tmp_path / "a.bvh")


@pytest.mark.parametrize("time", ["0", "0.000000", "-0.03", "0,0"])
def test_a_frame_time_of_nothing_needs_a_rate(tmp_path, time):
    rows = [f"Frame Time: {time}" if row.startswith("Frame Time") else row for row in TEXT.split("\n")]
    (tmp_path / "a.bvh").write_text("\n".join(rows))
    with pytest.raises(LibraryError, match="a frame lasts .* s; give its frames per second, --fps"):
        bvh.read(tmp_path / "a.bvh")
    motion = bvh.read(tmp_path / "a.bvh", Given(25.0))
    assert motion.rate_hz == 25.0
    np.testing.assert_allclose(knees(motion), BENDS, atol=0.01)


def test_two_roots_are_said(tmp_path):
    head, motion = TEXT.split("MOTION")
    second = head.replace("HIERARCHY", "").replace("mixamorig:", "second:")
    (tmp_path / "a.bvh").write_text(head + second + "MOTION" + motion)
    outcome = Importer(Settings()).run(tmp_path / "a.bvh")
    assert outcome.status == FAILED
    assert outcome.note.startswith("has 2 roots (mixamorig:Hips, second:Hips), one per figure")
    assert "save each root with what hangs on it" in outcome.note
