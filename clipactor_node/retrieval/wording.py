"""What words say beyond meaning (sides, directions, speeds, objects), and which clip of one meaning plays."""

import math
import re
import zlib
from collections.abc import Sequence

from clipactor_node.language import (
    Layer,
    is_action_as_object,
    is_bare,
    is_only_object,
    is_opposite,
    is_same_action,
    is_vague,
    label_layers,
    names_other_thing,
    normal_form,
)
from clipactor_node.motion import ClipInfo, ClipLabel

_OPPOSITE = {"forward": "backward", "backward": "forward", "up": "down", "down": "up"}
_LATERAL = ("left", "right")
_ARM = {"arm", "hand", "fist", "elbow", "finger", "thumb", "shoulder", "wrist", "palm"}
_LEG = {"leg", "foot", "knee", "heel", "toe", "ankle"}
_BOTH = "both"
_ONE_LIMB = re.compile(rf"\b(?:a|an|one|the other) (?:{'|'.join(sorted(_ARM | _LEG))})\b", re.IGNORECASE)
_STANCES = ("stand", "balance")

CONTRADICTION = 0.15
"""What one contradiction costs, in units of cosine: as much as separates good from fair labels."""

AGREEMENT = 0.03
MOST = 2 * AGREEMENT
"""What `fit` adds at most."""

OMISSION = 0.02
UNUSUAL = 0.12
"""What it costs a label to say nothing of an unusual direction: backwards, sideways, down."""

_UNUSUAL = ("backward", "sideways", "down")
SURPLUS = 0.05
"""What it costs a label to do more than the one action that was asked for."""

OBJECT_ONLY = 0.2
"""What it costs a label of another action to name the same things."""


OTHER_THING = 0.05

PLAIN = 0.75
"""A label of the same action and nothing else ("walk") fits "walk to the door" as well as that."""


def likeness(cosine: float, asked: Layer, text: str) -> float:
    """What the label `text` is worth by meaning and by words: at most 1."""
    label, alone = first_layer(text), has_one_action(text)
    if not alone and has_one_action(asked.text):
        cosine -= SURPLUS
    if (
        cosine < PLAIN
        and alone
        and (is_bare(label) or is_vague(label, asked))
        and is_same_action(asked, label)
    ):
        cosine = PLAIN
    literal = AGREEMENT if normal_form(asked.text) == normal_form(label.text) else 0.0
    return min(cosine + fit(asked, label) + literal, 1.0)


def has_one_action(text: str) -> bool:
    """Whether a text asks for one action at most."""
    return len(label_layers(text)) < 2


def first_layer(text: str) -> Layer:
    """The first action of a label; a layer without properties where it cannot be read."""
    layers = label_layers(text)
    return layers[0] if layers else Layer(text)


def fit(asked: Layer, label: Layer) -> float:
    """How well the wording of a label fits what was asked for: added to their cosine.

    Left and right do not count here, as clips can be mirrored: see `is_other_side`.
    """
    bonus = 0.0
    if asked.direction and asked.direction not in _LATERAL:
        if label.direction == asked.direction:
            bonus += AGREEMENT
        elif label.direction == _OPPOSITE.get(asked.direction):
            bonus -= CONTRADICTION
        else:
            bonus -= UNUSUAL if asked.direction in _UNUSUAL else OMISSION
    elif not asked.direction and label.direction in ("backward", "sideways"):
        bonus -= OMISSION  # nobody who says "walk" means backwards
    if is_opposite(asked.text, label.text):
        bonus -= CONTRADICTION
    if is_action_as_object(asked, label):
        bonus -= 2 * CONTRADICTION
    elif is_only_object(asked, label):
        bonus -= OBJECT_ONLY
    if names_other_thing(asked, label):
        bonus -= OTHER_THING
    both = [_BOTH in layer.text.lower().split() for layer in (asked, label)]
    if asked.side and both[1] or both[0] and (label.side or _ONE_LIMB.search(label.text)):
        bonus -= CONTRADICTION
    wanted, offered = _sign(asked.speed), _sign(label.speed)
    if wanted and offered:
        bonus += AGREEMENT if wanted == offered else -CONTRADICTION
    return bonus


def is_other_side(asked: Layer, label: Layer) -> bool:
    """Whether the label does on one side what is asked for on the other."""
    pairs = [(asked.side, label.side), (_lateral(asked), _lateral(label))]
    named = [(a, b) for a, b in pairs if a and b]
    return any(a != b for a, b in named) and not any(a == b for a, b in named)


def acting_limb(asked: Layer) -> str:
    """The limb that is named: "arm", "leg", or "" where it names none."""
    words = set(asked.text.lower().split())
    return "arm" if words & _ARM else "leg" if words & _LEG else ""


def moving_side(asked: Layer) -> str:
    """The side that must move: who balances on the left leg lifts the right one."""
    if asked.side and asked.verb in _STANCES and acting_limb(asked) == "leg":
        return "right" if asked.side == "left" else "left"
    return asked.side


def swap_sides(text: str) -> str:
    """Every "left" a "right" and the reverse."""
    swapped = {"left": "right", "right": "left"}
    return " ".join(swapped.get(word.lower(), word) for word in text.split())


def remaining_speed(asked: Layer, label: Layer) -> float:
    """The factor still to be applied to a clip whose label already says how fast it is."""
    return 1.0 if _sign(asked.speed) == _sign(label.speed) else asked.speed


def _lateral(layer: Layer) -> str:
    return layer.direction if layer.direction in _LATERAL else ""


def _sign(speed: float) -> int:
    return (speed > 1.0) - (speed < 1.0)


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
    best_of_clip: dict[str, int] = {}
    for i in order:
        if values[i] >= values[order[0]] - variety:
            best_of_clip.setdefault(labels[i].clip, i)
    fit_enough = list(best_of_clip.values())
    start = zlib.crc32(f"{seed}:{labels[0].text}".encode()) if seed else 0
    return labels[fit_enough[(start + turn) % len(fit_enough)]]


def _wording(asked: Layer, text: str) -> float:
    described = first_layer(text)
    return fit(asked, described) - (_OTHER_SIDE if is_other_side(asked, described) else 0.0)
