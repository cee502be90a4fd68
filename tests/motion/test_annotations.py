"""Descriptions of many origins become short, comparable labels; nothing that was said is lost."""

import json
from pathlib import Path

import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.annotations import (
    LabelBook,
    Said,
    normalized,
    sentences_of,
    split_description,
)


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("Walk.", "walk"),
        ("  Run   Fast ", "run fast"),
        ("LeftFrontKick", "left front kick"),
        ("Left_Lunges001", "left lunges"),
        ("walk w/ a limp", "walk with a limp"),
        ("walk (repeated)", "walk"),
        ("climb 3 steps", "climb 3 steps"),
        ("90-degree left turn", "90-degree left turn"),
    ],
)
def test_normalized(given, label):
    assert normalized(given) == label


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        ("jumping jacks, jog, squats", ["jumping jacks", "jog", "squats"]),
        ("run/jog, veer left", ["run", "jog", "veer left"]),
        ("playground - forward jumps, turn around", ["forward jumps", "turn around"]),
        ("sit down then stand up", ["sit down", "stand up"]),
        ("link arms, walk (2 subjects - subject A)", ["link arms", "walk"]),
        ("football - throw, catch (2 subjects - subject B)", ["throw", "catch"]),
        ("RightDrive (left then right)", ["right drive"]),
        ("walk, Walk, walk.", ["walk"]),
        ("T-Pose", []),
        ("", []),
    ],
)
def test_compound_descriptions_are_split(given, labels):
    assert split_description(given) == labels


def test_captions_of_one_cell_are_single_sentences():
    assert sentences_of("A man walks. He waves.") == ["A man walks.", "He waves."]
    assert sentences_of("a | b") == ["a", "b"]


def test_a_csv_speaks_about_files_beside_it(tmp_path):
    (tmp_path / "clips.csv").write_text(
        "clip,description,captions,file,skeleton,fps\n"
        '02_01,"walk, stop",A person walks and stops.,amc/02_01.amc,amc/02.asf,60\n'
    )
    facts = LabelBook.read([tmp_path / "clips.csv"]).facts(tmp_path / "amc" / "02_01.amc")
    assert facts.name == "02_01"
    assert facts.fps == 60.0
    assert facts.skeleton == tmp_path / "amc" / "02.asf"
    assert [said.text for said in facts.labels] == ["walk", "stop", "a person walks and stops"]
    assert facts.captions == ("walk, stop", "A person walks and stops.")


def test_kit_captions_join_the_csv_by_clip(tmp_path):
    (tmp_path / "clips.csv").write_text("clip,description,captions,file,skeleton,fps\n1_1,jump,,a.bvh,,\n")
    (tmp_path / "kit.json").write_text(json.dumps({"1_1": [["A person hops.", 0.5, 1.5]]}))
    facts = LabelBook.read([tmp_path / "clips.csv", tmp_path / "kit.json"]).facts(tmp_path / "a.bvh")
    assert facts.labels == (Said("jump"), Said("a person hops", 0.5, 1.5))


BABEL = {
    "12": {
        "feat_p": "CMU/CMU/01/01_05_poses.npz",
        "seq_ann": {"labels": [{"raw_label": "Climbs a ladder"}]},
        "frame_ann": {
            "labels": [
                {"raw_label": "walk", "start_t": 0.0, "end_t": 1.5},
                {"raw_label": "transition", "start_t": 1.5, "end_t": 1.8},
                {"raw_label": "climb", "start_t": 1.8, "end_t": 4.0},
            ]
        },
    }
}


def test_babel_labels_sequences_and_frames(tmp_path):
    (tmp_path / "train.json").write_text(json.dumps(BABEL))
    book = LabelBook.read([tmp_path / "train.json"])
    facts = book.facts(Path("/data/amass/CMU/01/01_05_poses.npz"))
    assert facts.labels == (Said("climbs a ladder"), Said("walk", 0.0, 1.5), Said("climb", 1.8, 4.0))
    assert facts.captions == ("Climbs a ladder",)
    assert book.facts(Path("/data/amass/CMU/02/01_05_poses.npz")).labels == ()


def test_humanml3d_texts_are_joined_by_name_and_span(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "000001.txt").write_text(
        "a man kicks.#a/DET man/NOUN kick/VERB#0.0#0.0\na man lands.#a/DET#1.0#2.0\n"
    )
    (tmp_path / "index.csv").write_text(
        "source_path,start_frame,end_frame,new_name\n./pose_data/KIT/3/kick_poses.npy,20,120,000001.npy\n"
    )
    facts = LabelBook.read([tmp_path]).facts(Path("/amass/KIT/3/kick_poses.npz"))
    assert facts.captions == ("a man kicks.", "a man lands.")
    assert facts.labels == (Said("a man kicks", 1.0, 6.0), Said("a man lands", 2.0, 3.0))


def test_babel_and_amass_may_spell_spaces_otherwise(tmp_path):
    entry = {"feat_p": "ACCAD/ACCAD/Female1General_c3d/A1 - Stand_poses.npz", "seq_ann": None}
    entry["frame_ann"] = {"labels": [{"raw_label": "stand", "start_t": 0.0, "end_t": 2.0}]}
    (tmp_path / "babel.json").write_text(json.dumps({"1": entry}))
    book = LabelBook.read([tmp_path / "babel.json"])
    for name in ("A1 - Stand_poses.npz", "A1_-_Stand_stageii.npz"):
        assert book.facts(tmp_path / "Female1General_c3d" / name).labels == (Said("stand", 0.0, 2.0),)


def test_humanml3d_counts_from_where_it_cut_a_collection(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "000001.txt").write_text("a man kicks#a/DET man/NOUN kick/VERB#0.0#0.0\n")
    (tmp_path / "index.csv").write_text(
        "source_path,start_frame,end_frame,new_name\n"
        "./pose_data/MPI_HDM05/bk/HDM_bk_01_poses.npy,40,100,000001.npy\n"
    )
    labels = LabelBook.read([tmp_path]).facts(tmp_path / "bk" / "HDM_bk_01_poses.npz").labels
    assert labels == (Said("a man kicks", 2.0 + 3.0, 5.0 + 3.0),)


HEAD = "clip,description,captions,file,skeleton,fps\n"


def test_a_csv_as_spreadsheets_write_it(tmp_path):
    (tmp_path / "clips.csv").write_text(HEAD + "a,walk,,a.bvh,,30\n", encoding="utf-8-sig")
    assert LabelBook.read([tmp_path / "clips.csv"]).facts(tmp_path / "a.bvh").labels == (Said("walk"),)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "expected the columns clip"),
        (HEAD.replace(",", ";") + "a;walk;;a.bvh;;30\n", "expected the columns clip"),
        (HEAD + "a,walk,,a.bvh,,30\nb,run\n", "row 3 has no file"),
        (HEAD + ",walk,,a.bvh,,30\n", "row 2 has no clip"),
    ],
)
def test_a_csv_that_lacks_something_is_refused_in_words(tmp_path, table, says):
    (tmp_path / "clips.csv").write_text(table)
    with pytest.raises(LibraryError, match=says):
        LabelBook.read([tmp_path / "clips.csv"])


def test_a_humanml3d_index_of_other_columns_is_refused(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "index.csv").write_text("a,b\n1,2\n")
    with pytest.raises(LibraryError, match=r"index\.csv: expected the columns source_path"):
        LabelBook.read([tmp_path])


def test_captions_whose_spans_make_no_sense_are_no_labels(tmp_path):
    table = {"a": [["walks", 3.0, 1.0], ["runs", float("nan"), 2.0], ["hops", 0.5, 2.0]]}
    (tmp_path / "captions.json").write_text(json.dumps(table))
    facts = LabelBook.read([tmp_path / "captions.json"]).facts(tmp_path / "a.bvh")
    assert facts.labels == (Said("hops", 0.5, 2.0),)
    assert facts.captions == ("walks", "runs", "hops")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"a": 3}', "no json", "[" * 100_000])
def test_other_json_is_refused(tmp_path, content):
    path = tmp_path / "labels.json"
    path.write_text(content)
    with pytest.raises(LibraryError, match=r"labels\.json"):
        LabelBook.read([path])


def test_other_files_are_refused(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    for path in (tmp_path / "x.csv", tmp_path / "gone.json", tmp_path):
        with pytest.raises(LibraryError):
            LabelBook.read([path])
