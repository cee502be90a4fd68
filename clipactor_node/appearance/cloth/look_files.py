"""Finished looks on disk: an outfit on a body needs to be made and painted once."""

import contextlib
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from clipactor_node.appearance.garments import Outfit
from clipactor_node.body import Body
from clipactor_node.files import replacing
from clipactor_node.home import user_home

MOST_BYTES = 600_000_000
"""What all kept looks take at most; those that were not asked for the longest go first."""
_TYPES = {
    "F32": np.float32,
    "F16": np.float16,
    "I64": np.int64,
    "I32": np.int32,
    "U8": np.uint8,
    "BOOL": np.bool_,
}
log = logging.getLogger(__name__)


def look_key(outfit: Outfit, body: Body, texture: int) -> str:
    """Name of a look; it changes with the body's file and with the code that dresses it."""
    shapeless = replace(outfit, figure=tuple(word for word in outfit.figure if word == "old"))  # wrinkles
    digest = hashlib.sha256(repr((shapeless, texture, body.sha256, body.name)).encode())
    digest.update(body.parts.tobytes() + _code())
    return digest.hexdigest()[:24]


def kept_look(key: str) -> dict[str, np.ndarray] | None:
    """The arrays of a look, mapped from its file and read when they are used; None: it is not there, or
    damaged."""
    path = _folder() / f"{key}.safetensors"
    try:
        arrays = _mapped(path)
        os.utime(path)  # so that what is worn often stays
    except (OSError, ValueError, KeyError) as error:
        log.debug("%s is not kept: %s", path, error)
        return None
    return arrays


def keep_look(key: str, arrays: dict[str, np.ndarray]) -> None:
    """A home that cannot be written costs the time of dressing again."""
    with contextlib.suppress(OSError):
        with replacing(_folder() / f"{key}.safetensors") as part:
            save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, part)
        _pruned(MOST_BYTES)


def _folder() -> Path:
    return user_home() / "cache" / "looks"


def _mapped(path: Path) -> dict[str, np.ndarray]:
    """Arrays of a safetensors file, without reading them; what is written to them stays in memory.

    Raises:
        OSError, ValueError, KeyError: no such file, or not a whole one.
    """
    size = path.stat().st_size
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > size - 8:
            raise ValueError("the file is cut off")
        header = json.loads(file.read(length))
    whole = np.memmap(path, np.uint8, "c", 8 + length)
    found = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        if end > len(whole):
            raise ValueError("the file is cut off")
        found[name] = np.asarray(whole[start:end]).view(_TYPES[entry["dtype"]]).reshape(entry["shape"])
    return found


def _pruned(most: int) -> None:
    ages = sorted(_ages(), reverse=True)
    total = 0
    for _, size, path in ages:
        total += size
        if total > most:
            path.unlink(missing_ok=True)


def _ages() -> Iterator[tuple[float, int, Path]]:
    for path in _folder().glob("*.safetensors"):
        with contextlib.suppress(OSError):
            found = path.stat()
            yield found.st_mtime, found.st_size, path


@cache
def _code() -> bytes:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()
