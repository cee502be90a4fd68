"""`clipactor export` writes the plan that `find` shows."""

import numpy as np
import pytest
from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.errors import ClipActorError
from clipactor_node.geometry.skeleton import JOINT_INDEX

LEFT, RIGHT = (JOINT_INDEX[f"{side}_elbow"] for side in ("left", "right"))


def exported(text, path):
    result = CliRunner().invoke(app, ["export", text, "--out", str(path), "--style", "none"])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    with np.load(path) as data:
        return data["poses"].reshape(len(data["poses"]), 55, 3), result.output


@pytest.mark.parametrize(("side", "busy", "quiet"), [("left", LEFT, RIGHT), ("right", RIGHT, LEFT)])
def test_the_hand_that_was_asked_for_waves(tmp_path, side, busy, quiet):
    poses, _ = exported(f"wave with the {side} hand", tmp_path / "a.npz")
    assert np.ptp(poses[:, busy], axis=0).max() > 4 * np.ptp(poses[:, quiet], axis=0).max()


def test_every_step_is_written(tmp_path):
    one, _ = exported("bow", tmp_path / "a.npz")
    both, said = exported("walk then bow", tmp_path / "b.npz")
    assert len(both) > len(one) + 30
    assert "walk" in said and "bow" in said


def test_what_is_refused_is_not_written(tmp_path):
    with pytest.raises(ClipActorError, match="nearest are"):
        exported("refuel the helicopter", tmp_path / "a.npz")
    assert list(tmp_path.iterdir()) == []
