"""Idle threads sleep: it is said to OpenMP before torch is loaded."""

import os
import subprocess
import sys

from clipactor_node.jobs import WorkerConfig
from clipactor_node.jobs.worker_process import WorkerProcess
from clipactor_node.style import PASSIVE

SEEN = """
import os, sys
from importlib.abc import MetaPathFinder

class BeforeTorch(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            print({k: os.environ.get(k) for k in sys.argv[1:]})
            raise SystemExit

sys.meta_path.insert(0, BeforeTorch())
import clipactor_node.style.optimization
"""


def seen_by_torch(**environment):
    given = {name: value for name, value in os.environ.items() if name not in PASSIVE} | environment
    told = subprocess.run([sys.executable, "-c", SEEN, *PASSIVE], capture_output=True, env=given, text=True)
    return eval(told.stdout)


def test_torch_finds_it_said_when_it_is_loaded():
    assert seen_by_torch() == PASSIVE
    assert PASSIVE["OMP_WAIT_POLICY"] == "PASSIVE"


def test_who_says_otherwise_is_heard():
    assert seen_by_torch(OMP_WAIT_POLICY="ACTIVE")["OMP_WAIT_POLICY"] == "ACTIVE"


def test_workers_are_told_before_they_start(tmp_path, monkeypatch):
    for name in PASSIVE:
        monkeypatch.delenv(name, raising=False)
    shown = tmp_path / "python"
    shown.write_text("#!/bin/sh\nenv\n")
    shown.chmod(0o755)
    worker = WorkerProcess(WorkerConfig(python=str(shown), threads=2), tmp_path, 0)
    worker._process.wait(30)
    said = worker._log.read_text()
    assert all(f"{name}={value}" in said for name, value in PASSIVE.items())
    assert "OMP_NUM_THREADS=2" in said
