"""Clothes are sewn in a process that may fail, be killed, or refuse, and the next ones come all the same."""

import os
import signal
from dataclasses import replace

import numpy as np
import pytest

from clipactor_node import body as bodies
from clipactor_node.body.open_format import write_open_body
from clipactor_node.player import DressingError, DressingProcess, Order


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A body file that cloth cannot be made for: it has no UV map."""
    path, body = tmp_path_factory.mktemp("body") / "bare.npz", bodies.load()
    without = replace(body, uv=np.zeros((0, 2), np.float32), uv_faces=np.zeros((0, 3), np.int32))
    write_open_body(without, path)
    return path


@pytest.fixture
def process():
    process = DressingProcess()
    yield process
    process.stop()


def test_a_body_that_cannot_wear_cloth_is_said(process, bare):
    with pytest.raises(DressingError, match=r"bare.npz.*UV map"):
        process.dressed(Order("a red coat", str(bare)))


def test_a_missing_body_is_said_and_a_killed_process_starts_again(process, tmp_path):
    for _ in range(2):
        with pytest.raises(DressingError, match="no body model"):
            process.dressed(Order("", str(tmp_path / "none.npz")))
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.wait()


def test_who_waits_when_it_is_stopped_gets_an_error(process):
    process.stop()
    with pytest.raises(DressingError, match="the process that sews ended"):
        process.dressed(Order(""))
