"""One avatar on a node: commands in; skeleton, surface and state out, every tick."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarClothes, AvatarState
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.timer import Timer
from std_msgs.msg import Header, String
from trajectory_msgs.msg import JointTrajectory

from clipactor_node import body as bodies
from clipactor_node.body import link_meshes
from clipactor_node.body.urdf import urdf
from clipactor_node.home import user_home
from clipactor_node.player import AvatarFrame, Closet, Clothes, Player, Status
from clipactor_node.ros import qos
from clipactor_node.ros.diagnostics import TickMeter, report
from clipactor_node.ros.loading import load
from clipactor_node.ros.no_player import NoPlayer
from clipactor_node.ros.outputs import BodyOutputs
from clipactor_node.ros.pace import Pace
from clipactor_node.ros.perform import PerformServer
from clipactor_node.ros.rehearsal import Rehearsal
from clipactor_node.ros.services import LibraryServices
from clipactor_node.ros.state import StateMessage, clothes_message
from clipactor_node.ros.topic import Topic
from clipactor_node.style import open_cache


class Avatar:
    """Everything heavy is loaded here; `play` then starts the clock. For one thread.

    Args:
        settings: the parameters by name.
        refused: what was wrong with the parameters, one line each.
    """

    def __init__(self, node: Node, settings: Mapping[str, object], refused: Sequence[str] = ()) -> None:
        self._node, self._log, self._settings = node, node.get_logger(), settings
        self._loaded = load(settings)
        self._problems = (*refused, *self._loaded.problems)
        for problem in self._problems:
            self._log.error(problem)
        for note in self._loaded.notes:
            self._log.info(note)

        rate_hz = settings["rate_hz"]
        self._outputs: BodyOutputs | None = None
        self._player: Player | NoPlayer = NoPlayer("; ".join(self._problems))
        self._topics: list[Topic] = []
        if self._loaded.body is not None:
            self._take_the_stage(bodies.Skinner(self._loaded.surface))
        self._pace, self.meter = Pace(rate_hz), TickMeter(rate_hz)
        self._rehearsal: Rehearsal | None = None
        self._rehearsed_scene: object = None
        self._said = Status()
        self._concerns: tuple[str, ...] = ()
        self._announced: Clothes | None = None
        self._faults: list[str] = []
        self._clock: Timer | None = None

        sha256 = self._loaded.body.sha256 if self._loaded.body else ""
        self._state_message = StateMessage(settings["map_frame"], rate_hz, sha256, self._problems)
        self._state = self._topic(AvatarState, "state", qos.LATCHED)
        self._clothes = self._topic(AvatarClothes, "clothes", qos.LATCHED)
        self._trajectory = self._topic(JointTrajectory, "trajectory", qos.LATCHED)
        self._diagnostics = self._topic(DiagnosticArray, "/diagnostics", qos.SMALL)
        self._services = LibraryServices(node, self._loaded)
        self._perform = PerformServer(node, self._player, rate_hz)
        self._commands = node.create_subscription(
            String, "command", lambda message: self.command(message.data), qos.COMMAND
        )
        steady = Clock(clock_type=ClockType.STEADY_TIME)  # reports go on when simulated time stands still
        self._reports = node.create_timer(settings["diagnostics_period"], self._report, clock=steady)
        if settings["command"]:
            self.command(settings["command"])

    def _topic(self, kind: type, name: str, profile) -> Topic:
        self._topics.append(Topic(self._node, kind, name, profile))
        return self._topics[-1]

    def _take_the_stage(self, skinner: bodies.Skinner) -> None:
        settings, loaded = self._settings, self._loaded
        self._player = Player(
            loaded.library, loaded.retriever, skinner, settings["rate_hz"], loop=settings["loop"],
            excuse="; ".join(loaded.problems), closet=Closet(loaded.surface, open_cache()),
        )  # fmt: skip
        self._outputs = BodyOutputs(
            self._node, skinner, settings["map_frame"], settings["frame_prefix"],
            quantized=settings["mesh_encoding"] == "uint16",
        )  # fmt: skip
        self._topics.extend(self._outputs.topics)
        self._outputs.warm_up()
        Rehearsal(skinner, settings["rate_hz"], self._player.rehearse()).advance()
        for name in ("publish_tf", "lit_colors"):
            self.change(name, settings[name])
        description = String(data=urdf(skinner, meshes=self._link_meshes(skinner)))
        self._topic(String, "robot_description", qos.LATCHED).send(description)

    def _link_meshes(self, skinner: bodies.Skinner) -> str | None:
        """Write the dressed parts that the robot description shows; None where that is impossible."""
        try:
            worn = self._player.clothes
            dressed = skinner if worn.cut is None else skinner.wearing(worn.cut)
            return link_meshes.write(dressed, worn.colors, user_home() / "cache").as_uri()
        except OSError as error:
            self._log.warning(f"robot_description goes without meshes: {error}; set CLIPACTOR_HOME")
            return None

    # What the node does with it

    def play(self) -> None:
        """Start the clock, where it was left."""
        self._pace = Pace(self._settings["rate_hz"])
        self._clock = self._node.create_timer(1.0 / self._settings["rate_hz"], self._tick)
        where = self._node.resolve_topic_name("command")
        self._log.info(f"ready: publish a std_msgs/String on {where}")

    def freeze(self) -> None:
        """Stop the clock; nothing is published but reports."""
        if self._clock is not None:
            self._node.destroy_timer(self._clock)
            self._clock = None

    def destroy(self) -> None:
        """Free everything."""
        self.freeze()
        self._node.destroy_timer(self._reports)
        self._node.destroy_subscription(self._commands)
        self._services.destroy()
        self._perform.destroy()
        for topic in self._topics:
            topic.destroy()

    def change(self, name: str, value: object) -> None:
        """Take over a parameter that may be changed while the avatar plays."""
        if name == "loop" and isinstance(self._player, Player):
            self._player.loop = value
        elif name == "publish_tf" and self._outputs:
            self._outputs.skeleton.publish_tf = value
        elif name == "lit_colors" and self._outputs:
            self._outputs.surface.lit_colors = value

    def command(self, text: str) -> None:
        """Perform `text`, or say in the log and in `state` why not."""
        accepted = self._player.command(text)
        status = self._player.status
        if accepted:
            self._log.info(f"{status.command!r}: {'; '.join(status.plan)}")
        else:
            self._log.warning(f"{status.command!r} refused: {status.error}")

    def note(self, fault: str) -> None:
        """Show an error that nobody foresaw in /diagnostics; the avatar goes on with the next tick."""
        self._faults = [fault]

    # What the clock does

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
            self._rehearse(stamp)
        self._say(frame, stamp)
        self._perform.tick(frame.status)
        self.meter.tick(due, time.perf_counter() - started)

    def _say(self, frame: AvatarFrame, stamp: Time) -> None:
        status = replace(frame.status, warnings=(*frame.status.warnings, *self._concerns))
        # State is latched: what it says in words goes out even while nobody reads.
        words = replace(status, index=0)
        if words != self._said or self._state.wanted:
            self._said = words
            self._state.send(self._state_message.message(status, stamp))

    def _announce_clothes(self, stamp: Time) -> None:
        if self._player.clothes is not self._announced:
            self._announced = self._player.clothes
            self._clothes.send(clothes_message(self._announced, self._loaded.body, stamp))

    def _rehearse(self, stamp: Time) -> None:
        """Run ahead of a new scene: warn of what a robot could not follow, and publish its trajectory."""
        if self._player.scene is not self._rehearsed_scene:
            self._rehearsed_scene, self._scene_stamp = self._player.scene, stamp
            rehearsal = Rehearsal(self._player.skinner, self._settings["rate_hz"], self._player.rehearse())
            self._rehearsal, self._concerns = rehearsal, ()
        if self._rehearsal is None:
            return
        if not self._rehearsal.done and self._rehearsal.advance():
            self._concerns = self._rehearsal.warnings()
        if self._rehearsal.done and self._trajectory.wanted:
            self._trajectory.send(self._rehearsal.message(self._scene_stamp))
            self._rehearsal = None

    def _report(self) -> None:
        figures = self.meter.report(time.monotonic())
        if self._diagnostics.wanted:
            status = report(
                node=self._node,
                active=self._clock is not None,
                figures=figures,
                topics=self._topics,
                player=self._player,
                loaded=self._loaded,
                errors=[*self._problems, *self._faults],
            )
            stamp = self._node.get_clock().now().to_msg()
            self._diagnostics.send(DiagnosticArray(header=Header(stamp=stamp), status=[status]))
