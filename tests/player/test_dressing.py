"""Clothes are sewn in a process that may fail, be killed, or refuse, and the next ones come all the same."""

import os
import signal

import numpy as np
import pytest

from clipactor_node.player import DressingError, DressingProcess, Order


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A body file that cloth cannot be made for: it has no UV map."""
    body = tmp_path_factory.mktemp("body") / "bare.npz"
    write_without_uv(body)
    return body


@pytest.fixture
def process():
    process = DressingProcess()
    yield process
    process.stop()


def write_without_uv(path):
    """As SMPL-X files are: the shipped body in their schema."""
    from clipactor_node import body as bodies

    body = bodies.load()
    count = len(body.template)
    np.savez(
        path,
        v_template=body.template,
        f=body.faces,
        weights=body.weights,
        J_regressor=body.joint_regressor.toarray(),
        shapedirs=np.concatenate([body.shape_directions, body.expression_directions], 2),
        posedirs=np.zeros((count, 3, 486), np.float32),
        kintree_table=np.zeros((2, 55), np.int64),
        hands_meanl=np.zeros(45),
        hands_meanr=np.zeros(45),
    )


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
