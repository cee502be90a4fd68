"""Whose joints are which: as the user says, as names say, or guessed by build, which is said."""

import sys
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.motion import open_library
from clipactor_node.motion.importing.formats import bvh
from clipactor_node.motion.importing.import_file import FAILED, Importer, Settings
from clipactor_node.motion.importing.placing import Given
from clipactor_node.motion.importing.skeleton_mapping import read_mapping

sys.path.insert(0, str(Path(__file__).parent))
from conventions import CONVENTIONS  # noqa: E402
from figures import Figure, assert_same, axes  # noqa: E402


def numbered(figure):
    """Names that say nothing, and the one that each joint gets."""
    names = {name: f"q{i:02}" for i, name in enumerate(figure.names)}
    return figure.renamed(names), names


def write(folder, figure, name="a.bvh"):
    path = folder / name
    path.write_text(figure.bvh(), encoding="utf-8")
    return path


@pytest.mark.parametrize("up", ["y", "z"])
@pytest.mark.parametrize(
    "build", ["SMPL, short", "Unreal 4", "Mixamo, colon", "MikuMikuDance", "Rokoko", "SOMA"]
)
def test_a_guess_by_build_is_right_and_said(tmp_path, skinner, clip, build, up):
    truth, figure = CONVENTIONS[build].of(clip, skinner.rest_joints, Figure)
    named = CONVENTIONS[build].names()
    figure, names = numbered(figure.turned_by(axes(up, "z" if up == "y" else "-y")))
    motion = bvh.read(write(tmp_path, figure))
    (note,) = motion.notes
    knee, elbow, head = (names[named[joint]] for joint in ("left_knee", "left_elbow", "head"))
    assert note.startswith(
        f"guessed which joint is which from their build (left_knee = {knee}, left_elbow = {elbow}"
    )
    assert f"head = {head}" in note
    assert note.endswith("if wrong, give --mapping")
    assert_same(motion, truth, least=12)


def test_a_guess_needs_no_toes(tmp_path, skinner, clip):
    toes = ("left_foot", "right_foot")
    truth = Figure.of(clip, skinner.rest_joints, still=toes)
    figure, _ = numbered(truth.without(*toes))
    motion = bvh.read(write(tmp_path, figure))
    assert_same(motion, truth, least=11)
    assert "left_foot" not in motion.mapping.positions  # a stub of an end site is no foot


MAPPING = """
[rotations]
pelvis = "{pelvis}"
spine3 = "{spine3}"
head = "{head}"
""" + "".join(
    f'{side}_{joint} = "{{{side}_{joint}}}"\n'
    for side in ("left", "right")
    for joint in ("hip", "knee", "ankle", "foot", "shoulder", "elbow", "wrist")
)


def test_the_users_mapping_is_taken(tmp_path, skinner, clip):
    truth = Figure.of(clip, skinner.rest_joints)
    figure, names = numbered(truth)
    (tmp_path / "mine.toml").write_text(MAPPING.format(**names))
    motion = bvh.read(write(tmp_path, figure), Given(mapping=read_mapping(tmp_path / "mine.toml")))
    assert (motion.skeleton, motion.notes) == ("mine", ())
    assert_same(motion, truth)


def test_one_point_of_a_mapping_may_lie_elsewhere(tmp_path, skinner, clip):
    truth = Figure.of(clip, skinner.rest_joints)
    figure, names = numbered(truth)
    half = f'[positions]\nleft_foot = ["{names["left_ankle"]}", "{names["left_foot"]}", 0.5]\n'
    (tmp_path / "mine.toml").write_text(MAPPING.format(**names) + half)
    motion = bvh.read(write(tmp_path, figure), Given(mapping=read_mapping(tmp_path / "mine.toml")))
    assert_same(motion, truth, without=("left_foot",))
    ankle, foot = (motion.joints.index(names[name]) for name in ("left_ankle", "left_foot"))
    world = motion.world[1]
    point = motion.mapping.positions["left_foot"].at(motion.joints, world)
    np.testing.assert_allclose(point, 0.5 * (world[:, ankle] + world[:, foot]))


def test_a_mapping_in_the_users_home_is_found(tmp_path, skinner, clip, monkeypatch):
    """Before all others: it also overrules what the names seem to say."""
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "skeletons").mkdir(parents=True)
    truth = Figure.of(clip, skinner.rest_joints)
    mirrored = {
        name: name.replace("left", "L").replace("right", "left").replace("L", "right") for name in truth.names
    }
    (tmp_path / "home" / "skeletons" / "lab.toml").write_text(MAPPING.format(**mirrored))
    motion = bvh.read(write(tmp_path, truth.renamed(mirrored)))
    assert (motion.skeleton, motion.notes) == ("lab", ())
    assert_same(motion, truth)


def test_a_mapping_goes_through_the_import(tmp_path, skinner, clip):
    figure, names = numbered(Figure.of(clip, skinner.rest_joints))
    (tmp_path / "mine.toml").write_text(MAPPING.format(**names))
    outcome = Importer(Settings(mapping=tmp_path / "mine.toml")).run(write(tmp_path, figure))
    assert "guessed" not in outcome.note
    assert outcome.clip.quality["fit_mean_m"] < 0.02
    (tmp_path / "other.toml").write_text(MAPPING.format(**{**names, "left_knee": "nobody"}))
    outcome = Importer(Settings(mapping=tmp_path / "other.toml")).run(tmp_path / "a.bvh")
    assert outcome.status == FAILED
    assert "mapping 'other' finds no left_knee among its joints: q00" in outcome.note


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("left_knee = ", "Invalid value"),
        ("[positions]\n", "'rotations'"),
        ('[rotations]\nleft_kneee = "a"\n', "'left_kneee' is no SMPL-X joint"),
        ("[rotations]\nleft_knee = 3\n", "no joint name"),
    ],
)
def test_a_mapping_that_is_none_says_what_one_looks_like(tmp_path, text, words):
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(LibraryError, match=words) as caught:
        read_mapping(tmp_path / "a.toml")
    assert "a.toml" in str(caught.value)
    with pytest.raises(LibraryError, match="none.toml: cannot be read"):
        read_mapping(tmp_path / "none.toml")


def test_what_is_built_like_no_person_says_so(tmp_path, skinner, clip):
    snake = Figure.of(clip, skinner.rest_joints).without(
        *(name for name in Figure.of(clip, skinner.rest_joints).names if name.startswith("right"))
    )
    figure, _ = numbered(snake)
    with pytest.raises(LibraryError, match="neither by name nor by their build.*--mapping"):
        bvh.read(write(tmp_path, figure))


def test_fingers_are_found_by_their_names(tmp_path, skinner):
    """Thumbs up: the fingers of the right hand are bent, those of the file are those of the clip."""
    bent = open_library().load("thumbs_up")
    truth = Figure.of(bent, skinner.rest_joints, joints=slice(0, 55)).without(
        "jaw", "left_eye_smplhf", "right_eye_smplhf"
    )
    fingers = {
        f"{side}_{finger}{i}": f"{finger}_{i:02}_{side[0]}"
        for side in ("left", "right")
        for finger in ("thumb", "index", "middle", "ring", "pinky")
        for i in (1, 2, 3)
    }
    figure = truth.renamed({**CONVENTIONS["Unreal 4"].names(), **fingers})
    motion = bvh.read(write(tmp_path, figure))
    for joint, name in fingers.items():
        assert motion.mapping.rotations[joint] == name
    assert np.isfinite(motion.rotations).all()
