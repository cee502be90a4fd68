"""MakeHuman's base mesh in the T-pose of the open body: where what is tied to it lies."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from clipactor_node.body import Body
from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models

FILE = "body/makehuman.npz"
_NEAR = 6
_SMOOTHING = 6


@dataclass(frozen=True)
class BaseMesh:
    """The N vertices of the base mesh, helpers included.

    Fields:
        own: (N, 3) float64 decimetres, neutral, in its own A-pose.
        placed: (N, 3) float64 metres, on the body in its T-pose.
        turned: (N, 3, 3) from the A-pose to the T-pose there. scale: (N,) metres per decimetre.
        held: (N, V) sparse rows that sum to 1: the body's vertices that each is, or lies next to.
        body_vertex: (N,) int, which vertex of the body it is; -1: none.
    """

    own: np.ndarray
    placed: np.ndarray
    turned: np.ndarray
    scale: np.ndarray
    held: sparse.csr_array
    body_vertex: np.ndarray


def base_mesh(body: Body) -> BaseMesh:
    """On that body; computed once for each body file.

    Raises:
        ModelError: the body has another topology than MakeHuman's.
    """
    if body.sha256 not in _KEPT:
        found = _placed(body)
        if not body.sha256:
            return found
        _KEPT[body.sha256] = found
    return _KEPT[body.sha256]


_KEPT: dict[str, BaseMesh] = {}


def _placed(body: Body) -> BaseMesh:
    with np.load(shipped_models() / FILE, allow_pickle=False) as archive:
        own, of_body = archive["vertices"].astype(float), archive["of_body"]
    if len(of_body) != len(body.template):
        raise ModelError(
            f"the body has {len(body.template)} vertices; clothes made for MakeHuman need the open body's "
            f"{len(of_body)}: leave --body out"
        )
    template = np.asarray(body.template, float)
    source = own[of_body]
    turned, scale = _similarity(source, template, body.faces)
    body_vertex = np.full(len(own), -1)
    body_vertex[of_body] = np.arange(len(of_body))
    skin = np.flatnonzero(body.parts == 0)
    away, index = cKDTree(source[skin]).query(own, k=_NEAR)
    near = skin[index]
    share = 1.0 / (away + 0.05) ** 2
    share *= np.linalg.norm(source[near] - source[near[:, :1]], axis=2) < 1.0  # not the other leg, nor an arm
    share /= share.sum(1, keepdims=True)
    on = body_vertex >= 0
    near[on], share[on] = body_vertex[on, None], np.eye(1, _NEAR)
    local = np.einsum("nkij,nkj->nki", turned[near], own[:, None] - source[near])
    placed = (share[..., None] * (template[near] + scale[near][..., None] * local)).sum(1)
    rows = np.repeat(np.arange(len(own)), _NEAR)
    rows_of = sparse.coo_array((share.ravel(), (rows, near.ravel())), (len(own), len(template))).tocsr()
    first = near[:, 0]
    return BaseMesh(own, placed, turned[first], scale[first], rows_of, body_vertex)


def _similarity(source: np.ndarray, target: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(V, 3, 3) and (V,): the rotation and scale that take the surroundings of each vertex along."""
    ends = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    ends = np.concatenate([ends, ends[:, ::-1]])
    count = len(source)
    links = sparse.coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), (count, count)).tocsr()
    before, after = source[ends[:, 1]] - source[ends[:, 0]], target[ends[:, 1]] - target[ends[:, 0]]
    sums = np.zeros((count, 11))
    products = (after[:, :, None] * before[:, None, :]).reshape(-1, 9)
    told = np.column_stack([products, (before**2).sum(1), (after**2).sum(1)])
    for column in range(11):
        sums[:, column] = np.bincount(ends[:, 0], told[:, column], count)
    step = links + sparse.eye_array(count, format="csr")
    degree = np.asarray(step.sum(1)).reshape(-1, 1)
    for _ in range(_SMOOTHING):
        sums = (step @ sums) / degree
    u, _, vt = np.linalg.svd(sums[:, :9].reshape(-1, 3, 3))
    u[:, :, 2] *= np.linalg.det(u @ vt)[:, None]
    return u @ vt, np.sqrt(sums[:, 10] / np.maximum(sums[:, 9], 1e-12))
