"""One avatar on a node: commands in; joint states, transforms, mesh, points and state out, every tick."""

import time
from collections.abc import Sequence
from dataclasses import replace

from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarClothes, AvatarState
from diagnostic_msgs.msg import DiagnosticArray
from rcl_interfaces.msg import SetParametersResult
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.parameter import Parameter
from std_msgs.msg import String

from clipactor_node import body as bodies
from clipactor_node.body import link_meshes
from clipactor_node.body.urdf import urdf
from clipactor_node.home import user_home
from clipactor_node.player import Closet, Clothes, Player, Status
from clipactor_node.ros import diagnostics, qos
from clipactor_node.ros.loading import load
from clipactor_node.ros.no_player import NoPlayer
from clipactor_node.ros.outputs import BodyOutputs
from clipactor_node.ros.pace import Pace
from clipactor_node.ros.parameters import SETTINGS, declare
from clipactor_node.ros.perform import PerformServer
from clipactor_node.ros.services import LibraryServices
from clipactor_node.ros.state import StateMessage, clothes_message
from clipactor_node.ros.topic import Topic
from clipactor_node.style import open_cache

LIVE = {setting.name: setting for setting in SETTINGS if setting.live}


class Avatar:
    """Plays on `node`. Everything heavy is loaded here, before the node is spun (on one thread).

    Args:
        node: made with `automatically_declare_parameters_from_overrides=True`.
    """

    def __init__(self, node: Node) -> None:
        self._node, self._log = node, node.get_logger()
        self._settings, refused = declare(node)
        self._loaded = load(self._settings)
        self._problems = (*refused, *self._loaded.problems)
        for problem in self._problems:
            self._log.error(problem)

        self._outputs: BodyOutputs | None = None
        self._player: Player | NoPlayer = NoPlayer("; ".join(self._problems))
        if self._loaded.body is not None:
            self._take_the_stage(bodies.Skinner(self._loaded.body))
        self._said = Status()
        self._faults: list[str] = []

        rate_hz = self._settings["rate_hz"]
        self._pace, self._meter = Pace(rate_hz), diagnostics.TickMeter(rate_hz)
        sha256 = self._loaded.body.sha256 if self._loaded.body else ""
        self._state_message = StateMessage(self._settings["map_frame"], rate_hz, sha256, self._problems)
        self._state = Topic(node, AvatarState, "state", qos.LATCHED)
        self._clothes = Topic(node, AvatarClothes, "clothes", qos.LATCHED)
        self._announced: Clothes | None = None
        self._diagnostics = Topic(node, DiagnosticArray, "/diagnostics", qos.SMALL)
        LibraryServices(node, self._loaded)
        self._perform = PerformServer(node, self._player, rate_hz)
        node.add_on_set_parameters_callback(self._set_live)

        node.create_subscription(String, "command", lambda message: self.command(message.data), qos.COMMAND)
        node.create_timer(1.0 / rate_hz, self._tick)
        steady = Clock(clock_type=ClockType.STEADY_TIME)  # reports go on when simulated time stands still
        node.create_timer(self._settings["diagnostics_period"], self._report, clock=steady)
        if self._settings["command"]:
            self.command(self._settings["command"])
        self._log.info(f"ready: publish a std_msgs/String on {node.resolve_topic_name('command')}")

    def _take_the_stage(self, skinner: bodies.Skinner) -> None:
        settings, loaded = self._settings, self._loaded
        closet = Closet(loaded.body, open_cache())
        self._player = Player(
            loaded.library, loaded.retriever, skinner, settings["rate_hz"],
            loop=settings["loop"], excuse="; ".join(loaded.problems), closet=closet,
        )  # fmt: skip
        worn = self._player.clothes
        self._outputs = BodyOutputs(
            self._node, skinner, worn, settings["map_frame"], settings["frame_prefix"]
        )
        self._outputs.warm_up()
        self._outputs.publish_tf, self._outputs.lit_colors = settings["publish_tf"], settings["lit_colors"]
        description = String(data=urdf(skinner, meshes=self._link_meshes(skinner, worn)))
        Topic(self._node, String, "robot_description", qos.LATCHED).send(description)

    def _link_meshes(self, skinner: bodies.Skinner, worn: Clothes) -> str | None:
        """Write the dressed parts that the robot description shows; None where that is impossible."""
        try:
            dressed = skinner if worn.cut is None else skinner.wearing(worn.cut)
            return link_meshes.write(dressed, worn.colors, user_home() / "cache").as_uri()
        except OSError as error:
            self._log.warning(f"robot_description goes without meshes: {error}; set CLIPACTOR_HOME")
            return None

    def command(self, text: str) -> None:
        """Perform `text`, or say in the log and in `state` why not."""
        accepted = self._player.command(text)
        status = self._player.status
        if accepted:
            self._log.info(f"{status.command!r}: {'; '.join(status.plan)}")
        else:
            self._log.warning(f"{status.command!r} refused: {status.error}")

    def _tick(self) -> None:
        started = time.perf_counter()
        now = self._node.get_clock().now()
        due = self._pace.due(now.nanoseconds * 1e-9)
        for _ in range(due):
            frame = self._player.tick()
        stamp = now.to_msg()
        if self._outputs:
            self._outputs.publish(frame, stamp)
            self._announce_clothes(stamp)
        # State is latched: what it says in words goes out even while nobody reads.
        words = replace(frame.status, index=0)
        if words != self._said or self._state.wanted:
            self._said = words
            self._state.send(self._state_message.message(frame.status, stamp))
        self._perform.tick(frame.status)
        self._meter.tick(due, time.perf_counter() - started)

    def _announce_clothes(self, stamp: Time) -> None:
        if self._player.clothes is not self._announced:
            self._announced = self._player.clothes
            self._clothes.send(clothes_message(self._announced, self._loaded.body.sha256, stamp))

    def _report(self) -> None:
        figures = self._meter.report(time.monotonic())
        if not self._diagnostics.wanted:
            return
        topics = (self._state, *(self._outputs.topics if self._outputs else ()))
        dropped = {f"dropped on {topic.name}": topic.dropped for topic in topics if topic.dropped}
        warnings = [f"{count} messages {name}" for name, count in dropped.items()]
        if figures["rate_hz"] < 0.9 * figures["rate_hz wanted"]:
            warnings.append("the clock does not keep its rate")
        values = {
            **figures,
            **dropped,
            **{f"last command: {stage} ms": 1e3 * seconds for stage, seconds in self._player.timings.items()},
            "memory MB": diagnostics.resident_mb(),
            "clips": len(self._loaded.library) if self._loaded.library else 0,
            "body": self._loaded.body.name if self._loaded.body else "none",
        }
        refused = [self._player.status.error] if self._player.status.error else []
        status = diagnostics.status(
            f"{self._node.get_fully_qualified_name()}: playback",
            "clipactor",
            [*self._problems, *self._faults],
            [*refused, *warnings],
            values,
        )
        self._diagnostics.send(diagnostics.array(self._node.get_clock().now().to_msg(), [status]))

    def _set_live(self, parameters: Sequence[Parameter]) -> SetParametersResult:
        """Check and take over parameters that were set while the node runs: all of them or none."""
        changes = {}
        for parameter in parameters:
            if parameter.name in LIVE:
                try:
                    changes[parameter.name] = LIVE[parameter.name].checked(parameter.value)
                except ValueError as error:
                    return SetParametersResult(successful=False, reason=str(error))
        if self._outputs:
            for name, value in changes.items():
                setattr(self._outputs, name, value)
        return SetParametersResult(successful=True)

    def note(self, fault: str) -> None:
        """Show an error that nobody foresaw in /diagnostics; the avatar goes on with the next tick."""
        self._faults = [fault]
