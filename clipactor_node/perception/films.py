"""Photographs and films, read picture by picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clipactor_node.errors import ClipActorError, InvalidChoice

PHOTOGRAPHS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
FILMS = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".gif")


@dataclass(frozen=True)
class Source:
    """Pictures that come one after another.

    Fields:
        path: of the file. rate_hz: pictures per second; 0: a photograph.
        count: about how many pictures; 0: not known.
    """

    path: Path
    rate_hz: float
    count: int

    @property
    def is_photograph(self) -> bool:
        """Whether there is but one picture."""
        return self.rate_hz == 0.0

    def pictures(self) -> Iterator[np.ndarray]:
        """One after another, (H, W, C). Raises: ClipActorError: the file is damaged."""
        try:
            if self.is_photograph:
                yield _photograph(self.path)
                return
            import imageio.v3 as imageio

            yield from imageio.imiter(self.path, plugin="FFMPEG")
        except (OSError, RuntimeError, ValueError) as error:
            raise ClipActorError(f"{self.path} cannot be read to its end ({_first_line(error)})") from error


def open_source(path: Path) -> Source:
    """A photograph or a film.

    Raises:
        InvalidChoice: of another kind. ClipActorError: it is not there, or damaged.
    """
    kind = path.suffix.lower()
    if kind not in (*PHOTOGRAPHS, *FILMS):
        raise InvalidChoice("kind of picture or film", path.suffix or path.name, (*PHOTOGRAPHS, *FILMS))
    if not path.is_file():
        raise ClipActorError(f"there is no file {path}; give a photograph or a film that is there")
    if kind in PHOTOGRAPHS:
        return Source(path, 0.0, 1)
    import imageio.v3 as imageio

    try:
        facts = imageio.immeta(path, plugin="FFMPEG")
    except (OSError, RuntimeError, ValueError, IndexError) as error:
        raise ClipActorError(f"{path} is no film that can be read ({_first_line(error)})") from error
    rate, duration = float(facts.get("fps", 0.0)), float(facts.get("duration", 0.0))
    if not 0.0 < rate <= 1000.0:
        raise ClipActorError(f"{path} says it has {rate:g} pictures a second; expected 1 to 1000")
    return Source(path, rate, round(rate * duration) if np.isfinite(duration) else 0)


def _photograph(path: Path) -> np.ndarray:
    from PIL import Image, ImageOps

    with Image.open(path) as file:
        turned = ImageOps.exif_transpose(file)
        if turned.mode in ("I;16", "I;16B", "I"):
            return np.asarray(turned).astype(np.uint16)
        return np.asarray(turned.convert("L" if turned.mode in ("L", "1", "LA") else "RGB"))


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
