"""The table of commands and right plans: its form, and how many the code gets right."""

# ruff: noqa: E501 - commands as they were filed

import re
from collections import Counter
from pathlib import Path

import pytest

from clipactor_node.bench.eval_prompts import judged, read_table, shares
from clipactor_node.errors import ClipActorError
from clipactor_node.motion import open_library
from clipactor_node.retrieval import open_retriever

TABLE = Path(__file__).with_name("command_plans.txt")
MARK = r"(?:x\d+|left|right|slow|fast|[\d.]+s)"
LAYER = re.compile(rf"(?P<clips>[a-z0-9_/?]+)(?::{MARK}(?:,{MARK})*)?")
WHOLE = {"-", "!", "?", "=stop", "=pause", "=resume", "=reset", "!/?"}
ROWS = read_table(TABLE)

RIGHT_AT_LEAST = 98.0
"""Percent of all commands; 99.4 on 2026-11-30."""
RIGHT_OF_A_KIND = 75.0
"""Percent of every kind with five commands or more."""

FILED = """
walk without waving|turn left without walking|no problem, wave|a woman in no hurry walks|a knight without a helmet walks
the guy doesn't know and lifts his shoulders|no no no, she shakes her head|do ten jumping jacks|do two squats|wave 3x
pick up the box|put the box down|carry a box|grab the box|give a thumbs down|put your hands down|lie down|walk backwards
sidestep to the right|first walk, second jump, third sit|walk quickly then slowly|pause for a second then wave
walk 10 steps|shake your head to say no|halt! hold your palm out|tanzen|ein Feuerwehrmann tanzt|un pirata baila|跳舞
un chevalier marche puis salue|<script>alert(1)</script>|asdf qwer zxcv|star jumps|handspring sideways|jab
crouch all the way down and stand back up|get back on your feet after lying on your back
lean to the side to stretch your waist
"""
"""What trials found wrong, each of it in the table."""


@pytest.fixture(scope="module")
def faults(minilm_home):
    """Command -> what is wrong with its plan over the shipped library, with MiniLM alone; "": nothing."""
    retriever, _ = open_retriever(open_library())
    return [(row, why) for row, _, why in judged(retriever, ROWS)]


@pytest.fixture(scope="module")
def minilm_home(tmp_path_factory):
    """A home with MiniLM and nothing else, so that the default profile answers."""
    from clipactor_node.home import user_home

    prepared = (user_home() / "models" / "minilm").resolve()
    home = tmp_path_factory.mktemp("home")
    (home / "models").mkdir()
    (home / "models" / "minilm").symlink_to(prepared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLIPACTOR_HOME", str(home))
        yield home


def test_every_row_has_a_kind_a_command_a_plan_and_clothes():
    assert len(ROWS) >= 650
    assert all(row.kind and row.plan for row in ROWS)
    commands = [row.command for row in ROWS]
    assert len(set(commands)) == len(commands)


def test_plans_name_clips_that_ship():
    names = {*open_library().names}
    for row in ROWS:
        for layer in [] if row.plan in WHOLE else re.split(r" [>+] ", row.plan):
            found = LAYER.fullmatch(layer)
            assert found, f"{row.kind}: {row.command}: {layer}"
            assert {*found["clips"].split("/")} <= names | {"?"}, f"{row.kind}: {row.command}: {layer}"


def test_nearly_all_commands_get_the_right_plan(faults):
    wrong = [f"{row.kind}: {row.command}: {why}" for row, why in faults if why]
    found = shares(faults)
    assert found["all"] >= RIGHT_AT_LEAST, wrong
    sizes = Counter(row.kind for row in ROWS)
    poor = {kind: share for kind, share in found.items() if share < RIGHT_OF_A_KIND and sizes[kind] >= 5}
    assert not poor, wrong


@pytest.mark.parametrize("command", [c for line in FILED.strip().splitlines() for c in line.split("|")])
def test_what_trials_found_wrong_is_right(faults, command):
    ((row, why),) = [found for found in faults if found[0].command == command]
    assert not why, f"right is {row.plan}"


@pytest.mark.parametrize(("name", "least"), [("blind", 93.0), ("blind2", 80.0)])
def test_commands_that_were_written_blind_stay_right(minilm_home, name, least):
    rows = read_table(TABLE.with_name(f"command_plans_{name}.txt"))
    retriever, _ = open_retriever(open_library())
    results = [(row, why) for row, _, why in judged(retriever, rows)]
    wrong = [f"{row.kind}: {row.command}: {why}" for row, why in results if why]
    assert shares(results)["all"] >= least, wrong


def test_five_thousand_letters_are_refused_with_the_three_nearest(minilm_home):
    from clipactor_node.retrieval import plan_prompt

    retriever, _ = open_retriever(open_library())
    with pytest.raises(ClipActorError, match=r"nearest are ('[^']+' \(\d+%\)(, )?){3}"):
        plan_prompt(retriever, "xq" * 2500)


@pytest.mark.parametrize(("text", "said"), [("wave | bow", "line 1"), ("", "no table")])
def test_a_file_that_is_no_table_is_refused(tmp_path, text, said):
    path = tmp_path / "table.txt"
    if text:
        path.write_text(text)
    with pytest.raises(ClipActorError, match=said):
        read_table(path)
