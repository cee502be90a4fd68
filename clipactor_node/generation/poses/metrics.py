"""How good generated poses are (PAS, 4.1.2): Frechet pose distance, R-precision, joint limits."""

import numpy as np

_BEYOND = 0.35
"""Radians beyond a limit that count: as for generated motion."""


def frechet_distance(made: np.ndarray, real: np.ndarray) -> float:
    """Between two sets of points (N, D), (M, D), each taken as normally distributed (FPD: the prior's)."""
    from scipy.linalg import sqrtm  # nothing that plays needs it

    apart = made.mean(axis=0) - real.mean(axis=0)
    first, second = np.cov(made, rowvar=False), np.cov(real, rowvar=False)
    root = np.real(sqrtm(first @ second))
    return float(apart @ apart + np.trace(first + second - 2.0 * root))


def r_precision(texts: np.ndarray, poses: np.ndarray, among: int = 32, seed: int = 5) -> dict[int, float]:
    """Share of texts whose own pose is among the nearest 1, 2, 3 of `among`, the others drawn by chance.

    Args:
        texts, poses: (N, D) unit vectors, row by row a pair.
    """
    draw = np.random.default_rng(seed)
    among = min(among, len(texts))
    ranks = []
    for row in range(len(texts)):
        others = draw.choice(np.delete(np.arange(len(poses)), row), among - 1, replace=False)
        likes = poses[[row, *others]] @ texts[row]
        ranks.append(int((likes[1:] > likes[0]).sum()))
    return {k: float(np.mean(np.array(ranks) < k)) for k in (1, 2, 3)}


def share_beyond(beyond: np.ndarray) -> float:
    """Share of poses of which a joint is further beyond its limits than may be shown; (N,) radians."""
    return float(np.mean(np.asarray(beyond) > _BEYOND))
