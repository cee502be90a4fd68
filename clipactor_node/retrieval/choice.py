"""Which of the clips under one label plays."""

import math
import zlib
from collections.abc import Sequence

from clipactor_node.language import Layer
from clipactor_node.motion import ClipInfo, ClipLabel
from clipactor_node.retrieval.wording import first_layer, fit, is_other_side

COMFORTABLE_S = (2.0, 15.0)
"""Neither a twitch nor a whole afternoon."""

_PER_OCTAVE = 0.1
_OTHER_SIDE = 0.05
_CYCLE = 0.05
_FAULTS = {"skating": 0.5, "fit_mean_m": 2.0, "buried": 0.5, "overextended": 0.3, "entangled": 0.5}
"""What a clip's measured faults cost, per unit of each."""


def fitness(label: ClipLabel, asked: Layer, info: ClipInfo | None = None) -> float:
    """How well a stretch of a clip serves what was asked for; only differences matter.

    Args:
        label: one of the labels that mean the same.
        asked: the layer; its duration, side, direction and speed count.
        info: `ClipInfo` of the clip, for its captions and measured quality; None: unknown.
    """
    duration = max(label.end_s - label.start_s, 1e-3)
    cyclic = info is not None and info.loop is not None
    value = _CYCLE if cyclic else 0.0
    if asked.duration_s and not cyclic:
        value -= _PER_OCTAVE * abs(math.log2(duration / asked.duration_s))
    elif not cyclic:
        shortest, longest = COMFORTABLE_S
        value -= _PER_OCTAVE * max(math.log2(shortest / duration), math.log2(duration / longest), 0.0)
    words = [label.text, *(info.captions[:3] if info is not None else ())]
    value += max(_wording(asked, text) for text in words)
    if info is not None:
        value -= sum(cost * float(info.quality.get(fault, 0.0)) for fault, cost in _FAULTS.items())
    return value


def choose(
    labels: Sequence[ClipLabel], values: Sequence[float], variety: float, seed: int, turn: int
) -> ClipLabel:
    """The label whose turn it is among the best.

    Args:
        values: fitness of each label.
        variety: how much less fit than the best a clip may be and still have its turn; 0: always the best.
        seed: where the rotation starts; the same seed and turns give the same clips.
        turn: how often these labels were asked for before.
    """
    order = sorted(range(len(labels)), key=lambda i: -values[i])
    if variety <= 0.0:
        return labels[order[0]]
    fit_enough = [i for i in order if values[i] >= values[order[0]] - variety]
    start = zlib.crc32(f"{seed}:{labels[0].text}".encode()) if seed else 0
    return labels[fit_enough[(start + turn) % len(fit_enough)]]


def _wording(asked: Layer, text: str) -> float:
    described = first_layer(text)
    return fit(asked, described) - (_OTHER_SIDE if is_other_side(asked, described) else 0.0)
