"""Films: what actors do, drawn frame by frame on every core, and written as MP4, WebP or GIF."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from clipactor_node.body import Skinner, Swing, displaced
from clipactor_node.errors import ClipActorError, InvalidChoice
from clipactor_node.render.albedo import Textured
from clipactor_node.render.cameras import FilmCamera
from clipactor_node.render.environment import STUDIO, Environment
from clipactor_node.render.picture import Figure, draw_figures

FILMS = (".mp4", ".webp", ".gif")
"""Endings of films; only the last two can be transparent."""


@dataclass(frozen=True)
class FilmActor:
    """Somebody who moves.

    Fields:
        skinner: the shape.
        transforms: (T, 55, 4, 4) joint -> world, SMPL axes; who is done first stands still.
        colors: (V, 3) uint8, sRGB; or a picture laid on the faces.
        displacement: (V,) metres along the posed normals, or None.
        faces: (T, 12) coefficients of `body.FACE_CHANNELS`; None: at rest.
        swing: cloth that swings, and its offsets (T, N, 3) in every frame (`swung`); None: none does.
    """

    skinner: Skinner
    transforms: np.ndarray
    colors: np.ndarray | Textured
    displacement: np.ndarray | None = None
    faces: np.ndarray | None = None
    swing: tuple[Swing, np.ndarray] | None = None

    def figure(self, index: int) -> Figure:
        """As seen in frame `index`."""
        index = min(index, len(self.transforms) - 1)
        face = None if self.faces is None else self.faces[index]
        shown = self.skinner.vertices(self.transforms[index], face)
        if self.swing is not None:
            self.swing[0].add(self.swing[1][index], shown)
        vertices, normals = displaced(self.skinner, shown, self.displacement)
        return Figure(vertices, self.skinner.faces, self.colors, normals)


def swung(
    skinner: Skinner, freedom: np.ndarray | None, transforms: np.ndarray, rate_hz: float
) -> tuple[Swing, np.ndarray] | None:
    """What swings of a mesh while it goes through transforms (T, 55, 4, 4), and how; None: nothing does.

    Args:
        freedom: (V,) as `Swing` has it, or None.
    """
    swing = Swing.of(skinner, freedom)
    if swing is None:
        return None
    return swing, np.stack([swing.step(pose, 1 / rate_hz).copy() for pose in transforms])


def film_frames(
    panels: Sequence[tuple[Sequence[FilmActor], FilmCamera]],
    environment: Environment = STUDIO,
    transparent: bool = False,
    threads: int | None = None,
) -> Iterator[np.ndarray]:
    """Frame by frame, panels side by side.

    Args:
        panels: who is seen, and from where; of equal height, and of even size for MP4.
        threads: how many frames are drawn at once; None: one per core.

    Yields:
        as many pictures as the longest motion has frames: (H, sum of W, 3 or 4) uint8, sRGB.
    """
    count = max(len(actor.transforms) for actors, _ in panels for actor in actors)

    def drawn(index: int) -> np.ndarray:
        pictures = [
            draw_figures(
                [actor.figure(index) for actor in actors], camera.at(index), environment, transparent
            )
            for actors, camera in panels
        ]
        return np.concatenate(pictures, axis=1)

    threads = threads or os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[np.ndarray]] = deque()
        try:
            for index in range(count):
                waiting.append(pool.submit(drawn, index))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def write_film(path: Path, frames: Iterable[np.ndarray], rate_hz: float, sound: Path | None = None) -> None:
    """Write frames as the ending of `path` says; its folder exists.

    Args:
        frames: (H, W, 3) uint8, of even size for .mp4 (H.264 halves colors); (H, W, 4) for the others.
        sound: a file that is heard with an .mp4; what is longer than the film is cut off.

    Raises:
        InvalidChoice: another ending. ClipActorError: there is not one frame.
    """
    kind = path.suffix.lower()
    if kind not in FILMS:
        raise InvalidChoice("ending of a film", path.suffix, FILMS)
    if kind == ".mp4":
        _write_mp4(path, frames, rate_hz, sound)
        return
    pictures = (Image.fromarray(frame) for frame in frames)
    first = next(pictures, None)
    if first is None:
        raise ClipActorError(f"{path}: a film needs at least one frame; none was given")
    common = {"save_all": True, "append_images": pictures, "duration": round(1000.0 / rate_hz), "loop": 0}
    how = {"quality": 82, "method": 3} if kind == ".webp" else {"disposal": 2}
    first.save(path, **common, **how)  # type: ignore[arg-type]  # what a format takes is not typed


def _write_mp4(path: Path, frames: Iterable[np.ndarray], rate_hz: float, sound: Path | None) -> None:
    import imageio.v2 as imageio  # starts ffmpeg: not needed for pictures

    heard = {"audio_path": str(sound), "audio_codec": "aac", "output_params": ["-shortest"]} if sound else {}
    common = {
        "fps": rate_hz,
        "codec": "libx264",
        "quality": 8,
        "macro_block_size": 2,
        "ffmpeg_log_level": "error",
    }
    with imageio.get_writer(path, **common, **heard) as film:  # type: ignore[arg-type]
        for frame in frames:
            film.append_data(frame)  # type: ignore[attr-defined]  # imageio names the base class alone
