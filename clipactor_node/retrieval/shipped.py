"""Vectors that ship: of the labels of the shipped clips and of the known actions, by the shipped encoder.

One safetensors file: `keys` (N, 16) uint8, a digest of each text; `vectors` (N, D) float16, of unit
length. Its metadata names the encoder they are of and the curve of its calibration.
"""

import hashlib
import json
import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from clipactor_node.errors import ModelError
from clipactor_node.files import write_whole
from clipactor_node.home import shipped_models

log = logging.getLogger(__name__)

_ENCODER, _CURVES = "encoder", "calibration"
_FACTS = "clipactor"  # one entry alone: safetensors writes several in any order


def shipped_file() -> Path:
    """Where the vectors ship, whether or not they are there.

    Raises:
        ModelError: the models that ship are nowhere to be found.
    """
    return shipped_models() / "retrieval" / "vectors.safetensors"


def text_keys(texts: Sequence[str], salt: bytes = b"") -> np.ndarray:
    """(N,) V16: a digest of each text.

    Args:
        salt: at most 64 bytes that the digests depend on besides.
    """
    encoded = (text.encode("utf-8", "surrogatepass") for text in texts)
    digests = (hashlib.blake2b(text, digest_size=16, key=salt).digest() for text in encoded)
    return np.frombuffer(b"".join(digests), dtype="V16")


def shipped_vectors(encoder_id: str) -> tuple[np.ndarray, np.ndarray] | None:
    """(N,) V16 keys and (N, D) float32 unit vectors that ship for an encoder; None: there are none."""
    keys, halves, facts = _content()
    if facts.get(_ENCODER) != encoder_id:
        return None
    vectors = halves.astype(np.float32)
    return keys, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def shipped_calibration(digest: str) -> dict[str, float] | None:
    """Slope and middle of the curve that ships for an encoder and its cases; None: none does."""
    curve: dict[str, float] | None = _content()[2].get(_CURVES, {}).get(digest)
    return curve


def write_shipped(
    path: Path,
    encoder_id: str,
    texts: Sequence[str],
    vectors: np.ndarray,
    curves: dict[str, dict[str, float]],
) -> None:
    """Write the file; the same arguments give the same bytes.

    Args:
        vectors: (N, D) float32 unit vectors of the texts.
        curves: digest -> slope and middle.
    """
    keys = np.frombuffer(text_keys(texts).tobytes(), dtype=np.uint8).reshape(-1, 16)
    arrays: dict[str, np.ndarray] = {"keys": keys, "vectors": vectors.astype(np.float16)}
    facts = json.dumps({_CURVES: curves, _ENCODER: encoder_id}, sort_keys=True)
    write_whole(path, save(arrays, metadata={_FACTS: facts}))
    _read.cache_clear()


def _content() -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    try:
        return _read(shipped_file())
    except (ModelError, OSError, SafetensorError, KeyError, ValueError) as error:
        log.warning("the vectors that ship cannot be read (%s); they are encoded instead", error)
        return np.empty(0, dtype="V16"), np.empty((0, 0), dtype=np.float16), {}


@lru_cache(maxsize=1)
def _read(path: Path) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    with safe_open(path, framework="numpy") as file:
        keys, vectors = file.get_tensor("keys"), file.get_tensor("vectors")
        facts = json.loads((file.metadata() or {})[_FACTS])
    if keys.dtype != np.uint8 or keys.shape != (len(vectors), 16) or vectors.ndim != 2:
        raise ValueError(f"{path}: keys {keys.shape} do not fit vectors {vectors.shape}")
    return np.frombuffer(keys.tobytes(), dtype="V16"), vectors, facts
