"""A space that poses and their descriptions share: pose VQ-VAE and text encoder (Xu et al., Sec. II.C).

    E_p  pose -> 8 latent vectors of 32        equation 2, with a codebook of 512
    D_p  latent vectors -> pose
    E_t  sentences -> the same latent space     equation 3; on top of MiniLM's sentence vectors

The paper reads texts with CLIP; here they are read by the embedded MiniLM, sentence by sentence, so that
"left" and "right" of one sentence do not mix with those of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models
from clipactor_node.perception.layers import Layers
from clipactor_node.perception.recovery_model import BODY_JOINTS, columns_of
from clipactor_node.perception.wording import split
from clipactor_node.text import Encoder, load_encoder

FILE = "camera/pose_space.npz"
TOKENS, WIDTH, CODES = 8, 32, 512
LATENT = TOKENS * WIDTH
POSE = 6 * (BODY_JOINTS - 1) + 3
"""Numbers of a pose: first two columns of 21 rotations, and where up is for the pelvis; no heading."""


@dataclass(frozen=True)
class PoseSpace:
    """Poses and words as vectors of one space.

    Fields:
        scale: (2, POSE): what is subtracted from a pose, and what it is divided by.
        pose, decoder, sentence, text: E_p; D_p; what reads a sentence; what reads their mean (E_t).
        codebook: (CODES, WIDTH).
    """

    scale: np.ndarray
    pose: Layers
    decoder: Layers
    sentence: Layers
    text: Layers
    codebook: np.ndarray

    @classmethod
    def of(cls, arrays: dict[str, np.ndarray]) -> "PoseSpace":
        """From what training wrote. Raises: KeyError: something is absent."""
        return cls(
            arrays["space.scale"].astype(np.float32),
            Layers.of(arrays, "space.pose"),
            Layers.of(arrays, "space.decoder"),
            Layers.of(arrays, "space.sentence"),
            Layers.of(arrays, "space.text"),
            arrays["space.codebook"].astype(np.float32),
        )

    def encode(self, poses: np.ndarray) -> np.ndarray:
        """E_p: (..., POSE) -> (..., LATENT), before they are quantized."""
        return self.pose((poses - self.scale[0]) / self.scale[1])

    def tokens(self, latents: np.ndarray) -> np.ndarray:
        """(..., LATENT) -> (..., TOKENS) int64, the nearest of the codebook."""
        rows = latents.reshape(*latents.shape[:-1], TOKENS, 1, WIDTH)
        found: np.ndarray = np.square(rows - self.codebook).sum(-1).argmin(-1)
        return found

    def decode(self, latents: np.ndarray) -> np.ndarray:
        """D_p: (..., LATENT) -> (..., POSE)."""
        return self.decoder(latents) * self.scale[1] + self.scale[0]

    def rebuilt(self, poses: np.ndarray) -> np.ndarray:
        """Poses (..., POSE) through encoder, codebook and decoder."""
        latents = self.encode(poses)
        return self.decode(self.codebook[self.tokens(latents)].reshape(latents.shape))

    def read(self, vectors: np.ndarray) -> np.ndarray:
        """E_t: unit vectors (N, 384) of the sentences of one description -> (LATENT,)."""
        return self.text(np.maximum(self.sentence(vectors), 0.0).mean(0))

    def similarity(self, poses: np.ndarray, meant: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Equation 7: the squared cosine (...) of poses (..., POSE) and descriptions (..., LATENT), and its
        slope (..., POSE) by the poses in units of their deviation."""
        inner = self.pose.inner((poses - self.scale[0]) / self.scale[1])
        found = inner[-1]
        length = np.maximum(np.linalg.norm(found, axis=-1, keepdims=True), 1e-6)
        goal = meant / np.maximum(np.linalg.norm(meant, axis=-1, keepdims=True), 1e-6)
        cosine = (found * goal).sum(-1, keepdims=True) / length
        by_latent = 2.0 * cosine * (goal - cosine * found / length) / length
        return np.square(cosine[..., 0]), self.pose.gradient(inner, by_latent)


def pose_numbers(local: np.ndarray, room: np.ndarray) -> np.ndarray:
    """A pose as the space has it.

    Args:
        local: (..., 22 or more, 3, 3) rotations in the parents' frames; joint 0 in a camera's axes.
        room: (..., 3, 3) from those axes to those of the room, y up (`View.room_from_camera`).

    Returns:
        (..., POSE) float64.
    """
    turns = columns_of(local[..., 1:BODY_JOINTS, :, :])
    up = np.einsum("...ij,...i->...j", local[..., 0, :, :], room[..., 1, :])
    return np.concatenate([turns.reshape(*turns.shape[:-2], -1), up], -1)


def sentence_vectors(description: str | Sequence[str]) -> np.ndarray:
    """(N, 384) float32 unit vectors of what a description says; (0, 384): it says nothing.

    Raises:
        ModelError: the text encoder is damaged.
    """
    given = split(description) if isinstance(description, str) else [*description]
    encoder = _encoder()
    return encoder.encode(given) if given else np.zeros((0, encoder.dimension), np.float32)


@cache
def _encoder() -> Encoder:
    return load_encoder("minilm")


def arrays_of(file: str) -> dict[str, np.ndarray]:
    """What training wrote to a shipped file, by name. Raises: ModelError: it cannot be read."""
    path = shipped_models() / file
    try:
        with np.load(path) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read {path} ({error}); restore it from the package") from error


@cache
def load_space() -> PoseSpace:
    """The shipped one. Raises: ModelError: it cannot be read."""
    try:
        return PoseSpace.of(arrays_of(FILE))
    except KeyError as error:
        raise ModelError(f"{FILE} lacks {error}; restore it from the package") from error
