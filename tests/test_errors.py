"""What is misspelled is answered with what may have been meant, and with every choice there is."""

import re
from pathlib import Path

import pytest

import clipactor_node
from clipactor_node.errors import InvalidChoice, MissingExtra, nearest, needing

LEVELS = ("coarse", "plain", "medium", "fine")


@pytest.mark.parametrize("word", ["corse", "coarsee", "caorse", "Coarse", "COARSE"])
def test_a_slip_of_the_hand_is_understood(word):
    assert nearest(word, LEVELS) == ["coarse"]


def test_a_word_that_is_like_none_is_like_none():
    assert nearest("xyz", LEVELS) == [] and nearest("", LEVELS) == [] and nearest("fine", []) == []


def test_the_best_come_first_and_no_more_than_asked_for():
    names = ["talk", "walks", "walk slowly", "dance"]
    assert nearest("walk", names, count=5) == ["walks", "talk"]
    assert nearest("walk", names, count=1) == ["walks"]
    assert nearest("walk", names, count=5, alike=0.9) == []


def test_an_invalid_choice_names_the_nearest_and_all():
    said = str(InvalidChoice("level of detail", "corse", LEVELS))
    expected = "'corse' is unknown (did you mean 'coarse'?); choose one of: coarse, plain, medium, fine"
    assert said == f"level of detail {expected}"
    assert str(InvalidChoice("level", "xyz", LEVELS)).startswith("level 'xyz' is unknown; choose one of: ")
    assert str(InvalidChoice("number", 3, (1, 2))) == "number 3 is unknown; choose one of: 1, 2"


def test_a_package_that_is_not_installed_is_named_with_what_to_type():
    with pytest.raises(MissingExtra) as refused, needing("style", "optimizing a style"):
        import no_such_package_anywhere  # noqa: F401
    said = str(refused.value)
    assert "optimizing a style needs packages that are not installed (no_such_package_anywhere)" in said
    assert "make setup-all" in said and "pip install -e '.[style]'" in said


def test_an_import_that_fails_otherwise_stays_what_it_is(tmp_path, monkeypatch):
    """A broken package, a name that is not in it, a part of it that is missing: installing mends none."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "broken_package.py").write_text("raise ImportError('libbroken.so: undefined symbol')\n")
    with pytest.raises(ImportError, match="undefined symbol"), needing("style", "anything"):
        import broken_package  # noqa: F401
    with pytest.raises(ImportError, match="cannot import name"), needing("style", "anything"):
        from json import no_such_name  # noqa: F401
    with pytest.raises(ModuleNotFoundError, match="json.no_such_part"), needing("style", "anything"):
        import json.no_such_part  # noqa: F401
    with pytest.raises(ModuleNotFoundError), needing("style", "anything"):
        import clipactor_node.no_such_room  # noqa: F401


def test_nothing_takes_every_failed_import_for_a_missing_package():
    """Only what reports the error itself may catch any of them."""
    room = Path(clipactor_node.__file__).parent
    catching = [
        path.relative_to(room).as_posix()
        for path in room.rglob("*.py")
        if re.search(r"except \(?[^:\n]*\bImportError\b", path.read_text())
    ]
    assert set(catching) <= {"cli/doctor.py", "ros/recording/play.py", "perception/describing.py"}
