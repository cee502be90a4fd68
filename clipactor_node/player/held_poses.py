"""Poses as the player holds them: made for words, on the floor, breathing."""

from functools import cached_property

from clipactor_node.body import Skinner
from clipactor_node.generation.poses import FEET, PoseMaker
from clipactor_node.motion import MotionClip
from clipactor_node.motion.blending import Legs
from clipactor_node.player.idle import held
from clipactor_node.player.layered_motion import MotionLayer
from clipactor_node.retrieval import PoseChoice
from clipactor_node.text import Encoder

SEED = 7
"""The same words are the same pose every time."""
_LONGEST_NAME = 120
_KEPT = 64


class HeldPoses:
    """Makes what a step holds; where commands are made ready, for one thread at a time.

    Args:
        encoder: of the retriever; None: named poses alone. legs: of the body.
    """

    def __init__(self, skinner: Skinner, encoder: Encoder | None, legs: Legs) -> None:
        self._skinner, self._encoder, self._legs = skinner, encoder, legs
        self._made: dict[tuple[str, float], tuple[MotionClip, tuple[str, ...]]] = {}

    @cached_property
    def _maker(self) -> PoseMaker:
        return PoseMaker(self._skinner, self._encoder)

    def layer(self, choice: PoseChoice, rate_hz: float, notes: list[str] | None = None) -> MotionLayer:
        """The pose of a choice as a cycle to be played.

        Args:
            notes: what the user should know is added here.

        Raises:
            ClipActorError: it cannot be made.
        """
        key = choice.text, rate_hz
        if key not in self._made:
            made = self._maker.make(choice.text, seed=SEED)
            name = " ".join(choice.label.split())[:_LONGEST_NAME]
            stance = MotionClip(name, rate_hz, made.pose[None], made.translation[None])
            if len(self._made) >= _KEPT:
                self._made.pop(next(iter(self._made)))
            self._made[key] = held(stance, self._legs, rate_hz, made.touches == FEET), made.notes
        clip, said = self._made[key]
        if notes is not None:
            notes += said
        return MotionLayer(clip, choice.label, source=clip)
