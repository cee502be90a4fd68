"""Vectors of many texts: encoded once, kept on disk, memory-mapped, completed when texts are added.

One folder per encoder id, one file per list of texts. A list that differs from one seen before reuses
every vector it can, and only the new texts are encoded.
"""

import hashlib
import logging
import os
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from clipactor_node.home import user_home
from clipactor_node.prompts import sentences
from clipactor_node.text import Encoder

log = logging.getLogger(__name__)

KEPT_FILES = 4
"""Lists of texts remembered per encoder."""

CHUNK = 2048

Progress = Callable[[int, int], None]


def embed(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    """One unit vector per text: the mean over its `sentences`; (N, D) float32."""
    views = [sentences(text) for text in texts]
    flat = encoder.encode([view for group in views for view in group])
    starts = np.cumsum([0, *(len(group) for group in views)])[:-1]
    summed = np.add.reduceat(flat, starts, axis=0) if len(flat) else flat
    return summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12)


def load_vectors(encoder: Encoder, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
    """Unit vectors of the texts, (N, D) float32, memory-mapped and read-only where they were known.

    A damaged or foreign file is said (logged) and made anew; where nothing can be written the
    vectors stay in memory.
    """
    folder = user_home() / "cache" / "labels" / f"{encoder.id}-{encoder.dimension}"
    keys = _keys(texts)
    path = folder / f"{hashlib.blake2b(keys.tobytes(), digest_size=12).hexdigest()}.npy"
    known = _read(path, encoder.dimension)
    if known is not None and len(known[1]) == len(keys):
        return known[1]
    vectors = _complete(encoder, texts, keys, folder, progress)
    try:
        _write(path, keys, vectors)
        _forget_old(folder, path)
    except OSError as error:
        log.warning(
            "the label index cannot be kept in %s (%s); it will be made again next time", folder, error
        )
        return vectors
    written = _read(path, encoder.dimension)
    return vectors if written is None else written[1]


def _keys(texts: Sequence[str]) -> np.ndarray:
    digests = b"".join(
        hashlib.blake2b(t.encode("utf-8", "surrogatepass"), digest_size=16).digest() for t in texts
    )
    return np.frombuffer(digests, dtype="S16")


def _complete(encoder, texts, keys, folder: Path, progress: Progress | None) -> np.ndarray:
    vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    missing = np.ones(len(texts), dtype=bool)
    if previous := _newest(folder, encoder.dimension):
        order = np.argsort(previous[0])
        place = np.searchsorted(previous[0], keys, sorter=order).clip(max=max(len(order) - 1, 0))
        rows = order[place] if len(order) else place
        found = previous[0][rows] == keys if len(order) else np.zeros(len(keys), bool)
        vectors[found] = previous[1][rows[found]]
        missing = ~found
    todo = np.flatnonzero(missing)
    for start in range(0, len(todo), CHUNK):
        rows = todo[start : start + CHUNK]
        vectors[rows] = embed(encoder, [texts[row] for row in rows])
        if progress is not None:
            progress(min(start + CHUNK, len(todo)), len(todo))
    return vectors


def _newest(folder: Path, dimension: int) -> tuple[np.ndarray, np.ndarray] | None:
    for path in sorted(folder.glob("*.npy"), key=_age):
        if (known := _read(path, dimension)) is not None:
            return known
    return None


def _read(path: Path, dimension: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Keys (N,) S16 and vectors (N, D) of one file; None if it is absent or damaged (then it is removed)."""
    if not path.is_file():
        return None
    try:
        vectors = np.load(path, mmap_mode="r", allow_pickle=False)
        tail = np.fromfile(path.with_suffix(".keys"), dtype=np.uint8)
        keys, checksum = tail[4:].tobytes(), int.from_bytes(tail[:4].tobytes(), "little")
        if vectors.shape != (len(keys) // 16, dimension) or vectors.dtype != np.float32:
            raise ValueError(f"its shape {vectors.shape} does not fit {len(keys) // 16} texts of {dimension}")
        if zlib.crc32(keys, zlib.crc32(vectors)) != checksum:
            raise ValueError("its checksum is wrong")
    except (OSError, ValueError, EOFError) as error:
        log.warning("the label index %s is damaged (%s); it is built again", path, error)
        path.unlink(missing_ok=True)
        path.with_suffix(".keys").unlink(missing_ok=True)
        return None
    return np.frombuffer(keys, dtype="S16"), vectors


def _write(path: Path, keys: np.ndarray, vectors: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    checksum = zlib.crc32(keys.tobytes(), zlib.crc32(np.ascontiguousarray(vectors)))
    _replace(path.with_suffix(".keys"), lambda f: f.write(checksum.to_bytes(4, "little") + keys.tobytes()))
    _replace(path, lambda f: np.save(f, vectors, allow_pickle=False))


def _replace(path: Path, write: Callable) -> None:
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
        os.replace(scratch, path)
    except BaseException:
        os.unlink(scratch)
        raise


def _forget_old(folder: Path, current: Path) -> None:
    others = sorted((p for p in folder.glob("*.npy") if p != current), key=_age)
    for path in others[KEPT_FILES - 1 :]:
        path.unlink(missing_ok=True)
        path.with_suffix(".keys").unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0
