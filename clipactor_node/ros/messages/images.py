"""Pictures of any camera driver as arrays; what is wrong with one, in words."""

import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from clipactor_node.errors import ClipActorError, InvalidChoice

Array = npt.NDArray[np.generic]


def _as_it_is(values: Array) -> Array:
    return values


def _first_last(values: Array) -> Array:
    return np.flip(values[..., :3], axis=-1)


def _packed(luma: int) -> Callable[[Array], Array]:
    """YUV 4:2:2: two bytes a pixel, of which each pixel has its own luma, and two share their color."""

    def rgb(values: Array) -> Array:
        y = values[..., luma].astype(np.float32)
        chroma = values[..., 1 - luma].astype(np.float32) - 128.0
        width = y.shape[1] - y.shape[1] % 2
        u, v = (np.repeat(chroma[:, k:width:2], 2, axis=1) for k in (0, 1))
        y = y[:, :width]
        colors = np.stack([y + 1.402 * v, y - 0.344 * u - 0.714 * v, y + 1.772 * u], -1)
        return np.rint(np.clip(colors, 0.0, 255.0)).astype(np.uint8)

    return rgb


ENCODINGS: dict[str, tuple[type, int, Callable[[Array], Array]]] = {
    "rgb8": (np.uint8, 3, _as_it_is),
    "bgr8": (np.uint8, 3, _first_last),
    "rgba8": (np.uint8, 4, _as_it_is),
    "bgra8": (np.uint8, 4, _first_last),
    "mono8": (np.uint8, 1, _as_it_is),
    "8UC1": (np.uint8, 1, _as_it_is),
    "8UC3": (np.uint8, 3, _first_last),
    "mono16": (np.uint16, 1, _as_it_is),
    "16UC1": (np.uint16, 1, _as_it_is),
    "rgb16": (np.uint16, 3, _as_it_is),
    "bgr16": (np.uint16, 3, _first_last),
    "yuv422_yuy2": (np.uint8, 2, _packed(0)),
    "yuv422": (np.uint8, 2, _packed(1)),
}
"""Of sensor_msgs/Image: type of a value, values a pixel, and how RGB (or gray) comes out of them."""


def image_array(message: Image) -> Array:
    """(H, W, C) of a raw picture: RGB or gray, uint8 or uint16.

    Raises:
        ClipActorError: the encoding is not known, or the message is shorter than it says.
    """
    if message.encoding not in ENCODINGS:
        raise InvalidChoice("encoding of a picture", message.encoding, ENCODINGS)
    kind, channels, colors = ENCODINGS[message.encoding]
    size = np.dtype(kind).itemsize
    height, width, step = message.height, message.width, message.step
    row = width * channels * size
    data = np.frombuffer(message.data, np.uint8)
    if step < row or len(data) < step * height or not height or not width:
        raise ClipActorError(
            f"a picture of {width} x {height} pixels in {message.encoding} has rows of {step} bytes and "
            f"{len(data)} bytes in all; expected {row} a row and {row * height} or more"
        )
    rows = np.ascontiguousarray(data[: step * height].reshape(height, step)[:, :row])
    values = rows.view(np.dtype(kind).newbyteorder(">" if message.is_bigendian else "<"))
    return colors(values.reshape(height, width, channels).astype(kind, copy=False))


def compressed_array(message: CompressedImage) -> Array:
    """(H, W, 3) or (H, W) uint8 of a JPEG, PNG or another picture that Pillow reads.

    Raises:
        ClipActorError: it is damaged, or of another kind.
    """
    from PIL import Image as Picture
    from PIL import UnidentifiedImageError

    try:
        with Picture.open(io.BytesIO(bytes(message.data))) as picture:
            return np.asarray(picture.convert("L" if picture.mode in ("L", "1") else "RGB"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ClipActorError(
            f"a compressed picture ({message.format or 'no format'}) cannot be read; expected JPEG or PNG"
        ) from error


def image_message(picture: npt.NDArray[np.uint8], stamp: Time, frame: str) -> Image:
    """(H, W, 3) uint8 as a message."""
    height, width = picture.shape[:2]
    message = Image(header=Header(stamp=stamp, frame_id=frame), height=height, width=width)
    message.encoding, message.step = "rgb8", 3 * width
    message.data = np.ascontiguousarray(picture).tobytes()
    return message
