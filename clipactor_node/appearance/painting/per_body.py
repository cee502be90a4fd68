"""What depends on a body alone is computed once for it."""

import contextlib
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from clipactor_node.appearance import garments
from clipactor_node.body import Body
from clipactor_node.files import replacing
from clipactor_node.home import user_home

T = TypeVar("T")
log = logging.getLogger(__name__)


class PerBody(Generic[T]):
    """A function of a body that remembers its results for the last few bodies, told apart by identity."""

    MOST = 4

    def __init__(self, make: Callable[[Body], T]) -> None:
        self._make = make
        self._kept: dict[int, tuple[np.ndarray, T]] = {}

    def __call__(self, body: Body) -> T:
        """The result for `body`, computed now or remembered."""
        kept = self._kept.get(id(body.template))
        if kept is None or kept[0] is not body.template:
            if len(self._kept) >= self.MOST:
                self._kept.clear()
            kept = self._kept[id(body.template)] = (body.template, self._make(body))
        return kept[1]


def on_disk(
    name: str, body: Body, make: Callable[[], dict[str, np.ndarray]], per_vertex: bool = True
) -> dict[str, np.ndarray]:
    """Arrays (V, ...), or others if not `per_vertex`, for a body, kept in `CLIPACTOR_HOME/cache/body` until
    the body or the painter changes.

    A body that comes from no file is not kept; a home that cannot be written costs the time of `make`.
    """
    if not body.sha256:
        return make()
    path = user_home() / "cache" / "body" / f"{name}-{_digest(body)}.npz"
    try:
        with np.load(path) as file:
            kept = {key: file[key] for key in file.files}
        fits = not per_vertex or all(len(array) == len(body.template) for array in kept.values())
        if kept and fits and all(np.isfinite(array).all() for array in kept.values()):
            return kept
    except Exception as error:  # noqa: BLE001 - not there yet, or damaged: zipfile, zlib and numpy raise all kinds
        log.debug("%s is not kept: %s", path, error)
    made = make()
    with contextlib.suppress(OSError), replacing(path) as part, open(part, "wb") as file:
        np.savez(file, allow_pickle=False, **made)
    return made


def _digest(body: Body) -> str:
    digest = hashlib.sha256(f"{body.sha256} {body.name}".encode() + body.parts.tobytes())
    for recipe in (*sorted(Path(__file__).parent.glob("*.py")), Path(garments.__file__)):
        digest.update(recipe.read_bytes())
    return digest.hexdigest()[:16]
