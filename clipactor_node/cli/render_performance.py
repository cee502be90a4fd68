"""What `clipactor render` does: perform a text without ROS, and draw it."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from clipactor_node import body as bodies
from clipactor_node.body import displaced
from clipactor_node.cli.dressed_body import DressedBody
from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import Camera
from clipactor_node.motion import open_library
from clipactor_node.player import Activity, Player
from clipactor_node.render import draw, sheet, strip
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
    """H.264; one panel per angle, side by side, each with a camera that goes along."""
    import imageio.v2 as imageio
    from rich.progress import track

    even = size[0] // 2 * 2, size[1] // 2 * 2  # H.264 halves colors
    cameras = [_Camera(studio, performance.transforms, angle, even) for angle in angles]
    out.parent.mkdir(parents=True, exist_ok=True)
    with imageio.get_writer(out, fps=rate_hz, codec="libx264", quality=8, macro_block_size=2) as video:
        for index in track(range(len(performance.transforms)), "drawing", transient=True):
            joints = performance.transforms[index]
            vertices, normals = displaced(
                studio.skinner, studio.skinner.vertices(joints), studio.displacement
            )
            video.append_data(
                np.concatenate(
                    [
                        draw(vertices, studio.skinner.body.faces, studio.colors, camera.at(index), normals)
                        for camera in cameras
                    ],
                    axis=1,
                )
            )


class _Camera:
    """Stands still in relation to the avatar's smoothed path over the floor."""

    def __init__(
        self, studio: DressedBody, transforms: np.ndarray, angle: float, size: tuple[int, int]
    ) -> None:
        pelvis = transforms[:, 0, :3, 3]
        window = min(31, len(pelvis))
        padded = np.pad(pelvis, ((window // 2, window - 1 - window // 2), (0, 0)), mode="edge")
        kernel = np.ones(window) / window
        self._path = np.stack([np.convolve(padded[:, k], kernel, "valid") for k in (0, 2)], 1)
        front = transforms[0, 0, :3, 2]
        self._angle = angle + (np.arctan2(front[0], front[2]) if abs(front[1]) < 0.7 else 0.0)
        some = range(0, len(transforms), max(1, len(transforms) // 12))
        reach = [studio.skinner.vertices(transforms[index]) - self._move(index) for index in some]
        self._around = Camera.around(np.stack(reach), self._angle, 0.14, 24.0, *size, margin=1.12)

    def _move(self, index: int) -> np.ndarray:
        return np.array([self._path[index, 0], 0.0, self._path[index, 1]])

    def at(self, index: int) -> Camera:
        around, move = self._around, self._move(index)
        return replace(around, position=around.position + move, target=around.target + move)
