"""The compact file of the open body: quantised, sparse, no pickle; written and read here.

Keys: `format`, `name`, `template` (V, 3) f4, `faces` (F, 3) i4, `uv` (U, 2) f4, `uv_faces` (F, 3) i4,
`weights_{starts,joints,values}` CSR rows of u2 shares, `regressor_{starts,vertices,values}` CSR rows of f4,
`shape_{names,values,scales}` and `expression_{names,values,scales}`: (V, 3, N) i2 times (N,) f4 metres,
`correctives_{starts,vertices,values,scales}`: (N, 3, 9) i2 times (55,) f4 of their joint,
`hand_means` (2, 15, 3) f4 and `hand_components` (2, C, 15, 3) f4, left then right,
`parts` (V,) u1, `landmark_{names,vertices}`.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import sparse

from clipactor_node.body.correctives import Correctives
from clipactor_node.body.hands import Hands
from clipactor_node.body.model import Body
from clipactor_node.errors import ModelError
from clipactor_node.geometry import JOINT_COUNT

FORMAT = "clipactor-body-1"


def write_open_body(body: Body, path: Path) -> str:
    """Writes the file and returns its SHA-256. The same body gives the same bytes."""
    weights, regressor = sparse.csr_array(body.weights), body.joint_regressor
    arrays = {
        "format": np.array(FORMAT),
        "name": np.array(body.name),
        "template": body.template,
        "faces": body.faces,
        "uv": body.uv,
        "uv_faces": body.uv_faces,
        "weights_starts": weights.indptr.astype(np.int32),
        "weights_joints": weights.indices.astype(np.uint8),
        "weights_values": np.round(weights.data * 65535).astype(np.uint16),
        "regressor_starts": regressor.indptr.astype(np.int32),
        "regressor_vertices": regressor.indices.astype(np.int32),
        "regressor_values": regressor.data,
        "parts": body.parts,
        "landmark_names": np.array(list(body.landmarks), "U64"),
        "landmark_vertices": np.array(list(body.landmarks.values()), np.int32),
        "hand_means": np.stack([body.hands.left_mean, body.hands.right_mean]),
        "hand_components": np.stack([body.hands.left_components, body.hands.right_components]),
    }
    if body.correctives is not None:
        arrays |= _packed_correctives(body.correctives)
    for key in ("shape", "expression"):
        values, scales = _quantised(getattr(body, f"{key}_directions"))
        arrays |= {
            f"{key}_names": np.array(getattr(body, f"{key}_names"), "U32"),
            f"{key}_values": values,
            f"{key}_scales": scales,
        }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_open_body(arrays: dict[str, np.ndarray], path: Path, sha256: str) -> Body:
    """Body from the arrays of the file. Raises ModelError, naming the key."""

    def take(key: str) -> np.ndarray:
        if key not in arrays:
            raise ModelError(f"{path}: key {key!r} is missing; found: {', '.join(sorted(arrays))}")
        return arrays[key]

    count = len(take("template"))
    weights = _sparse(take, "weights", "joints", (count, JOINT_COUNT), path).toarray()
    weights /= np.maximum(weights.sum(1, keepdims=True), 1e-12)
    return Body(
        name=str(take("name")),
        template=take("template"),
        faces=take("faces"),
        weights=weights,
        joint_regressor=_sparse(take, "regressor", "vertices", (JOINT_COUNT, count), path),
        uv=take("uv"),
        uv_faces=take("uv_faces"),
        shape_directions=take("shape_values") * take("shape_scales"),
        shape_names=tuple(map(str, take("shape_names"))),
        expression_directions=take("expression_values") * take("expression_scales"),
        expression_names=tuple(map(str, take("expression_names"))),
        parts=take("parts"),
        correctives=_correctives(take) if "correctives_starts" in arrays else None,
        hands=Hands(*take("hand_means"), *take("hand_components")),
        landmarks=dict(
            zip(map(str, take("landmark_names")), map(int, take("landmark_vertices")), strict=True)
        ),
        sha256=sha256,
        path=path,
    )


def _quantised(directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scales = np.maximum(np.abs(directions).max((0, 1)), 1e-9).astype(np.float32) / 32767
    return np.round(directions / scales).astype(np.int16), scales


def _packed_correctives(correctives: Correctives) -> dict[str, np.ndarray]:
    joints = np.repeat(np.arange(JOINT_COUNT), np.diff(correctives.starts))
    largest = np.full(JOINT_COUNT, 1e-9, np.float32)
    np.maximum.at(largest, joints, np.abs(correctives.directions).max((1, 2)))
    scales = largest / 32767
    return {
        "correctives_starts": correctives.starts,
        "correctives_vertices": correctives.vertices,
        "correctives_values": np.round(correctives.directions / scales[joints, None, None]).astype(np.int16),
        "correctives_scales": scales,
    }


def _correctives(take: Callable[[str], np.ndarray]) -> Correctives:
    starts, values = take("correctives_starts"), take("correctives_values")
    scales = take("correctives_scales")
    joints = np.repeat(np.arange(JOINT_COUNT), np.diff(starts))
    return Correctives(starts, take("correctives_vertices"), values * scales[joints, None, None])


def _sparse(
    take: Callable[[str], np.ndarray], key: str, column: str, shape: tuple[int, int], path: Path
) -> sparse.csr_array:
    values, columns, starts = take(f"{key}_values"), take(f"{key}_{column}"), take(f"{key}_starts")
    try:
        matrix = sparse.csr_array((values.astype(np.float32), columns.astype(np.int32), starts), shape)
        matrix.check_format()
    except (ValueError, IndexError) as error:
        raise ModelError(f"{path}: {key!r} is not a sparse matrix of shape {shape}: {error}") from error
    return matrix
