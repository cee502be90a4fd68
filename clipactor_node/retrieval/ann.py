"""Approximate nearest neighbours for very many labels, by faiss.

Labels are sorted into cells around k-means centres; a query visits the nearest cells only. Inside,
vectors have one byte per dimension; what they bring up is ranked again with the exact vectors. How
many cells are visited is measured, not guessed: as few as find what an exact search finds.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from clipactor_node.files import replacing

if TYPE_CHECKING:
    import faiss

log = logging.getLogger(__name__)

RECALL = 0.995
"""Share of the exact ten best that must be found when the number of visited cells is chosen."""

_PROBES = (16, 32, 64, 128, 256, 512, 1024)
_SAMPLE = 128
_REFINED = 10
_POINTS_PER_CELL = 40


class ApproximateIndex:
    """The best rows of `vectors` for a vector.

    Args:
        vectors: (N, D) float32, unit length, kept by the caller (memory-mapped is fine).
        path: where the index is kept; made there if it is absent, damaged or of other vectors.

    Raises:
        ModuleNotFoundError: faiss is not installed.
    """

    def __init__(self, vectors: np.ndarray, path: Path | None = None) -> None:
        import faiss

        self._faiss = faiss
        self._vectors = vectors
        faiss.omp_set_num_threads(1)
        self._index = self._opened(path) or self._built(path)

    def search(self, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """(rows, exact cosines) of the `count` best rows, best first; (D,) -> (<= count,) each."""
        _, found = self._index.search(vector[None], min(_REFINED * count, len(self._vectors)))
        rows = np.sort(found[0][found[0] >= 0])
        cosines = self._vectors[rows] @ vector
        best = np.argsort(-cosines, kind="stable")[:count]
        return rows[best], cosines[best]

    def _opened(self, path: Path | None) -> "faiss.IndexIVF | None":
        if path is None or not path.is_file():
            return None
        try:
            index = cast("faiss.IndexIVF", self._faiss.read_index(str(path)))
            if (index.ntotal, index.d) != self._vectors.shape:
                raise ValueError(f"it holds {index.ntotal} x {index.d}, not {self._vectors.shape}")
        except (RuntimeError, ValueError) as error:
            log.warning("the search index %s is damaged (%s); it is built again", path, str(error)[-200:])
            return None
        return index

    def _built(self, path: Path | None) -> "faiss.IndexIVF":
        library, vectors = self._faiss, self._vectors
        cells = int(4 * len(vectors) ** 0.5)
        log.warning("building a search index over %d labels, once (minutes)", len(vectors))
        kind = f"IVF{cells},SQ8"
        made = library.index_factory(vectors.shape[1], kind, library.METRIC_INNER_PRODUCT)
        index = cast("faiss.IndexIVF", made)
        index.cp.niter = 6
        index.cp.max_points_per_centroid = _POINTS_PER_CELL
        index.train(_sample(vectors, cells * _POINTS_PER_CELL))
        for start in range(0, len(vectors), 65536):
            index.add(np.ascontiguousarray(vectors[start : start + 65536]))
        self._index = index
        index.nprobe = self._enough_probes()
        if path is not None:
            try:
                with replacing(path) as part:
                    library.write_index(index, str(part))
            except (OSError, RuntimeError) as error:
                log.warning("the search index cannot be kept at %s (%s)", path, error)
        return index

    def _enough_probes(self) -> int:
        """The fewest cells to visit that give `RECALL` on queries half-way between two labels."""
        vectors = self._vectors
        chosen = np.random.default_rng(0).integers(0, len(vectors), (2, _SAMPLE))
        queries = vectors[chosen[0]] + vectors[chosen[1]]
        queries /= np.linalg.norm(queries, axis=1, keepdims=True)
        exact = [set(np.argpartition(-(vectors @ query), 10)[:10].tolist()) for query in queries]
        for probes in _PROBES:
            self._index.nprobe = probes
            found = [set(self.search(query, 10)[0].tolist()) for query in queries]
            if np.mean([len(a & b) / 10 for a, b in zip(exact, found, strict=True)]) >= RECALL:
                break
        return probes


def _sample(vectors: np.ndarray, count: int) -> np.ndarray:
    if len(vectors) <= count:
        return np.ascontiguousarray(vectors)
    rows = np.random.default_rng(0).choice(len(vectors), count, replace=False)
    return np.ascontiguousarray(vectors[np.sort(rows)])
