"""Topics `speech` and `speech_level`: what an avatar is to say besides what it does, and how loud that is."""

import math
from functools import partial

from rclpy.node import Node
from std_msgs.msg import Float32, String

from clipactor_node.errors import PromptError
from clipactor_node.face import Speech
from clipactor_node.player import Player
from clipactor_node.ros.messages import qos
from clipactor_node.ros.nodes.background import Background, Promise


class SpeechInput:
    """Makes texts ready in the background, and lets the avatar say them.

    Args:
        space: what stands before the topic's name: nothing, or the avatar's name and a slash.
        player: None: there is no body, and nothing is said.
    """

    def __init__(self, node: Node, space: str, player: Player | None, background: Background) -> None:
        self._node, self._space = node, space
        self._player, self._background = player, background
        self.warnings: tuple[str, ...] = ()
        self._subscriptions = (
            node.create_subscription(String, f"{space}speech", self._hear, qos.COMMAND),
            node.create_subscription(Float32, f"{space}speech_level", self._follow, qos.SENSOR),
        )

    def destroy(self) -> None:
        """Listen no longer."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)

    def _hear(self, message: String) -> None:
        if self._player is not None:
            self._background.submit(partial(Speech, message.data), self._speak)

    def _follow(self, message: Float32) -> None:
        if self._player is not None and math.isfinite(message.data):
            self._player.face.hear(message.data)

    def _speak(self, done: "Promise[Speech]") -> None:
        try:
            speech = done.result()
        except PromptError as error:
            self.warnings = (str(error),)
            self._node.get_logger().warning(f"{self._space}speech: {error}")
            return
        self.warnings = speech.warnings
        if self._player is not None:
            self._player.face.say(speech)
