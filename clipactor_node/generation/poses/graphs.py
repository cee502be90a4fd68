"""What plays: prior, diffusion and pose-words space as ONNX graphs; no torch."""

from pathlib import Path

import numpy as np

from clipactor_node.errors import ClipActorError, ModelError
from clipactor_node.generation.generator import kept_shares
from clipactor_node.generation.model_folder import MANIFEST, Manifest, folder_of, open_graph, read_manifest
from clipactor_node.generation.poses.layout import BODY, NUMBERS, ROOT_NUMBERS
from clipactor_node.generation.poses.words import Vocabulary

POSES_FOLDER = "poses"
ENCODER, DECODER, DENOISER, POSE, TEXT = (
    "prior-encoder.onnx", "prior-decoder.onnx", "denoiser.onnx", "space-pose.onnx", "space-text.onnx",
)  # fmt: skip
STEPS, GUIDANCE = 20, 2.5


class PosePrior:
    """The variational prior of body poses (PAS, 3.1): 32 numbers, normally distributed."""

    def __init__(self, folder: Path) -> None:
        """Open the graphs of a folder.

        Raises:
            ModelError: they are absent, truncated or changed.
        """
        manifest = _manifest(folder)
        self._encoder, self._decoder = (open_graph(folder, name, manifest) for name in (ENCODER, DECODER))

    def encode(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows (N, 132) -> mean and deviation of where they are in the prior's space, (N, 32) each."""
        mean, spread = self._encoder.run(None, {"body": np.ascontiguousarray(rows[:, BODY], np.float32)})
        return mean, np.exp(0.5 * spread)

    def decode(self, latent: np.ndarray, root: np.ndarray) -> np.ndarray:
        """(N, 32), and (N, 6) of the root's orientation -> rows (N, 132)."""
        (body,) = self._decoder.run(None, {"latent": np.ascontiguousarray(latent, np.float32)})
        return np.concatenate([root, body], axis=1).astype(np.float32)

    def through(self, rows: np.ndarray) -> np.ndarray:
        """The nearest poses that the prior can make: (N, 132) -> (N, 132), the root as it is."""
        return self.decode(self.encode(rows)[0], rows[:, :ROOT_NUMBERS])

    def likelihood(self, rows: np.ndarray) -> np.ndarray:
        """(N,) logarithm of the normal density of the means; lower is stranger. The root does not count."""
        mean = self.encode(rows)[0].astype(np.float64)
        found: np.ndarray = -0.5 * (np.square(mean) + np.log(2.0 * np.pi)).sum(axis=1)
        return found


class PoseSpace:
    """Poses and captions as unit vectors of one space; for best-of-five and R-precision."""

    def __init__(self, folder: Path) -> None:
        """Raises: ModelError: the graphs are absent or changed."""
        manifest = _manifest(folder)
        self._pose, self._text = (open_graph(folder, name, manifest) for name in (POSE, TEXT))
        self._vocabulary = Vocabulary(tuple(manifest.facts["words"]))

    def poses(self, rows: np.ndarray) -> np.ndarray:
        """Rows (N, 132) -> (N, 128) float32."""
        (found,) = self._pose.run(None, {"rows": np.ascontiguousarray(rows, np.float32)})
        return np.asarray(found)

    def texts(self, texts: list[str], vectors: np.ndarray) -> np.ndarray:
        """Captions and their unit vectors (N, D) of the base encoder -> (N, 128) float32."""
        feed = {"words": self._vocabulary.ids(texts), "vectors": np.ascontiguousarray(vectors, np.float32)}
        (found,) = self._text.run(None, feed)
        return np.asarray(found)


class PoseDiffusion:
    """Poses for a text, by DDIM (PAS, 3.3).

    Fields:
        representation: one of `REPRESENTATIONS`.
        manifest: what it was trained on.
    """

    def __init__(self, folder: Path, prior: PosePrior | None = None) -> None:
        """Args: prior: for the representations that need one; None: that of the same folder.

        Raises:
            ModelError: a graph is absent, truncated or changed.
        """
        self.manifest = _manifest(folder)
        self._graph = open_graph(folder, DENOISER, self.manifest)
        facts = self.manifest.facts
        self.representation = str(facts["representation"])
        self._mean, self._deviation = (np.array(facts[key], np.float32) for key in ("mean", "deviation"))
        self._kept = kept_shares(int(facts["steps"]))
        self._vocabulary = Vocabulary(tuple(facts["words"]))
        self._prior = prior or (PosePrior(folder) if self.representation != "6d" else None)

    def sample(
        self,
        text: str,
        vector: np.ndarray,
        count: int,
        seed: int,
        steps: int = STEPS,
        guidance: float = GUIDANCE,
    ) -> np.ndarray:
        """So many poses for a text; the same for the same seed, and the first of many is the one of one.

        Args:
            vector: (D,) the text's unit vector of the base encoder.

        Returns:
            (count, 132) float32.

        Raises:
            ClipActorError: a number of samples or steps that cannot be.
        """
        if not 1 <= count <= 1000:
            raise ClipActorError(f"{count} samples; expected 1 to 1000")
        if not 1 <= steps <= len(self._kept):
            raise ClipActorError(f"{steps} steps of the diffusion; expected 1 to {len(self._kept)}")
        noises = [np.random.default_rng((seed, number)) for number in range(count)]
        x = np.stack([draw.standard_normal(len(self._mean)) for draw in noises]).astype(np.float32)
        feed = {
            "words": np.repeat(self._vocabulary.ids([text]), count, axis=0),
            "vectors": np.repeat(np.asarray(vector, np.float32)[None], count, axis=0),
            "guidance": np.array([guidance], np.float32),
        }
        times = np.linspace(len(self._kept) - 1, 0, steps).round().astype(np.int64)
        for i, time in enumerate(times):
            (clean,) = self._graph.run(None, {**feed, "noisy": x, "step": np.full(count, time)})
            if i + 1 == len(times):
                break
            now, then = self._kept[time], self._kept[times[i + 1]]
            noise = (x - np.sqrt(now) * clean) / np.sqrt(1.0 - now)
            x = (np.sqrt(then) * clean + np.sqrt(1.0 - then) * noise).astype(np.float32)
        return self._rows(clean * self._deviation + self._mean)

    def _rows(self, made: np.ndarray) -> np.ndarray:
        """Root and pose in the representation -> rows (N, 132)."""
        if self._prior is None:
            return made.astype(np.float32)
        if self.representation == "latent":
            return self._prior.decode(made[:, ROOT_NUMBERS:], made[:, :ROOT_NUMBERS])
        if made.shape[1] != NUMBERS:
            raise ModelError(
                f"the diffusion makes {made.shape[1]} numbers; expected {NUMBERS}: export it again"
            )
        return self._prior.through(made.astype(np.float32))


def _manifest(folder: Path) -> Manifest:
    """What a folder of pose models says of itself.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    if not (folder / MANIFEST).is_file():
        raise ModelError(
            f"there are no pose models in {folder}, and these words need them; say a pose that has a name "
            "(clipactor pose --list), or train them: clipactor pose-model data, train, export (docs/poses.md)"
        )
    return read_manifest(folder)


def poses_folder() -> Path:
    """The user's own pose models, if there are any, or else the shipped ones."""
    return folder_of(POSES_FOLDER)
