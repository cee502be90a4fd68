"""How well clothes fit in a pose: skin that shows through them, and how far they are stretched."""

from dataclasses import dataclass

import numba
import numpy as np
from scipy.spatial import cKDTree

from clipactor_node.appearance.cloth.dressing import DressedBody
from clipactor_node.appearance.cloth.sheet import edges_of

_NEAREST, _AT_REST = 4, 16
_REACH_M = 0.06  # skin farther from all cloth is not beneath it
_LEAST_EDGE_M = 0.004


@dataclass(frozen=True)
class Fit:
    """In one pose.

    Fields:
        shows_m: metres by which the covered skin that shows most stands out of the cloth.
        shows: covered skin vertices that stand out at all; shows_3mm: by more than that; of covered of them.
        stretch: the greatest ratio of an edge of cloth to its length at rest; stretched: the share of
            edges above 1.6.
    """

    shows_m: float
    shows: int
    shows_3mm: int
    covered: int
    stretch: float
    stretched: float


class FitMeter:
    """Measures one dressed body in poses; hidden skin cannot show and is not counted among the showing."""

    def __init__(self, clothed: DressedBody, skin: int) -> None:
        """`skin`: vertices of the bare body, which come first."""
        body = clothed.body
        self._skinner = clothed.whole()
        seen = np.zeros(len(body.template), bool)
        seen[body.faces[clothed.owner < 0]] = True
        self._covered = int(clothed.covered.any(0).sum())
        self._skin = np.flatnonzero(seen[:skin] & clothed.covered.any(0))
        self._layers = []
        rest = self._skinner.rest_vertices.astype(float)
        for number, beneath in enumerate(clothed.covered):
            faces = np.ascontiguousarray(body.faces[(clothed.owner == number) & ~clothed.folded], np.int64)
            own = np.flatnonzero(beneath[self._skin])
            if len(faces) and len(own):
                self._layers.append(_Layer.of(faces, own, self._skin[own], rest))
        cloth = body.faces[(clothed.owner >= 0) & ~clothed.folded]
        edges = edges_of(cloth)
        length = _lengths(rest, edges)
        self._edges, self._rest = edges[length > _LEAST_EDGE_M], length[length > _LEAST_EDGE_M]

    def measure(self, pose: np.ndarray) -> Fit:
        """(55, 3) axis-angle."""
        transforms = self._skinner.transforms(pose, np.zeros(3, np.float32))
        vertices = self._skinner.vertices(transforms).astype(float)
        ratio = _lengths(vertices, self._edges) / self._rest
        out = np.full(len(self._skin), np.inf)
        for layer in self._layers:  # skin shows if it is outside of everything that covers it
            out[layer.own] = np.minimum(out[layer.own], layer.outside(vertices))
        out = np.where(np.isfinite(out), out, 0.0)
        return Fit(
            float(max(out.max(initial=0.0), 0.0)),
            int((out > 0.0005).sum()),
            int((out > 0.003).sum()),
            self._covered,
            float(ratio.max(initial=1.0)),
            float((ratio > 1.6).mean()) if len(ratio) else 0.0,
        )


@dataclass(frozen=True)
class _Layer:
    """One garment over the skin that it covers.

    Fields:
        own, skin: (n,) places among the measured skin, and their vertices.
        faces, starts, around, points: its faces, those around each vertex, and its vertices.
        at_rest: (n, k) the cloth that lies nearest to each at rest.
    """

    own: np.ndarray
    skin: np.ndarray
    faces: np.ndarray
    starts: np.ndarray
    around: np.ndarray
    points: np.ndarray
    at_rest: np.ndarray

    @classmethod
    def of(cls, faces: np.ndarray, own: np.ndarray, skin: np.ndarray, rest: np.ndarray) -> "_Layer":
        points = np.unique(faces)
        starts, around = _incident(faces, len(rest))
        nearest = cKDTree(rest[points]).query(rest[skin], k=_AT_REST)[1]
        return cls(own, skin, faces, starts, around, points, points[nearest])

    def outside(self, vertices: np.ndarray) -> np.ndarray:
        """(n,) metres by which skin is outside, judged by the cloth that is near now and by that which was at
        rest: an arm that touches the trunk is outside of that, yet inside its sleeve."""
        away, index = cKDTree(vertices[self.points]).query(vertices[self.skin], k=_NEAREST)
        found = []
        for near in (self.points[index], self.at_rest):
            found.append(_signed(vertices[self.skin], vertices, self.faces, self.starts, self.around, near))
        return np.where(away[:, 0] < _REACH_M, np.minimum(*found), -np.inf)


def _lengths(points: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)


def _incident(faces: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each vertex the faces it belongs to: starts (V + 1,), faces."""
    order = np.argsort(faces.ravel(), kind="stable")
    starts = np.searchsorted(faces.ravel()[order], np.arange(count + 1))
    return starts.astype(np.int64), (order // 3).astype(np.int64)


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _signed(
    points: np.ndarray,
    vertices: np.ndarray,
    faces: np.ndarray,
    starts: np.ndarray,
    around: np.ndarray,
    nearest: np.ndarray,
) -> np.ndarray:
    """(N,) metres from points to the nearest of the triangles around their `nearest` (N, k) vertices;
    positive
    outside."""
    out = np.zeros(len(points))
    for n in range(len(points)):
        best, sign = 1e9, 1.0
        for k in range(nearest.shape[1]):
            v = nearest[n, k]
            for at in range(starts[v], starts[v + 1]):
                f = faces[around[at]]
                away, side = _to_triangle(points[n], vertices[f[0]], vertices[f[1]], vertices[f[2]])
                if away < best:
                    best, sign = away, side
        out[n] = best * sign
    return out


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _to_triangle(p: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[float, float]:
    """Distance to a triangle and the side of it: 1 where its normal points, -1 behind."""
    ab, ac, ap = b - a, c - a, p - a
    normal = np.cross(ab, ac)
    side = 1.0 if (normal * ap).sum() > 0 else -1.0
    d1, d2 = (ab * ap).sum(), (ac * ap).sum()
    if d1 <= 0 and d2 <= 0:
        return np.sqrt((ap * ap).sum()), side
    bp = p - b
    d3, d4 = (ab * bp).sum(), (ac * bp).sum()
    if d3 >= 0 and d4 <= d3:
        return np.sqrt((bp * bp).sum()), side
    cp = p - c
    d5, d6 = (ab * cp).sum(), (ac * cp).sum()
    if d6 >= 0 and d5 <= d6:
        return np.sqrt((cp * cp).sum()), side
    vc, vb, va = d1 * d4 - d3 * d2, d5 * d2 - d1 * d6, d3 * d6 - d5 * d4
    if vc <= 0 and d1 >= 0 and d3 <= 0:
        q = a + d1 / (d1 - d3) * ab
    elif vb <= 0 and d2 >= 0 and d6 <= 0:
        q = a + d2 / (d2 - d6) * ac
    elif va <= 0 and d4 - d3 >= 0 and d5 - d6 >= 0:
        q = b + (d4 - d3) / ((d4 - d3) + (d5 - d6)) * (c - b)
    else:
        q = a + (vb * ab + vc * ac) / (va + vb + vc)
    return np.sqrt(((p - q) ** 2).sum()), side
