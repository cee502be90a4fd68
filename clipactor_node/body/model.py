"""`Body`: a body model in the SMPL-X schema, its invariants checked once."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy import sparse

from clipactor_node.body.skeleton import JOINT_COUNT
from clipactor_node.errors import ModelError


@dataclass(frozen=True)
class Body:
    """A skinned body of V vertices, F triangles and 55 joints; metres, SMPL axes, T-pose.

    The flat hand is the hand of pose zero.
    """

    name: str
    template: np.ndarray
    """(V, 3) float32: the mean shape."""
    faces: np.ndarray
    """(F, 3) int32, counter-clockwise seen from outside."""
    weights: np.ndarray
    """(V, 55) float32, rows sum to 1."""
    joint_regressor: sparse.csr_array
    """(55, V) float32: joints of any shape, as averages of its vertices."""
    uv: np.ndarray
    """(U, 2) float32 in [0, 1]."""
    uv_faces: np.ndarray
    """(F, 3) int32 into `uv`."""
    shape_directions: np.ndarray
    """(V, 3, S) float32: metres for one unit of each shape parameter."""
    shape_names: tuple[str, ...]
    expression_directions: np.ndarray
    """(V, 3, E) float32: metres for one unit of each expression."""
    expression_names: tuple[str, ...]
    parts: np.ndarray
    """(V,) uint8 into `PART_NAMES`."""
    landmarks: dict[str, int] = field(default_factory=dict)
    """Named points of the surface: name -> vertex."""
    sha256: str = ""
    path: Path | None = None

    def __post_init__(self) -> None:
        v, f = len(self.template), len(self.faces)
        shapes = {
            "template": (v, 3), "faces": (f, 3), "weights": (v, JOINT_COUNT), "uv_faces": (f, 3),
            "joint_regressor": (JOINT_COUNT, v), "uv": (len(self.uv), 2), "parts": (v,),
            "shape_directions": (v, 3, len(self.shape_names)),
            "expression_directions": (v, 3, len(self.expression_names)),
        }  # fmt: skip
        for key, expected in shapes.items():
            self._require(key, getattr(self, key).shape == expected, f"shape {expected}")
        for key in ("template", "weights", "uv", "shape_directions", "expression_directions"):
            self._require(key, np.isfinite(getattr(self, key)).all(), "finite numbers only")
        for key, limit in (("faces", v), ("uv_faces", len(self.uv))):
            values = getattr(self, key)
            self._require(
                key, values.size == 0 or 0 <= values.min() <= values.max() < limit, f"indices in [0, {limit})"
            )
        sums = self.weights.sum(1)
        self._require("weights", np.abs(sums - 1.0).max() < 1e-3, "rows that sum to 1")

    def _require(self, key: str, holds: bool, expected: str) -> None:
        if not holds:
            value = getattr(self, key)
            raise ModelError(
                f"{self.path or self.name}: {key!r} has shape {value.shape} and type {value.dtype}; "
                f"expected {expected}. The file is damaged or not a body model."
            )

    def shape(self, betas=None, expression=None) -> np.ndarray:
        """The T-pose of a shape: (up to S,), (up to E,) -> (V, 3) float32."""
        vertices = self.template
        for key, given, directions in (
            ("betas", betas, self.shape_directions),
            ("expression", expression, self.expression_directions),
        ):
            if given is not None:
                coefficients = np.asarray(given, np.float32).ravel()
                if len(coefficients) > directions.shape[2] or not np.isfinite(coefficients).all():
                    raise ModelError(
                        f"{key} must be at most {directions.shape[2]} finite numbers; got {len(coefficients)}"
                    )
                vertices = vertices + directions[:, :, : len(coefficients)] @ coefficients
        return vertices

    def joints(self, vertices: np.ndarray) -> np.ndarray:
        """Rest joints of a shape in the T-pose: (V, 3) -> (55, 3) float32."""
        return (self.joint_regressor @ vertices).astype(np.float32)


PART_NAMES = ("skin", "tongue", "left_eye", "right_eye")
