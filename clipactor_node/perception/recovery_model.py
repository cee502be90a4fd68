"""What was learnt about landmarks and poses: where landmarks lie on a body, and how a pose is corrected."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models

FILE = "camera/recovery.npz"
BODY_JOINTS = 22
INPUTS = 99 + 66 + 33 + 9 + 6 * (BODY_JOINTS - 1)


NO_TURN = np.array([1.0, 0.0, 0.0, 0.0, 1.0, 0.0])
"""`columns_of` no rotation."""


@dataclass(frozen=True)
class RecoveryModel:
    """Fields:

    attached: (33, 3) float64, landmarks on the body in its T-pose, SMPL axes, metres.
    layers: weights (O, I) and biases (O,) of a network of layers with ReLU between: (I,) features -> (132,).
    scale: (2, I): what is subtracted from the features, and what they are divided by.
    """

    attached: np.ndarray
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]
    scale: np.ndarray

    def corrected(self, local: np.ndarray, features: np.ndarray) -> np.ndarray:
        """(55, 3, 3) a closed-form pose and (I,) its features -> (55, 3, 3), the body's joints corrected."""
        if not self.layers:
            return local
        values = np.clip((features - self.scale[0]) / self.scale[1], -8.0, 8.0)
        for index, (weights, biases) in enumerate(self.layers):
            values = weights @ values + biases
            if index < len(self.layers) - 1:
                values = np.maximum(values, 0.0)
        out = local.copy()
        out[:BODY_JOINTS] = local[:BODY_JOINTS] @ rotations_of_columns(
            values.reshape(BODY_JOINTS, 6) + NO_TURN
        )
        return out

    def save(self, path: Path) -> None:
        """Write it; half precision, which changes joints by less than a tenth of a millimetre."""
        arrays = {"attached": self.attached.astype(np.float32), "scale": self.scale.astype(np.float32)}
        for index, (weights, biases) in enumerate(self.layers):
            arrays |= {f"w{index}": weights.astype(np.float16), f"b{index}": biases.astype(np.float16)}
        np.savez(path, **arrays)  # type: ignore[arg-type]


def columns_of(rotations: np.ndarray) -> np.ndarray:
    """(..., 3, 3) -> (..., 6): the first two columns, one after the other; they change without jumps."""
    return rotations[..., :2].swapaxes(-1, -2).reshape(*rotations.shape[:-2], 6)


def rotations_of_columns(rows: np.ndarray) -> np.ndarray:
    """(..., 6) two columns, about at right angles and of unit length -> (..., 3, 3) rotations near them."""
    first = rows[..., :3]
    first = first / np.maximum(np.linalg.norm(first, axis=-1, keepdims=True), 1e-9)
    second = rows[..., 3:]
    second = second - np.sum(first * second, -1, keepdims=True) * first
    second = second / np.maximum(np.linalg.norm(second, axis=-1, keepdims=True), 1e-9)
    return np.stack([first, second, np.cross(first, second)], -1)


def features_of(
    points: np.ndarray, rays: np.ndarray, visibility: np.ndarray, local: np.ndarray
) -> np.ndarray:
    """What the network is told.

    Args:
        points: (33, 3) landmarks, metres from the middle of the hips, camera axes.
        rays: (33, 2) the same in the picture, at depth 1.
        visibility: (33,). local: (55, 3, 3) the closed-form pose.

    Returns:
        (INPUTS,) float64.
    """
    middle = rays[23:25].mean(0)
    spread = max(float(np.abs(rays - middle).max()), 1e-4)
    return np.concatenate(
        [
            (points @ local[0]).ravel(),
            ((rays - middle) / spread).ravel(),
            visibility,
            local[0].ravel(),
            columns_of(local[1:BODY_JOINTS]).ravel(),
        ]
    )


def load_model(path: Path | None = None) -> RecoveryModel:
    """The shipped one, or that of a file. Raises: ModelError: it cannot be read."""
    return _load(path or shipped_models() / FILE)


@cache
def _load(path: Path) -> RecoveryModel:
    try:
        with np.load(path) as file:
            arrays = {key: file[key].astype(np.float64) for key in file.files}
        count = sum(key.startswith("w") for key in arrays)
        layers = tuple((arrays[f"w{i}"], arrays[f"b{i}"]) for i in range(count))
        return RecoveryModel(arrays["attached"], layers, arrays["scale"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"cannot read {path} ({error}); restore it from the package") from error
