"""The benchmark of many avatars measures what it says: a small run."""

import json
import subprocess
import sys

import pytest


def test_each_avatar_is_measured_alone_and_with_the_others():
    code = """
import json
import clipactor_node.ros.measuring.avatars as bench
bench.SETTLING_S = 0.2
print(json.dumps(bench.avatars_figures(2, 0.5)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    for suffix in ("", "_2"):
        assert figures[f"avatar_hz_joint_states{suffix}"] > 0 and figures[f"avatar_hz_tf{suffix}"] > 0
        assert figures[f"avatar_late_ticks{suffix}"] >= 0 and figures[f"avatar_tick_ms_mean{suffix}"] > 0
    more = figures["avatar_cpu_percent_2"] - figures["avatar_cpu_percent"]
    assert figures["avatar_cpu_percent_each_more"] == pytest.approx(more)
