"""Several moments of a motion in one picture: the same person, side by side on one floor."""

import numpy as np

from clipactor_node.body import Skinner, displaced
from clipactor_node.geometry import Camera
from clipactor_node.render.albedo import Textured
from clipactor_node.render.environment import STUDIO, Environment
from clipactor_node.render.facing import facing
from clipactor_node.render.picture import Figure, draw_figures

_GAP = 0.12  # metres between neighbours
_FOV = 6.0  # degrees: a long lens, so that everybody is seen from nearly the same side


def strip(
    skinner: Skinner,
    colors: np.ndarray | Textured,
    transforms: np.ndarray,
    azimuth: float = 0.45,
    elevation: float = 0.14,
    width: int = 1200,
    height: int = 420,
    displacement: np.ndarray | None = None,
    face: np.ndarray | None = None,
    environment: Environment = STUDIO,
    transparent: bool = False,
) -> np.ndarray:
    """Poses from left to right.

    Args:
        colors: (V, 3) uint8, sRGB; or a picture laid on the faces.
        transforms: (N, 55, 4, 4) joint -> world, SMPL axes; only the heights over the floor are kept.
        azimuth: radians about +y from where the first pose heads: 0 sees the face, pi/2 the left side.
        elevation: radians above the horizon.
        displacement: (V,) metres along the posed normals, or None.
        face: one for each pose, (..., 12) coefficients of `body.FACE_CHANNELS`; None: at rest.

    Returns:
        (height, width, 3) uint8, sRGB; (height, width, 4) if `transparent`.
    """
    azimuth = azimuth + facing(transforms[0, 0, :3, 2])
    right = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)], np.float32)
    bodies = []
    for index, joints in enumerate(transforms):
        shown = skinner.vertices(joints, None if face is None else face[index])
        vertices, _ = displaced(skinner, shown, displacement)
        bodies.append(vertices - joints[0, :3, 3] * np.array([1, 0, 1], np.float32))
    placed, edge = [], 0.0
    for vertices in bodies:
        across = vertices @ right
        placed.append(vertices + (edge - across.min()) * right)
        edge += across.max() - across.min() + _GAP
    everybody = np.concatenate(placed)
    count = len(skinner.rest_vertices)
    all_faces = np.concatenate([skinner.faces + i * count for i in range(len(placed))])
    camera = Camera.around(everybody, azimuth, elevation, _FOV, width, height, margin=1.05)
    normals = np.concatenate([skinner.normals(vertices) for vertices in placed])
    surface = (
        colors.repeated(len(placed)) if isinstance(colors, Textured) else np.tile(colors, (len(placed), 1))
    )
    return draw_figures([Figure(everybody, all_faces, surface, normals)], camera, environment, transparent)
