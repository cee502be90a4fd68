"""Sentences about a motion, from what can be measured of it."""

import random
import zlib
from dataclasses import replace

import numpy as np

from clipactor_node.generation.describing.arms import arms
from clipactor_node.generation.describing.event import Event
from clipactor_node.generation.describing.legs_and_trunk import head, legs, trunk
from clipactor_node.generation.describing.measures import Measures, measures
from clipactor_node.generation.describing.whole_body import whole_body
from clipactor_node.generation.describing.words import phrase, sentence, sentences
from clipactor_node.motion import Label, MotionClip

__all__ = ["Event", "describe", "described", "events_between", "events_of", "phrase", "sentence", "sentences"]

_LABELLED = 6
"""So many of a clip's events become labels of their spans."""


def events_of(clip: MotionClip, rest_joints: np.ndarray) -> list[Event]:
    """Everything that is seen to happen in a clip, in the order in which it begins.

    Args:
        rest_joints: (55, 3) metres, of the body the clip is on.
    """
    if len(clip.resampled(20.0)) < 5:
        return []
    m: Measures = measures(clip, rest_joints)
    found = [*whole_body(m), *arms(m), *legs(m), *trunk(m), *head(m)]
    return sorted(_without_echoes(found), key=lambda e: (e.start_s, -e.weight))


def describe(clip: MotionClip, rest_joints: np.ndarray, seed: int = 0, count: int = 3) -> tuple[str, ...]:
    """So many sentences about a clip; the same for the same clip and seed."""
    return sentences(events_of(clip, rest_joints), _seed(clip, seed), count)


def events_between(events: list[Event], start_s: float, end_s: float) -> list[Event]:
    """Those of which at least half lies in a span, as they are seen there."""
    kept = []
    for one in events:
        inside = min(one.end_s, end_s) - max(one.start_s, start_s)
        whole = max(one.end_s - one.start_s, 1e-6)
        if inside >= 0.5 * whole or (inside > 1.5 and one.kind in _LASTING):
            cut = inside < 0.95 * whole and one.kind in _LASTING
            kept.append(replace(one, count=0) if cut else one)
    return kept


_LASTING = {
    "walk", "walk crouched", "run", "crawl", "creep", "sit", "lie", "crouch", "kneel", "all fours", "balance",
    "clap", "move hand", "wave", "hold up", "hold out", "sway", "at head", "hands together", "cross arms",
}  # fmt: skip


def described(clip: MotionClip, rest_joints: np.ndarray, seed: int = 0) -> MotionClip:
    """The clip with what is seen in it as labels of their spans, and sentences as captions."""
    events = events_of(clip, rest_joints)
    weightiest = sorted(events, key=lambda e: -e.weight)[:_LABELLED]
    labels = [Label(text, 0.0, clip.duration_s) for text in sentences(events, _seed(clip, seed), 1)]
    for one in sorted(weightiest, key=lambda e: e.start_s):
        start, end = min(one.start_s, clip.duration_s), min(one.end_s, clip.duration_s)
        if end > start:
            labels.append(Label(phrase(one, random.Random(f"{_seed(clip, seed)}/{one.start_s}")), start, end))
    captions = describe(clip, rest_joints, seed)
    return replace(clip, labels=tuple(dict.fromkeys(labels)), captions=tuple(dict.fromkeys(captions)))


def _seed(clip: MotionClip, seed: int) -> int:
    return zlib.crc32(f"{clip.name}/{seed}".encode())


def _without_echoes(events: list[Event]) -> list[Event]:
    """Without what only follows from something greater at the same time.

    Arms in a cartwheel, a trunk that leans to sit down or get up.
    """
    return [one for one in events if not any(_is_echo(one, great) for great in events)]


_GREAT = ("cartwheel", "flip", "handstand", "handspring", "roll over")
_LOWERING = ("sit down", "get up", "crouch down", "kneel down", "lie down", "all fours down", "squat")


def _is_echo(one: Event, great: Event) -> bool:
    shared = min(one.end_s, great.end_s) - max(one.start_s, great.start_s)
    if great.kind in _GREAT and one.kind not in _GREAT:
        return shared > 0.4 * (one.end_s - one.start_s)
    leans = one.kind == "bend" and one.way in ("forward", "far down") and great.kind in _LOWERING
    return leans and shared > min(0.1, 0.5 * (one.end_s - one.start_s))
