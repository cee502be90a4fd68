"""Vectors of many texts: encoded once, kept on disk, memory-mapped, completed when texts are added.

One folder per encoder id, one file per list of texts. A list that differs from one seen before reuses
every vector it can, and so do the labels that ship (`shipped.py`): only new texts are encoded. What was kept
by other rules of taking texts apart is not used, as the sentences that stand for a text depend on them.
"""

import hashlib
import logging
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from clipactor_node.files import replacing, write_whole
from clipactor_node.home import user_home
from clipactor_node.language import label_sentences, query_sentences, rules_digest
from clipactor_node.retrieval.shipped import shipped_vectors, text_keys
from clipactor_node.text import Encoder

log = logging.getLogger(__name__)

KEPT_FILES = 4
"""Lists of texts remembered per encoder."""

CHUNK = 2048

Progress = Callable[[int, int], None]


def query_vectors(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    """One unit vector per command: the mean over its `query_sentences`; (N, D) float32."""
    return mean_vectors(encoder, [query_sentences(text) for text in texts])


def label_vectors(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    """One unit vector per label: the mean over its `label_sentences`; (N, D) float32."""
    return mean_vectors(encoder, [label_sentences(text) for text in texts])


def mean_vectors(encoder: Encoder, views: Sequence[Sequence[str]]) -> np.ndarray:
    """One unit vector per group of sentences: their mean; (N, D) float32."""
    flat = encoder.encode([view for group in views for view in group])
    if not len(flat):
        return flat
    starts = np.cumsum([0, *(len(group) for group in views)])[:-1]
    summed = np.add.reduceat(flat, starts, axis=0)
    return summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12)


class VectorFile:
    """The vectors of one list of texts by one encoder, wherever they come from.

    Attributes:
        path: of the vectors, a plain .npy; `.keys` beside it says which text each row is of.
    """

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        self._encoder, self._texts = encoder, texts
        self._keys = text_keys(texts, rules_digest())
        name = hashlib.blake2b(self._keys.tobytes(), digest_size=12).hexdigest()
        self._folder = user_home() / "cache" / "labels" / f"{_safe(encoder.id)}-{encoder.dimension}"
        self.path = self._folder / f"{name}.npy"

    def load(self, progress: Progress | None = None) -> np.ndarray:
        """(N, D) float32 unit vectors, memory-mapped; what is missing is encoded and kept first.

        A damaged or foreign file is logged and made anew; where nothing can be written the
        vectors stay in memory.

        Args:
            progress: told (done, of how many) while texts are encoded.
        """
        dimension = self._encoder.dimension
        known = _read(self.path, dimension)
        if known is not None and len(known[1]) == len(self._keys):
            return known[1]
        vectors = self._completed(progress)
        try:
            _write(self.path, self._keys, vectors)
            _forget_old(self._folder, self.path)
        except OSError as error:
            log.warning("the label index cannot be kept in %s: %s", self._folder, error)
            return vectors
        written = _read(self.path, dimension)
        return vectors if written is None else written[1]

    def _completed(self, progress: Progress | None) -> np.ndarray:
        """The vectors: those that ship, those of the newest other list, and the others from the encoder."""
        vectors = np.empty((len(self._texts), self._encoder.dimension), dtype=np.float32)
        missing = np.arange(len(self._texts))
        known = (
            (shipped_vectors(self._encoder.id), text_keys(self._texts)),
            (_newest(self._folder, self._encoder.dimension), self._keys),
        )
        for source, keys in known:
            if source is not None and len(missing):
                rows = _rows_of(keys[missing], source[0])
                vectors[missing[rows >= 0]] = source[1][rows[rows >= 0]]
                missing = missing[rows < 0]
        for start in range(0, len(missing), CHUNK):
            rows = missing[start : start + CHUNK]
            vectors[rows] = label_vectors(self._encoder, [self._texts[row] for row in rows])
            if progress is not None:
                progress(min(start + CHUNK, len(missing)), len(missing))
        return vectors


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in ".-_+" else "-" for c in name)


def _rows_of(wanted: np.ndarray, known: np.ndarray) -> np.ndarray:
    """For each wanted key its row among the known ones, -1 where it is unknown."""
    where = {key: row for row, key in enumerate(known.tolist())}
    return np.array([where.get(key, -1) for key in wanted.tolist()], dtype=np.int64)


def _newest(folder: Path, dimension: int) -> tuple[np.ndarray, np.ndarray] | None:
    for path in sorted(folder.glob("*.npy"), key=_age):
        if (known := _read(path, dimension)) is not None:
            return known
    return None


def _read(path: Path, dimension: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Keys (N,) V16 and vectors (N, D) of one file; None if it is absent or damaged (then it goes)."""
    if not path.is_file():
        return None
    try:
        vectors = np.load(path, mmap_mode="r", allow_pickle=False)
        kept = path.with_suffix(".keys").read_bytes()
        checksum, keys = int.from_bytes(kept[:4], "little"), kept[4:]
        if vectors.shape != (len(keys) // 16, dimension) or vectors.dtype != np.float32:
            raise ValueError(f"its shape {vectors.shape} does not fit {len(keys) // 16} texts of {dimension}")
        if zlib.crc32(keys, zlib.crc32(vectors.data)) != checksum:
            raise ValueError("its checksum is wrong")
    except (OSError, ValueError, EOFError) as error:
        log.warning("the label index %s is damaged (%s); it is built again", path, error)
        _forget(path)
        return None
    return np.frombuffer(keys, dtype="V16"), vectors


def _write(path: Path, keys: np.ndarray, vectors: np.ndarray) -> None:
    checksum = zlib.crc32(keys.tobytes(), zlib.crc32(vectors.data))
    write_whole(path.with_suffix(".keys"), checksum.to_bytes(4, "little") + keys.tobytes())
    with replacing(path) as part, part.open("wb") as stream:
        np.save(stream, vectors, allow_pickle=False)


def _forget_old(folder: Path, current: Path) -> None:
    others = sorted((p for p in folder.glob("*.npy") if p != current), key=_age)
    for path in others[KEPT_FILES - 1 :]:
        _forget(path)


def _forget(path: Path) -> None:
    for suffix in (".npy", ".keys", ".faiss"):
        path.with_suffix(suffix).unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0
