"""Motions that no clip shows: when they are generated, and how they are made ready to be played."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from clipactor_node.body import Skinner
from clipactor_node.errors import ClipActorError
from clipactor_node.generation import LONGEST_S, SHORTEST_S, MotionMaker, described_by, open_maker
from clipactor_node.language import Prompt
from clipactor_node.motion import Library
from clipactor_node.player.clip_playback import at_rate
from clipactor_node.player.layered_motion import LayeredMotion, MotionLayer
from clipactor_node.retrieval import Plan
from clipactor_node.text import load_encoder

LIBRARY, AUTO, GENERATED = "library", "auto", "generated"
MOTION_SOURCES = (LIBRARY, AUTO, GENERATED)
"""Clips only; generated where no label is sure and the generated motion shows the text better; always."""

_SURE = 0.6
"""Confidence of a match above which `auto` plays the clip."""
_USUAL_S = 4.0


@dataclass
class GeneratedMotions:
    """Generates for commands; for one thread at a time.

    Fields:
        source: AUTO or GENERATED.
        steps: of the diffusion.
        seed: the first motion's; each further one of the same words has another.
    """

    maker: MotionMaker
    source: str
    steps: int
    seed: int = 0
    _turns: dict[str, int] = field(default_factory=dict)

    def asked(self, plan: Plan | None) -> bool:
        """Whether to generate, when the library offers a plan; None: it offers none."""
        if self.source == GENERATED or plan is None:
            return True
        return any(planned.match.confidence < _SURE for planned in plan.layers)

    def motion(
        self, prompt: Prompt, plan: Plan | None, library: Library, rate_hz: float
    ) -> tuple[LayeredMotion | None, tuple[str, ...]]:
        """A motion for a command, and what to say about it; None: the library's is to be played.

        Args:
            plan: what the library offers; None: nothing.
        """
        layers = [layer for step in prompt.plan for layer in step if not layer.negated]
        try:
            text = described_by([layer.text for layer in layers])
            turn = self._turns.get(text, 0)
            seed = self.seed + zlib.crc32(text.encode()) % 1_000_000 + turn
            made = self.maker.make(text, _seconds([layer.duration_s for layer in layers]), seed, self.steps)
        except ClipActorError as error:
            return None, (f"nothing was generated: {error}",)
        self._turns[text] = turn + 1
        clip = made.clip
        if clip is None:
            return None, (f"{made.line}; the nearest clip is played",)
        if self.source == AUTO and plan is not None and plan.layers:
            shown = library.load(plan.layers[0].match.clip)
            own, other = made.attempts[-1].quality.chance, self.maker.chance(text, shown)
            if own <= other:
                return None, (f"the clip {shown.name} shows it better than what was generated",)
        layer = MotionLayer(at_rate(clip, rate_hz), text, source=clip)
        return LayeredMotion(layer), (made.line,)


def _seconds(asked: Sequence[float]) -> float:
    """How long: what the layers ask for together, or the usual."""
    return min(max(sum(asked) or _USUAL_S, SHORTEST_S), LONGEST_S)


def open_generated_motions(source: str, skinner: Skinner, steps: int) -> GeneratedMotions | None:
    """What generates for a player; None for the source LIBRARY.

    Raises:
        ModelError: there is no generator, or it is damaged.
    """
    if source == LIBRARY:
        return None
    return GeneratedMotions(open_maker(load_encoder(), skinner), source, steps)
