"""What a browser gets of a dressed body: a skinned GLB, and the pose correctives that glTF does not know."""

import hashlib
import struct
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from clipactor_interfaces.msg import AvatarAppearance

from clipactor_node.appearance import shipped_plain_look
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body import Body, Skinner, face_directions
from clipactor_node.body.export import Picture, SkinnedMesh, glb
from clipactor_node.files import write_whole
from clipactor_node.home import user_home
from clipactor_node.ros.client import decode_appearance

TEXTURE = 1024
"""Texels of the picture that colors of vertices are baked to."""
_FORMAT = 2  # counts up when what is written changes
_REMEMBERED = 16
_KEPT = 48  # files in the folder
_STILL_M = 2e-6  # what a face moves by less is left out


@dataclass(frozen=True)
class DressedBody:
    """What exporters take.

    Fields:
        skinner: fixes the shape, with what the clothes add to it.
        surface: (V, 3) uint8, sRGB, or pictures.
        displacement: (V,) metres along the normals of the T-pose, or None.
        key: other bodies, shapes and clothes have another one.
    """

    skinner: Skinner
    surface: npt.NDArray[np.uint8] | Picture
    displacement: npt.NDArray[np.float32] | None
    key: str


@dataclass(frozen=True)
class BrowserAppearance:
    """Files for browsers.

    Fields:
        key: names them.
        glb: skinned; the attribute `_VERTEX` numbers the vertices of the body.
        correctives: of `packed_correctives`.
    """

    key: str
    glb: bytes
    correctives: bytes


def as_published(worn: AvatarAppearance) -> DressedBody:
    """The mesh of the topic `appearance`: garments, hair and skin with their pictures.

    Raises:
        AppearanceError: its arrays do not fit each other.
    """
    decoded = decode_appearance(worn)
    return _mesh(decoded.mesh, decoded.skinner, worn.body_sha256)


def plainly_dressed(body: Body) -> DressedBody:
    """What every avatar of a node wears until told otherwise: under the same key as when it is published."""
    look = shipped_plain_look(body)
    if look is not None:
        return _mesh(look, look.skinner(), body.sha256)
    clothes = plain_clothes(body)
    return painted_body(body, clothes.srgb, clothes.rest_offsets, None)


def _mesh(mesh: SkinnedMesh, skinner: Skinner, body_sha256: str) -> DressedBody:
    digest = hashlib.sha256(f"{_FORMAT} {TEXTURE} {body_sha256}".encode())
    for values in (mesh.positions, mesh.faces, mesh.weights, mesh.colors, mesh.displacement, mesh.uv):
        digest.update(b"-" if values is None else np.ascontiguousarray(values).tobytes())
    for kind in sorted(mesh.pictures):
        digest.update(mesh.pictures[kind])
    return DressedBody(skinner, mesh.surface, mesh.displacement, digest.hexdigest()[:20])


def painted_body(
    body: Body,
    colors: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.float32] | None,
    displacement: npt.NDArray[np.float32] | None = None,
) -> DressedBody:
    """The body with colors (V, 3) sRGB, (V, 3) metres added to the T-pose and (V,) along its normals."""
    digest = hashlib.sha256(f"{_FORMAT} {TEXTURE} {body.sha256}".encode())
    for values in (colors, offsets, displacement):
        digest.update(b"-" if values is None else np.ascontiguousarray(values).tobytes())
    return DressedBody(Skinner(body, offsets=offsets), colors, displacement, digest.hexdigest()[:20])


def packed_correctives(body: Body) -> bytes:
    """What moves vertices before skinning, for `correctives.js`: little-endian, each part padded to 4 bytes.

    Pose correctives, as in `body.Correctives`: uint32 N, float32 metres per step, uint32[56] starts,
    uint32[N] vertices, int16[27 N] directions. The face: uint32 M, float32 metres per step, uint32[M]
    vertices, int16[12][M][3] directions of `body.FACE_CHANNELS`.
    """
    correctives = body.correctives
    if correctives is None or not len(correctives.vertices):
        poses = struct.pack("<If", 0, 1.0) + bytes(4 * 56)
    else:
        starts, vertices = correctives.starts.astype("<u4"), correctives.vertices.astype("<u4")
        poses = _packed(correctives.directions, starts, vertices)
    directions = face_directions(body)
    moved = np.flatnonzero(np.abs(directions).max((1, 2), initial=0.0) > _STILL_M)
    rows = directions[moved].transpose(2, 0, 1)
    return poses + _packed(rows, np.zeros(0, "<u4"), moved.astype("<u4"))


def _packed(
    directions: npt.NDArray[np.float32], starts: npt.NDArray[np.uint32], vertices: npt.NDArray[np.uint32]
) -> bytes:
    step = float(np.abs(directions).max(initial=0.0)) / 32767 or 1.0
    steps = np.rint(directions / step).astype("<i2").tobytes()
    padded = steps + bytes(-len(steps) % 4)
    return struct.pack("<If", len(vertices), step) + starts.tobytes() + vertices.tobytes() + padded


class AppearanceBuilder:
    """Makes the files in a thread of its own and keeps the latest; those on disk outlive it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="appearance")
        self._made: OrderedDict[str, BrowserAppearance] = OrderedDict()
        self._wanted: dict[object, int] = {}
        self._folder = user_home() / "cache" / "browser"

    def close(self) -> None:
        """Finish what is under way."""
        self._thread.shutdown(cancel_futures=True)

    def get(self, key: str) -> BrowserAppearance | None:
        """What was made under this key; in any thread."""
        return self._made.get(key)

    @property
    def unused(self) -> bool:
        """Nothing was ever made in this home: the first time takes longer."""
        return not any(self._folder.glob("*.glb"))

    def build(
        self,
        owner: object,
        make: Callable[[], DressedBody | BrowserAppearance],
        then: Callable[[str], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Have files made. Of what one owner wants, while others are made, only the last is.

        Args:
            make: called in the thread.
            then: called in the thread with the key once they can be fetched.
            failed: called in the thread when there are none, with what `make` or an exporter raised.
        """
        turn = self._wanted[owner] = self._wanted.get(owner, 0) + 1

        def work() -> None:
            if self._wanted.get(owner) != turn:
                return
            try:
                self._build(make, then)
            except Exception as error:  # the page goes on with what it shows
                failed(error)

        self._thread.submit(work)

    def forget(self, owner: object) -> None:
        """It wants nothing any more."""
        self._wanted.pop(owner, None)

    def _build(
        self, make: Callable[[], DressedBody | BrowserAppearance], then: Callable[[str], None]
    ) -> None:
        made = make()
        if made.key not in self._made:
            self._made[made.key] = made if isinstance(made, BrowserAppearance) else self._files(made)
            while len(self._made) > _REMEMBERED:
                self._made.popitem(last=False)
        self._made.move_to_end(made.key)
        then(made.key)

    def _files(self, dressed: DressedBody) -> BrowserAppearance:
        path = self._folder / f"{dressed.key}.glb"
        correctives = packed_correctives(dressed.skinner.body)
        try:
            return BrowserAppearance(dressed.key, path.read_bytes(), correctives)
        except OSError:
            pass  # not made yet
        content = glb(dressed.skinner, dressed.surface, None, dressed.displacement, TEXTURE, numbered=True)
        try:
            write_whole(path, content)
            _forget_oldest(self._folder)
        except OSError:  # a read-only home: it is made again next time
            pass
        return BrowserAppearance(dressed.key, content, correctives)


def _forget_oldest(folder: Path) -> None:
    files = sorted(folder.glob("*.glb"), key=lambda path: path.stat().st_mtime)
    for path in files[:-_KEPT]:
        path.unlink(missing_ok=True)
