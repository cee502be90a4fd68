"""The SMPL-X schema: `.npz` and `.pkl` files as published, read and written.

Read: `v_template`, `f`, `weights`, `J_regressor`, `kintree_table`, `posedirs`, `shapedirs` (300 shape
directions then 100 expressions, or 10 then 10), `vt`, `ft`, `hands_meanl/r`, `hands_componentsl/r`.
Written besides, because the `smplx` package asks for them: `lmk_faces_idx`, `lmk_bary_coords`.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from scipy import sparse

from clipactor_node.body.correctives import Correctives
from clipactor_node.body.hands import FINGER_JOINTS, Hands
from clipactor_node.body.model import Body, parts_of
from clipactor_node.errors import ModelError
from clipactor_node.geometry import JOINT_COUNT, PARENTS

SHAPES, EXPRESSIONS = 300, 100  # the published layout of `shapedirs`
Arrays = Mapping[str, np.ndarray | sparse.sparray | sparse.spmatrix]
_FEATURES = 9 * (JOINT_COUNT - 1)
_REQUIRED = ("v_template", "f", "weights", "J_regressor", "kintree_table", "posedirs", "shapedirs")
WANTED = (*_REQUIRED, "vt", "ft", "hands_meanl", "hands_meanr", "hands_componentsl", "hands_componentsr")


def read_smplx(arrays: Arrays, path: Path, sha256: str) -> Body:
    """Body from the entries of an SMPL-X file. Raises ModelError, naming the key."""
    for key in _REQUIRED:
        if key not in arrays:
            raise ModelError(f"{path}: key {key!r} is missing; found: {', '.join(sorted(map(str, arrays)))}")
    template = _array(arrays, "v_template", (None, 3), path)
    count = len(template)
    parents = _array(arrays, "kintree_table", (2, None), path)[0].astype(np.int64)
    if len(parents) != JOINT_COUNT or tuple(parents[1:]) != PARENTS[1:]:
        raise ModelError(
            f"{path}: 'kintree_table' has {len(parents)} joints; expected the {JOINT_COUNT} of SMPL-X "
            "in their order. SMPL and SMPL-H model files have another skeleton: use an SMPLX_*.npz."
        )
    shapedirs = _array(arrays, "shapedirs", (count, 3, None), path)
    split = SHAPES if shapedirs.shape[2] >= SHAPES + EXPRESSIONS else min(10, shapedirs.shape[2])
    shapes, expressions = shapedirs[:, :, :split], shapedirs[:, :, split : split + EXPRESSIONS]
    faces = _array(arrays, "f", (None, 3), path).astype(np.int32)
    posedirs = _array(arrays, "posedirs", (count, 3, _FEATURES), path)
    uv = _array(arrays, "vt", (None, 2), path) if "vt" in arrays else np.zeros((0, 2), np.float32)
    uv_faces = (
        _array(arrays, "ft", faces.shape, path).astype(np.int32) if len(uv) else np.zeros((0, 3), np.int32)
    )
    return Body(
        name=path.stem,
        template=template,
        faces=faces,
        weights=_array(arrays, "weights", (count, JOINT_COUNT), path),
        joint_regressor=sparse.csr_array(_array(arrays, "J_regressor", (JOINT_COUNT, count), path)),
        uv=uv,
        uv_faces=uv_faces,
        shape_directions=np.ascontiguousarray(shapes),
        shape_names=tuple(f"shape_{k}" for k in range(shapes.shape[2])),
        expression_directions=np.ascontiguousarray(expressions),
        expression_names=tuple(f"expression_{k}" for k in range(expressions.shape[2])),
        parts=parts_of(faces, template),
        correctives=Correctives.from_dense(posedirs),
        hands=_hands(arrays, path),
        sha256=sha256,
        path=path,
    )


def write_smplx(body: Body, path: Path) -> None:
    """Writes `body` as `.npz` in the SMPL-X schema, which the unmodified `smplx` package loads.

    The name must be `SMPLX_<GENDER>.npz` for `smplx.create` to know it. Pose zero is the flat hand.
    """
    if path.suffix != ".npz":
        raise ModelError(f"{path}: the SMPL-X schema is written as .npz; give a name like SMPLX_NEUTRAL.npz")
    count = len(body.template)
    shapedirs = np.zeros((count, 3, SHAPES + EXPRESSIONS), np.float32)
    shapedirs[:, :, : len(body.shape_names)] = body.shape_directions
    shapedirs[:, :, SHAPES : SHAPES + len(body.expression_names)] = body.expression_directions
    dense = np.zeros((count, 3, _FEATURES), np.float32)
    parents = np.array(PARENTS, np.int64)
    parents[0] = 2**32 - 1  # as published: an unsigned -1
    np.savez_compressed(
        path,
        v_template=body.template,
        f=body.faces.astype(np.uint32),
        weights=body.weights,
        J_regressor=body.joint_regressor.toarray(),
        kintree_table=np.stack([parents, np.arange(JOINT_COUNT)]),
        shapedirs=shapedirs,
        posedirs=dense if body.correctives is None else body.correctives.dense(count),
        vt=body.uv,
        ft=body.uv_faces,
        hands_meanl=body.hands.left_mean.ravel(),
        hands_meanr=body.hands.right_mean.ravel(),
        hands_componentsl=_square(body.hands.left_components),
        hands_componentsr=_square(body.hands.right_components),
        lmk_faces_idx=np.zeros(51, np.int64),
        lmk_bary_coords=np.tile(np.array([1.0, 0.0, 0.0]), (51, 1)),
    )


STOCK_VERTICES = {
    "nose": 9120, "right_ear": 616, "left_ear": 6, "left_thumb_tip": 5361, "left_index_tip": 4933,
    "left_middle_tip": 5058, "left_ring_tip": 5169, "left_pinky_tip": 5286, "right_thumb_tip": 8079,
    "right_index_tip": 7669, "right_middle_tip": 7794, "right_ring_tip": 7905, "right_pinky_tip": 8022,
    "left_big_toe": 5770, "left_small_toe": 5780, "left_heel": 8846, "right_big_toe": 8463,
    "right_small_toe": 8474, "right_heel": 8635, "left_eye": 9448, "right_eye": 9929,
}  # fmt: skip
"""Landmark -> the vertex at which software made for SMPL-X's mesh looks for it."""


def in_stock_order(body: Body) -> Body:
    """The same body with vertices swapped so that its landmarks lie where such software looks.

    A body too small for that, or without these landmarks, is returned as it is.
    """
    count = len(body.template)
    order = np.arange(count)
    for name, place in STOCK_VERTICES.items():
        if name in body.landmarks and place < count:
            now = int(np.flatnonzero(order == body.landmarks[name])[0])
            order[[now, place]] = order[[place, now]]
    return body.reordered(order)


def _hands(arrays: Arrays, path: Path) -> Hands:
    """What the file says of hands: all of it, or nothing if a part is missing."""
    means, components = ("hands_meanl", "hands_meanr"), ("hands_componentsl", "hands_componentsr")
    if not all(key in arrays for key in (*means, *components)):
        return Hands()
    return Hands(
        *(_array(arrays, key, (45,), path).reshape(FINGER_JOINTS, 3) for key in means),
        *(_array(arrays, key, (None, 45), path).reshape(-1, FINGER_JOINTS, 3) for key in components),
    )


def _square(components: np.ndarray) -> np.ndarray:
    """(C, 15, 3) -> (45, 45), filled with zeros: the package slices the first ones."""
    result = np.zeros((45, 45), np.float32)
    result[: len(components)] = components.reshape(len(components), 45)
    return result


def _array(arrays: Arrays, key: str, shape: tuple[int | None, ...], path: Path) -> np.ndarray:
    """A float32 array (indices stay integers) of the expected shape; None stands for any length."""
    entry = arrays[key]
    value = entry.toarray() if isinstance(entry, sparse.sparray | sparse.spmatrix) else np.asarray(entry)
    expected = "x".join("any" if n is None else str(n) for n in shape)
    fits = value.ndim == len(shape) and all(n in (None, m) for n, m in zip(shape, value.shape, strict=True))
    if value.dtype.kind not in "fiu" or not fits:
        raise ModelError(
            f"{path}: {key!r} has shape {value.shape} and type {value.dtype}; expected numbers {expected}"
        )
    return np.ascontiguousarray(value, np.float32) if value.dtype.kind == "f" else value
