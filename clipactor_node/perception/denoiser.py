"""The diffusion network that refines a pose (Xu et al., Sec. II.D): numpy, no torch.

The distribution of what the pose may be is centred on the first estimate (or, to start from noise, on the
mean pose) with a deviation for every number, and is narrowed step by step. A step is told, by adaptive
normalization, c = concat(I, G_keyp, G_text): image features and the gradients of equations 6 and 7.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models
from clipactor_node.perception.feedback import KEYPOINTS, TEXT
from clipactor_node.perception.layers import Layers
from clipactor_node.perception.pose_space import arrays_of
from clipactor_node.perception.recovery_model import BODY_JOINTS, INPUTS

FILE = "camera/refiner.npz"
POSES = 6 * BODY_JOINTS
TIMES = 16
"""Numbers that say how noisy a pose is."""
STATE = 2 * POSES + TIMES + 1 + KEYPOINTS + TEXT
SEEN = INPUTS + 1
BLOCKS = 2


@dataclass(frozen=True)
class Denoiser:
    """Fields:

    scale: (2, INPUTS): what is subtracted from the image features, and what they are divided by.
    mean, spread, wide: (POSES,): the mean pose as columns; deviations around a first estimate, and around it.
    seen: reads image features, once a picture. state: reads pose, time, gradients, every step.
    blocks: (what scales and shifts, first layer, second layer) of each.
    out: to a pose.
    """

    scale: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    wide: np.ndarray
    seen: Layers
    state: Layers
    blocks: tuple[tuple[Layers, Layers], ...]
    out: Layers

    @classmethod
    def of(cls, arrays: dict[str, np.ndarray]) -> "Denoiser":
        """From what training wrote. Raises: KeyError: something is absent."""
        blocks = tuple(
            (Layers.of(arrays, f"refiner.norm{i}"), Layers.of(arrays, f"refiner.block{i}"))
            for i in range(BLOCKS)
        )
        return cls(
            arrays["refiner.scale"].astype(np.float32),
            arrays["refiner.mean"].astype(np.float32),
            arrays["refiner.spread"].astype(np.float32),
            arrays["refiner.wide"].astype(np.float32),
            Layers.of(arrays, "refiner.seen"),
            Layers.of(arrays, "refiner.state"),
            blocks,
            Layers.of(arrays, "refiner.out"),
        )

    def look(self, features: np.ndarray) -> np.ndarray:
        """Image features (SEEN,), or zeros without, -> what the steps are told of them."""
        return self.seen(features)

    def __call__(self, state: np.ndarray, looked: np.ndarray) -> np.ndarray:
        """(N, STATE) -> (N, POSES): the clean pose, in deviations from the centre."""
        told = np.maximum(self.state(state) + looked, 0.0)
        h = told
        for norm, block in self.blocks:
            scale, shift = np.split(norm(told), 2, axis=-1)
            h = h + block(normalized(h) * (1.0 + scale) + shift)
        return self.out(normalized(h))


def normalized(rows: np.ndarray) -> np.ndarray:
    """(..., W) with mean 0 and deviation 1."""
    centred = rows - rows.mean(-1, keepdims=True)
    out: np.ndarray = centred / np.sqrt(np.square(centred).mean(-1, keepdims=True) + 1e-5)
    return out


def times(left: np.ndarray) -> np.ndarray:
    """(N,) share of the signal that is left, in [0, 1], -> (N, TIMES)."""
    angles = left[:, None] * np.pi * 2.0 ** np.arange(TIMES // 2 - 3, -3, -1.0)
    return np.concatenate([np.sin(angles), np.cos(angles)], 1)


@cache
def load_denoiser() -> Denoiser | None:
    """The shipped one; None: none was trained. Raises: ModelError: it cannot be read."""
    if not (shipped_models() / FILE).is_file():
        return None
    try:
        return Denoiser.of(arrays_of(FILE))
    except KeyError as error:
        raise ModelError(f"{FILE} lacks {error}; restore it from the package") from error
