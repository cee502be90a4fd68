"""A clip as a sequence of OBJ files that share one material and texture."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from clipactor_node.body.export.picture import Part, Picture
from clipactor_node.body.skinning import Skinner, displaced
from clipactor_node.body.texture import bake

MATERIAL, TEXTURE, NORMAL = "clothes.mtl", "clothes.png", "clothes_normal.png"


def write_obj_sequence(
    folder: Path,
    skinner: Skinner,
    colors: np.ndarray | Picture,
    transforms: Iterable[np.ndarray],
    displacement: np.ndarray | None = None,
    texture_size: int = 1024,
    face: np.ndarray | None = None,
) -> Iterator[Path]:
    """Write `frame_0000.obj` and so on, one each time the result is advanced.

    Args:
        folder: made if it is not there.
        colors: (V, 3) uint8, sRGB; baked to the texture. Or a picture, which is the texture, and has a
            material for every part.
        transforms: (T, 55, 4, 4) joint -> world, SMPL axes: one file each.
        displacement: (V,) metres along the posed normals, or None.
        face: (T, 12) coefficients of `FACE_CHANNELS`; None: at rest.

    Yields:
        the files, each when it is complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    body = skinner.body
    if not isinstance(colors, Picture):
        whole = Part("clothes", np.ones(len(body.faces), bool), 1.0)
        colors = Picture(bake(body, colors, texture_size), (whole,))
    _write_materials(folder, colors)
    uv = "".join(f"vt {u:.6f} {v:.6f}\n" for u, v in body.uv.tolist())
    corners = np.stack([body.faces, body.uv_faces, body.faces], -1).reshape(-1, 9) + 1
    faces = ""
    for part in colors.parts:
        faces += f"usemtl {_word(part.name)}\n"
        faces += "".join(
            "f {}/{}/{} {}/{}/{} {}/{}/{}\n".format(*row) for row in corners[part.faces].tolist()
        )
    for index, joints in enumerate(transforms):
        shown = skinner.vertices(joints, None if face is None else face[index])
        vertices, normals = displaced(skinner, shown, displacement)
        points = "".join("v {:.6f} {:.6f} {:.6f}\n".format(*row) for row in vertices.tolist())
        outward = "".join("vn {:.4f} {:.4f} {:.4f}\n".format(*row) for row in normals.tolist())
        path = folder / f"frame_{index:04d}.obj"
        path.write_text(f"mtllib {MATERIAL}\no avatar\n{points}{uv}{outward}{faces}")
        yield path


def _write_materials(folder: Path, picture: Picture) -> None:
    """The pictures and, for each part, a material; roughness and normals as the PBR extension of MTL says."""
    Image.fromarray(picture.image).save(folder / TEXTURE, optimize=True)
    if picture.normal is not None:
        Image.fromarray(picture.normal).save(folder / NORMAL)
    bumps = "" if picture.normal is None else f"norm {NORMAL}\n"
    lines = [
        f"newmtl {_word(part.name)}\nKd 1 1 1\nKs 0 0 0\nPr {part.roughness:g}\nmap_Kd {TEXTURE}\n{bumps}"
        for part in picture.parts
    ]
    (folder / MATERIAL).write_text("\n".join(lines))


def _word(name: str) -> str:
    return "_".join(name.split())
