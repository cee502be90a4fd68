"""Every clip of a library in the shared space: made once, kept on disk, completed when clips come."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from clipactor_node import body
from clipactor_node.errors import LibraryError
from clipactor_node.files import replacing
from clipactor_node.generation.features import features
from clipactor_node.generation.space import MotionSpace
from clipactor_node.home import user_home
from clipactor_node.motion import ClipInfo, MotionClip

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
_SCALE = 127.0


@runtime_checkable
class Clips(Protocol):
    """A library whose motion can be looked at."""

    @property
    def names(self) -> Sequence[str]: ...
    def info(self, name: str) -> ClipInfo: ...
    def load(self, name: str) -> MotionClip: ...


@dataclass(frozen=True, eq=False)
class MotionIndex:
    """Vectors of windows.

    Fields:
        names: of the C clips that could be seen; a clip with a hole in it is left out, and logged.
        vectors: (W, S) float32, nearly unit length: kept with one byte a number.
        clip: (W,) which clip each window is of.
    """

    names: tuple[str, ...]
    vectors: np.ndarray
    clip: np.ndarray

    def scores(self, words: np.ndarray) -> np.ndarray:
        """(S,) unit vector of a text -> (C,) float32: cosine with each clip's best window."""
        found = np.full(len(self.names), -1.0, np.float32)
        np.maximum.at(found, self.clip, self.vectors @ words)
        return found


def motion_index(
    library: Clips,
    space: MotionSpace,
    rest_joints: np.ndarray | None = None,
    progress: Progress | None = None,
) -> MotionIndex:
    """The index of a library; only clips that were not seen before are computed.

    Args:
        rest_joints: (55, 3) metres, of the body the clips are on; None: the shipped one.
        progress: told (done, of how many) while motions are encoded.
    """
    if rest_joints is None:
        rest_joints = body.Skinner(body.load()).rest_joints
    keys = {name: _key(library.info(name), space.id) for name in library.names}
    path = user_home() / "cache" / "motions" / f"{space.id}.npz"
    known = _read(path)
    missing = [name for name, key in keys.items() if key not in known]
    for done, name in enumerate(missing):
        known[keys[name]] = _encoded(library, name, space, rest_joints)
        if progress is not None:
            progress(done + 1, len(missing))
    if missing:
        _write(path, known)
    names = [name for name in library.names if len(known[keys[name]])]
    parts = [known[keys[name]] for name in names]
    clip = np.repeat(np.arange(len(parts)), [len(p) for p in parts])
    size = next((p.shape[1] for p in parts), 1)
    whole = np.concatenate(parts) if parts else np.zeros((0, size), np.int8)
    return MotionIndex(tuple(names), whole.astype(np.float32) / _SCALE, clip)


def _encoded(library: Clips, name: str, space: MotionSpace, rest_joints: np.ndarray) -> np.ndarray:
    """(W, S) int8 of a clip; (0, S) where it cannot be seen."""
    try:
        vectors = space.motions(features(library.load(name), rest_joints))
    except LibraryError as error:
        log.warning("%s is found by its labels only: %s", name, error)
        return np.zeros((0, 1), np.int8)
    return np.round(vectors * _SCALE).astype(np.int8)


def _key(info: ClipInfo, space: str) -> str:
    """Of what a clip's frames are; a clip of the same name, length and size on disk is the same."""
    text = f"{space}/{info.name}/{info.frames}/{info.rate_hz:g}/{info.bytes}"
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def _read(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        return {}
    try:
        with np.load(path, allow_pickle=False) as kept:
            ends, keys, vectors = kept["ends"], kept["keys"], kept["vectors"]
        parts = np.split(vectors, ends[:-1])
        return dict(zip(keys.tolist(), parts, strict=True))
    except (OSError, ValueError, KeyError, EOFError) as error:
        log.warning("the index of motions %s is damaged (%s); it is made again", path, error)
        return {}


def _write(path: Path, known: dict[str, np.ndarray]) -> None:
    size = max((v.shape[1] for v in known.values()), default=1)
    parts = [v if len(v) else np.zeros((0, size), np.int8) for v in known.values()]
    try:
        with replacing(path) as part, part.open("wb") as stream:
            np.savez(
                stream, keys=np.array(list(known)), ends=np.cumsum([len(p) for p in parts]),
                vectors=np.concatenate(parts),
            )  # fmt: skip
    except OSError as error:
        log.warning("the index of motions cannot be kept at %s (%s)", path, error)
