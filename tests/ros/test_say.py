"""`clipactor say`: one command from the command line, and what the avatar makes of it."""

import subprocess
import sys


def say(*arguments: str) -> subprocess.CompletedProcess:
    code = "from clipactor_node.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "say", "--timeout-s", "30", *arguments],
        capture_output=True,
        text=True,
        timeout=150,
    )


def test_a_command_is_performed_and_its_plan_shown(avatar, reader):
    done = say("a person walks forward")
    assert done.returncode == 0, done.stderr
    assert "walk" in done.stdout
    assert reader.state().command == "a person walks forward"


def test_every_one_of_many_commands_arrives(avatar, reader):
    for text in ("a person bows", "a person waves hello", "stop"):
        assert say(text).returncode == 0
        assert reader.state().command == text


def test_a_refused_command_says_why(avatar):
    done = say("🕺")
    assert done.returncode == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_nobody_listening_says_what_to_check(avatar):
    done = say("walk", "--namespace", "/elsewhere", "--timeout-s", "1")
    assert done.returncode == 1
    assert "no avatar listens on /elsewhere/command" in done.stderr
    assert "make run" in done.stderr
