"""A motion for a text: sampled, finished, judged; tried again where it may not be shown."""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from clipactor_node import body
from clipactor_node.errors import ClipActorError, LibraryError, ModelError, PromptError
from clipactor_node.generation.features import RATE_HZ, encode, features
from clipactor_node.generation.finishing import finished
from clipactor_node.generation.generator import STEPS, MotionGenerator, open_generator
from clipactor_node.generation.quality import Quality, quality
from clipactor_node.generation.space import MotionSpace, open_space
from clipactor_node.motion import MotionClip, SkinSample
from clipactor_node.motion.blending import Legs, anchored, heading_of
from clipactor_node.text import Encoder

log = logging.getLogger(__name__)

TRIES = 3
LONGEST_TEXT = 300
GENERATED_CLIP = "generated-"
"""What the names of generated clips begin with; then comes the seed."""
_NEXT_SEED = 100_003
_STARTS_WITH = 4
"""Rows of the features of what is shown before that a motion goes on from."""


@dataclass(frozen=True)
class Attempt:
    """One sample: the clip, what was measured of it, and why it may not be shown; () if it may."""

    seed: int
    clip: MotionClip
    quality: Quality
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """What came of a text. clip: None where every attempt was refused."""

    text: str
    attempts: tuple[Attempt, ...]

    @property
    def clip(self) -> MotionClip | None:
        """The one that may be shown."""
        last = self.attempts[-1]
        return None if last.faults else last.clip

    @property
    def line(self) -> str:
        """In words, for `state`."""
        last = self.attempts[-1]
        if not last.faults:
            return f"generated {last.clip.duration_s:.1f} s for {self.text!r} (seed {last.seed})"
        return f"{len(self.attempts)} generated motions were refused ({'; '.join(last.faults)})"


def described_by(actions: Sequence[str]) -> str:
    """What a command asks to do, as the sentences that the models were trained on: "a person ...".

    Raises:
        PromptError: it asks for nothing to be done.
    """
    if not actions:
        raise PromptError("no action was asked for; say what somebody does, like 'a person waves hello'")
    return f"a person {' and '.join(actions)}"


class MotionMaker:
    """Makes motions for texts.

    Args:
        encoder: the retriever's first stage; its vectors are what both models read.

    Raises:
        ModelError: a model was trained on vectors of another encoder.
    """

    def __init__(
        self, generator: MotionGenerator, space: MotionSpace, encoder: Encoder, skinner: body.Skinner
    ) -> None:
        for name, model in (("motion-text", space), ("motion-generator", generator)):
            if not model.manifest.reads(encoder.id, encoder.dimension):
                raise ModelError(
                    f"the {name} model was trained on {model.manifest.encoder}, the first stage is "
                    f"{encoder.id}; choose the profile that fits, or train one on it"
                )
        self._generator, self._space, self._encoder = generator, space, encoder
        self._skin = SkinSample(skinner)
        self._legs = Legs(skinner.rest_joints, self._skin.sole_level)
        self._slope = float(space.manifest.facts.get("slope", 10.0))
        self._middle = float(space.manifest.facts.get("middle", 0.3))

    def make(
        self,
        text: str,
        seconds: float,
        seed: int,
        steps: int = STEPS,
        start: MotionClip | None = None,
        tries: int = TRIES,
    ) -> Made:
        """Up to so many samples, until one may be shown; the same for the same seed.

        Args:
            start: what is shown before, a quarter of a second at least: the motion goes on from its end.

        Raises:
            ClipActorError: no text; a length, or a number of steps, that cannot be.
        """
        if not text.strip():
            raise ClipActorError("no text was given; say what the motion is to show")
        words = self._encoder.encode([text[:LONGEST_TEXT]])[0]
        attempts = []
        for number in range(tries):
            attempts.append(self._attempt(text, words, seconds, seed + number * _NEXT_SEED, steps, start))
            if not attempts[-1].faults:
                break
        return Made(text, tuple(attempts))

    def chance(self, text: str, clip: MotionClip) -> float:
        """By the extractors: that a clip shows a text, 0 to 1; 0 where it cannot be seen."""
        words = self._encoder.encode([text[:LONGEST_TEXT]])[0]
        try:
            return self._chance(words, clip)
        except LibraryError as error:
            log.warning("%s cannot be judged: %s", clip.name, error)
            return 0.0

    def _attempt(
        self,
        text: str,
        words: np.ndarray,
        seconds: float,
        seed: int,
        steps: int,
        start: MotionClip | None,
    ) -> Attempt:
        known = None if start is None else self._opening(start)
        rows = self._generator.sample(words, seconds, seed, steps, known)
        clip = finished(rows, f"{GENERATED_CLIP}{seed}", self._skin, self._legs)
        if start is not None and known is not None:
            clip = self._after(start, clip, len(known) / RATE_HZ)
        clip = replace(clip, captions=(text,), source="generated by ClipActor's motion-generator")
        measured = quality(clip, self._skin, self._legs, self._chance(words, clip))
        return Attempt(seed, clip, measured, measured.faults(text))

    def _chance(self, words: np.ndarray, clip: MotionClip) -> float:
        seen = self._space.motions(features(clip, self._legs.rest_joints))
        cosine = float((seen @ self._space.words(words[None])[0]).max())
        return 1.0 / (1.0 + math.exp(-self._slope * (cosine - self._middle)))

    def _opening(self, start: MotionClip) -> np.ndarray:
        """(K, 263): the last rows of what is shown.

        Raises:
            ClipActorError: it is shorter than that.
        """
        shown = start.resampled(RATE_HZ)
        if len(shown) <= _STARTS_WITH:
            raise ClipActorError(
                f"the motion to start from lasts {start.duration_s:.2f} s; a quarter of a second is needed"
            )
        part = slice(-_STARTS_WITH - 1, None)
        return encode(shown.poses[part], shown.translation[part], self._legs.rest_joints)

    def _after(self, start: MotionClip, clip: MotionClip, known_s: float) -> MotionClip:
        """The part that was made, standing where what was shown ends."""
        pelvis = self._legs.pelvis
        last, place = start.poses[-1], (start.translation[-1] + pelvis)[[0, 2]]
        frame = min(round(known_s * clip.rate_hz), len(clip) - 2)
        moved = anchored(clip, place, heading_of(last), pelvis, frame)
        return moved.slice(frame / clip.rate_hz, clip.duration_s)


def open_maker(encoder: Encoder, skinner: body.Skinner | None = None) -> MotionMaker:
    """A maker with the user's own models, or the shipped ones.

    Raises:
        ModelError: there are none, they are damaged, or of another encoder.
    """
    return MotionMaker(open_generator(), open_space(), encoder, skinner or body.Skinner(body.load()))
