"""The table of commands and right plans says what it means: known clips, known marks, no command twice."""

import re
from pathlib import Path

from clipactor_node.motion import open_library

TABLE = Path(__file__).with_name("command_plans.txt")
MARK = r"(?:x\d+|left|right|slow|fast|\d+s)"
LAYER = re.compile(rf"(?P<clips>[a-z_/?]+)(?::{MARK}(?:,{MARK})*)?")
WHOLE = {"-", "!", "?", "=stop", "=pause", "=resume", "=reset"}


def rows() -> list[list[str]]:
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return [[cell.strip() for cell in line.split(" | ")] for line in (f"{line} " for line in lines)]


def test_every_row_has_a_kind_a_command_a_plan_and_clothes():
    assert len(rows()) >= 400
    assert {len(row) for row in rows()} == {4}
    commands = [row[1] for row in rows()]
    assert len(set(commands)) == len(commands)


def test_plans_name_clips_that_ship():
    names = {*open_library().names}
    for kind, command, plan, _ in rows():
        for layer in [] if plan in WHOLE else re.split(r" [>+] ", plan):
            found = LAYER.fullmatch(layer)
            assert found, f"{kind}: {command}: {layer}"
            assert {*found["clips"].split("/")} <= names | {"?"}, f"{kind}: {command}: {layer}"
