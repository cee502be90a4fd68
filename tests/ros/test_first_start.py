"""The first start: what it says while it loads, and that `clipactor warm` leaves nothing to compile."""

import os
import re
import subprocess
import sys

from sensor_msgs.msg import JointState

TOUCHED = re.compile(r"\[cache\] data (?:saved to|loaded from) '.*?([\w.-]+)\.\d+\.nbc'")
"""Loops whose machine code was written or read, as numba tells where NUMBA_DEBUG_CACHE is set."""


def test_warm_prepares_every_loop_that_the_node_needs(start, reader):
    code = "from clipactor_node.cli import main; main()"
    warmed = subprocess.run(
        [sys.executable, "-c", code, "warm"],
        env=os.environ | {"NUMBA_DEBUG_CACHE": "1"},
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert warmed.returncode == 0, warmed.stderr
    assert "ready to play" in warmed.stdout
    node = start("-p", "command:=a firefighter walks, then bows", NUMBA_DEBUG_CACHE="1")
    reader.state(lambda state: "bow" in state.label)
    assert reader.messages(JointState, "/clipactor/joint_states", 5)
    needed = set(TOUCHED.findall(node.output))
    assert len(needed) >= 8  # loops called by loops are part of theirs
    assert needed <= set(TOUCHED.findall(warmed.stdout + warmed.stderr))


def test_a_node_says_what_it_loads_and_starts_with_an_empty_home(start, reader, tmp_path):
    node = start(CLIPACTOR_HOME=str(tmp_path / "empty"))
    reader.say("a person walks forward")
    reader.state(lambda state: state.activity == "playing" and "walk" in state.label)
    said = node.output
    steps = ["loading the libraries", "loading the body", "loading the motion clips"]
    steps += ["loading the text encoder", "measuring the body for clothes", "ready: publish"]
    assert [said.index(step) for step in steps] == sorted(said.index(step) for step in steps)
