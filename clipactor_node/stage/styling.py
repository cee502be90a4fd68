"""Clothes that are optimized: the action `stylize`, one goal at a time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from clipactor_interfaces.action import Stylize
from rclpy.action import ActionClient  # type: ignore[attr-defined]  # it does export it
from rclpy.node import Node


@dataclass(frozen=True)
class StylingProgress:
    """How far it is.

    Fields:
        running: a goal is under way. message: what happened, or is happening, in words.
        iteration, iterations, score, seconds_left: as in StyleProgress.
    """

    running: bool = False
    message: str = ""
    iteration: int = 0
    iterations: int = 0
    score: float = 0.0
    seconds_left: float = 0.0


class Styling:
    """Asks for optimized clothes.

    Args:
        later: runs work on the node's thread.

    Fields:
        progress: of the goal; read in any thread.
    """

    def __init__(self, node: Node, later: Callable[[Callable[[], None]], None]) -> None:
        self.progress = StylingProgress()
        self._later = later
        self._client: Any = ActionClient(node, Stylize, "stylize")
        self._goal: Any = None

    def start(self, prompt: str) -> None:
        """Have clothes made; an empty prompt means what is worn."""
        self.progress = StylingProgress(True, "asking the avatar node")
        self._later(lambda: self._send(prompt))

    def cancel(self) -> None:
        """End it; the best so far is kept."""
        self._later(lambda: self._goal and self._goal.cancel_goal_async())

    def _send(self, prompt: str) -> None:
        if not self._client.server_is_ready():
            self.progress = StylingProgress(False, "the avatar node is not there")
            return
        sent = self._client.send_goal_async(Stylize.Goal(prompt=prompt), self._on_feedback)
        sent.add_done_callback(self._on_goal)

    def _on_goal(self, sent: Any) -> None:
        self._goal = sent.result()
        if self._goal is None or not self._goal.accepted:
            self.progress = StylingProgress(False, "the avatar node refused it")
            return
        self._goal.get_result_async().add_done_callback(self._on_result)

    def _on_feedback(self, message: Any) -> None:
        told = message.feedback.progress
        words = f"{told.stage}: {told.prompt}" + (f" ({told.message})" if told.message else "")
        self.progress = replace(
            self.progress,
            message=words,
            iteration=told.iteration,
            iterations=told.iterations,
            score=told.score,
            seconds_left=told.seconds_left,
        )

    def _on_result(self, done: Any) -> None:
        result = done.result().result
        self._goal = None
        end = f"finished: {result.prompt} (score {result.score:.2f})" if result.success else result.message
        self.progress = StylingProgress(False, end)
