"""The real networks, which `clipactor models prepare camera` gets, and people drawn by the project itself."""

import numpy as np
import pytest

from clipactor_node.body import Skinner, load
from clipactor_node.geometry import Camera
from clipactor_node.motion import open_library
from clipactor_node.perception import missing
from clipactor_node.perception.measuring import CameraSetup, Dressed, draw_scene


@pytest.fixture(scope="session")
def networks():
    """They are here and whole."""
    lacking = [entry.name for entry in missing()]
    assert not lacking, f"{lacking} are missing; type: clipactor models prepare camera"


@pytest.fixture(scope="session")
def person() -> Dressed:
    return Dressed.of(load(), "a man in jeans")


@pytest.fixture(scope="session")
def skinner() -> Skinner:
    return Skinner(load())


@pytest.fixture(scope="session")
def waving(person):
    """Scenes (truth included) of a moment of a clip that nothing was learnt from, from one camera: 5 of them,
    1/15 s apart."""
    clip = open_library().load("wave").resampled(15.0)
    frames = slice(len(clip) // 2, len(clip) // 2 + 5)
    transforms = person.skinner.transforms(clip.poses[frames], clip.translation[frames])
    camera: Camera = CameraSetup(0.35, 0.1, 45.0).camera(transforms[..., :3, 3], 0.0, 320)
    rng = np.random.default_rng(0)
    return [draw_scene(person, frame, camera, 0.0, rng) for frame in transforms]
