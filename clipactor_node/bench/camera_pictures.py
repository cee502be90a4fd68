"""Drawn pictures for what measures the camera."""

import numpy as np

from clipactor_node import body as bodies
from clipactor_node.motion import open_library
from clipactor_node.perception.measuring import CameraSetup, Dressed, draw_scene


def walking_pictures(count: int, side: int) -> list[np.ndarray]:
    """`count` pictures (side, side, 3) uint8, 1/30 s apart, of somebody who walks on the spot of a camera."""
    clip = open_library().load("walk").resampled(30.0)
    person = Dressed.of(bodies.load(), "a man in jeans")
    transforms = person.skinner.transforms(clip.poses[:count], clip.translation[:count])
    camera = CameraSetup(0.4, 0.1, 45.0).camera(transforms[..., :3, 3], 0.0, side)
    rng = np.random.default_rng(0)
    return [draw_scene(person, frame, camera, 0.0, rng).picture for frame in transforms]
