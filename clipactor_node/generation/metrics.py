"""How generated motions are measured by the field (Guo et al. 2022, 5.1; Karunratanakul et al. 2023).

Vectors are those of an evaluator: texts and motions in one space, (N, D).
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.motion import positions_of_rows

POOL = 32
"""A text's own motion is looked for among so many."""
RANKS = 3
_PAIRS = 300
_SLIDES_M, _LOW_M = 0.025, 0.05
"""Karunratanakul et al. 2023: a foot lower than this that goes further from a frame at 20 Hz to the next."""
_SMOOTHED = 5
_FEET = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]
_FEET_COUNT = 22


@dataclass(frozen=True)
class Figure:
    """A mean of repetitions, and half the width of its 95 % interval (normal)."""

    mean: float
    interval: float

    @classmethod
    def of(cls, values: "list[float]") -> "Figure":
        """From what the repetitions gave; those that are nan are left out, all nan: nan."""
        known = np.array([v for v in values if np.isfinite(v)])
        if not len(known):
            return cls(float("nan"), float("nan"))
        return cls(float(known.mean()), float(1.96 * known.std() / len(known) ** 0.5))


def r_precision(texts: np.ndarray, motions: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Share of texts whose own motion is among the nearest 1, 2, 3 of 32 drawn ones: (3,).

    Raises:
        ClipActorError: fewer than 32 pairs.
    """
    if len(texts) < POOL:
        raise ClipActorError(f"{len(texts)} pairs of text and motion; R-precision is of pools of {POOL}")
    order = draw.permutation(len(texts))[: len(texts) // POOL * POOL]
    ranks = []
    for pool in order.reshape(-1, POOL):
        away = _distances(texts[pool], motions[pool])
        ranks.append((away < np.diag(away)[:, None]).sum(axis=1))
    found = np.concatenate(ranks)
    return np.array([(found < k).mean() for k in range(1, RANKS + 1)])


def multimodal_distance(texts: np.ndarray, motions: np.ndarray) -> float:
    """Mean distance of a text and its motion."""
    return float(np.linalg.norm(texts - motions, axis=1).mean())


def frechet_distance(one: np.ndarray, other: np.ndarray) -> float:
    """FID: between the normal distributions of two sets of vectors (Heusel et al. 2017, equation 6)."""
    first, second = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    root = _root(first)
    cross = np.linalg.eigvalsh(root @ second @ root)
    away = np.square(one.mean(axis=0) - other.mean(axis=0)).sum()
    both = np.sqrt(np.maximum(cross, 0.0)).sum()
    return float(max(away + np.trace(first) + np.trace(second) - 2.0 * both, 0.0))


def diversity(motions: np.ndarray, draw: np.random.Generator) -> float:
    """Mean distance of two motions: of 300 random pairs, of fewer where there are not so many motions."""
    count = min(_PAIRS, len(motions) // 2)
    order = draw.permutation(len(motions))
    return float(np.linalg.norm(motions[order[:count]] - motions[order[count : 2 * count]], axis=1).mean())


def multimodality(motions: np.ndarray) -> float:
    """Mean distance of two motions made for one text: (texts, samples, D)."""
    count = motions.shape[1]
    away = np.linalg.norm(motions[:, :, None] - motions[:, None], axis=-1)
    return float(away.sum() / (len(motions) * count * (count - 1))) if count > 1 else float("nan")


def skating_ratio(rows: np.ndarray) -> float:
    """Share of frames of features (T, 263) in which a foot that is near the floor slides."""
    feet = positions_of_rows(np.asarray(rows, np.float64), _FEET_COUNT)[:, _FEET]
    if len(feet) < 2:
        return 0.0
    ways = np.linalg.norm(np.diff(feet[..., [0, 2]], axis=0), axis=-1)
    ways = uniform_filter1d(ways, _SMOOTHED, axis=0, mode="nearest")
    low = feet[..., 1] < _LOW_M
    return float(((low[:-1] & low[1:]) & (ways > _SLIDES_M)).any(axis=1).mean())


def _distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.linalg.norm(one[:, None] - other[None], axis=-1)
    return found


def _root(matrix: np.ndarray) -> np.ndarray:
    """The square root of a symmetric matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh(matrix)
    found: np.ndarray = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return found
