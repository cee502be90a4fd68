"""A single pose, written as one key of a gesture."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from clipactor_node.motion.authoring.gesture import Gesture, animate
from clipactor_node.motion.authoring.notation import FRAGMENTS, expanded
from clipactor_node.motion.authoring.shipped_library import GESTURES

_SECONDS = 0.2


@lru_cache
def _fragments() -> dict[str, Any]:
    return tomllib.loads((GESTURES / FRAGMENTS).read_text(encoding="utf-8"))


def still(
    name: str, channels: Mapping[str, Any], rest_joints: np.ndarray, sole: float
) -> tuple[np.ndarray, np.ndarray]:
    """The pose of a key.

    Args:
        channels: channel of gesture.py -> the fields of its key, without t; `base` and `balance` as there.
        rest_joints: (55, 3) metres, SMPL axes. sole: y of the soles in the same coordinates.

    Returns:
        pose (55, 3) float32 axis-angle, and translation (3,) float32.

    Raises:
        LibraryError: a hand or foot cannot reach. InvalidChoice: an unknown channel, field or fragment.
    """
    table: dict[str, Any] = {"seconds": _SECONDS, "loop": True, "labels": (), "balance": True}
    for channel, fields in channels.items():
        table[channel] = [{"t": 0.0, **fields}] if isinstance(fields, Mapping) else fields
    plain = expanded(name, table, _fragments())
    if "balance" in channels:
        plain["balance"] = channels["balance"]
    clip = animate(Gesture.from_table(name, {**plain, "breath": 0.0}), rest_joints, sole)
    return clip.poses[0], clip.translation[0]
