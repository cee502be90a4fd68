"""Shipped and own packs are one library; a broken one does not take the others along."""

import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.motion import Label, open_library, write_pack


@pytest.fixture
def packs(tmp_path, make_clip):
    one, two = tmp_path / "a.clips", tmp_path / "b.clips"
    write_pack(one, [make_clip("walk", seed=1), make_clip("run", seed=2)])
    write_pack(two, [make_clip("walk", seed=3, labels=(Label("stroll", 0, 1),)), make_clip("hop", seed=4)])
    return [one, two]


def test_a_later_pack_replaces_clips_of_the_same_name(packs):
    library = open_library(packs)
    assert library.names == ("walk", "run", "hop")
    assert len(library) == 3
    assert library.pack_of("walk") == packs[1]
    assert [(label.clip, label.text) for label in library.labels] == [
        ("run", "run"),
        ("walk", "stroll"),
        ("hop", "hop"),
    ]


def test_a_folder_is_all_its_packs(packs):
    assert set(open_library([packs[0].parent]).names) == {"walk", "run", "hop"}


def test_a_damaged_pack_is_named_and_the_rest_is_served(packs):
    packs[1].write_bytes(b"CLIPPACK" + bytes(100))
    library = open_library(packs)
    assert set(library.names) == {"walk", "run"}
    assert len(library.problems) == 1
    assert "b.clips" in library.problems[0]


def test_nothing_to_open_is_an_error_that_names_where_it_looked(tmp_path):
    with pytest.raises(LibraryError, match=str(tmp_path)):
        open_library([tmp_path])
    with pytest.raises(LibraryError, match=r"gone\.clips"):
        open_library([tmp_path / "gone.clips"])


def test_an_unknown_clip_is_answered_with_near_names(packs):
    with pytest.raises(LibraryError, match="did you mean: walk"):
        open_library(packs).load("wallk")


def test_the_own_library_joins_the_shipped_one(make_clip, tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    write_pack(tmp_path / "library" / "mine.clips", [make_clip("my own")])
    library = open_library()
    assert "my own" in library
    assert "walk" in library
