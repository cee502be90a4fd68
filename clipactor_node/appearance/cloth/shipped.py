"""Garments and distances that come with the project, so that nobody waits for what is worn often."""

import logging
import zipfile
from functools import cache
from pathlib import Path

import numpy as np

from clipactor_node.appearance.cloth.garment import GarmentMesh, sewing_recipe
from clipactor_node.appearance.cloth.packing import unpacked, unpacked_distances
from clipactor_node.body import Body
from clipactor_node.files import replacing
from clipactor_node.home import shipped_models

FILE = Path("garments") / "common.zip"
"""Below `models/`: a member per garment, and the distances, for one body; its comment names the code."""
_DISTANCES = "distances"
log = logging.getLogger(__name__)


def shipped_garment(name: str, body: Body) -> GarmentMesh | None:
    """A garment of the shipped file; None: it is not there, or was made by other code or for another body."""
    content = _content(name, body)
    if content is None:
        return None
    try:
        return unpacked(content)
    except Exception as error:  # noqa: BLE001 - lzma, safetensors and numpy raise all kinds
        log.warning("The shipped garment %s is damaged (%s) and is made again", name, error)
        return None


def shipped_distances(body: Body, shape: tuple[int, int, int]) -> dict[str, np.ndarray] | None:
    """The distances around the shipped body on a grid of that shape; None: they are not there."""
    content = _content(_DISTANCES, body)
    if content is None:
        return None
    try:
        found = unpacked_distances(content)
    except Exception as error:  # noqa: BLE001 - as above
        log.warning("The shipped distances around the body are damaged (%s) and are made again", error)
        return None
    return found if all(values.shape == shape for values in found.values()) else None


def write_shipped(path: Path, members: dict[str, bytes], distances: bytes, body: Body) -> None:
    """Write the file: packed garments by the key of their cut, and packed distances.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = sewing_recipe().encode()
        for name, content in sorted((members | {_DISTANCES: distances}).items()):
            archive.writestr(zipfile.ZipInfo(_member(name, body), (2026, 1, 1, 0, 0, 0)), content)


def shipped_recipe(path: Path) -> str:
    """Name of the code that made a file of garments: compare with `garment.sewing_recipe`."""
    with zipfile.ZipFile(path) as archive:
        return archive.comment.decode()


def _member(name: str, body: Body) -> str:
    return f"{body.sha256[:12]}-{len(body.template)}/{name}.xz"


def _content(name: str, body: Body) -> bytes | None:
    path = shipped_models() / FILE
    if not body.sha256 or _member(name, body) not in _members(path):
        return None
    with zipfile.ZipFile(path) as archive:
        return archive.read(_member(name, body))


@cache
def _members(path: Path) -> frozenset[str]:
    """What the file holds; nothing if other code made it, or if there is none."""
    try:
        if shipped_recipe(path) != sewing_recipe():
            log.debug("%s was made by other code", path)
            return frozenset()
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except (OSError, zipfile.BadZipFile) as error:
        log.debug("No shipped garments: %s", error)
        return frozenset()
