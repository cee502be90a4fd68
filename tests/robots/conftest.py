import numpy as np
import pytest

from clipactor_node import body as bodies
from clipactor_node.motion import open_library
from clipactor_node.robots import open_robot
from clipactor_node.robots.description import GENERIC, shipped_urdf


@pytest.fixture(scope="session")
def robot():
    return open_robot(GENERIC)


@pytest.fixture(scope="session")
def skinner():
    return bodies.Skinner(bodies.load())


@pytest.fixture(scope="session")
def performed(skinner):
    """Clip name -> ((T, 55, 4, 4) joint transforms, rate)."""
    library = open_library()

    def performed(name: str) -> tuple[np.ndarray, float]:
        clip = library.load(name)
        return skinner.transforms(clip.poses, clip.translation), clip.rate_hz

    return performed


@pytest.fixture(scope="session")
def urdf() -> str:
    """The text of the generic humanoid."""
    return shipped_urdf().read_text()
