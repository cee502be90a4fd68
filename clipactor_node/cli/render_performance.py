"""What `clipactor render` does: perform a text without ROS, and draw it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from clipactor_node import body as bodies
from clipactor_node.cli.dressed_body import DressedBody
from clipactor_node.cli.waiting import loading
from clipactor_node.errors import ClipActorError
from clipactor_node.motion import open_library
from clipactor_node.player import Activity, AvatarFrame, Player
from clipactor_node.render import film_frames, sheet, strip, write_film
from clipactor_node.retrieval import MIN_CONFIDENCE, open_retriever


@dataclass(frozen=True)
class Performance:
    """What a text became: transforms (T, 55, 4, 4), of which the first `entry` are still on the way into
    it; what was understood; what to mind."""

    transforms: np.ndarray
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


def frames_of(
    skinner: bodies.Skinner,
    text: str,
    rate_hz: float,
    min_confidence: float = MIN_CONFIDENCE,
    seconds: float = LONGEST_S,
    loop: bool = False,
) -> PlayedFrames:
    """Play a text offline, to its end or for `seconds`.

    Raises:
        ClipActorError: it cannot be performed, or it is a control word.
    """
    with loading("the clips and the text encoder"):
        library = open_library()
        retriever, _ = open_retriever(library, min_confidence=min_confidence)
    player = Player(library, retriever, skinner, rate_hz, loop=loop)
    prepared = player.preparer.prepare(text)
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
    skinner: bodies.Skinner,
    text: str,
    rate_hz: float,
    seconds: float,
    loop: bool,
    min_confidence: float = MIN_CONFIDENCE,
) -> Performance:
    """What the player shows for a text, posed.

    Raises:
        ClipActorError: it cannot be performed, or it is a control word.
    """
    played = frames_of(skinner, text, rate_hz, min_confidence, seconds, loop)
    transforms = [skinner.transforms(frame.pose, frame.translation) for frame in played.frames]
    return Performance(np.stack(transforms), played.entry, played.plan, played.warnings)


def write_picture(
    studio: DressedBody,
    performance: Performance,
    out: Path,
    angles: list[float],
    frames: int,
    size: tuple[int, int],
    title: str | None,
) -> None:
    """Moments at equal distances, one row per angle."""
    moments = np.linspace(performance.entry, len(performance.transforms) - 1, frames).round().astype(int)
    rows = [
        strip(
            studio.skinner,
            studio.colors,
            performance.transforms[moments],
            angle,
            width=size[0],
            height=size[1],
            displacement=studio.displacement,
        )
        for angle in angles
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet(rows, columns=1, title=title)).save(out, optimize=True)


def write_video(
    studio: DressedBody,
    performance: Performance,
    out: Path,
    angles: list[float],
    size: tuple[int, int],
    rate_hz: float,
) -> None:
    """One panel per angle, side by side, each with a camera that goes along."""
    from rich.progress import track

    transforms = performance.transforms
    frames = film_frames(studio.skinner, studio.colors, transforms, angles, size, studio.displacement)
    write_film(out, track(frames, "drawing", total=len(transforms), transient=True), rate_hz)
