"""What `clipactor render` and `export` show: a text performed without ROS."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from clipactor_node import body as bodies
from clipactor_node.cli.waiting import loading
from clipactor_node.errors import ClipActorError
from clipactor_node.face import Speech, loudness_of
from clipactor_node.motion import Library, open_library
from clipactor_node.player import Activity, AvatarFrame, Player
from clipactor_node.retrieval import MIN_CONFIDENCE, Retriever, open_retriever


@dataclass(frozen=True)
class Performance:
    """What a text became: transforms (T, 55, 4, 4), of which the first `entry` are still on the way into
    it; faces (T, 12), coefficients of `body.FACE_CHANNELS`; what was understood; what to mind."""

    transforms: np.ndarray
    faces: np.ndarray
    entry: int
    plan: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class PlayedFrames:
    """What the player showed for a text: frames, of which the first `entry` are still on the way into it."""

    frames: tuple[AvatarFrame, ...]
    entry: int
    plan: tuple[str, ...]
    clips: tuple[str, ...]
    warnings: tuple[str, ...]


LONGEST_S = 600.0


@dataclass(frozen=True)
class Performer:
    """Clips, and who finds them in words: opened once, however many texts are played."""

    library: Library
    retriever: Retriever
    voice: np.ndarray | None = None

    @classmethod
    def open(cls, min_confidence: float = MIN_CONFIDENCE, voice: Path | None = None) -> "Performer":
        """Args: min_confidence: of texts that are not refused, in [0, 1]. voice: times mouths."""
        with loading("the clips and the text encoder"):
            library = open_library()
            retriever = open_retriever(library, min_confidence=min_confidence)[0]
            return cls(library, retriever, loudness_of(voice) if voice else None)

    def frames(
        self,
        skinner: bodies.Skinner,
        text: str,
        rate_hz: float,
        seconds: float = LONGEST_S,
        loop: bool = False,
    ) -> PlayedFrames:
        """Play a text offline, to its end or for `seconds`.

        Raises:
            ClipActorError: it cannot be performed, or it is a control word.
        """
        player = Player(self.library, self.retriever, skinner, rate_hz, loop=loop)
        prepared = player.preparer.prepare(text)
        if self.voice is not None and prepared.speech is not None:
            prepared = replace(prepared, speech=Speech(prepared.speech.text, self.voice))
        if not player.perform(prepared):
            raise ClipActorError(player.status.error)
        frames: list[AvatarFrame] = []
        entry = 0
        for _ in range(max(1, round(seconds * rate_hz))):
            frame = player.tick()
            if frame.status.activity not in (Activity.PLAYING, Activity.BLENDING):
                break
            frames.append(frame)
            if frame.status.activity is Activity.BLENDING and entry == len(frames) - 1:
                entry += 1
        if not frames:
            raise ClipActorError(
                f"{text!r} holds no action to draw; describe a movement, like 'a person waves hello'"
            )
        clips = tuple(dict.fromkeys(planned.match.clip for planned in prepared.plan.layers))
        status = player.status
        return PlayedFrames(tuple(frames), min(entry, len(frames) - 1), status.plan, clips, status.warnings)

    def perform(
        self,
        skinner: bodies.Skinner,
        text: str,
        rate_hz: float,
        seconds: float = LONGEST_S,
        loop: bool = False,
        stature: bodies.Stature | None = None,
    ) -> Performance:
        """What the player shows for a text, posed. Arguments and errors as of `frames`.

        Args:
            stature: of the body that does it; None: that of `skinner`.
        """
        played = self.frames(skinner, text, rate_hz, seconds, loop)
        shown = [(frame.pose, frame.translation) for frame in played.frames]
        if stature is not None:
            skinner = stature.skinner
            shown = [(pose, stature.translation(pose, where)) for pose, where in shown]
        transforms = [skinner.transforms(pose, where) for pose, where in shown]
        faces = np.stack([frame.face for frame in played.frames])
        return Performance(np.stack(transforms), faces, played.entry, played.plan, played.warnings)
