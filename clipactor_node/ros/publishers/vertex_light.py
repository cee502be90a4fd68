"""Light baked into vertex colors, for viewers that draw them as they are (RViz does)."""

import numpy as np
import numpy.typing as npt


def _unit(*direction: float) -> npt.NDArray[np.float32]:
    return np.array(direction, np.float32) / np.float32(np.linalg.norm(direction))


LAMPS = ((_unit(0.55, 0.45, 0.70), 0.46), (_unit(-0.70, -0.45, 0.35), 0.30))
"""Direction in the map frame and strength: in front from the left, and behind from the right, so that
no side that somebody may look from is dark."""
SKY, GROUND = 0.62, 0.40


def lit(colors: npt.NDArray[np.float32], normals: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Lambert's law for two lamps, plus the sky above and its reflection from the ground.

    Args:
        colors: (V, 3) float32 in [0, 1]; normals: (V, 3) unit length, map frame.

    Returns:
        (V, 4) float32 RGBA in [0, 1], opaque.
    """
    light = np.float32(GROUND) + np.float32(0.5 * (SKY - GROUND)) * (1.0 + normals[:, 2])
    for direction, strength in LAMPS:
        light += np.float32(strength) * np.maximum(normals @ direction, 0.0)
    shaded = np.ones((len(colors), 4), np.float32)
    np.minimum(colors * light[:, None], 1.0, out=shaded[:, :3])
    return shaded


def unlit(colors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(V, 3) float32 -> (V, 4) float32, opaque."""
    return np.concatenate([colors, np.ones((len(colors), 1), np.float32)], axis=1)
