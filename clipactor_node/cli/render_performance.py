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
from clipactor_node.player import Activity, Player
from clipactor_node.render import film_frames, sheet, strip, write_film
from clipactor_node.retrieval import open_retriever


@dataclass(frozen=True)
class Performance:
    """What a text became: transforms (T, 55, 4, 4), of which the first `entry` are still on the way into
    it; what was understood; what to mind."""

    transforms: np.ndarray
    entry: int
    plan: tuple[str, ...]
    warnings: tuple[str, ...]


def perform(skinner: bodies.Skinner, text: str, rate_hz: float, seconds: float, loop: bool) -> Performance:
    """Play a text offline, to its end or for `seconds`.

    Raises:
        ClipActorError: it cannot be performed, or it is a control word.
    """
    with loading("the clips and the text encoder"):
        library = open_library()
        retriever, _ = open_retriever(library)
    player = Player(library, retriever, skinner, rate_hz, loop=loop)
    if not player.command(text):
        raise ClipActorError(player.status.error)
    transforms, entry = [], 0
    for _ in range(max(1, round(seconds * rate_hz))):
        frame = player.tick()
        if frame.status.activity not in (Activity.PLAYING, Activity.BLENDING):
            break
        transforms.append(skinner.transforms(frame.pose, frame.translation))
        if frame.status.activity is Activity.BLENDING and entry == len(transforms) - 1:
            entry += 1
    if not transforms:
        raise ClipActorError(
            f"{text!r} holds no action to draw; describe a movement, like 'a person waves hello'"
        )
    status = player.status
    return Performance(np.stack(transforms), min(entry, len(transforms) - 1), status.plan, status.warnings)


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
