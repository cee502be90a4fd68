"""`clipactor find` over the shipped library."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.home import user_home


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory):
    """One home for all: the shipped labels are encoded once."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").mkdir()
    (home / "models" / "minilm").symlink_to((user_home() / "models" / "minilm").resolve())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLIPACTOR_HOME", str(home))
        yield


def find(*arguments: str):
    result = CliRunner().invoke(app, ["find", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_promised_shape():
    found = find("Freddie Mercury is dancing", "--top", "3")
    assert found["query"] == "Freddie Mercury is dancing"
    assert len(found["results"]) == 3
    assert all({"label", "clip", "score"} <= set(result) for result in found["results"])
    scores = [result["score"] for result in found["results"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Freddie Mercury is dancing", "danc"),
        ("a firefighter in a yellow jacket waves hello", "wav"),
        ("walking Steve Jobs wearing blue jeans", "walk"),
        ("a chef in a white apron shrugs", "shrug"),
        ("Batman in a black cape kneels down", "kneel"),
    ],
)
def test_the_action_is_found_in_what_ships(text, word):
    assert word in find(text)["results"][0]["label"]


def test_the_plan_of_a_compound_command_is_shown():
    found = find("walks, then bows and sits down")
    assert [[layer["action"] for layer in step] for step in found["plan"]] == [
        ["walks"],
        ["bows"],
        ["sits down"],
    ]
    (step,) = find("walks while waving")["plan"]
    assert [layer["action"] for layer in step] == ["walks", "waving"]


def test_stages_timings_and_parts_are_told():
    found = find("a firefighter in a yellow jacket waves")
    assert (found["subject"], found["clothes"]) == ("a firefighter", "a yellow jacket")
    assert found["stages"]
    assert set(found["timings_ms"]) == {"parse", "encode", "search", "rerank"}
    assert "one stage only" in found["notes"][0]
    assert found["warnings"] == []


def test_for_people_it_is_plain_text():
    text = CliRunner().invoke(app, ["find", "walks while waving"]).output
    assert "plan:" in text
    assert "stages: minilm" in text


@pytest.mark.parametrize("text", ["", "   ", "🎉🎉"])
def test_nothing_to_find_is_an_error_in_one_line(text):
    from clipactor_node.errors import PromptError

    result = CliRunner().invoke(app, ["find", text])
    assert result.exit_code == 1
    assert isinstance(result.exception, PromptError)


@pytest.mark.parametrize("text", ["walk " * 2000, "男が歩く", "un hombre baila"])
def test_strange_commands_are_answered_with_a_warning(text):
    found = find(text)
    assert found["results"]
    assert found["warnings"]


def test_finding_and_planning_need_no_torch():
    code = (
        "import sys\n"
        "from clipactor_node.motion import open_library\n"
        "from clipactor_node.retrieval import open_retriever, plan_prompt\n"
        "plan_prompt(open_retriever(open_library())[0], 'walks while waving')\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'open_clip'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
