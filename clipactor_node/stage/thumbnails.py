"""Small moving pictures of clips, made when a page asks for them, kept on disk, in a thread of their own."""

import contextlib
import hashlib
import io
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property

import numpy as np
import numpy.typing as npt
from PIL import Image

from clipactor_node import body as bodies
from clipactor_node.appearance.painting import Proposal, plain_clothes
from clipactor_node.errors import ClipActorError
from clipactor_node.files import write_whole
from clipactor_node.geometry import Camera
from clipactor_node.home import user_home
from clipactor_node.motion import Library, MotionClip, open_library
from clipactor_node.render import draw, facing

SIDE, MOMENTS = 96, 12
_PERIOD_MS = 110
_LONGEST_S = 4.0
_FORMAT = 1  # counts up when pictures of another kind are made
_AZIMUTH, _ELEVATION, _FOV = 0.45, 0.12, 12.0
_NICE = 15  # frames go first


class Thumbnails:
    """WebP films of `SIDE` x `SIDE` pixels and `MOMENTS` pictures."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "thumbnails", _yield_to_others)
        self._folder = user_home() / "cache" / "thumbnails"

    def close(self) -> None:
        """Finish the one that is being made."""
        self._thread.shutdown(cancel_futures=True)

    def of(self, clip: str) -> "Future[bytes | None]":
        """A film of a clip, by name; None: the library has none of that name. At once, or in a while."""
        return self._thread.submit(self._film, clip)

    @cached_property
    def _library(self) -> Library:
        return open_library()

    @cached_property
    def _dressed(self) -> tuple[bodies.Skinner, Proposal]:
        clothes = plain_clothes(bodies.load())
        return bodies.Skinner(bodies.load(), offsets=clothes.rest_offsets), clothes

    def _film(self, name: str) -> bytes | None:
        try:
            clip = self._library.load(name)
        except (ClipActorError, OSError):
            return None
        digest = hashlib.sha256(f"{_FORMAT} {name}".encode() + clip.poses.tobytes()).hexdigest()[:20]
        path = self._folder / f"{digest}.webp"
        try:
            return path.read_bytes()
        except OSError:
            film = self._drawn(clip)
        with contextlib.suppress(OSError):  # a read-only home: it is made again next time
            write_whole(path, film)
        return film

    def _drawn(self, clip: MotionClip) -> bytes:
        skinner, clothes = self._dressed
        last = min(len(clip.poses) - 1, int(_LONGEST_S * clip.rate_hz))
        moments = np.linspace(0, last, MOMENTS).round().astype(int)
        posed = []
        for transforms in skinner.transforms(clip.poses[moments], clip.translation[moments]):
            vertices = skinner.vertices(transforms)
            posed.append(vertices - transforms[0, :3, 3] * np.array([1, 0, 1], np.float32))
        first = skinner.transforms(clip.poses[0], clip.translation[0])
        azimuth = _AZIMUTH + facing(first[0, :3, 2])
        camera = Camera.around(np.concatenate(posed), azimuth, _ELEVATION, _FOV, SIDE, SIDE, margin=1.05)
        return _webp([draw(vertices, skinner.faces, clothes.srgb, camera) for vertices in posed])


def _webp(pictures: list[npt.NDArray[np.uint8]]) -> bytes:
    film = io.BytesIO()
    first, *others = map(Image.fromarray, pictures)
    first.save(
        film, "webp", save_all=True, append_images=others, duration=_PERIOD_MS, loop=0, quality=70, method=3
    )
    return film.getvalue()


def _yield_to_others() -> None:
    """Make the thread nicer, where threads have a niceness of their own (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
