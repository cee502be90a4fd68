"""What a cosine is worth: the chance that a label of that score is what was asked for.

A logistic curve per encoder, fitted to commands and labels written for this purpose
(`calibration.toml`): for each command the score of its right label and the score of the best wrong
one. So it answers: if half of what people ask for is in the library, how often is a best match of this
score right?
"""

import hashlib
import json
import logging
import math
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from clipactor_node.files import write_whole
from clipactor_node.home import user_home
from clipactor_node.retrieval.shipped import shipped_calibration
from clipactor_node.retrieval.vectors import label_vectors, query_vectors
from clipactor_node.text import Encoder

log = logging.getLogger(__name__)

_CASES = Path(__file__).with_name("calibration.toml")
_RIDGE = 1e-6
_STEPS = 50


@dataclass(frozen=True)
class Calibration:
    """confidence = 1 / (1 + exp(-slope (cosine - middle)))."""

    slope: float
    middle: float

    def confidence(self, cosine: float) -> float:
        """0 to 1."""
        return 1.0 / (1.0 + math.exp(-max(min(self.slope * (cosine - self.middle), 60.0), -60.0)))


def calibrate(encoder: Encoder) -> Calibration:
    """The curve of an encoder; it ships, or is fitted once and kept."""
    key = calibration_key(encoder)
    if shipped := shipped_calibration(key):
        return Calibration(**shipped)
    path = user_home() / "cache" / "calibration" / f"{key}.json"
    try:
        return Calibration(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        pass
    found = fitted(encoder)
    try:
        write_whole(path, json.dumps(asdict(found)).encode())
    except OSError as error:
        log.warning("the calibration cannot be kept at %s (%s)", path, error)
    return found


def calibration_key(encoder: Encoder) -> str:
    """A digest of an encoder and the cases that its curve is fitted to."""
    return _digest(encoder.id.encode() + _CASES.read_bytes())


def fitted(encoder: Encoder) -> Calibration:
    """The curve of an encoder, fitted now."""
    return fit(*samples(encoder))


def samples(encoder: Encoder) -> tuple[np.ndarray, np.ndarray]:
    """(cosines, whether each is of a right label), each (M,), of the shipped cases."""
    data = tomllib.loads(_CASES.read_text(encoding="utf-8"))
    labels, cases = data["labels"], data["case"]
    cosines = query_vectors(encoder, [c["text"] for c in cases]) @ label_vectors(encoder, labels).T
    scores, right = [], []
    for row, case in zip(cosines, cases, strict=True):
        good = np.isin(labels, case["good"])
        if good.any():
            scores.append(row[good].max())
            right.append(True)
        scores.append(row[~good].max())
        right.append(False)
    return np.array(scores), np.array(right)


def fit(scores: np.ndarray, right: np.ndarray) -> Calibration:
    """The logistic curve of greatest likelihood, right and wrong counting equally; Newton's method."""
    design = np.stack([scores - scores.mean(), np.ones(len(scores))], axis=1)
    weights = np.where(right, 0.5 / max(right.sum(), 1), 0.5 / max((~right).sum(), 1))
    beta = np.zeros(2)
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-design @ beta))
        gradient = design.T @ (weights * (right - chance)) - _RIDGE * beta * (1.0, 0.0)
        curvature = (design * (weights * chance * (1 - chance))[:, None]).T @ design + _RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    slope = float(beta[0])
    return Calibration(slope, float(scores.mean() - beta[1] / slope) if slope else float(scores.mean()))


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=12).hexdigest()
