"""Where somebody looks, so that a camera finds their front."""

import numpy as np

_UPRIGHT = 0.7  # of the forward axis's length may point up or down before there is no telling


def facing(forward: np.ndarray) -> float:
    """Radians about +y from +z that a body faces; 0 for one that lies on its face or back.

    Args:
        forward: (3,) unit length, SMPL axes: the third column of the pelvis's rotation.
    """
    return float(np.arctan2(forward[0], forward[2])) if abs(forward[1]) < _UPRIGHT else 0.0
