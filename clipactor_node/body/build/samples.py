"""Random adults from all of anny's phenotypes, to fit the joint regressor and to test it on others."""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from clipactor_node.body.build.shapes import unposed
from clipactor_node.body.build.source import Anny
from clipactor_node.errors import ModelError

JOINT_ERROR = 0.005  # metres, for every joint of every sampled adult
_RANGES = {
    "age": (0.6, 1.0),
    "gender": (0.0, 1.0),
    "height": (0.2, 0.5),
    "muscle": (0.1, 0.9),
    "weight": (0.1, 0.9),
    "proportions": (0.0, 1.0),
    "firmness": (0.0, 1.0),
    "cupsize": (0.0, 1.0),
    "african": (0.0, 1.0),
    "asian": (0.0, 1.0),
    "caucasian": (0.0, 1.0),
}


def sampled_adults(
    anny: Anny, rotations: np.ndarray, combinations: np.ndarray, count: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """T-posed vertices (V, 3, count) and joints (55, 3, count) of random phenotypes."""
    rng = np.random.default_rng(seed)
    vertices, joints = [], []
    for _ in range(count):
        phenotype = {key: rng.uniform(*limits) for key, limits in _RANGES.items()}
        skin, bones = unposed(anny, rotations, anny.rest(phenotype))
        vertices.append(skin)
        joints.append(combinations @ bones)
    return np.stack(vertices, -1), np.stack(joints, -1)


def check_regressor(
    regressor: sparse.csr_array, vertices: np.ndarray, joints: np.ndarray, say: Callable[[str], None]
) -> None:
    """Tells the error on adults the regressor was not fitted to.

    Raises:
        ModelError: a joint is further off than `JOINT_ERROR`.
    """
    found = (regressor @ vertices.reshape(len(vertices), -1)).reshape(joints.shape)
    errors = np.linalg.norm(found - joints, axis=1)
    mean, worst = 1e3 * errors.mean(), 1e3 * errors.max()
    say(f"joints of {joints.shape[2]} other adults: {mean:.2f} mm off in the mean, {worst:.2f} mm at most")
    if errors.max() > JOINT_ERROR:
        joint = int(errors.max(1).argmax())
        raise ModelError(f"joint {joint} is regressed {worst:.1f} mm off; at most 5 mm is allowed")
