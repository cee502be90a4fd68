"""How many everyday requests a shipped clip answers."""

from pathlib import Path

import pytest

from clipactor_node.errors import PromptError
from clipactor_node.language import parse
from clipactor_node.motion import open_library
from clipactor_node.retrieval import open_retriever, plan_prompt

REQUESTS = Path(__file__).with_name("everyday_requests.txt")


def requests() -> dict[str, list[tuple[str, set[str]]]]:
    """Part of the table -> (request, clips that would answer it)."""
    parts = REQUESTS.read_text().split("\n# aside\n")
    lines = [[line for line in part.splitlines() if " | " in line and line[0] != "#"] for part in parts]
    rows = [
        [(text, set(clips.split("/"))) for text, clips in (x.split(" | ") for x in part)] for part in lines
    ]
    return dict(zip(("tuned", "aside"), rows, strict=True))


def test_the_table_names_clips_that_ship():
    names = set(open_library().names)
    for rows in requests().values():
        assert len(rows) >= 100
        for text, clips in rows:
            assert clips <= names, text


@pytest.mark.parametrize(("part", "least"), [("tuned", 0.95), ("aside", 0.90)])
def test_nine_of_ten_everyday_requests_are_answered(part, least):
    retriever, _ = open_retriever(open_library(), "offline")
    rows = requests()[part]
    missed = []
    for text, clips in rows:
        try:
            plan = plan_prompt(retriever, parse(text))
        except PromptError as refusal:
            missed.append((text, str(refusal)))
            continue
        found = {planned.match.clip for planned in plan.layers}
        if not found & clips:
            missed.append((text, found))
    assert 1 - len(missed) / len(rows) >= least, missed
