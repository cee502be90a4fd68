"""One avatar on a node: commands in; skeleton, surface and state out, every tick."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarClothes, AvatarState, StyleProgress
from rclpy.node import Node
from std_msgs.msg import String
from trajectory_msgs.msg import JointTrajectory

from clipactor_node.player import ORIGIN, Appearance, AvatarFrame, NoPlayer, Place, Player, Status
from clipactor_node.ros.messages import qos
from clipactor_node.ros.nodes.appearance_controller import AppearanceController
from clipactor_node.ros.nodes.loading import Loaded
from clipactor_node.ros.nodes.style_jobs import StyleJobClient
from clipactor_node.ros.publishers.body import BodyOutputs
from clipactor_node.ros.publishers.description import DescriptionBuilder, RobotDescription
from clipactor_node.ros.publishers.state import StateMessage, clothes_message
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.publishers.trajectory_preview import TrajectoryPreview
from clipactor_node.ros.services.perform import PerformServer

if TYPE_CHECKING:
    from clipactor_node.ros.hri.publishers import HriBodyOutputs


class Avatar:
    """Ready to be ticked as soon as it is made. For one thread.

    Args:
        loaded: what all avatars of the node share; tailor, atelier: so are they.
        settings: the parameters by name.
        problems: what is wrong since the start, one line each; stays in `state`.
        name: "" for the node's own avatar; the topics of others lie in `<name>/`, and their frames are
            called `<name>/...` too.
        place: where it stands at first and after `reset`.
    """

    def __init__(
        self,
        node: Node,
        loaded: Loaded,
        tailor: DescriptionBuilder | None,
        atelier: StyleJobClient,
        settings: Mapping[str, object],
        problems: tuple[str, ...] = (),
        name: str = "",
        place: Place = ORIGIN,
    ) -> None:
        self.name, self.place = name, place
        self._node, self._log = node, node.get_logger()
        self.loaded, self._settings = loaded, settings
        self.topics: list[Topic] = []
        self._outputs: BodyOutputs | None = None
        self._description: RobotDescription | None = None
        self.hri: HriBodyOutputs | None = None
        self.player: Player | NoPlayer = NoPlayer("; ".join(problems))
        if loaded.skinner is not None:
            self._take_the_stage()
            self._description = RobotDescription(
                self._topic(String, "robot_description", qos.LATCHED), tailor
            )
        self.dresser = AppearanceController(self.player, loaded.closet, loaded.retriever, atelier)
        self._rehearsal: TrajectoryPreview | None = None
        self._rehearsed_scene: object = None
        self._problems = problems
        self._said: tuple[Status, StyleProgress] | None = None
        self._concerns: tuple[str, ...] = ()
        self._announced: Appearance | None = None

        self._state_message = self._new_state_message()
        self._state = self._topic(AvatarState, "state", qos.LATCHED)
        self._clothes = self._topic(AvatarClothes, "clothes", qos.LATCHED)
        self._trajectory = self._topic(JointTrajectory, "trajectory", qos.LATCHED)
        self._perform = PerformServer(
            node, self.player, self.dresser, settings["rate_hz"], f"{self._space}perform"
        )
        self._commands = node.create_subscription(
            String, f"{self._space}command", lambda message: self.command(message.data), qos.COMMAND
        )
        for setting in settings:
            if setting.startswith("publish_"):
                self.change(setting, settings[setting])

    @property
    def _space(self) -> str:
        return f"{self.name}/" if self.name else ""

    def _topic(self, kind: type, name: str, profile) -> Topic:
        self.topics.append(Topic(self._node, kind, f"{self._space}{name}", profile))
        return self.topics[-1]

    def _take_the_stage(self) -> None:
        settings, loaded = self._settings, self.loaded
        self.player = Player(
            loaded.library,
            loaded.retriever,
            loaded.skinner,
            settings["rate_hz"],
            loop=settings["loop"],
            excuse="; ".join(loaded.problems),
            closet=loaded.closet,
            place=self.place,
        )
        self._outputs = BodyOutputs(
            self._node, loaded.skinner, loaded.detail, **self._words(), topic_prefix=self._space
        )
        self.topics.extend(self._outputs.topics)
        for name in ("facing", "lit_colors"):
            self.change(name, settings[name])
        if settings["hri"] != "off":
            self._be_a_person()

    def _be_a_person(self) -> None:
        from clipactor_node.ros.hri import publishers as hri  # its messages are not installed everywhere

        body_id = hri.body_id_of(self._node.get_namespace(), self.name)
        map_frame, person = self._settings["map_frame"], self._settings["hri"] == hri.PERSON
        self.hri = hri.HriBodyOutputs(self._node, self.loaded.skinner, body_id, map_frame, person)
        self.topics.extend(self.hri.topics)

    def _words(self) -> dict[str, object]:
        """What the messages of the body call things, and how they write them."""
        return {
            "map_frame": self._settings["map_frame"],
            "frame_prefix": f"{self._settings['frame_prefix']}{self._space}",
            "quantized": self._settings["mesh_encoding"] == "uint16",
        }

    def _new_state_message(self) -> StateMessage:
        sha256 = self.loaded.body.sha256 if self.loaded.body else ""
        return StateMessage(self._settings["map_frame"], self._settings["rate_hz"], sha256, self._problems)

    # What the node does with it

    def warm_up(self) -> None:
        """Compute everything once, so that compilation does not hold up the first frame."""
        if self._outputs:
            self._outputs.warm_up()
            self._description.now(self.player.clothes)
            TrajectoryPreview(
                self.loaded.skinner, self._settings["rate_hz"], self.player.rehearse()
            ).advance()

    def destroy(self) -> None:
        """Free everything."""
        self.dresser.leave()
        self._node.destroy_subscription(self._commands)
        self._perform.destroy()
        if self.hri is not None:
            self.hri.destroy()
        for topic in self.topics:
            topic.destroy()

    def change(self, name: str, value: object) -> None:
        """Take over a parameter that was changed while the avatar plays; `settings` has it already."""
        if name.startswith("publish_"):
            for topic in self.topics:
                if topic.key == name.removeprefix("publish_"):
                    topic.enabled = value
        if self._outputs is None:
            return
        if name == "loop":
            self.player.loop = value
        elif name == "facing":
            self.player.faces_front = value == "front"
        elif name == "lit_colors":
            self._outputs.surface.lit_colors = value
        elif name in ("map_frame", "frame_prefix", "mesh_encoding"):
            self._outputs.change_format(**self._words())
            if self.hri is not None:
                self.hri.name_frames(self._settings["map_frame"])
            self._state_message = self._new_state_message()
        elif name == "rate_hz":
            self.player.change_rate(value)
            self._perform.rate_hz = value
            self._state_message = self._new_state_message()

    def take_over(self, loaded: Loaded) -> None:
        """Go on with another level of detail."""
        other_body = loaded.detail.body is not self.loaded.detail.body
        self.loaded = loaded
        self._outputs.change_detail(loaded.skinner, loaded.detail)
        if other_body:
            self.player.change_closet(loaded.closet)
            self.dresser.change_closet(loaded.closet)

    def command(self, text: str) -> bool:
        """Perform `text`, or say in the log and in `state` why not."""
        accepted = self.player.command(text)
        status = self.player.status
        who = f"{self.name}: " if self.name else ""
        if accepted:
            self._log.info(f"{who}{status.command!r}: {'; '.join(status.plan)}")
        else:
            self._log.warning(f"{who}{status.command!r} refused: {status.error}")
        return accepted

    # What the clock does

    def tick(self, due: int, stamp: Time) -> None:
        """Go on by `due` frames and show the last of them."""
        self.dresser.tick()
        for _ in range(due):
            frame = self.player.tick()
        if self._outputs:
            posed = self._outputs.publish(frame, stamp)
            if self.hri is not None:
                self.hri.publish(posed, stamp)
            self._announce_clothes(stamp)
            self._description.follow(self.player.clothes)
            self._rehearse(stamp)
        self._say(frame, stamp)
        self._perform.tick(frame.status)

    def _say(self, frame: AvatarFrame, stamp: Time) -> None:
        status = replace(frame.status, warnings=(*frame.status.warnings, *self._concerns))
        # State is latched: what it says in words goes out even while nobody reads.
        style = self.dresser.progress
        words = replace(status, index=0), style
        if words != self._said or self._state.wanted:
            self._said = words
            self._state.send(self._state_message.message(status, style, stamp))

    def _announce_clothes(self, stamp: Time) -> None:
        if self.player.clothes is not self._announced:
            self._announced = self.player.clothes
            self._clothes.send(clothes_message(self._announced, self.loaded.body, stamp))

    def _rehearse(self, stamp: Time) -> None:
        """Run ahead of a new scene: warn of what a robot could not follow, and publish its trajectory."""
        if self.player.scene is not self._rehearsed_scene:
            self._rehearsed_scene, self._scene_stamp = self.player.scene, stamp
            rehearsal = TrajectoryPreview(
                self.player.skinner, self._settings["rate_hz"], self.player.rehearse()
            )
            self._rehearsal, self._concerns = rehearsal, ()
        if self._rehearsal is None:
            return
        if not self._rehearsal.done and self._rehearsal.advance():
            self._concerns = self._rehearsal.warnings()
        if self._rehearsal.done and self._trajectory.wanted:
            self._trajectory.send(self._rehearsal.message(self._scene_stamp))
            self._rehearsal = None
