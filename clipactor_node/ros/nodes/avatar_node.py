"""The managed node `/clipactor/avatar`.

Lifecycle: configure loads models, activate plays, deactivate freezes, cleanup frees. By default
(`autostart`) it configures and activates itself.
"""

import gc
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from rcl_interfaces.msg import SetParametersResult
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter

from clipactor_node.compiling import PLAYING, announced
from clipactor_node.ros.nodes.avatar_manager import AvatarManager
from clipactor_node.ros.parameters.avatar_parameters import SETTINGS
from clipactor_node.ros.parameters.setting import Setting, declare
from clipactor_node.ros.runtime import transport
from clipactor_node.ros.runtime.node_runtime import Note

BY_NAME = {setting.name: setting for setting in SETTINGS}
DONE = TransitionCallbackReturn.SUCCESS


class AvatarNode(LifecycleNode):
    """Holds its avatars between `configure` and `cleanup`.

    Fields:
        manager: of them; None while unconfigured.
    """

    def __init__(self) -> None:
        super().__init__(
            "avatar", namespace="clipactor", automatically_declare_parameters_from_overrides=True
        )
        self.manager: AvatarManager | None = None
        self._values, self._refused = declare(self, SETTINGS, managed=True)
        self._refused += [problem for problem in [transport.profile_problem()] if problem]
        self.add_on_set_parameters_callback(self._check)
        self.add_post_set_parameters_callback(self._take_over)

    def start(self) -> None:
        """Configure and activate, unless a lifecycle manager is to do so."""
        if self._values["autostart"]:
            self.trigger_configure()
            self.trigger_activate()
        else:
            self.get_logger().info("unconfigured: waiting for a lifecycle manager")

    def note(self, error: Exception) -> None:
        """Show it in every avatar's state."""
        if self.manager is not None:
            self.manager.note(f"{type(error).__name__}: {error}")

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        log = self.get_logger()

        def say(loop: str, number: int) -> None:
            log.info(f"compiling {loop}, once ({number} of about {PLAYING})")

        try:
            with announced(say):
                self.manager = AvatarManager(self, dict(self._values), self._refused)
        except Exception as error:  # rclpy would keep it to itself
            trace = "".join(traceback.format_exception(error))
            self.get_logger().error(f"cannot be configured:\n{trace}")
            return TransitionCallbackReturn.FAILURE
        return DONE

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        if self.manager is not None:
            self.manager.play()
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        if self.manager is not None:
            self.manager.freeze()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        self._free()
        return DONE

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        self._free()
        return DONE

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        self._free()
        return DONE

    def _free(self) -> None:
        if self.manager is not None:
            self.manager.destroy()
            self.manager = None
            gc.collect()  # its parts refer to each other, and hold models of a hundred megabytes

    def _check(self, parameters: "Sequence[Parameter[Any]]") -> SetParametersResult:
        """Whether these parameters, all of them, may be set now."""
        for setting, value in _own(parameters):
            try:
                setting.checked(value)
            except ValueError as error:
                return SetParametersResult(successful=False, reason=str(error))
            if self.manager is not None and not setting.live:
                reason = (
                    f"parameter {setting.name} can be changed only while the node is unconfigured; first: "
                    f"ros2 lifecycle set {self.get_fully_qualified_name()} deactivate, then cleanup"
                )
                return SetParametersResult(successful=False, reason=reason)
        return SetParametersResult(successful=True)

    def _take_over(self, parameters: "Sequence[Parameter[Any]]") -> None:
        """Go on with parameters that have been set."""
        for setting, value in _own(parameters):
            self._values[setting.name] = setting.checked(value)
            if self.manager is not None:
                self.manager.change(setting.name, self._values[setting.name])


def _own(parameters: "Sequence[Parameter[Any]]") -> Iterator[tuple[Setting, object]]:
    """Without those of rclpy, such as use_sim_time."""
    return ((BY_NAME[p.name], p.value) for p in parameters if p.name in BY_NAME)


def build(closing: ExitStack) -> tuple[Node, Note]:
    """The avatar's node, started (`node_runtime.Build`)."""
    node = AvatarNode()
    closing.callback(node.destroy_node)
    node.start()
    return node, node.note
