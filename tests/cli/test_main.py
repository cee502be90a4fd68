"""The command itself: help, version, and errors a user can repair."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import clipactor_node

CLIPACTOR = Path(sys.executable).with_name("clipactor")


def clipactor(*arguments, **environment):
    return subprocess.run([CLIPACTOR, *arguments], capture_output=True, text=True, timeout=300, **environment)


def test_version():
    assert clipactor("--version").stdout.strip() == clipactor_node.__version__


def test_help_lists_the_commands():
    shown = clipactor("--help")
    assert shown.returncode == 0
    for command in ("find", "library", "render", "doctor", "demo", "say", "models", "bench"):
        assert command in shown.stdout


def test_what_a_user_can_repair_is_one_line_without_a_traceback():
    result = clipactor("find", "   ")
    assert result.returncode == 1
    assert result.stderr.startswith("clipactor: ")
    assert "Traceback" not in result.stderr


def test_doctor_reports_every_part_and_is_stable_for_machines():
    result = clipactor("doctor", "--json")
    report = json.loads(result.stdout)
    findings = {finding["topic"]: finding for finding in report["findings"]}
    for topic in (
        "rclpy",
        "clipactor_interfaces",
        "onnxruntime",
        "body",
        "library",
        "sentence encoder",
        "torch",
    ):
        assert findings[topic]["state"] == "ok", findings[topic]
    assert findings["rviz2"]["state"] in {"ok", "missing"}


def test_an_empty_home_is_all_that_finding_and_drawing_need(tmp_path):
    """Nothing has to be prepared or fetched before the first command."""
    home = {"env": os.environ | {"CLIPACTOR_HOME": str(tmp_path / "home")}}
    found = clipactor("find", "a firefighter waves hello", **home)
    assert found.returncode == 0, found.stderr
    assert "wave" in found.stdout
    assert found.stderr.count("prepared, once") == 1
    assert "prepared, once" not in clipactor("find", "a person bows", **home).stderr
    picture = tmp_path / "bow.png"
    drawn = clipactor("render", "a person bows", "--out", str(picture), "--size", "200x100", **home)
    assert drawn.returncode == 0, drawn.stderr
    assert picture.is_file()
    findings = {f["topic"]: f for f in json.loads(clipactor("doctor", "--json", **home).stdout)["findings"]}
    assert findings["sentence encoder"]["state"] == "ok"


@pytest.mark.parametrize("command", ["find", "render", "demo", "say", "doctor", "library", "models", "warm"])
def test_every_command_has_a_help_text(command):
    result = clipactor(command, "--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_say_without_an_avatar_says_what_to_do():
    result = clipactor("say", "hello", "--namespace", "/nobody", "--timeout-s", "0.3")
    assert result.returncode == 1
    assert "no avatar listens on /nobody/command" in result.stderr


def test_no_help_text_is_lost_to_markup():
    """Words in brackets, such as "[style]", are tags to rich unless they are escaped."""
    import typer
    from rich.text import Text

    from clipactor_node.cli import app

    def lost(command, name):
        said = [command.help, command.short_help, command.epilog]
        for option in command.params:
            said += [getattr(option, "help", None), str(option.default), option.metavar]
        for text in filter(None, said):
            shown = Text.from_markup(text).plain
            if shown != text.replace("\\[", "["):
                yield f"{name}: {text!r} is shown as {shown!r}"
        for key, child in getattr(command, "commands", {}).items():
            yield from lost(child, f"{name} {key}")

    assert list(lost(typer.main.get_command(app), "clipactor")) == []
    assert "[style] extra" in " ".join(clipactor("body", "--help").stdout.split())
    assert "[style] extra" in " ".join(clipactor("body", "build", "--help").stdout.split())


def test_no_command_overwrites_a_tracked_picture_unless_told_to():
    import typer

    from clipactor_node.cli import app

    def targets(command, name):
        for option in command.params:
            if isinstance(option.default, Path) or (option.name == "out" and option.default):
                yield f"{name} --{option.name}", Path(option.default)
        for key, child in getattr(command, "commands", {}).items():
            yield from targets(child, f"{name} {key}")

    root = Path(__file__).resolve().parents[2]
    found = dict(targets(typer.main.get_command(app), "clipactor"))
    assert found["clipactor body sheet --out"] == Path("body-sheet.png")
    assert not [name for name, path in found.items() if (root / path).exists()]
