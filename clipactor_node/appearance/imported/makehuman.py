"""Clothes, hair and shoes in MakeHuman's format: `.mhclo` with `.obj`, `.mhmat` and pictures."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import sparse

from clipactor_node.appearance.imported.base_mesh import BaseMesh, base_mesh
from clipactor_node.appearance.imported.raw import MOST_VERTICES, GarmentFileError, RawGarment, require
from clipactor_node.body import Body

_BASE = "hm08"
_PIXELS = 1 << 26
_TEXELS = 2048
_GREY = (150, 150, 152)


@dataclass
class _Clothes:
    """The content of an `.mhclo`."""

    basemesh: str = ""
    name: str = ""
    obj: str = ""
    material: str = ""
    tags: list[str] = field(default_factory=list)
    scales: dict[int, tuple[int, int, float]] = field(default_factory=dict)
    rows: list[list[float]] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)


def read_makehuman(path: Path, body: Body) -> RawGarment:
    """A garment on that body.

    Raises:
        GarmentFileError: it is damaged, incomplete or for another mesh; says what to do.
        ModelError: the body has another topology than MakeHuman's.
    """
    base = base_mesh(body)
    clothes = _clothes(path)
    require(
        clothes.basemesh in ("", _BASE),
        f"{path.name} is made for the base mesh {clothes.basemesh!r}; clothes must be made for MakeHuman's "
        f"{_BASE!r}: look for another version of it",
    )
    require(
        bool(clothes.rows), f"{path.name} ties no vertices to the body; the file is not whole: get it again"
    )
    refs, shares, offsets = _ties(clothes, path, base)
    source = _beside(path, clothes.obj or f"{path.stem}.obj")
    require(
        source is not None,
        f"{path.name} needs {clothes.obj or path.stem + '.obj'}, which is not there: add the whole folder",
    )
    assert source is not None
    places, flat, faces, uv_faces = _mesh(source)
    require(
        len(places) == len(refs),
        f"{source.name} has {len(places)} vertices, and {path.name} ties {len(refs)}; "
        "they are not of one garment: get both again",
    )
    vertices = np.einsum("nk,nkc->nc", shares, base.placed[refs])
    first = refs[np.arange(len(refs)), np.abs(shares).argmax(1)]
    turned = np.einsum("nij,nj->ni", base.turned[first], offsets * _stretched(clothes, base))
    vertices += base.scale[first][:, None] * turned
    hides = np.zeros(len(body.template), bool)
    hidden = base.body_vertex[[index for index in clothes.deleted if index < len(base.own)]]
    hides[hidden[hidden >= 0]] = True
    picture, notes = _picture(path, clothes)
    name = re.sub(r"[_\s]+", " ", clothes.name or path.stem).strip().lower()
    tags = tuple(dict.fromkeys(tag.strip().lower() for tag in clothes.tags if "makehuman" not in tag.lower()))
    held = _held(refs, shares, base)
    return RawGarment(
        name, tags, vertices.astype(np.float32), faces, flat, uv_faces, picture, held, None, hides, notes
    )


def _clothes(path: Path) -> _Clothes:
    found, mode = _Clothes(), ""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for line in lines:
            words = line.split("#")[0].split()
            if not words:
                continue
            key, rest = words[0], line.split("#")[0].strip().partition(" ")[2].strip()
            if key in ("basemesh", "name", "material"):
                setattr(found, key, rest)
            elif key == "obj_file":
                found.obj = rest
            elif key == "tag":
                found.tags.append(rest)
            elif key in ("x_scale", "y_scale", "z_scale"):
                found.scales["xyz".index(key[0])] = int(words[1]), int(words[2]), float(words[3])
            elif key in ("verts", "refVerts", "delete_verts"):
                mode = key
            elif mode == "delete_verts" and key[0].isdigit():
                found.deleted += _ranges(words)
            elif mode and (key[0].isdigit() or key[0] == "-"):
                found.rows.append([float(word) for word in words])
            else:
                mode = ""
    except (ValueError, IndexError) as error:
        raise GarmentFileError(f"{path.name} is damaged ({error}): get it again") from error
    except OSError as error:
        raise GarmentFileError(f"{path.name} cannot be read: {error.strerror}") from error
    return found


def _ranges(words: list[str]) -> list[int]:
    """ "3 - 5 9" -> 3, 4, 5, 9."""
    found: list[int] = []
    at = 0
    while at < len(words):
        if at + 2 < len(words) and words[at + 1] == "-":
            low, high = int(words[at]), int(words[at + 2])
            found += range(low, min(high, low + 1_000_000) + 1)
            at += 3
        else:
            found.append(int(words[at]))
            at += 1
    return found


def _ties(clothes: _Clothes, path: Path, base: BaseMesh) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(V, 3) base vertices, (V, 3) their shares, (V, 3) decimetres beside them."""
    require(
        len(clothes.rows) <= MOST_VERTICES,
        f"{path.name} has {len(clothes.rows)} vertices; at most {MOST_VERTICES} can be worn",
    )
    wrong = next((row for row in clothes.rows if len(row) not in (1, 6, 9)), None)
    require(
        wrong is None,
        f"{path.name} is damaged: a vertex is told by 1, 6 or 9 numbers, not {len(wrong or ())}",
    )
    rows = np.array(
        [row * 3 + [1, 0, 0, 0, 0, 0] if len(row) == 1 else [*row, 0, 0, 0][:9] for row in clothes.rows]
    )
    require(
        bool(np.isfinite(rows).all()),
        f"{path.name} holds numbers that are none (NaN or infinite): the file is damaged, get it again",
    )
    refs = rows[:, :3].astype(int)
    require(
        bool((refs >= 0).all() and (refs < len(base.own)).all()),
        f"{path.name} ties to vertex {int(refs.max())} of a base mesh that has {len(base.own)}; "
        "it is made for another mesh: look for a version for MakeHuman's hm08",
    )
    return refs, rows[:, 3:6], rows[:, 6:9]


def _stretched(clothes: _Clothes, base: BaseMesh) -> np.ndarray:
    """(3,) by which the maker's offsets are longer on the neutral mesh than as they are written."""
    scale = np.ones(3)
    for axis, (one, other, length) in clothes.scales.items():
        if max(one, other) < len(base.own) and length > 0:
            scale[axis] = abs(base.own[one, axis] - base.own[other, axis]) / length
    return np.clip(scale, 0.1, 10.0)


def _held(refs: np.ndarray, shares: np.ndarray, base: BaseMesh) -> sparse.csr_array:
    kept = np.maximum(shares, 0.0) + 1e-9
    kept /= kept.sum(1, keepdims=True)
    rows = np.repeat(np.arange(len(refs)), refs.shape[1])
    ties = sparse.coo_array((kept.ravel(), (rows, refs.ravel())), (len(refs), len(base.own))).tocsr()
    return sparse.csr_array(ties @ base.held)


def _mesh(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Vertices (V, 3), UVs (U, 2), faces (F, 3) and UV faces (F, 3) of an OBJ file."""
    places: list[list[float]] = []
    flat: list[list[float]] = []
    faces: list[list[int]] = []
    uv_faces: list[list[int]] = []
    try:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            kind, _, rest = line.partition(" ")
            if kind == "v":
                places.append([float(value) for value in rest.split()[:3]])
            elif kind == "vt":
                flat.append([float(value) for value in rest.split()[:2]])
            elif kind == "f":
                corners = [corner.split("/") for corner in rest.split()]
                for k in range(1, len(corners) - 1):
                    three = corners[0], corners[k], corners[k + 1]
                    faces.append([int(corner[0]) - 1 for corner in three])
                    uv_faces.append([int(corner[1]) - 1 for corner in three if len(corner) > 1 and corner[1]])
    except (ValueError, IndexError, OSError) as error:
        raise GarmentFileError(f"{path.name} is damaged ({error}): get it again") from error
    require(bool(faces), f"{path.name} has no faces: get it again")
    if not flat or any(len(three) != 3 for three in uv_faces):
        flat, uv_faces = [[0.0, 0.0]] * len(places), faces
    ids, flat_ids = np.array(faces, np.int32), np.array(uv_faces, np.int32)
    right = 0 <= ids.min() <= ids.max() < len(places) and 0 <= flat_ids.min() <= flat_ids.max() < len(flat)
    require(right, f"{path.name} names vertices that it does not have: get it again")
    points, uv = np.array(places, float), np.array(flat, np.float32)
    require(
        bool(np.isfinite(points).all() and np.isfinite(uv).all()),
        f"{path.name} holds vertices that are no numbers (NaN or infinite): it is damaged, get it again",
    )
    return points, uv, ids, flat_ids


def _beside(path: Path, name: str) -> Path | None:
    """A file that another names, in its folder or below; never anywhere else."""
    wanted = Path(name.replace("\\", "/"))
    near = path.parent / wanted
    if not wanted.is_absolute() and ".." not in wanted.parts and near.is_file():
        return near
    return next((found for found in sorted(path.parent.rglob(wanted.name)) if found.is_file()), None)


def _picture(path: Path, clothes: _Clothes) -> tuple[np.ndarray, tuple[str, ...]]:
    """Its colors, and what is missing of them."""
    material = _beside(path, clothes.material or f"{path.stem}.mhmat")
    if material is None:
        return _plain(_GREY), (f"{path.name} has no material; it is grey",)
    color, picture = _GREY, ""
    for line in material.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, rest = line.strip().partition(" ")
        if key == "diffuseColor":
            with_numbers = re.findall(r"[\d.]+", rest)[:3]
            if len(with_numbers) == 3:
                red, green, blue = (int(np.clip(float(value), 0, 1) * 255) for value in with_numbers)
                color = red, green, blue
        elif key == "diffuseTexture":
            picture = rest.strip()
    if not picture:
        return _plain(color), ()
    source = _beside(material, picture)
    if source is None:
        shown = _GREY if min(color) > 230 else color  # white is what a picture is multiplied with
        return _plain(shown), (f"the picture {picture} of {path.name} is missing; it is worn in one color",)
    return read_picture(source, color)


def _plain(color: tuple[int, int, int]) -> np.ndarray:
    return np.full((1, 1, 3), color, np.uint8)


def read_picture(source: Path, color: tuple[int, int, int]) -> tuple[np.ndarray, tuple[str, ...]]:
    """(H, W, 3) uint8, at most 2048 texels along a side; `color` where it cannot be read."""
    try:
        with Image.open(source) as opened:
            if opened.width * opened.height > _PIXELS:
                size = f"{opened.width} x {opened.height}"
                return _plain(color), (f"{source.name} has {size} pixels, too many; it is worn in one color",)
            opened.thumbnail((_TEXELS, _TEXELS))
            return np.asarray(opened.convert("RGB")), ()
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        return _plain(color), (f"{source.name} is no picture ({error}); it is worn in one color",)
