"""Skin weights for programs that keep only a few joints per vertex."""

import numpy as np


def strongest(weights: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` greatest skin weights of each vertex, greatest first, made to sum to 1.

    Of equal weights those of the first joints are kept: never more than `count`.

    Args:
        weights: (V, J), rows sum to 1.

    Returns:
        joints (V, count) uint8, 0 where a weight is 0; weights (V, count) float32.
    """
    order = np.argsort(-weights, axis=1, kind="stable")[:, :count]
    kept = np.take_along_axis(weights, order, 1).astype(np.float32)
    kept /= kept.sum(1, keepdims=True)
    return np.where(kept > 0, order, 0).astype(np.uint8), kept
