"""A garment in few bytes: numbers rounded to what the eye can see, and compressed."""

import lzma
from dataclasses import fields

import numpy as np
from safetensors.numpy import load, save

from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.geometry import JOINT_COUNT

_SHARE, _DEPTH_M, _BEND_M, _SINK_M = 255.0, 5e-5, 1e-3, 1e-4
_WEIGHT = 65535.0
_STEP_M, _NEAR_STEPS, _FAR = 2e-4, 650, 20
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6}]


def packed(garment: GarmentMesh) -> bytes:
    """A garment as `unpacked` reads it: vertices to 0.02 mm, anchors' shares to 1/255, bends to 1 mm per unit
    of R - I.

    Raises:
        ValueError: it has more than 65,535 vertices or points of its flat map.
    """
    if max(len(garment.vertices), len(garment.uv), len(garment.hides)) > 0xFFFF:
        raise ValueError(f"a garment of {len(garment.vertices)} vertices cannot be packed; at most 65535")
    row, joint = np.nonzero(garment.weights)
    arrays = {
        "faces": _differences(garment.faces),
        "uv_faces": _differences(garment.uv_faces),
        "weight_counts": np.bincount(row, minlength=len(garment.vertices)).astype(np.uint8),
        "weight_joints": joint.astype(np.uint8),
        "weight_values": np.rint(garment.weights[row, joint] * _WEIGHT).astype(np.uint16),
        "anchor_counts": np.diff(garment.anchor_starts).astype(np.uint8),
        "anchor_ids": np.diff(garment.anchor_ids, prepend=0).astype(np.int16),
        "anchor_shares": np.rint(garment.anchor_shares * _SHARE).astype(np.uint8),
        "freedom": np.rint(garment.freedom * _SHARE).astype(np.uint8),
        "bends": np.rint(np.moveaxis(garment.bends, 1, -1).astype(np.float32) / _BEND_M).astype(np.int16),
        "depth": np.rint(garment.depth / _DEPTH_M).astype(np.int16),
        "hides": np.packbits(garment.hides),
        "hides_count": np.array([len(garment.hides)], np.int32),
        "sinks": np.rint(garment.sinks / _SINK_M).astype(np.uint8),
        "panel": garment.panel.astype(np.int16),
        "trim": garment.trim,
    }
    arrays |= _within("vertices", garment.vertices) | _within("uv", garment.uv)
    return lzma.compress(save(_whole(arrays)), format=lzma.FORMAT_XZ, filters=_FILTERS)


def unpacked(content: bytes) -> GarmentMesh:
    """The garment of `packed`.

    Raises:
        ValueError, KeyError, lzma.LZMAError: it is damaged.
    """
    arrays = load(lzma.decompress(content))
    counts = arrays["weight_counts"].astype(np.int64)
    weights = np.zeros((len(counts), JOINT_COUNT), np.float32)
    row = np.repeat(np.arange(len(counts)), counts)
    weights[row, arrays["weight_joints"]] = arrays["weight_values"] / _WEIGHT
    weights /= weights.sum(1, keepdims=True)
    held = arrays["anchor_counts"].astype(np.int64)
    shares = np.maximum(arrays["anchor_shares"], 0.5).astype(np.float32)
    shares /= np.repeat(np.add.reduceat(shares, np.cumsum(held) - held), held)
    count = int(arrays["hides_count"][0])
    found = {
        "vertices": _between("vertices", arrays),
        "uv": _between("uv", arrays),
        "faces": _summed(arrays["faces"]),
        "uv_faces": _summed(arrays["uv_faces"]),
        "weights": weights,
        "anchor_starts": np.concatenate([[0], np.cumsum(held)]).astype(np.int32),
        "anchor_ids": _summed(arrays["anchor_ids"]),
        "anchor_shares": shares,
        "freedom": (arrays["freedom"] / _SHARE).astype(np.float32),
        "bends": np.ascontiguousarray(np.moveaxis(arrays["bends"] * _BEND_M, -1, 1), np.float16),
        "depth": (arrays["depth"] * _DEPTH_M).astype(np.float32),
        "hides": np.unpackbits(arrays["hides"], count=count).astype(bool),
        "sinks": (arrays["sinks"] * _SINK_M).astype(np.float32),
        "panel": arrays["panel"].astype(np.int32),
        "trim": arrays["trim"],
    }
    return GarmentMesh(**{f.name: found[f.name] for f in fields(GarmentMesh)})


def packed_distances(distances: dict[str, np.ndarray]) -> bytes:
    """Distances (X, Y, Z) in metres, to 0.2 mm; beyond 0.13 m to 4 mm."""
    return lzma.compress(
        save(_whole({name: _steps(values) for name, values in distances.items()})),
        format=lzma.FORMAT_XZ,
        filters=_FILTERS,
    )


def unpacked_distances(content: bytes) -> dict[str, np.ndarray]:
    """The distances of `packed_distances`, float32.

    Raises:
        ValueError, lzma.LZMAError: it is damaged.
    """
    found = {}
    for name, steps in load(lzma.decompress(content)).items():
        whole = np.cumsum(steps.astype(np.int32), axis=2)
        far = np.abs(whole) > _NEAR_STEPS
        beyond = np.sign(whole) * (_NEAR_STEPS + (np.abs(whole) - _NEAR_STEPS) * _FAR)
        found[name] = (np.where(far, beyond, whole) * _STEP_M).astype(np.float32)
    return found


def _steps(values: np.ndarray) -> np.ndarray:
    """int16 differences along the last axis."""
    whole = np.rint(values.astype(np.float64) / _STEP_M).astype(np.int32)
    far = np.abs(whole) > _NEAR_STEPS
    folded = np.sign(whole) * (_NEAR_STEPS + (np.abs(whole) - _NEAR_STEPS) // _FAR)
    return np.diff(np.where(far, folded, whole), axis=2, prepend=0).astype(np.int16)


def _whole(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def _differences(indices: np.ndarray) -> np.ndarray:
    """From one face to the next, corner by corner; they wrap around, and so does `_summed`."""
    return np.diff(indices.astype(np.uint16).T, axis=1, prepend=np.uint16(0)).astype(np.uint16)


def _summed(differences: np.ndarray) -> np.ndarray:
    total = np.cumsum(differences.astype(np.int64), axis=-1) & 0xFFFF
    return np.ascontiguousarray(total.T, np.int32)


def _within(name: str, points: np.ndarray) -> dict[str, np.ndarray]:
    """Points (N, n) as shares of their box."""
    low, high = points.min(0).astype(np.float32), points.max(0).astype(np.float32)
    share = (points - low) / np.maximum(high - low, 1e-9)
    return {f"{name}_box": np.stack([low, high]), name: np.rint(share * 65535).astype(np.uint16).T}


def _between(name: str, arrays: dict[str, np.ndarray]) -> np.ndarray:
    low, high = arrays[f"{name}_box"]
    return np.ascontiguousarray(low + arrays[name].T / np.float32(65535) * (high - low), np.float32)
