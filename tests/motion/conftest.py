"""Motions that the tests make themselves: nobody's capture is needed."""

import sys
from pathlib import Path

import numpy as np
import pytest

from clipactor_node import body
from clipactor_node.body import Skinner
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.motion import Label, MotionClip, open_library
from clipactor_node.motion.blending.legs import Legs
from clipactor_node.motion.skin_sample import SkinSample

sys.path.insert(0, str(Path(__file__).parent))
from figures import Figure  # noqa: E402


@pytest.fixture(scope="session")
def skinner():
    return Skinner(body.load())


@pytest.fixture(scope="session")
def clip():
    """A shipped clip that goes, turns and uses both sides."""
    return open_library().load("walk_turn_left")


@pytest.fixture(scope="session")
def truth(clip, skinner):
    """Where its joints are."""
    return Figure.of(clip, skinner.rest_joints)


@pytest.fixture(scope="session")
def skin(skinner):
    return SkinSample(skinner)


@pytest.fixture(scope="session")
def legs(skinner):
    return Legs(skinner.rest_joints, float(skinner.rest_vertices[:, 1].min()))


def arms_down(frames):
    """(T, 55, 3): standing with the arms down."""
    poses = np.zeros((frames, 55, 3))
    poses[:, JOINT_INDEX["left_shoulder"], 2] = -1.2
    poses[:, JOINT_INDEX["right_shoulder"], 2] = 1.2
    return poses


@pytest.fixture
def make_clip():
    def make(name="walk", frames=31, rate_hz=30.0, seed=0, **fields):
        rng = np.random.default_rng(seed)
        poses = np.cumsum(rng.normal(scale=0.02, size=(frames, 55, 3)), axis=0)
        translation = np.cumsum(rng.normal(scale=0.01, size=(frames, 3)), axis=0)
        fields.setdefault("labels", (Label(name, 0.0, (frames - 1) / rate_hz),))
        return MotionClip(name, rate_hz, poses, translation, **fields)

    return make
