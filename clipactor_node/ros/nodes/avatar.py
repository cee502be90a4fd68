"""One avatar on a node: commands in; skeleton, surface and state out, every tick."""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarAppearance, AvatarClothes, AvatarState, StyleProgress
from rclpy.node import Node
from rclpy.qos import QoSProfile
from std_msgs.msg import String
from trajectory_msgs.msg import JointTrajectory

from clipactor_node.body import Skinner
from clipactor_node.player import (
    ORIGIN,
    Appearance,
    AvatarPlayer,
    NoPlayer,
    Place,
    Player,
    RateChange,
    Status,
)
from clipactor_node.ros.messages import qos
from clipactor_node.ros.nodes.appearance_controller import AppearanceController
from clipactor_node.ros.nodes.background import Background, Promise
from clipactor_node.ros.nodes.cloth_dressing import ClothDresser, ClothesController
from clipactor_node.ros.nodes.command_queue import CommandQueue
from clipactor_node.ros.nodes.loading import Loaded
from clipactor_node.ros.nodes.pose_input import PoseInput
from clipactor_node.ros.nodes.scene import SceneOfNode
from clipactor_node.ros.nodes.speech_input import SpeechInput
from clipactor_node.ros.nodes.steering import SteeringInput
from clipactor_node.ros.nodes.style_jobs import StyleJobClient
from clipactor_node.ros.publishers.appearance import AppearanceMessage
from clipactor_node.ros.publishers.body import BodyOutputs
from clipactor_node.ros.publishers.description import DescriptionBuilder, RobotDescription
from clipactor_node.ros.publishers.face import FaceOutput, face_topic
from clipactor_node.ros.publishers.state import StateMessage, clothes_message
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.publishers.trajectory_preview import TrajectoryPreview
from clipactor_node.ros.services.go_to import GoToServer
from clipactor_node.ros.services.perform import PerformServer

if TYPE_CHECKING:
    from clipactor_node.ros.hri.publishers import HriBodyOutputs


class Avatar:
    """Ready to be ticked as soon as it is made. For one thread.

    Args:
        loaded: what all avatars of the node share; descriptions, dresser, jobs, background: so are they.
        embodied: of `new_player`.
        settings: the parameters by name.
        problems: what is wrong since the start, one line each; stays in `state`.
        name: "" for the node's own avatar; the topics of others lie in `<name>/`, and their frames are
            called `<name>/...` too.
        place: where it stands at first and after `reset`.
        scene: of the node; None: nothing has a name, and no goals are taken.

    Fields:
        commands: have the avatar do something.
        appearance: follows what it should look like.
        clothes: what they are made of; None: there is no body.
    """

    def __init__(
        self,
        node: Node,
        loaded: Loaded,
        embodied: Player | None,
        descriptions: DescriptionBuilder | None,
        dresser: ClothDresser | None,
        jobs: StyleJobClient,
        background: Background,
        settings: Mapping[str, Any],
        problems: tuple[str, ...] = (),
        name: str = "",
        place: Place = ORIGIN,
        scene: SceneOfNode | None = None,
    ) -> None:
        self.name, self.place = name, place
        self._node, self._scene = node, scene
        self.loaded, self._settings = loaded, settings
        self.topics: list[Topic] = []
        self._outputs: BodyOutputs | None = None
        self._description: RobotDescription | None = None
        self.hri: HriBodyOutputs | None = None
        self.embodied = embodied
        self.player: AvatarPlayer = embodied or NoPlayer("; ".join(problems))
        if embodied is not None and descriptions is not None:
            self._add_outputs()
            self._description = RobotDescription(
                self._topic(String, "robot_description", qos.LATCHED), descriptions
            )
        self.commands = CommandQueue(self.player, background, node.get_logger(), name)
        self.commands.on_refusal = self._say_refusal
        self.appearance = AppearanceController(self.player, loaded.selector, jobs)
        self.clothes: ClothesController | None = None
        if embodied is not None and self._outputs is not None and dresser is not None:
            person = zlib.crc32(name.encode()) if name else 0  # avatars that are told the same differ
            self.clothes = ClothesController(embodied, self._outputs, dresser, settings["clothes"], person)
        self._background = background
        self._preview: TrajectoryPreview | None = None
        self._previewed = -1  # how many motions had begun
        self._problems = problems
        self._said: tuple[Status, StyleProgress] | None = None
        self._concerns: tuple[str, ...] = ()
        self._announced = self._described = 0  # revisions of what was said on `clothes`, and on `appearance`

        self._state_message = self._new_state_message()
        self._state = self._topic(AvatarState, "state", qos.LATCHED)
        self._clothes = self._topic(AvatarClothes, "clothes", qos.LATCHED)
        self._appearance = self._topic(AvatarAppearance, "appearance", qos.LATCHED)
        self._trajectory = self._topic(JointTrajectory, "trajectory", qos.LATCHED)
        self._face_topic = face_topic(node, self._space)
        self.topics.append(self._face_topic)
        self._face = FaceOutput(self._face_topic, settings["map_frame"])
        self._speech = SpeechInput(node, self._space, embodied, background)
        self._pose_input = PoseInput(node, self._space, embodied)
        self._steering = SteeringInput(node, self._space, embodied, self.commands, background, scene)
        self._go_to = GoToServer(node, embodied, self.commands, background, scene, f"{self._space}go_to")
        self._perform = PerformServer(
            node, self.player, self.commands, self.appearance, settings["rate_hz"], f"{self._space}perform"
        )
        self._subscription = node.create_subscription(
            String, f"{self._space}command", lambda message: self.commands.submit(message.data), qos.COMMAND
        )
        for setting in settings:
            if setting.startswith("publish_"):
                self.change(setting, settings[setting])

    @property
    def _space(self) -> str:
        return f"{self.name}/" if self.name else ""

    def _topic(self, kind: type, name: str, profile: QoSProfile) -> Topic:
        self.topics.append(Topic(self._node, kind, f"{self._space}{name}", profile))
        return self.topics[-1]

    def _add_outputs(self) -> None:
        settings, skinner, detail = self._settings, self.loaded.skinner, self.loaded.detail
        if skinner is None or detail is None:
            return
        texture = settings["mesh_texture"]
        self._outputs = BodyOutputs(
            self._node, skinner, detail, **self._words(), topic_prefix=self._space, mesh_texture=texture
        )
        self.topics.extend(self._outputs.topics)
        for name in ("loop", "facing", "place", "idle", "lit_colors", "mesh_texture_rate", "cloth_motion"):
            self.change(name, settings[name])
        if settings["hri"] != "off":
            self._add_hri(skinner)

    def _add_hri(self, skinner: Skinner) -> None:
        from clipactor_node.ros.hri import publishers as hri  # its messages are not installed everywhere

        body_id = hri.body_id_of(self._node.get_namespace(), self.name)
        map_frame, person = self._settings["map_frame"], self._settings["hri"] == hri.PERSON
        self.hri = hri.HriBodyOutputs(self._node, skinner, body_id, map_frame, person)
        self.topics.extend(self.hri.topics)

    def _words(self) -> dict[str, Any]:
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
        if self._outputs and self._description and self.embodied:
            self._outputs.warm_up()
            self._description.now(self.embodied.appearance)
            TrajectoryPreview(
                self.embodied.skinner, self._settings["rate_hz"], self.embodied.preview()
            ).advance()

    def destroy(self) -> None:
        """Free everything."""
        self._described = -1  # an appearance that is still being made is for nobody
        self.appearance.leave()
        self._node.destroy_subscription(self._subscription)
        self._speech.destroy()
        self._pose_input.destroy()
        self.commands.close()
        self._perform.destroy()
        self._go_to.destroy()
        self._steering.destroy()
        if self.hri is not None:
            self.hri.destroy()
        for topic in self.topics:
            topic.destroy()

    def change(self, name: str, value: Any) -> None:
        """Take over a parameter that was changed while the avatar plays; `settings` has it already."""
        if name.startswith("publish_"):
            for topic in self.topics:
                if topic.key == name.removeprefix("publish_"):
                    topic.enabled = value
        if self._outputs is None or self.embodied is None:
            return
        if name == "loop":
            self.embodied.loop = value
        elif name == "facing":
            self.embodied.faces_front = value == "front"
        elif name == "place":
            self.embodied.stays_near = value == "home"
        elif name == "idle":
            self.embodied.idle = value
        elif name == "cloth_motion":
            self._outputs.cloth_motion = value
        elif name in ("lit_colors", "mesh_texture_rate"):
            setattr(self._outputs.surface, name, value)
        elif name == "mesh_texture" and self.clothes is not None:
            self._outputs.formats = replace(self._outputs.formats, mesh_texture=value)
            self.clothes.again()
        elif name == "clothes" and self.clothes is not None:
            self.clothes.change(value)
        elif name in ("map_frame", "frame_prefix", "mesh_encoding"):
            self._outputs.change_format(**self._words())
            if self.hri is not None:
                self.hri.name_frames(self._settings["map_frame"])
            self._state_message = self._new_state_message()
            self._face = FaceOutput(self._face_topic, self._settings["map_frame"])

    def change_rate(self, rate_hz: float, change: RateChange | None) -> None:
        """Go on at another rate, as `settings` says. `change`: of `Player.resampled`; None: no body."""
        if self.embodied is not None and change is not None:
            self.embodied.change_rate(change)
        self._perform.rate_hz = rate_hz
        self._state_message = self._new_state_message()

    def take_over(self, loaded: Loaded, appearance: Appearance | None) -> None:
        """Go on with another level of detail.

        Args:
            appearance: what is worn, on another body (`Player.refit`); None: the body is the same.
        """
        self.loaded = loaded
        if self._outputs is None or self.embodied is None or loaded.skinner is None or loaded.detail is None:
            return
        before = self._outputs.formats
        self._outputs.change_detail(loaded.skinner, loaded.detail)
        if appearance is not None and loaded.selector is not None:
            self.embodied.change_selector(loaded.selector, appearance)
            self.appearance.change_selector(loaded.selector)
        if self.clothes is not None and self._outputs.formats != before:
            self.clothes.again()

    # What the clock does

    def tick(self, due: int, stamp: Time) -> None:
        """Go on by `due` frames and show the last of them."""
        self.appearance.tick()
        if self.clothes is not None:
            self.clothes.tick()
        self._steering.tick()
        for _ in range(due):
            frame = self.player.tick()
        if self._outputs and self._description and self.embodied:
            posed = self._outputs.publish(frame, stamp)
            if self.hri is not None:
                self.hri.publish(posed, stamp)
            self._announce_clothes(self.embodied.appearance, stamp)
            self._announce_appearance(self.embodied.appearance, stamp)
            self._description.follow(self.embodied.appearance)
            self._look_ahead(self.embodied, stamp)
            self._face.publish(frame, self.embodied.face.speaking, stamp)
        self._say(frame.status, stamp)
        self._perform.tick(frame.status, self.embodied.left_m if self.embodied else 0.0)
        self._go_to.tick(frame.status)

    def _say_refusal(self) -> None:
        """While the clock stands no tick does."""
        self._say(self.player.status, self._node.get_clock().now().to_msg())

    def _say(self, status: Status, stamp: Time) -> None:
        heard = (*self._speech.warnings, *self._pose_input.warnings, *self._steering.warnings)
        heard += self._scene.floor.warnings if self._scene is not None else ()
        notes = (*self._concerns, *heard, *(self.clothes.notes if self.clothes else ()))
        status = replace(status, warnings=(*status.warnings, *notes))
        # State is latched: what it says in words goes out even while nobody reads.
        style = self.appearance.progress
        words = replace(status, index=0), style
        if words != self._said or self._state.wanted:
            self._said = words
            self._state.send(self._state_message.message(status, style, stamp))

    def _announce_clothes(self, worn: Appearance, stamp: Time) -> None:
        if worn.revision != self._announced and self.loaded.body is not None:
            self._announced = worn.revision
            self._clothes.send(clothes_message(worn, self.loaded.body, stamp))

    def _announce_appearance(self, worn: Appearance, stamp: Time) -> None:
        """At once if the message is ready, as it is for cloth; else as soon as it is made."""
        body, outputs = self.loaded.body, self._outputs
        waits = worn.live and not self._appearance.wanted  # others come in a second
        if worn.revision == self._described or waits or body is None or outputs is None:
            return
        self._described = worn.revision

        def send(message: AppearanceMessage, stamp: Time) -> None:
            self._appearance.send(message.serialized(stamp, outputs.topology, outputs.faces_id))

        def take(done: Promise[AppearanceMessage]) -> None:
            if worn.revision == self._described:
                send(done.result(), self._node.get_clock().now().to_msg())

        ready = self.clothes.messages.pop(worn.revision, None) if self.clothes else None
        if ready is not None:
            send(ready, stamp)
        else:
            self._background.submit(lambda: AppearanceMessage.of(worn, body), take)

    def _look_ahead(self, player: Player, stamp: Time) -> None:
        """Run ahead of a new motion: warn of what a robot could not follow, and publish its trajectory."""
        if player.motions_begun != self._previewed:
            self._previewed, self._begun = player.motions_begun, stamp
            self._preview = TrajectoryPreview(
                player.shown_skinner, self._settings["rate_hz"], player.preview()
            )
            self._concerns = ()
        if self._preview is None:
            return
        if not self._preview.done and self._preview.advance():
            self._concerns = self._preview.warnings()
        if self._preview.done and self._trajectory.wanted:
            self._trajectory.send(self._preview.message(self._begun))
            self._preview = None
