"""Garments in GLB files that are skinned to the SMPL-X skeleton, as `clipactor export` writes it."""

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy import sparse
from scipy.spatial import cKDTree

from clipactor_node.appearance.imported.raw import MOST_VERTICES, GarmentFileError, RawGarment, require
from clipactor_node.body import Body
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX

_TYPES = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_NEAR = 6
_MOST_BYTES = 500_000_000
Json = dict[str, Any]


def read_rigged(path: Path, body: Body) -> RawGarment:
    """The first skinned mesh of a file, on that body.

    Raises:
        GarmentFileError: it is no GLB, or not skinned to joints that have SMPL-X names.
    """
    told, binary = _chunks(path)
    try:
        return _garment(told, binary, path, body)
    except (KeyError, IndexError, ValueError, TypeError, struct.error) as error:
        raise GarmentFileError(
            f"{path.name} is damaged ({type(error).__name__}: {error}): get it again"
        ) from error


def _chunks(path: Path) -> tuple[Json, bytes]:
    try:
        require(
            path.stat().st_size <= _MOST_BYTES,
            f"{path.name} has {path.stat().st_size / 1e9:.1f} GB; at most half a GB is read",
        )
        content = path.read_bytes()
        magic, version, _ = struct.unpack_from("<4sII", content)
        require(magic == b"glTF" and version == 2, f"{path.name} is no GLB of glTF 2.0")
        length = struct.unpack_from("<I", content, 12)[0]
        told = json.loads(content[20 : 20 + length])
        require(isinstance(told, dict), f"{path.name} is no GLB of glTF 2.0")
        return told, content[20 + length + 8 :]
    except (OSError, ValueError, struct.error) as error:
        raise GarmentFileError(f"{path.name} cannot be read as a GLB ({error}): get it again") from error


def _array(told: Json, binary: bytes, number: int) -> np.ndarray:
    accessor = told["accessors"][number]
    view = told["bufferViews"][accessor["bufferView"]]
    kind, width = np.dtype(_TYPES[accessor["componentType"]]), _WIDTHS[accessor["type"]]
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    stride, count = view.get("byteStride") or kind.itemsize * width, int(accessor["count"])
    need = stride * max(count - 1, 0) + kind.itemsize * width
    if count < 0 or start < 0 or start + need > len(binary):
        raise ValueError("an array reaches beyond the file")
    rows = np.ndarray((count, width), kind, binary, start, (stride, kind.itemsize))
    values = rows.astype(np.float64)
    if accessor.get("normalized"):
        values /= np.iinfo(kind).max  # type: ignore[type-var]  # kinds of accessors are whole numbers
    return values


def _garment(told: Json, binary: bytes, path: Path, body: Body) -> RawGarment:
    node = next((n for n in told.get("nodes", []) if "mesh" in n and "skin" in n), None)
    require(
        node is not None,
        f"{path.name} has no skinned mesh; a garment must be bound to a skeleton with SMPL-X names",
    )
    assert node is not None
    skin, nodes = told["skins"][node["skin"]], told["nodes"]
    names = [str(nodes[joint].get("name", "")).split(":")[-1].lower() for joint in skin["joints"]]
    known = [JOINT_INDEX.get(name, -1) for name in names]
    unknown = [name for name, index in zip(names, known, strict=True) if index < 0]
    require(
        len(unknown) < len(names) / 2,
        f"{path.name} is rigged to another skeleton ({', '.join(unknown[:3])}, ...); joints must be called "
        f"as in SMPL-X: {', '.join(list(JOINT_INDEX)[:4])}, ...",
    )
    inverse = _array(told, binary, skin["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1)
    mesh = told["meshes"][node["mesh"]]
    primitive = mesh["primitives"][0]
    attributes = primitive["attributes"]
    points = _array(told, binary, attributes["POSITION"])
    require(len(points) <= MOST_VERTICES, f"{path.name} has {len(points)} vertices; at most {MOST_VERTICES}")
    require(
        bool(np.isfinite(points).all()),
        f"{path.name} holds vertices that are no numbers (NaN or infinite): it is damaged, get it again",
    )
    joints = _array(told, binary, attributes["JOINTS_0"]).astype(int)
    weights = _array(told, binary, attributes["WEIGHTS_0"])
    faces = _array(told, binary, primitive["indices"]).astype(np.int32).reshape(-1, 3)
    if "TEXCOORD_0" in attributes:
        uv = _array(told, binary, attributes["TEXCOORD_0"])
        uv[:, 1] = 1.0 - uv[:, 1]
    else:
        uv = np.zeros((len(points), 2))
    whole = np.zeros((len(points), JOINT_COUNT))
    for k in range(joints.shape[1]):
        np.add.at(
            whole, (np.arange(len(points)), np.maximum(np.array(known)[joints[:, k]], 0)), weights[:, k]
        )
    sums = whole.sum(1, keepdims=True)
    require(bool((sums > 0.1).all()), f"{path.name} has vertices that no joint carries: bind all of them")
    whole /= sums
    placed = _in_t_pose(points, joints, weights / weights.sum(1, keepdims=True), inverse, known, body)
    picture = _picture(told, binary, primitive)
    held, hides = _on_skin(placed, body)
    return RawGarment(
        str(mesh.get("name") or path.stem).replace("_", " ").lower(),
        (),
        placed.astype(np.float32),
        faces,
        uv.astype(np.float32),
        faces,
        picture,
        held,
        whole,
        hides,
        () if len(mesh["primitives"]) == 1 else ("only its first part is worn: join them into one mesh",),
    )


def _in_t_pose(
    points: np.ndarray,
    joints: np.ndarray,
    weights: np.ndarray,
    inverse: np.ndarray,
    known: list[int],
    body: Body,
) -> np.ndarray:
    """(V, 3): each joint's own frame, put where the body has that joint in the T-pose."""
    rest = body.joints(body.template)
    moved = np.zeros_like(points)
    padded = np.concatenate([points, np.ones((len(points), 1))], axis=1)
    for k in range(joints.shape[1]):
        local = np.einsum("nij,nj->ni", inverse[joints[:, k]], padded)[:, :3]
        moved += weights[:, k : k + 1] * (local + rest[np.maximum(np.array(known)[joints[:, k]], 0)])
    return moved


def _on_skin(placed: np.ndarray, body: Body) -> tuple[sparse.csr_array, np.ndarray]:
    """What it is held to, and nothing hidden: a file does not tell what it covers."""
    skin = np.flatnonzero(body.parts == 0)
    away, index = cKDTree(np.asarray(body.template, float)[skin]).query(placed, k=_NEAR)
    share = 1.0 / (away + 0.004) ** 2
    share /= share.sum(1, keepdims=True)
    rows = np.repeat(np.arange(len(placed)), _NEAR)
    shape = (len(placed), len(body.template))
    held = sparse.coo_array((share.ravel(), (rows, skin[index].ravel())), shape).tocsr()
    return held, np.zeros(len(body.template), bool)


def _picture(told: Json, binary: bytes, primitive: Json) -> np.ndarray:
    material = told.get("materials", [{}])[primitive["material"]] if "material" in primitive else {}
    rough = material.get("pbrMetallicRoughness", {})
    color = np.array(rough.get("baseColorFactor", (0.6, 0.6, 0.6, 1.0)), float)[:3]
    plain = np.rint(255 * np.clip(color, 0, 1) ** (1 / 2.2)).astype(np.uint8)
    if "baseColorTexture" not in rough:
        return np.broadcast_to(plain, (1, 1, 3)).copy()
    image = told["images"][told["textures"][rough["baseColorTexture"]["index"]]["source"]]
    view = told["bufferViews"][image["bufferView"]]
    start = view.get("byteOffset", 0)
    with Image.open(io.BytesIO(binary[start : start + view["byteLength"]])) as opened:
        opened.thumbnail((2048, 2048))
        return np.asarray(opened.convert("RGB"))
