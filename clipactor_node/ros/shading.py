"""Light baked into vertex colors, for viewers that draw them as they are (RViz does)."""

import numpy as np

KEY_LIGHT = np.array([0.55, 0.45, 0.70], np.float32)
"""Direction to the main light, map frame: in front, from the left, above."""
KEY, SKY, GROUND = 0.62, 0.55, 0.30


def lit(colors: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Lambert's law for one lamp, plus the sky above and its reflection from the ground.

    Args:
        colors: (V, 3) float32 in [0, 1]; normals: (V, 3) unit length, map frame.

    Returns:
        (V, 4) float32 RGBA in [0, 1], opaque.
    """
    lamp = np.maximum(normals @ (KEY_LIGHT / np.linalg.norm(KEY_LIGHT)), 0.0)
    upward = 0.5 + 0.5 * normals[:, 2]
    light = KEY * lamp + GROUND + (SKY - GROUND) * upward
    shaded = np.ones((len(colors), 4), np.float32)
    np.minimum(colors * light[:, None], 1.0, out=shaded[:, :3])
    return shaded


def unlit(colors: np.ndarray) -> np.ndarray:
    """(V, 3) float32 -> (V, 4) float32, opaque."""
    return np.concatenate([colors, np.ones((len(colors), 1), np.float32)], axis=1)
