"""The benchmark measures what it says: small runs of each part."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from clipactor_node.ros.measuring import template_figures

PROFILE = Path(__file__).resolve().parents[2] / "launch" / "fastdds.xml"


def measured(call: str) -> dict[str, float]:
    """A part in its own process, as `clipactor bench ros` runs it."""
    code = f"import json; from clipactor_node.ros.measuring import *; print(json.dumps({call}))"
    profile = {"FASTDDS_DEFAULT_PROFILES_FILE": str(PROFILE)}  # so that a busy machine loses no meshes
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | profile, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_speedup_is_the_ratio_of_the_two_times():
    figures = template_figures(triangles=300, repetitions=3)
    ratio = figures["marker_objects_ms"] / figures["marker_template_ms"]
    assert figures["marker_template_speedup"] == pytest.approx(ratio)
    assert figures["textured_marker_template_speedup"] > 1.0
    assert ratio > 1


def test_transport_counts_the_meshes_that_arrive():
    figures = measured("transport_figures('here', 0.1, frames=15)")
    assert set(figures) == {
        "mesh_hz_here_0_1mb",
        "mesh_loss_percent_here_0_1mb",
        "mesh_latency_ms_p50_here_0_1mb",
    }
    assert 0 <= figures["mesh_loss_percent_here_0_1mb"] < 100
    assert figures["mesh_latency_ms_p50_here_0_1mb"] > 0


def test_the_running_node_is_measured():
    figures = measured("node_figures(seconds=1.0, commands=3)")
    assert figures["node_cpu_percent_unread"] >= 0 and figures["node_cpu_percent_read"] > 0
    assert all(figures[f"node_hz_{topic}"] > 0 for topic in ("joint_states", "tf", "mesh"))
    assert figures["command_to_answer_ms_p95"] >= figures["command_to_answer_ms_p50"] > 0
    assert figures["command_to_find_ms_p50"] > 0
