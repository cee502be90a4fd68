"""Plain clothes of cloth, finished and shipped: worn from the first frame on, without sewing."""

import hashlib
import io
import logging
import lzma
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from clipactor_node.body import Body, Correctives
from clipactor_node.body.export import SkinnedMesh
from clipactor_node.files import write_whole
from clipactor_node.home import shipped_models

FILE = Path("garments") / "plain.xz"
"""Below `models/`: the SHA-256 of the body it was made for, 32 bytes, then a packed mesh."""
_SHA256 = hashlib.sha256().digest_size
_STEP_M, _OF_POSE_M, _OF_FACE_M = 2.0**-15, 2.0**-12, 2.0**-14
_OF_MAP, _OF_WEIGHT = 2.0**-15, 2.0**-11
"""Steps that numbers are rounded to: what changes nothing that is seen makes the file a third as long."""
log = logging.getLogger(__name__)


def shipped_plain_look(body: Body) -> SkinnedMesh | None:
    """What everybody wears until told otherwise; None: this body is another than the one that it was made
    for, or there is no such file.

    Always the same object: read once, in a tenth of a second. For any thread.
    """
    return _read(shipped_models() / FILE, body.sha256)


def read_plain_look(path: Path, body: Body) -> SkinnedMesh | None:
    """The mesh of a file that `write_plain_look` wrote for that body; None: it was not, or is damaged."""
    return _read(path, body.sha256)


def write_plain_look(path: Path, mesh: SkinnedMesh, body: Body) -> None:
    """Write the file that ships.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(path, bytes.fromhex(body.sha256) + lzma.compress(_rounded(mesh).packed()))


@cache
def _read(path: Path, sha256: str) -> SkinnedMesh | None:
    try:
        content = path.read_bytes()
        if content[:_SHA256].hex() != sha256:
            return None
        return SkinnedMesh.unpacked(lzma.decompress(content[_SHA256:]))
    except Exception as error:  # noqa: BLE001 - missing or damaged: lzma, zipfile and numpy raise all kinds
        log.warning("The shipped plain clothes cannot be read and are sewn instead: %s: %s", path, error)
        return None


def _rounded(mesh: SkinnedMesh) -> SkinnedMesh:
    correctives = mesh.correctives
    if correctives is not None:
        directions = _to(correctives.directions, _OF_POSE_M)
        correctives = Correctives(correctives.starts, correctives.vertices, directions)
    return replace(
        mesh,
        positions=_to(mesh.positions, _STEP_M),
        uv=_to(mesh.uv, _OF_MAP),
        weights=_shares(mesh.weights),
        correctives=correctives,
        expression_offsets=_to(mesh.expression_offsets, _OF_FACE_M),
        pictures={kind: _smallest(mesh, kind) for kind in mesh.pictures},
    )


def _to(values: np.ndarray, step: float) -> np.ndarray:
    return (np.rint(values / step) * step).astype(np.float32)


def _shares(weights: np.ndarray) -> np.ndarray:
    """Rounded weights (V, K), whose rows still sum to 1: an error of a thousandth is a millimetre."""
    rounded, row = _to(weights, _OF_WEIGHT), np.arange(len(weights))
    rounded[row, weights.argmax(1)] += 1 - rounded.sum(1)
    return rounded


def _smallest(mesh: SkinnedMesh, kind: str) -> bytes:
    image, file = mesh.image(kind), io.BytesIO()
    assert image is not None  # it is one of those that there are
    Image.fromarray(image).save(file, "WEBP", lossless=True, quality=100, method=6)
    return file.getvalue()
