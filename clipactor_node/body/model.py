"""`Body`: a body model in the SMPL-X schema, its invariants checked once."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from clipactor_node.body.correctives import Correctives
from clipactor_node.body.hands import Hands
from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.geometry import JOINT_COUNT

PART_NAMES = ("skin", "tongue", "left_eye", "right_eye")


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
    correctives: Correctives | None = None
    """Pose blend shapes, or None."""
    hands: Hands = field(default_factory=Hands)
    """What hands do at rest and together."""
    landmarks: dict[str, int] = field(default_factory=dict)
    """Named points of the surface: name -> vertex."""
    sha256: str = ""
    path: Path | None = None

    def __post_init__(self) -> None:
        v, f = len(self.template), len(self.faces)
        shapes = {
            "template": (v, 3),
            "faces": (f, 3),
            "weights": (v, JOINT_COUNT),
            "uv_faces": (f if len(self.uv) else 0, 3),
            "joint_regressor": (JOINT_COUNT, v),
            "uv": (len(self.uv), 2),
            "parts": (v,),
            "shape_directions": (v, 3, len(self.shape_names)),
            "expression_directions": (v, 3, len(self.expression_names)),
        }
        for key, expected in shapes.items():
            self._require(key, getattr(self, key).shape == expected, f"shape {expected}")
        for key in ("template", "weights", "uv", "shape_directions", "expression_directions"):
            self._require(key, np.isfinite(getattr(self, key)).all(), "finite numbers only")
        self._require("joint_regressor", np.isfinite(self.joint_regressor.data).all(), "finite numbers only")
        for key, limit in (("faces", v), ("uv_faces", len(self.uv))):
            values = getattr(self, key)
            self._require(
                key, values.size == 0 or 0 <= values.min() <= values.max() < limit, f"indices in [0, {limit})"
            )
        if self.correctives is not None:
            moved = self.correctives.vertices
            holds = moved.size == 0 or 0 <= moved.min() <= moved.max() < v
            self._require("correctives", holds, f"vertex indices in [0, {v})")
        for name, vertex in self.landmarks.items():
            self._require("landmarks", 0 <= vertex < v, f"{name!r} to be a vertex in [0, {v})")
        sums = self.weights.sum(1)
        self._require("weights", np.abs(sums - 1.0).max() < 1e-3, "rows that sum to 1")

    def _require(self, key: str, holds: bool, expected: str) -> None:
        if not holds:
            value = getattr(self, key)
            found = f" has shape {value.shape} and type {value.dtype}" if hasattr(value, "shape") else ""
            raise ModelError(
                f"{self.path or self.name}: {key!r}{found}; expected {expected}. "
                "The file is damaged or not a body model."
            )

    def shape(
        self, betas: npt.ArrayLike | None = None, expression: npt.ArrayLike | None = None
    ) -> np.ndarray:
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

    def betas(self, **units: float) -> np.ndarray:
        """Shape coefficients by name: `body.betas(height=1, weight=-0.5)` -> (S,) float32."""
        return _by_name("shape parameter", units, self.shape_names)

    def expression(self, **units: float) -> np.ndarray:
        """Expression coefficients by name: `body.expression(smile=1)` -> (E,) float32."""
        return _by_name("expression", units, self.expression_names)

    def joints(self, vertices: np.ndarray) -> np.ndarray:
        """Rest joints of a shape in the T-pose: (V, 3) -> (55, 3) float32."""
        return (self.joint_regressor @ vertices).astype(np.float32)

    def without(self, *parts: str) -> "Body":
        """The body without some of its parts: `body.without("tongue", "left_eye", "right_eye")`."""
        for part in parts:
            if part not in PART_NAMES:
                raise InvalidChoice("body part", part, PART_NAMES)
        return self._only(~np.isin(self.parts, [PART_NAMES.index(part) for part in parts]))

    def reordered(self, order: np.ndarray) -> "Body":
        """The same body with its vertices in another order: new vertex i is old vertex `order[i]`."""
        if not np.array_equal(np.sort(order), np.arange(len(self.template))):
            raise ModelError(f"order must hold each of {len(self.template)} vertices once")
        number = np.argsort(order).astype(np.int32)
        return self._gathered(order, number, self.faces, self.uv_faces, self.joint_regressor)

    def _only(self, kept: np.ndarray) -> "Body":
        """The body of the vertices (V,) bool `kept`; joints are averages of what is left."""
        number = np.cumsum(kept, dtype=np.int32) - 1
        whole = kept[self.faces].all(1)
        sums = np.asarray(self.joint_regressor[:, np.flatnonzero(kept)].sum(1)).ravel()
        if (sums < 0.5).any():
            raise ModelError("these parts cannot go: joints are computed from them")
        uv_faces = self.uv_faces[whole] if len(self.uv) else self.uv_faces
        scaled = sparse.csr_array(self.joint_regressor / sums[:, None])
        return self._gathered(np.flatnonzero(kept), number, self.faces[whole], uv_faces, scaled)

    def _gathered(
        self,
        order: np.ndarray,
        number: np.ndarray,
        faces: np.ndarray,
        uv_faces: np.ndarray,
        regressor: sparse.csr_array,
    ) -> "Body":
        """Vertices `order`; `number` (V,) is each old one's new number. Regressor: of the old vertices."""
        return replace(
            self,
            template=self.template[order],
            faces=number[faces],
            weights=self.weights[order],
            joint_regressor=sparse.csr_array(regressor[:, order]),
            uv_faces=uv_faces,
            shape_directions=self.shape_directions[order],
            expression_directions=self.expression_directions[order],
            parts=self.parts[order],
            correctives=self.correctives and self.correctives.gathered(order),
            landmarks={n: int(number[v]) for n, v in self.landmarks.items() if order[number[v]] == v},
        )


def _by_name(what: str, units: dict[str, float], names: tuple[str, ...]) -> np.ndarray:
    result = np.zeros(len(names), np.float32)
    for name, value in units.items():
        if name not in names:
            raise InvalidChoice(what, name, names)
        result[names.index(name)] = value
    return result


def parts_of(faces: np.ndarray, template: np.ndarray) -> np.ndarray:
    """The mesh's connected pieces as (V,) uint8 into `PART_NAMES`.

    The largest is the skin; of the others, those off the mid-plane are eyes, the rest the tongue.
    """
    count = len(template)
    if faces.size and not 0 <= faces.min() <= faces.max() < count:
        raise ModelError(
            f"'faces' holds indices {faces.min()} to {faces.max()}; expected indices in [0, {count})"
        )
    ends = (faces.ravel(), np.roll(faces, 1, axis=1).ravel())
    _, piece = csgraph.connected_components(sparse.coo_array((np.ones(faces.size), ends), (count, count)))
    sizes = np.bincount(piece)
    middle = np.bincount(piece, template[:, 0]) / sizes
    part = np.where(middle > 0.01, 2, np.where(middle < -0.01, 3, 1))
    part[np.argmax(sizes)] = 0
    return part[piece].astype(np.uint8)
