"""What the first look in cloth would have to wait for: compiled loops, and what depends on the body alone."""

import numpy as np

from clipactor_node.appearance.cloth.cage import Cage, settled
from clipactor_node.appearance.cloth.dressing import made
from clipactor_node.appearance.cloth.evening import evened
from clipactor_node.appearance.cloth.sheet import Sheet
from clipactor_node.appearance.painting import EVERYDAY
from clipactor_node.body import Body
from clipactor_node.geometry import JOINT_COUNT

_TEXELS = 64


def warm_up(body: Body) -> None:
    """Compile the loops that dress and sew; keep distances around the body, and plain shoes and hair."""
    made(EVERYDAY, body, _TEXELS)
    points, corners = np.eye(3), np.arange(3).reshape(1, 3)
    weights = np.full((3, JOINT_COUNT), 1 / JOINT_COUNT)
    evened(weights, Sheet(points, corners), body)
    edges, none = corners[:, :2].copy(), np.zeros(3)
    cage = Cage(points, 3, weights, edges, np.ones(1), np.zeros(1), none, none, none)
    settled(cage, points, np.zeros((1, 2, 3)), np.full((1, 2), 0.1))
