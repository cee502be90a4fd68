"""Poses of a library and what is said about them: what the space of poses and words learns from."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.geometry import MIRROR, forward_kinematics, matrix_from_axis_angle
from clipactor_node.motion import Library
from clipactor_node.perception.measuring import held_out
from clipactor_node.perception.pose_space import pose_numbers
from clipactor_node.perception.recovery_model import BODY_JOINTS
from clipactor_node.perception.wording import every_sentence, facts, sentences

_RATE_HZ = 3.0
_WORDINGS = 2
_FLIP = np.diag([-1.0, 1.0, 1.0])


@dataclass(frozen=True)
class SpokenPoses:
    """Fields:

    numbers: (N, POSE) float32. local: (N, 22, 3, 3) float32.
    texts: all sentences. said: (N, WORDINGS) lists of the numbers of sentences about each pose.
    captions: (N,) numbers of texts that people wrote about the clip; -1: none.
    """

    numbers: np.ndarray
    local: np.ndarray
    texts: tuple[str, ...]
    said: list[list[list[int]]]
    captions: np.ndarray


def spoken_poses(library: Library, skinner: Skinner, seed: int = 0) -> SpokenPoses:
    """Poses of clips that are not held out, and their mirror images, each with sentences about it."""
    rng = np.random.default_rng(seed)
    texts = {text: index for index, text in enumerate(every_sentence())}
    told: dict[str, list[str]] = {}
    for label in library.labels:
        told.setdefault(label.clip, []).append(label.text)
    local_rows, said, captions = [], [], []
    for name in library.names:
        if held_out(name):
            continue
        clip = library.load(name).resampled(_RATE_HZ)
        local = matrix_from_axis_angle(clip.poses[:, :BODY_JOINTS].astype(np.float64))
        for turned in (local, (_FLIP @ local @ _FLIP)[:, list(MIRROR[:BODY_JOINTS])]):
            world = _world(skinner, turned)
            for row, placed in zip(turned, world, strict=True):
                known = facts(placed[:, :3, 3], placed[:, :3, :3])
                said.append(
                    [
                        [texts[s] for s in sentences(known, int(rng.integers(1 << 30)))]
                        for _ in range(_WORDINGS)
                    ]
                )
                local_rows.append(row)
                mine = told.get(name, ()) if turned is local else ()  # words may name a side
                text = mine[int(rng.integers(len(mine)))] if mine else None
                captions.append(-1 if text is None else texts.setdefault(text, len(texts)))
    rows = np.stack(local_rows)
    numbers = pose_numbers(rows, np.eye(3)).astype(np.float32)
    return SpokenPoses(numbers, rows.astype(np.float32), tuple(texts), said, np.array(captions))


def _world(skinner: Skinner, local: np.ndarray) -> np.ndarray:
    rest = np.asarray(skinner.rest_joints, np.float64)
    whole = np.broadcast_to(np.eye(3), (len(local), len(rest), 3, 3)).copy()
    whole[:, :BODY_JOINTS] = local
    return forward_kinematics(rest, whole, np.zeros((len(local), 3)))[:, :BODY_JOINTS]
