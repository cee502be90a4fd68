"""The generator as it plays: DDIM with classifier-free guidance in numpy over one ONNX graph, no torch."""

import math
from pathlib import Path

import numpy as np

from clipactor_node.errors import ClipActorError, ModelError
from clipactor_node.generation.features import COUNT, RATE_HZ
from clipactor_node.generation.model_folder import (
    MANIFEST,
    folder_of,
    open_graph,
    other_features,
    read_manifest,
)

GENERATOR_FOLDER = "motion-generator"
DENOISER = "denoiser.onnx"
SHORTEST_S, LONGEST_S = 1.0, 60.0
STEPS = 10
_SHARED_FRAMES = 20
"""Frames by which a long motion's parts overlap."""


class MotionGenerator:
    """Words to features.

    Attributes:
        manifest: what it was trained on; its facts hold the scaling of features and the diffusion's settings.
        steps: of the diffusion in training: at most so many when sampling.
    """

    def __init__(self, folder: Path) -> None:
        """Open the graph of a folder.

        Raises:
            ModelError: it is absent, truncated or changed, or makes other features.
        """
        self.manifest = read_manifest(folder)
        self._graph = open_graph(folder, DENOISER, self.manifest, COUNT)
        facts = self.manifest.facts
        try:
            self._mean = np.array(facts["mean"], np.float32)
            self._deviation = np.array(facts["deviation"], np.float32)
            self.steps, self._frames = int(facts["steps"]), int(facts["frames"])
            self._patch, self._guidance = int(facts["patch"]), float(facts["guidance"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"{folder / MANIFEST} does not say how the generator samples ({str(error)[:60]}); export it "
                "again: clipactor motion-model export"
            ) from error
        if self._mean.shape != (COUNT,) or self._deviation.shape != (COUNT,):
            raise ModelError(other_features(folder, self._mean.size, COUNT))
        self._kept = kept_shares(self.steps)

    def sample(
        self,
        words: np.ndarray,
        seconds: float,
        seed: int,
        steps: int = STEPS,
        start: np.ndarray | None = None,
    ) -> np.ndarray:
        """Features of a motion for a text; the same for the same seed.

        Args:
            words: (D,) the text's unit vector of the base encoder.
            seconds: how long; longer motions than the network knows are made in parts that overlap.
            steps: of the diffusion; fewer are faster.
            start: (K, 263) features of what is shown before: the motion goes on from there (inpainting).

        Returns:
            (T, 263) float32 at 20 Hz; with `start`, its first K rows are that.

        Raises:
            ClipActorError: a length or number of steps that cannot be.
        """
        if not SHORTEST_S <= seconds <= LONGEST_S:
            raise ClipActorError(
                f"{seconds:g} seconds of motion; expected {SHORTEST_S:g} to {LONGEST_S:g}; a longer one is "
                "several commands"
            )
        if not 1 <= steps <= self.steps:
            raise ClipActorError(f"{steps} steps of the diffusion; expected 1 to {self.steps}")
        draw = np.random.default_rng(seed)
        known = np.zeros((0, COUNT), np.float32) if start is None else self._scaled(start)
        wanted = round(seconds * RATE_HZ) + len(known)
        made = self._part(words, min(wanted, self._frames), draw, steps, known)
        while len(made) < wanted:
            tail = made[-_SHARED_FRAMES:]
            length = min(wanted - len(made) + len(tail), self._frames)
            made = np.concatenate([made, self._part(words, length, draw, steps, tail)[len(tail) :]])
        return made[:wanted] * self._deviation + self._mean

    def _scaled(self, rows: np.ndarray) -> np.ndarray:
        scaled: np.ndarray = (np.asarray(rows, np.float32) - self._mean) / self._deviation
        return scaled

    def _part(
        self, words: np.ndarray, frames: int, draw: np.random.Generator, steps: int, known: np.ndarray
    ) -> np.ndarray:
        """(frames, 263) normalized, whose first rows are `known`."""
        padded = -(-frames // self._patch) * self._patch
        x = draw.standard_normal((1, padded, COUNT)).astype(np.float32)
        feed = {
            "words": np.ascontiguousarray(words[None], np.float32),
            "guidance": np.array([self._guidance], np.float32),
        }
        times = np.linspace(self.steps - 1, 0, steps).round().astype(np.int64)
        for i, time in enumerate(times):
            (clean,) = self._graph.run(None, {**feed, "noisy": x, "step": time[None]})
            clean[0, : len(known)] = known
            if i + 1 == len(times):
                return np.asarray(clean[0, :frames], np.float32)
            x = self._stepped(x, clean, int(time), int(times[i + 1]))
        raise AssertionError("no step was done")

    def _stepped(self, x: np.ndarray, clean: np.ndarray, now: int, then: int) -> np.ndarray:
        """DDIM without noise (Song et al. 2021, equation 12, sigma 0)."""
        kept, left = self._kept[now], self._kept[then]
        noise = (x - math.sqrt(kept) * clean) / math.sqrt(1.0 - kept)
        stepped = math.sqrt(left) * clean + math.sqrt(1.0 - left) * noise
        return np.asarray(stepped, np.float32)


def kept_shares(steps: int) -> np.ndarray:
    """(steps,): how much of the signal's variance is left after each step: the squared cosine of
    `diffusers` ("squaredcos_cap_v2"; Nichol and Dhariwal 2021)."""

    def share(t: float) -> float:
        return math.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2

    betas = [min(1.0 - share((i + 1) / steps) / share(i / steps), 0.999) for i in range(steps)]
    return np.cumprod(1.0 - np.array(betas))


def open_generator(folder: Path | None = None) -> MotionGenerator:
    """The user's own, if there is one, or else the shipped one.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    return MotionGenerator(folder or folder_of(GENERATOR_FOLDER))
