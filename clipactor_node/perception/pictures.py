"""Pictures as they come, made into what the networks take; what is wrong with one, in words."""

import numpy as np

from clipactor_node.errors import ClipActorError

SMALLEST = 32
LARGEST = 1280
"""Pixels along the longer side; a larger picture is reduced by a whole number, which loses nothing that the
networks see."""
_DARK = 14.0
_FLAT = 2.0


def as_rgb(picture: np.ndarray, name: str = "the picture") -> np.ndarray:
    """Any picture -> (H, W, 3) uint8, sRGB, at most `LARGEST` on a side.

    Args:
        picture: (H, W), or (H, W, 1 to 4): gray, gray and alpha, RGB, RGB and alpha; uint8, uint16, bool, or
            float in [0, 1].
        name: for the message.

    Raises:
        ClipActorError: it has another shape or type, or is smaller than `SMALLEST`.
    """
    given = np.asarray(picture)
    if given.ndim == 2:
        given = given[..., None]
    if given.ndim != 3 or given.shape[2] not in (1, 2, 3, 4):
        raise ClipActorError(
            f"{name} has the shape {np.shape(picture)}; expected height x width, and 1 to 4 channels"
        )
    height, width = given.shape[:2]
    if min(height, width) < SMALLEST:
        raise ClipActorError(
            f"{name} has {width} x {height} pixels; nobody can be made out in it: give one of at least "
            f"{SMALLEST} x {SMALLEST}"
        )
    times = -(-max(height, width) // LARGEST)
    if times > 1:
        height, width = height // times, width // times
        if min(height, width) < SMALLEST:
            raise ClipActorError(f"{name} is a strip of {given.shape[1]} x {given.shape[0]} pixels; cut it")
        blocks = given[: height * times, : width * times].reshape(height, times, width, times, -1)
        given = (
            blocks.mean((1, 3), dtype=np.float32).astype(given.dtype)
            if given.dtype != bool
            else blocks[:, 0, :, 0]
        )
    given = _bytes(given, name)
    if given.shape[2] in (1, 2):
        return np.repeat(given[..., :1], 3, axis=2)
    return np.ascontiguousarray(given[..., :3])


def trouble(picture: np.ndarray) -> str:
    """Why nobody can be seen in a picture (H, W, 3) uint8, whoever stands there; "" if nothing is wrong."""
    sample = picture[::8, ::8].astype(np.float32)
    if float(np.percentile(sample, 95)) < _DARK:
        return "the picture is dark: switch on a light, or take the cover off the camera"
    if float(sample.std()) < _FLAT:
        return "the picture is of one color: look whether something covers the camera"
    return ""


def _bytes(values: np.ndarray, name: str) -> np.ndarray:
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.uint16:
        return (values >> 8).astype(np.uint8)
    if values.dtype == bool:
        return values.astype(np.uint8) * 255
    if np.issubdtype(values.dtype, np.floating):
        return np.rint(np.clip(np.nan_to_num(values), 0.0, 1.0) * 255.0).astype(np.uint8)
    raise ClipActorError(f"{name} holds numbers of type {values.dtype}; expected uint8, uint16 or float")
