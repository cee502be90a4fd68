"""A publisher that knows whether anybody reads, and survives readers that do not keep up."""

from typing import TYPE_CHECKING

from rclpy.event_handler import PublisherEventCallbacks
from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile

if TYPE_CHECKING:
    from rclpy.type_support import Msg

RCLError = rclpy_implementation.RCLError


class Topic:
    """A publisher.

    Fields:
        key: the name it was given, without namespace and before any remapping.
        enabled: whether it may be published at all.
        sent, dropped: messages that went out, and that the middleware could not take.
    """

    def __init__(self, node: Node, kind: "type[Msg]", name: str, qos: QoSProfile) -> None:
        self._node = node
        # By default each publisher watches for readers with unfitting QoS, who are warned on their own
        # side too; the executor would look after hundreds of such watchers in every round.
        watch = PublisherEventCallbacks(use_default_callbacks=False)
        self._publisher: Publisher[Msg] = node.create_publisher(kind, name, qos, event_callbacks=watch)
        self.key, self.enabled = name.rpartition("/")[2], True
        self.sent = 0
        self.dropped = 0

    @property
    def name(self) -> str:
        return self._publisher.topic_name

    @property
    def wanted(self) -> bool:
        """Whether anybody subscribes, so that messages nobody reads are not even made."""
        return self.enabled and self._publisher.get_subscription_count() > 0

    def send(self, message: "Msg | bytes") -> None:
        """Publish a message, or its serialised bytes. A full queue drops it and counts that."""
        try:
            self._publisher.publish(message)
            self.sent += 1
        except RCLError:
            self.dropped += 1

    def destroy(self) -> None:
        self._node.destroy_publisher(self._publisher)
