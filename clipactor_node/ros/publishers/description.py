"""`robot_description`: the body as a robot, dressed as the avatar is, made aside from the clock."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from rclpy.impl.rcutils_logger import RcutilsLogger
from std_msgs.msg import String

from clipactor_node.body import Body, Skinner, urdf
from clipactor_node.body.export import write_link_meshes
from clipactor_node.player import Appearance
from clipactor_node.ros.publishers.topic import Topic


class DescriptionBuilder:
    """Writes link meshes and robot descriptions, one after the other, in a thread of its own.

    Args:
        body: whose; its vertices are the first of those the clothes are made for.
        folder: where the meshes are kept.
    """

    def __init__(self, body: Body, folder: Path, log: RcutilsLogger) -> None:
        self._body, self._folder, self._log = body, folder, log
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tailor")
        self._texts: dict[str | None, str] = {}

    def order(self, clothes: Appearance) -> Future:
        """The robot description of somebody who wears `clothes`, as a future text."""
        return self._thread.submit(self.make, clothes)

    def make(self, clothes: Appearance) -> str:
        """The same, now."""
        meshes = self._meshes(clothes)
        if meshes not in self._texts:
            # One text is 150 kB and is asked for anew by every avatar that wears the same.
            self._texts = {meshes: urdf(Skinner(self._body), meshes=meshes)}
        return self._texts[meshes]

    def _meshes(self, clothes: Appearance) -> str | None:
        """Write the dressed parts; None where that is impossible."""
        count = len(self._body.template)
        cut = None if clothes.cut is None else clothes.cut[:count]
        skinner = Skinner(self._body, offsets=cut)  # its own: skinners are for one thread
        colors, relief = clothes.colors[:count], clothes.displacement[:count]
        try:
            return write_link_meshes(skinner, colors, self._folder, relief).as_uri()
        except OSError as error:
            self._log.warning(f"robot_description goes without meshes: {error}; set CLIPACTOR_HOME")
            return None

    def close(self) -> None:
        """Finish what is under way and forget the rest."""
        self._thread.shutdown(wait=True, cancel_futures=True)


class RobotDescription:
    """Publishes an avatar's description, again whenever it has changed its clothes."""

    def __init__(self, topic: Topic, tailor: DescriptionBuilder) -> None:
        self._topic, self._tailor = topic, tailor
        self._clothes: Appearance | None = None
        self._order: Future | None = None
        self._sent = ""

    def now(self, clothes: Appearance) -> None:
        """Publish at once, however long it takes."""
        self._clothes = clothes
        self._send(self._tailor.make(clothes))

    def follow(self, clothes: Appearance) -> None:
        """To be called in every tick with what is worn; takes no time."""
        if clothes is not self._clothes and not clothes.live:  # others come in a second
            if self._order is not None:
                self._order.cancel()  # if it has not begun; what was last worn is what counts
            self._clothes, self._order = clothes, self._tailor.order(clothes)
        if self._order is not None and self._order.done():
            order, self._order = self._order, None
            self._send(order.result())

    def _send(self, text: str) -> None:
        if text != self._sent:
            self._sent = text
            self._topic.send(String(data=text))
