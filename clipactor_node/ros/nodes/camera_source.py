"""Where the mirror's pictures come from: a topic, a camera of this machine, or a film. The newest counts."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from rclpy.node import Node
from sensor_msgs.msg import CompressedImage, Image

from clipactor_node.errors import ClipActorError
from clipactor_node.perception import FILMS, open_source
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.images import compressed_array, image_array

Array = npt.NDArray[np.generic]


@dataclass(frozen=True)
class Shot:
    """A picture that was taken.

    Fields:
        picture: makes the array; what is wrong with it is raised as ClipActorError.
        stamp: when, as the camera says; frame: of the camera.
    """

    picture: Callable[[], Array]
    stamp: Time
    frame: str = "camera"


class NewestShot:
    """Holds one picture: who takes it late gets the newest, the others were never looked at.

    Fields:
        problem: why none comes; "": nothing is known to be wrong.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._shot: Shot | None = None
        self.problem = ""
        self.put_count = 0

    def put(self, shot: Shot) -> None:
        """Take in a picture, from any thread."""
        with self._changed:
            self._shot, self.problem = shot, ""
            self.put_count += 1
            self._changed.notify()

    def take(self, wait_s: float) -> Shot | None:
        """The newest picture, once; None: none came in time."""
        with self._changed:
            if self._shot is None:
                self._changed.wait(wait_s)
            shot, self._shot = self._shot, None
            return shot


def from_topics(node: Node, newest: NewestShot) -> None:
    """Listen to `image` (sensor_msgs/Image) and `image/compressed`."""

    def raw(message: Image) -> None:
        newest.put(Shot(lambda: image_array(message), message.header.stamp, message.header.frame_id))

    def compressed(message: CompressedImage) -> None:
        newest.put(Shot(lambda: compressed_array(message), message.header.stamp, message.header.frame_id))

    node.create_subscription(Image, "image", raw, qos.NEWEST)
    node.create_subscription(CompressedImage, "image/compressed", compressed, qos.NEWEST)


class FileOrDevice:
    """Reads a film at its own pace, again and again, or a camera of this machine, in a thread.

    Args:
        source: a film, or a camera like /dev/video0.
        stamped: what time it is.

    Raises:
        ClipActorError: there is no such film or camera, or this user may not use it.
    """

    def __init__(self, source: str, newest: NewestShot, stamped: Callable[[], Time]) -> None:
        self._newest, self._stamped = newest, stamped
        self._ended = threading.Event()
        is_film = Path(source).suffix.lower() in FILMS
        if is_film:
            open_source(Path(source).expanduser())
        else:
            check_device(source)
        self._thread = threading.Thread(
            target=self._film if is_film else self._device, args=(source,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join(5.0)

    def _film(self, source: str) -> None:
        film = open_source(Path(source).expanduser())
        try:
            while not self._ended.is_set():
                started = time.monotonic()
                for index, picture in enumerate(film.pictures()):
                    if self._ended.wait(max(started + index / film.rate_hz - time.monotonic(), 0.0)):
                        return
                    self._put(picture)
        except ClipActorError as error:
            self._newest.problem = str(error)

    def _device(self, source: str) -> None:
        import imageio.v2 as imageio

        number = source.removeprefix("/dev/video")
        while not self._ended.is_set():
            try:
                with imageio.get_reader(f"<video{number}>") as camera:
                    for picture in camera:  # type: ignore[attr-defined]  # imageio names the base class alone
                        if self._ended.is_set():
                            return
                        self._put(np.asarray(picture))
            except (OSError, RuntimeError, IndexError, ValueError) as error:
                said = (str(error).strip().splitlines() or ["no more pictures"])[0]
                self._newest.problem = f"the camera {source} gives no picture ({said}); it is tried again"
            self._ended.wait(2.0)

    def _put(self, picture: Any) -> None:
        self._newest.put(Shot(lambda: np.asarray(picture), self._stamped()))


def check_device(source: str) -> None:
    """Raises: ClipActorError: it is no camera that this user may read."""
    import os

    path = Path(source)
    if not source.startswith("/dev/video"):
        raise ClipActorError(
            f"source {source!r} was given; expected a film ({', '.join(FILMS)}), a camera like /dev/video0, "
            "or nothing for the topic `image`"
        )
    if not path.exists():
        there = ", ".join(sorted(str(p) for p in Path("/dev").glob("video*"))) or "none is connected"
        raise ClipActorError(f"there is no camera {source}; cameras here: {there}")
    if not os.access(path, os.R_OK | os.W_OK):
        raise ClipActorError(
            f"this user may not use {source}; become a member of the group video, then log in again"
        )
