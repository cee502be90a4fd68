"""`robot_description`: the body as a robot, dressed as the avatar is, made aside from the clock."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rclpy.impl.rcutils_logger import RcutilsLogger
from std_msgs.msg import String

from clipactor_node.body import Body, Skinner, urdf
from clipactor_node.body.export import Picture, write_link_meshes
from clipactor_node.player import Appearance
from clipactor_node.ros.publishers.topic import Topic


class DescriptionBuilder:
    """Writes link meshes and robot descriptions, one after the other, in a thread of its own.

    Args:
        body: whose; its vertices are the first of those that appearances are made for.
        folder: where the meshes are kept.
    """

    def __init__(self, body: Body, folder: Path, log: RcutilsLogger) -> None:
        self._body, self._folder, self._log = body, folder, log
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="description")
        self._texts: dict[tuple[str | None, tuple[float, ...]], str] = {}

    def submit(self, appearance: Appearance) -> Future[str]:
        """The robot description of somebody who looks like this, as a future text."""
        return self._thread.submit(self.make, appearance)

    def make(self, appearance: Appearance) -> str:
        """The same, now."""
        meshes = self._meshes(appearance)
        betas = appearance.stature.betas if appearance.stature else ()
        if (meshes, betas) not in self._texts:
            # One text is 150 kB and is asked for anew by every avatar that looks the same.
            self._texts = {(meshes, betas): urdf(Skinner(self._body, betas), meshes=meshes)}
        return self._texts[meshes, betas]

    def _meshes(self, appearance: Appearance) -> str | None:
        """Write the dressed links, and return the address of their folder; None where that is impossible."""
        if appearance.mesh is not None:
            return self._written(
                appearance.mesh.skinner(), appearance.mesh.surface, appearance.mesh.displacement
            )
        count = len(self._body.template)
        rest_offsets = None if appearance.rest_offsets is None else appearance.rest_offsets[:count]
        skinner = Skinner(self._body, offsets=rest_offsets)  # its own: skinners are for one thread
        return self._written(skinner, appearance.colors[:count], appearance.displacement[:count])

    def _written(
        self,
        skinner: Skinner,
        surface: npt.NDArray[np.uint8] | Picture,
        displacement: npt.NDArray[np.float32] | None,
    ) -> str | None:
        try:
            return write_link_meshes(skinner, surface, self._folder, displacement).as_uri()
        except OSError as error:
            self._log.warning(f"robot_description goes without meshes: {error}; set CLIPACTOR_HOME")
            return None

    def close(self) -> None:
        """Finish what is under way and forget the rest."""
        self._thread.shutdown(wait=True, cancel_futures=True)


class RobotDescription:
    """Publishes an avatar's description, again whenever its appearance has changed."""

    def __init__(self, topic: Topic, builder: DescriptionBuilder) -> None:
        self._topic, self._builder = topic, builder
        self._revision = 0  # of the appearance that was published, or is being made ready
        self._future: Future[str] | None = None
        self._sent = ""

    def now(self, appearance: Appearance) -> None:
        """Publish at once, however long it takes."""
        self._revision = appearance.revision
        self._send(self._builder.make(appearance))

    def follow(self, appearance: Appearance) -> None:
        """To be called in every tick with what is worn; takes no time."""
        if appearance.revision != self._revision and not appearance.live:  # others come in a second
            if self._future is not None:
                self._future.cancel()  # if it has not begun; what was last worn is what counts
            self._revision, self._future = appearance.revision, self._builder.submit(appearance)
        if self._future is not None and self._future.done():
            future, self._future = self._future, None
            self._send(future.result())

    def _send(self, text: str) -> None:
        if text != self._sent:
            self._sent = text
            self._topic.send(String(data=text))
