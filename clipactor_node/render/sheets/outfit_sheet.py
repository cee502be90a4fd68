"""Pictures of proposed or optimized outfits, and outfits in words."""

from pathlib import Path

import numpy as np

from clipactor_node.appearance import nearest_name
from clipactor_node.appearance.outfit import ProposedOutfit, propose_outfit
from clipactor_node.appearance.painting import paint
from clipactor_node.body import Body, Skinner, load
from clipactor_node.geometry import Camera
from clipactor_node.render.picture import draw

TILE = (150, 330)
"""Width and height of one figure, pixels."""


def outfit_lines(proposed: ProposedOutfit) -> list[str]:
    """An outfit in words, one line for each piece, from the skin outwards."""
    outfit = proposed.outfit
    lines = [f"outfit: {proposed.name}"] if proposed.name else []
    lines.append(f"hair: {outfit.hair}")
    for piece in outfit.pieces:
        line = f"{piece.slot}: {nearest_name(piece.color)} {piece.kind}"
        if piece.second is not None and piece.pattern != "plain":
            line += f", {piece.pattern} in {nearest_name(piece.second)}"
        lines.append(line)
    return lines


def write_proposals(prompts: list[str], path: Path, columns: int = 8) -> None:
    """Write a picture of the proposals for some prompts, front and back."""
    body = load()
    painted = [paint(propose_outfit(text).outfit, body) for text in prompts]
    shown = [(text, p.colors, p.displacement) for text, p in zip(prompts, painted, strict=True)]
    write_dressed(shown, body, path, columns)


def write_dressed(
    dressed: list[tuple[str, np.ndarray, np.ndarray]], body: Body, path: Path, columns: int = 8
) -> None:
    """Write a picture (PNG, WebP: what the name ends in) of dressed bodies, front and back.

    Args:
        dressed: of each the prompt, colors (V, 3) in [0, 1] and displacement (V,) in metres.
    """
    from PIL import Image, ImageDraw

    vertices, normals = _standing(body)
    width, height = TILE
    tiles = []
    for text, colors, displacement in dressed:
        points = vertices + normals * np.asarray(displacement, np.float32)[:, None]
        paint8 = (np.asarray(colors) * 255).round().astype(np.uint8)
        tile = Image.new("RGB", (2 * width, height + 30), "white")
        for k, azimuth in enumerate((0.4, np.pi + 0.4)):
            camera = Camera.around(vertices, azimuth, 0.1, width=width, height=height)
            tile.paste(Image.fromarray(draw(points, body.faces, paint8, camera)), (k * width, 30))
        write = ImageDraw.Draw(tile)
        for line, part in enumerate(_wrapped(text, 2 * width // 6)[:2]):
            write.text((3, 2 + 13 * line), part, fill="black")
        tiles.append(tile)
    columns = min(columns, len(tiles))
    rows = -(-len(tiles) // columns)
    page = Image.new("RGB", (columns * 2 * width, rows * (height + 30)), "white")
    for i, tile in enumerate(tiles):
        page.paste(tile, (i % columns * 2 * width, i // columns * (height + 30)))
    page.save(path, optimize=True)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _standing(body: Body) -> tuple[np.ndarray, np.ndarray]:
    """Vertices and normals of somebody who stands with the arms a little away, the feet under the hips."""
    skinner = Skinner(body)
    pose = np.zeros((55, 3), np.float32)
    pose[16, 2], pose[17, 2] = -1.0, 1.0
    pose[1, 2], pose[2, 2] = -0.1, 0.1
    vertices = skinner.vertices(skinner.transforms(pose, np.zeros(3, np.float32)))
    vertices[:, 1] -= vertices[:, 1].min()
    return vertices, skinner.normals(vertices)
