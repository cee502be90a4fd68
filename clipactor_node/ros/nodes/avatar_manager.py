"""All avatars of a node: what they share is loaded once, and one clock ticks them all."""

import importlib.util
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock, ClockType  # type: ignore[attr-defined]  # it does export it
from rclpy.node import Node
from rclpy.timer import Timer
from std_msgs.msg import Header

from clipactor_node.home import user_home
from clipactor_node.player import ORIGIN, Company, Place, Player, RateChange
from clipactor_node.ros.messages import qos
from clipactor_node.ros.nodes.avatar import Avatar
from clipactor_node.ros.nodes.background import Background, Promise
from clipactor_node.ros.nodes.cloth_dressing import ClothDresser
from clipactor_node.ros.nodes.diagnostics import TickMeter, avatar_status, namesakes, node_status
from clipactor_node.ros.nodes.level_of_detail import DetailSwitch
from clipactor_node.ros.nodes.loading import Loaded, load
from clipactor_node.ros.nodes.new_player import new_player, warm_up_motion
from clipactor_node.ros.nodes.scene import SceneOfNode
from clipactor_node.ros.nodes.style_jobs import StyleJobClient
from clipactor_node.ros.nodes.tick_schedule import Pace
from clipactor_node.ros.publishers.description import DescriptionBuilder
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.services.avatars import AvatarServices
from clipactor_node.ros.services.library import LibraryServices
from clipactor_node.ros.services.styles import StyleServices
from clipactor_node.ros.services.stylize import StylizeServer

if TYPE_CHECKING:
    from clipactor_node.ros.hri.publishers import HriLists


class AvatarManager:
    """Everything heavy is loaded here; `play` then starts the clock. For one thread.

    Args:
        settings: the parameters by name.
        refused: what was wrong with the parameters, one line each.

    Fields:
        avatars: by name; the node's own one, "", comes first and stays.
    """

    def __init__(self, node: Node, settings: Mapping[str, Any], refused: Sequence[str] = ()) -> None:
        self._node, self._settings = node, dict(settings)
        self._detail = DetailSwitch(node, load(settings, node.get_logger().info), self._complain)
        self._background = Background(node, "commands")
        self._problems = (*refused, *self._loaded.problems, *self._without_hri())
        for problem in self._problems:
            node.get_logger().error(problem)
        for note in self._loaded.notes:
            node.get_logger().info(note)
        rate_hz = self._wanted_rate = settings["rate_hz"]
        self._pace, self.meter = Pace(rate_hz), TickMeter(rate_hz)
        self._faults: list[str] = []
        self._namesakes: tuple[str, ...] = ()
        self._clock: Timer | None = None
        body = self._loaded.body
        cache, log = user_home() / "cache", node.get_logger()
        self._descriptions = DescriptionBuilder(body, cache, log) if body else None
        self._dresser = ClothDresser(node, body, settings["body"]) if body else None
        self._jobs = StyleJobClient(node, self._settings, body.path if body else None)
        self._hri_lists = self._open_hri_lists()
        self.avatars: dict[str, Avatar] = {}
        self._company = Company(self._members)
        self._scene = SceneOfNode(node, self._settings, self.avatars, self._background)
        self._problems = (*self._problems, *self._scene.problems)
        for problem in self._scene.problems:
            node.get_logger().error(problem)
        own = self._new_avatar(
            self._loaded, new_player(self._loaded, self._settings, ORIGIN, self._scene.of(""), self._company)
        )
        own.warm_up()
        self.avatars[""] = own

        self._diagnostics = Topic(node, DiagnosticArray, "/diagnostics", qos.SMALL)
        self._library_services = LibraryServices(node, self._loaded, self._background)
        self._avatar_services = AvatarServices(node, self)
        self._style_services = StyleServices(node, self._background)
        self._stylize = StylizeServer(
            node,
            self._jobs,
            self._background,
            lambda: own.player.preparer,
            lambda: [avatar.appearance for avatar in self.avatars.values()],
        )
        self._reports = self._new_reports()
        self._background.submit(self._warm_up)  # before any command, and after all that the start waits for
        if settings["command"]:
            own.commands.submit(settings["command"])
        self._refuse_commands(True)

    def _without_hri(self) -> tuple[str, ...]:
        """Go without ROS4HRI where its messages are missing, and say so."""
        if self._settings["hri"] == "off" or importlib.util.find_spec("hri_msgs"):
            return ()
        self._settings["hri"] = "off"
        return ("parameter hri: hri_msgs is not installed; type: sudo apt install ros-$ROS_DISTRO-hri-msgs",)

    def _open_hri_lists(self) -> "HriLists | None":
        if self._settings["hri"] == "off":
            return None
        from clipactor_node.ros.hri.publishers import PERSON, HriLists

        return HriLists(self._node, self._settings["hri"] == PERSON)

    @property
    def _loaded(self) -> Loaded:
        return self._detail.loaded

    async def add_avatar(self, name: str, place: Place) -> Avatar:
        """One more avatar; the name must be new."""
        loaded, player = self._loaded, await self._new_player(place, name)
        while player is not None and player.rate_hz != self._settings["rate_hz"]:  # changed meanwhile
            loaded, player = self._loaded, await self._new_player(place, name)
        avatar = self.avatars[name] = self._new_avatar(loaded, player, name, place)
        self._refuse_commands(self._clock is None)
        return avatar

    def _warm_up(self) -> None:
        player = new_player(self._loaded, dict(self._settings), ORIGIN)
        if player is not None:
            warm_up_motion(player)

    def _new_player(self, place: Place, name: str) -> Promise[Player | None]:
        scene = self._scene.of(name)
        settings = dict(self._settings)
        return self._background.submit(
            partial(new_player, self._loaded, settings, place, scene, self._company)
        )

    def _new_avatar(
        self, loaded: Loaded, player: Player | None, name: str = "", place: Place = ORIGIN
    ) -> Avatar:
        return Avatar(
            self._node,
            loaded,
            player,
            self._descriptions,
            self._dresser,
            self._jobs,
            self._background,
            self._settings,
            self._problems,
            name,
            place,
            self._scene,
        )

    def _members(self) -> dict[str, Player]:
        """Who may do something together; the node's own avatar is called as the node."""
        own = self._node.get_name()
        return {name or own: a.embodied for name, a in list(self.avatars.items()) if a.embodied is not None}

    def remove_avatar(self, name: str) -> None:
        """Free what is an avatar's own."""
        self.avatars.pop(name).destroy()

    def _new_reports(self) -> Timer:
        steady = Clock(clock_type=ClockType.STEADY_TIME)  # they go on when simulated time stands still
        return self._node.create_timer(self._settings["diagnostics_period"], self._report, clock=steady)

    def play(self) -> None:
        """Start the clock, where it was left."""
        self._start_clock()
        self._refuse_commands(False)
        where = self._node.resolve_topic_name("command")
        self._node.get_logger().info(f"ready: publish a std_msgs/String on {where}")

    def _start_clock(self) -> None:
        self._pace = Pace(self._settings["rate_hz"])
        self._clock = self._node.create_timer(1.0 / self._settings["rate_hz"], self._tick)

    def freeze(self) -> None:
        """Stop the clock; nothing is published but reports, and no command or goal is taken."""
        self._stop_clock()
        self._refuse_commands(True)
        if self._hri_lists is not None:
            self._hri_lists.publish([], self._node.get_clock().now().to_msg())

    def _refuse_commands(self, inactive: bool) -> None:
        """Whoever would wait for a clock that stands is told so."""
        name = self._node.get_fully_qualified_name()
        reason = f"the node is inactive; first: ros2 lifecycle set {name} activate" if inactive else ""
        self._stylize.refusal = reason
        for avatar in self.avatars.values():
            avatar.commands.refusal = reason

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._node.destroy_timer(self._clock)
            self._clock = None

    def destroy(self) -> None:
        """Free everything."""
        self.freeze()
        self._detail.close()
        if self._dresser is not None:
            self._dresser.close()
        if self._descriptions is not None:
            self._descriptions.close()
        self._node.destroy_timer(self._reports)
        self._library_services.destroy()
        self._avatar_services.destroy()
        self._diagnostics.destroy()
        self._style_services.destroy()
        self._stylize.destroy()
        if self._hri_lists is not None:
            self._hri_lists.destroy()
        for name in list(self.avatars):
            self.remove_avatar(name)
        self._scene.destroy()
        self._background.close()
        self._jobs.close()

    def change(self, name: str, value: Any) -> None:
        """Take over a parameter that may be changed while the avatars play."""
        if name == "rate_hz":
            self._wanted_rate = value
            self._resample(value)
            return
        self._settings[name] = value
        for avatar in self.avatars.values():
            avatar.change(name, value)
        if name == "mesh_detail":
            self._detail.request(value)
        elif name == "diagnostics_period":
            self._node.destroy_timer(self._reports)
            self._reports = self._new_reports()

    def _resample(self, rate_hz: float) -> None:
        """Prepare another rate: what plays has to be resampled."""
        players = [avatar.embodied for avatar in self.avatars.values() if avatar.embodied is not None]
        self._background.submit(
            lambda: {player: player.resampled(rate_hz) for player in players},
            partial(self._change_rate, rate_hz),
        )

    def _change_rate(self, rate_hz: float, future: Promise[dict[Player, RateChange]]) -> None:
        """Go on at another rate, all avatars at once."""
        if rate_hz != self._wanted_rate:  # since then a later one was set
            return
        changes = future.result()
        players = [avatar.embodied for avatar in self.avatars.values() if avatar.embodied is not None]
        if not all(player in changes and player.is_covered_by(changes[player]) for player in players):
            self._resample(rate_hz)  # something else has begun meanwhile
            return
        self._settings["rate_hz"] = self.meter.rate_hz = rate_hz
        for avatar in self.avatars.values():
            avatar.change_rate(rate_hz, changes[avatar.embodied] if avatar.embodied else None)
        if self._clock is not None:
            self._stop_clock()
            self._start_clock()

    def keep_time(self) -> None:
        """Tick now if a tick is due; to be called in the middle of work that takes half a period or so."""
        if self._clock is None or not self._clock.is_ready():
            return
        self._clock.handle.call_timer()
        try:
            self._tick()
        except Exception as error:  # of one avatar; the work that was interrupted goes on
            self._complain(f"{type(error).__name__}: {error}")

    def note(self, fault: str) -> None:
        """Show an error that nobody foresaw in /diagnostics; the show goes on with the next tick."""
        self._faults = [fault]

    def _complain(self, fault: str) -> None:
        self._node.get_logger().error(fault)
        self.note(fault)

    def _tick(self) -> None:
        started = time.perf_counter()
        now = self._node.get_clock().now()
        due, stamp = self._pace.due(now.nanoseconds * 1e-9), now.to_msg()
        failures: list[Exception] = []

        def attempt(step: Callable[[], None]) -> None:
            try:
                step()
            except Exception as error:  # the others play on; whoever spins the node reports it
                failures.append(error)

        attempt(self._background.deliver)
        self._detail.tick(self.avatars.values())
        if self._hri_lists is not None:
            ids = [avatar.hri.body_id for avatar in self.avatars.values() if avatar.hri is not None]
            self._hri_lists.publish(ids, stamp)
        self._jobs.poll()
        self._stylize.tick()
        self._company.tick()
        for avatar in self.avatars.values():
            attempt(partial(avatar.tick, due, stamp))
        self.meter.tick(due, time.perf_counter() - started)
        if failures:
            raise failures[0]

    def _report(self) -> None:
        figures = self.meter.report(time.monotonic())
        before, self._namesakes = self._namesakes, namesakes(self._node)
        for warning in self._namesakes if not before else ():
            self._node.get_logger().warning(warning)
        if self._diagnostics.wanted:
            own, *others = self.avatars.values()
            errors = [*self._problems, *self._faults]
            active = self._clock is not None
            status = [
                node_status(
                    self._node,
                    active,
                    figures,
                    own,
                    len(self.avatars),
                    self._loaded,
                    errors,
                    self._namesakes,
                ),
                *(avatar_status(self._node, avatar) for avatar in others),
            ]
            stamp = self._node.get_clock().now().to_msg()
            self._diagnostics.send(DiagnosticArray(header=Header(stamp=stamp), status=status))
