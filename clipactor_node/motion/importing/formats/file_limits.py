"""What a motion file may be at most, so that no file can eat the machine."""

from pathlib import Path

import numpy as np

from clipactor_node.errors import LibraryError

LONGEST_S = 10 * 60.0
LARGEST_TEXT = 400_000_000
LARGEST_ARRAY = 1_000_000_000
RATES_HZ = (5.0, 1000.0)


def check_file(path: Path) -> None:
    """Raise LibraryError unless the path is a file with something in it (a pipe would be waited for)."""
    try:
        if not path.is_file():
            what = "is not a regular file" if path.exists() else "cannot be read (No such file or directory)"
            raise LibraryError(f"{path.name}: {what}")
        if path.stat().st_size == 0:
            raise LibraryError(f"{path.name}: is empty")
    except OSError as error:
        raise LibraryError(f"{path.name}: cannot be read ({error.strerror or error})") from error


def read_text(path: Path) -> str:
    """A text file in UTF-8, or in what Japanese and western programs write instead.

    Lines end in "\\n", the text in no zero bytes.

    Raises:
        LibraryError: the file is missing, empty, too large, or not text.
    """
    check_file(path)
    try:
        size = path.stat().st_size
        if size > LARGEST_TEXT:
            raise LibraryError(
                f"{path.name}: has {size / 1e6:.0f} MB of text; at most {LARGEST_TEXT / 1e6:.0f} MB are "
                "read, cut it into shorter clips"
            )
        text = _decoded(path.read_bytes()).rstrip("\0").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise LibraryError(f"{path.name}: cannot be read ({error.strerror or error})") from error
    if "\0" in text[:4096] or not text:
        raise LibraryError(f"{path.name}: is not a text file (it holds zero bytes)")
    return text


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def check_rate(name: str, rate_hz: float) -> None:
    """Raise LibraryError unless the rate is one that motion is captured at."""
    low, high = RATES_HZ
    if not low <= rate_hz <= high:
        raise LibraryError(
            f"{name}: {rate_hz:g} frames per second; expected {low:g} to {high:g}. Give the true rate in "
            "the csv's fps column or with --fps"
        )


def check_length(name: str, frames: int, rate_hz: float) -> None:
    """Raise LibraryError for no frames, an impossible rate, or more than ten minutes."""
    check_rate(name, rate_hz)
    if frames < 1:
        raise LibraryError(f"{name}: has no frames")
    if frames / rate_hz > LONGEST_S:
        raise LibraryError(
            f"{name}: lasts {frames / rate_hz / 3600:.1f} hours; at most {LONGEST_S / 60:.0f} minutes are "
            "read, cut it into shorter clips"
        )


def check_finite(name: str, values: np.ndarray) -> None:
    """Raise LibraryError unless every number of a motion is finite."""
    if not np.isfinite(values).all():
        raise LibraryError(f"{name}: holds values that are not finite")
