"""A camera moves the avatar: pictures in; poses for the avatar, and the person as REP 155 has one, out."""

import threading
from contextlib import ExitStack
from typing import Any

import numpy as np
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarFace
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.clock import Clock, ClockType  # type: ignore[attr-defined]  # it does export it
from rclpy.node import Node
from sensor_msgs.msg import Image, MultiDOFJointState
from std_msgs.msg import Header, String

from clipactor_node import body as bodies
from clipactor_node.errors import ClipActorError
from clipactor_node.perception import Observation, PersonWatcher, annotated, as_rgb
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.face_target import face_message
from clipactor_node.ros.messages.images import image_message
from clipactor_node.ros.messages.pose_target import pose_message
from clipactor_node.ros.nodes.camera_source import FileOrDevice, NewestShot, Shot, from_topics
from clipactor_node.ros.parameters.setting import Setting, declare
from clipactor_node.ros.publishers.posed_body import PosedBody
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.runtime.node_runtime import Note

PRIVACY = "privacy: pictures are looked at and forgotten; none is stored, and none leaves this machine"
SETTINGS = (
    Setting("source", "", "A film, a camera like /dev/video0, or empty: the topics image, image/compressed."),
    Setting("fov", 50.0, "Vertical field of view of the camera, degrees.", 5.0, 150.0),
    Setting("tilt", 0.0, "Degrees by which the camera looks down.", -80.0, 80.0),
    Setting(
        "person",
        "largest",
        "Whom to follow: the largest, or where somebody is, X,Y from the top left, each 0 to 1.",
        pattern=(r"largest|(0(\.\d+)?|1(\.0+)?),(0(\.\d+)?|1(\.0+)?)", "largest, or X,Y like 0.3,0.5"),
    ),
    Setting(
        "refine",
        "keypoints",
        "By keypoints alone, or by guided diffusion, which hears the topic description and takes longer.",
        choices=("keypoints", "diffusion"),
    ),
    Setting(
        "details",
        "in turns",
        "Hands and face: one hand a picture, in turns; both in each; or none.",
        choices=("in turns", "hands and face", "none"),
    ),
    Setting("threads", 1, "Threads that a network may use.", 1, 16),
    Setting("map_frame", "map", "The avatar's fixed frame."),
    Setting("body_id", "mirrored", "Its name in /humans/bodies.", pattern=(r"\w+", "letters")),
    Setting("hri", "bodies", "Tell /humans/... about the person, or do not.", choices=("bodies", "off")),
    Setting("diagnostics_period", 1.0, "Seconds between two messages on /diagnostics.", 0.1, 60.0),
)
_WAIT_S = 0.25
_SILENT_S = 2.0


class Mirror:
    """Looks at pictures in a thread of its own, one after another, always the newest.

    Raises:
        ClipActorError: the networks are not here, or the source cannot be used; the message says what to do.
    """

    def __init__(self, node: Node, closing: ExitStack) -> None:
        self._node, self._log = node, node.get_logger()
        self._settings, problems = declare(node, SETTINGS)
        for problem in problems:
            self._log.warning(problem)
        self._skinner = bodies.Skinner(bodies.load())
        self._soles = bodies.SolePoints(self._skinner)
        self._watcher = self._new_watcher(self._settings)
        self._targets = Topic(node, MultiDOFJointState, "pose_target", qos.NEWEST)
        self._faces = Topic(node, AvatarFace, "face_target", qos.NEWEST)
        self._pictures = Topic(node, Image, "image_annotated", qos.NEWEST)
        self._diagnostics = Topic(node, DiagnosticArray, "/diagnostics", qos.SMALL)
        self._add_hri(closing)
        self._problems, self._fault = tuple(problems), ""
        self._told = self._trouble = ""
        self.seen = self.looked = 0
        self._newest = NewestShot()
        node.create_subscription(String, "description", self._hear, qos.SMALL)
        self._log.info(PRIVACY)
        if self._settings["source"]:
            source = FileOrDevice(self._settings["source"], self._newest, self._now)
            closing.callback(source.close)
        else:
            from_topics(node, self._newest)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        closing.callback(self._close)
        self._thread.start()
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        node.create_timer(self._settings["diagnostics_period"], self._report, clock=steady)
        where = self._settings["source"] or node.resolve_topic_name("image")
        self._log.info(f"ready: looks at {where}, tells {self._targets.name}; say `mirror` to the avatar")

    def _new_watcher(self, settings: dict[str, Any]) -> PersonWatcher:
        person = settings["person"]
        at = None
        if person != "largest":
            x, y = (float(share) for share in person.split(","))
            at = x, y
        return PersonWatcher(
            self._skinner,
            settings["fov"],
            float(np.radians(settings["tilt"])),
            at,
            settings["threads"],
            adapt=settings["refine"] == "diffusion",
            details="" if settings["details"] == "none" else settings["details"],
        )

    def _hear(self, message: String) -> None:
        """What somebody says about the person's pose; it holds until something else is said."""
        self._watcher.description = message.data.strip()
        if self._settings["refine"] != "diffusion" and message.data.strip():
            self._log.warning("words are heard only with the parameter refine: diffusion", once=True)

    def _add_hri(self, closing: ExitStack) -> None:
        self._hri = self._lists = None
        if self._settings["hri"] == "off":
            return
        from clipactor_node.ros.hri.publishers import HriBodyOutputs, HriLists

        frame, name = self._settings["map_frame"], self._settings["body_id"]
        self._hri = HriBodyOutputs(self._node, self._skinner, name, frame, person=False)
        self._lists = HriLists(self._node, person=False)

    def note(self, error: Exception) -> None:
        """Show an error that nobody foresaw in /diagnostics; the next picture is another."""
        self._fault = f"{type(error).__name__}: {error}"

    def _now(self) -> Time:
        return self._node.get_clock().now().to_msg()

    def _close(self) -> None:
        self._ended.set()
        self._thread.join(10.0)

    def _run(self) -> None:
        silent_s = 0.0
        while not self._ended.is_set():
            shot = self._newest.take(_WAIT_S)
            if shot is None:
                silent_s += _WAIT_S
                if silent_s >= _SILENT_S:
                    self._tell(self._newest.problem or self._no_picture())
                continue
            silent_s = 0.0
            try:
                self._look(shot)
            except ClipActorError as error:
                self._tell(str(error))
            except Exception as error:  # the next picture is another
                self.note(error)
                self._log.error(f"unexpected error, going on: {self._fault}", throttle_duration_sec=5.0)

    def _no_picture(self) -> str:
        if self._settings["source"]:
            return f"no picture comes from {self._settings['source']}; the avatar idles"
        topic = self._node.resolve_topic_name("image")
        return f"no picture comes on {topic}; start the camera's driver, or remap `image` to its topic"

    def _look(self, shot: Shot) -> None:
        stamp = shot.stamp if shot.stamp.sec or shot.stamp.nanosec else self._now()
        picture = as_rgb(shot.picture())
        seen = self._watcher.watch(picture, stamp.sec + 1e-9 * stamp.nanosec)
        self.looked += 1
        if seen is not None:
            self.seen += 1
            self._publish(seen, stamp)
        if self._lists is not None:
            self._lists.publish([self._settings["body_id"]] if seen else [], stamp)
        legs = "" if seen is None or seen.legs_seen else "legs are not seen; they stand"
        self._tell(self._watcher.problem or legs)
        if self._pictures.wanted:
            line = self._watcher.problem or (f"confidence {seen.confidence:.2f}" if seen else "")
            drawn = annotated(picture, seen.landmarks if seen else None, line)
            self._pictures.send(image_message(drawn, stamp, shot.frame))

    def _publish(self, seen: Observation, stamp: Time) -> None:
        pelvis = self._skinner.rest_joints[0] + seen.translation
        frame = self._settings["map_frame"]
        self._targets.send(pose_message(seen.pose, pelvis, seen.details.given, stamp, frame))
        if seen.details.face is not None:
            self._faces.send(face_message(seen.details.face, seen.pose, stamp, frame))
        if self._hri is not None:
            self._hri.publish(PosedBody(self._skinner, self._soles, seen.pose, seen.translation), stamp)

    def _tell(self, trouble: str) -> None:
        """Say once what is wrong, and once that it is over."""
        self._trouble = trouble
        if trouble == self._told:
            return
        self._told = trouble
        if trouble:
            self._log.warning(trouble)
        else:
            self._log.info("somebody is seen")

    def _report(self) -> None:
        lines = [*self._problems, *filter(None, [self._trouble, self._fault])]
        status = DiagnosticStatus(
            level=DiagnosticStatus.WARN if lines else DiagnosticStatus.OK,
            name=f"{self._node.get_fully_qualified_name()}: camera",
            message="; ".join(lines) or "somebody is seen",
            hardware_id=self._settings["source"] or "image",
            values=[
                KeyValue(key="pictures", value=str(self._newest.put_count)),
                KeyValue(key="looked_at", value=str(self.looked)),
                KeyValue(key="with_somebody", value=str(self.seen)),
                KeyValue(key="smoothing_delay_s", value=f"{self._watcher.delay_s:.3f}"),
            ],
        )
        self._diagnostics.send(DiagnosticArray(header=Header(stamp=self._now()), status=[status]))


def build(closing: ExitStack) -> tuple[Node, Note]:
    """The camera's node (`node_runtime.Build`)."""
    node = Node("mirror", namespace="clipactor", automatically_declare_parameters_from_overrides=True)
    closing.callback(node.destroy_node)
    return node, Mirror(node, closing).note
