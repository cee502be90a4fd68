"""Contact sheets: pictures in a grid, with captions."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from clipactor_node.errors import ClipActorError
from clipactor_node.render.picture import BACKGROUND

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
INK, PALE_INK = (46, 50, 58), (214, 216, 222)


def sheet(
    images: Sequence[np.ndarray],
    captions: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    background: tuple[int, int, int] = BACKGROUND,
) -> np.ndarray:
    """Lay equally large pictures out in rows, each with its caption below.

    Args:
        images: N arrays (H, W, 3) uint8.
        captions: N strings, or None; one that is too long is shortened with an ellipsis.
        columns: pictures per row; None: about as many as rows.
        title: a line above everything.

    Returns:
        (H', W', 3) uint8.

    Raises:
        ClipActorError: no pictures, pictures of different sizes, or another number of captions.
    """
    if not len(images):
        raise ClipActorError("a contact sheet needs at least one picture; none was given")
    height, width = images[0].shape[:2]
    if any(image.shape != (height, width, 3) for image in images):
        shapes = sorted({image.shape for image in images})
        raise ClipActorError(f"pictures of one sheet must be equally large; these are {shapes}")
    if captions is not None and len(captions) != len(images):
        raise ClipActorError(f"{len(images)} pictures need as many captions, not {len(captions)}")
    columns = columns or int(np.ceil(np.sqrt(len(images))))
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    points = min(max(11, width // 18), 26)
    font = ImageFont.load_default(size=points)
    line = 2 * points if captions is not None else 0
    head = 3 * points if title else 0

    canvas = Image.new("RGB", (columns * width, head + rows * (height + line)), background)
    pen = ImageDraw.Draw(canvas)
    ink = INK if sum(background) > 3 * 110 else PALE_INK
    if title:
        big = ImageFont.load_default(size=int(1.3 * points))
        pen.text((canvas.width / 2, head / 2), _fit(title, big, canvas.width), ink, big, "mm")
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        left, top = column * width, head + row * (height + line)
        canvas.paste(Image.fromarray(image), (left, top))
        if captions is not None:
            caption = _fit(captions[index], font, width - points)
            pen.text((left + width / 2, top + height + line / 2), caption, ink, font, "mm")
    return np.asarray(canvas)


def _fit(text: str, font: Font, width: float) -> str:
    """`text`, shortened until it is at most `width` pixels wide."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"
