"""The same body with fewer or more vertices."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body.model import Body
from clipactor_node.body.skinning import Skinner
from clipactor_node.body.subdivision import cached_refinement, cached_subdivision
from clipactor_node.errors import InvalidChoice

DETAILS = ("coarse", "plain", "medium", "fine")
"""Half, once, twice and four times the vertices of the body file."""
COARSE = 0.5
RIDGE_M, ROUGHNESS_M = 0.06, 0.002


@dataclass(frozen=True)
class Detail:
    """A level of detail.

    Fields:
        name: one of `DETAILS`.
        body: who is dressed; it begins with the vertices of the body file.
        pick: (n,) the vertices of `body` that are shown; None: all of them.
        faces: (F, 3) int32 between the shown vertices.
    """

    name: str
    body: Body
    pick: np.ndarray | None
    faces: np.ndarray

    @property
    def count(self) -> int:
        """Vertices shown."""
        return len(self.body.template) if self.pick is None else len(self.pick)

    def shown(self, skinner: Skinner) -> Skinner:
        """What poses the shown vertices, from what poses `body`."""
        return skinner if self.pick is None else skinner.picking(self.pick, self.faces)


def detail_of(body: Body, name: str, colors: np.ndarray | None = None) -> Detail:
    """A body in a level of detail.

    Args:
        colors: (V, 3) uint8, worn most of the time: where they meet, "coarse" keeps more vertices.

    Raises:
        InvalidChoice: no such level. ModelError, OSError: more vertices cannot be kept on disk.
    """
    if name == "coarse":
        return Detail(name, body, *decimated(body, COARSE, colors))
    if name not in DETAILS:
        raise InvalidChoice("level of detail", name, DETAILS)
    finer = {"plain": lambda body: body, "medium": cached_refinement, "fine": cached_subdivision}[name](body)
    return Detail(name, finer, None, finer.faces)


def decimated(body: Body, share: float, colors: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """A share of a body's vertices that keeps its form best (quadric error metric).

    Returns:
        (n,) the vertices that stay; (F, 3) int32 faces between them.
    """
    import fast_simplification  # a compiled library that is not needed otherwise

    # Colors are lifted off the skin, by the channel that tells them apart best: a border between two is a
    # ridge then, which is kept.
    height = np.zeros(len(body.template)) if colors is None else colors[:, colors.std(0).argmax()] / 255.0
    normals = Skinner(body).normals(body.template)
    # A rough skin is thinned out evenly; a smooth one would get long triangles, which smear patterns.
    rough = np.random.default_rng(0).normal(0.0, ROUGHNESS_M, len(normals))
    points = body.template + (RIDGE_M * height + rough)[:, None] * normals.astype(np.float64)
    faces = np.ascontiguousarray(body.faces, np.int32)
    *_, collapses = fast_simplification.simplify(
        points, faces, target_reduction=1.0 - share, return_collapses=True
    )
    merged, fewer, target = fast_simplification.replay_simplification(points, faces, collapses)
    # A merged point lies somewhere between the vertices it was made of: the nearest of them stands for it.
    away = np.linalg.norm(points - merged[target], axis=1)
    nearest_first = np.lexsort((away, target))
    _, at = np.unique(target[nearest_first], return_index=True)
    order = nearest_first[at]
    used, fewer = np.unique(fewer, return_inverse=True)
    return order[used], fewer.reshape(-1, 3).astype(np.int32)
