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
from clipactor_interfaces.msg import AvatarAppearance, AvatarClothes

from clipactor_node.appearance import shipped_plain_look
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body import Body, Skinner
from clipactor_node.body.export import Picture, SkinnedMesh, glb
from clipactor_node.errors import ClipActorError
from clipactor_node.files import write_whole
from clipactor_node.home import user_home
from clipactor_node.ros.client import decode_appearance

TEXTURE = 1024
"""Texels of the picture that colors of vertices are baked to."""
_FORMAT = 1  # counts up when what is written changes
_REMEMBERED = 16
_KEPT = 48  # files in the folder


class ClothesError(ClipActorError):
    """Clothes that do not fit the body."""


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


def painted(body: Body, clothes: AvatarClothes) -> DressedBody:
    """The body in painted clothes, as the topic `clothes` has them.

    Raises:
        ClothesError: arrays of another body, or with numbers that are not finite.
    """
    count = len(body.template)
    colors = np.frombuffer(clothes.colors, np.uint8)
    displacement = np.frombuffer(clothes.displacement, np.float32)
    offsets = np.frombuffer(clothes.cut, np.float32)
    fields = (
        ("colors", colors, 3, False),
        ("displacement", displacement, 1, True),
        ("cut", offsets, 3, True),
    )
    for name, values, width, optional in fields:
        if len(values) != width * count and not (optional and not len(values)):
            raise ClothesError(f"{name}: {len(values)} values; expected {width * count} for {count} vertices")
        if not np.isfinite(values).all():
            raise ClothesError(f"{name} hold numbers that are not finite")
    return painted_body(
        body,
        colors.reshape(-1, 3),
        offsets.reshape(-1, 3) if len(offsets) else None,
        displacement if len(displacement) else None,
    )


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
    """Pose correctives for `correctives.js`: little-endian, empty when the body has none.

    uint32 N, float32 metres per step, uint32[56] starts, uint32[N] vertices, int16[27 N] directions, as
    in `body.Correctives`.
    """
    correctives = body.correctives
    if correctives is None or not len(correctives.vertices):
        return b""
    step = float(np.abs(correctives.directions).max()) / 32767 or 1.0
    steps = np.rint(correctives.directions / step).astype("<i2")
    arrays = (correctives.starts.astype("<u4"), correctives.vertices.astype("<u4"), steps)
    return struct.pack("<If", len(correctives.vertices), step) + b"".join(a.tobytes() for a in arrays)


class AppearanceBuilder:
    """Makes the files in a thread of its own and keeps the latest; those on disk outlive it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="appearance")
        self._made: OrderedDict[str, BrowserAppearance] = OrderedDict()
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
        dress: Callable[[], DressedBody],
        then: Callable[[str], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Have files made.

        Args:
            dress: called in the thread.
            then: called in the thread with the key once they can be fetched.
            failed: called in the thread when there are none, with what `dress` or an exporter raised.
        """

        def work() -> None:
            try:
                self._build(dress, then)
            except Exception as error:  # the page goes on with what it shows
                failed(error)

        self._thread.submit(work)

    def _build(self, dress: Callable[[], DressedBody], then: Callable[[str], None]) -> None:
        dressed = dress()
        if dressed.key not in self._made:
            self._made[dressed.key] = self._files(dressed)
            while len(self._made) > _REMEMBERED:
                self._made.popitem(last=False)
        then(dressed.key)

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
