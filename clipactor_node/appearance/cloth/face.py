"""The head in lengths of its own, and layers that lie on it."""

import numpy as np

from clipactor_node.appearance.cloth.body_field import softened
from clipactor_node.appearance.cloth.cutting import Pattern, cut
from clipactor_node.appearance.cloth.hair import Head
from clipactor_node.appearance.cloth.sheet import Sheet, averages, largest
from clipactor_node.appearance.cloth.surface_nets import surface_nets

_MIDDLE = np.array((0.0, 0.027, -0.105))


class Face:
    """Lengths as in `painting.head`: |x|, up, forward from between the eyes, in metres of the open body."""

    def __init__(self, head: Head) -> None:
        self.head, self.scale = head, head.scale
        self.eye = head.middle - head.scale * _MIDDLE

    def place(self, x: float, up: float, forward: float) -> np.ndarray:
        """(3,) metres in the T-pose; x positive on the left."""
        return self.eye + self.scale * np.array((x, up, forward))

    def told(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """|x|, up, forward of points (N, 3) or (..., 3)."""
        x, up, forward = np.moveaxis((points - self.eye) / self.scale, -1, 0)
        return np.abs(x), up, forward

    def forward_at(self, x: float, up: float) -> float:
        """How far forward the skin is there."""
        reach = np.linspace(0.08, -0.06, 140)
        points = np.array([self.place(x, up, f) for f in reach])
        inside = np.flatnonzero(self.head.grid.sample(self.head.distance, points) < 0)
        return float(reach[inside[0]]) if len(inside) else -0.06

    def side_at(self, up: float, forward: float) -> float:
        """How far from the middle the skin is there, the ear included."""
        reach = np.linspace(0.12, 0.0, 120)
        points = np.array([self.place(x, up, forward) for x in reach])
        inside = np.flatnonzero(self.head.grid.sample(self.head.distance, points) < 0)
        return float(reach[inside[0]]) if len(inside) else 0.0

    @property
    def points(self) -> np.ndarray:
        """(X, Y, Z, 3) of the head's grid."""
        return np.stack(np.broadcast_arrays(*self.head.grid.axes), -1)

    def closed(self, radius: float) -> np.ndarray:
        """The head without dents that a ball cannot enter, metres."""
        return softened(self.head.grid.closed(self.head.distance, radius), 1.0)

    def hung(self, form: np.ndarray, below: float, flare: float) -> np.ndarray:
        """What falls straight down below a height `below`, wider by `flare` metres per metre."""
        grid, out = self.head.grid, form.copy()
        for row in range(grid.shape[1] - 2, -1, -1):
            if (grid.low[1] + grid.step * row - self.eye[1]) / self.scale < below:
                out[:, row] = np.minimum(out[:, row], out[:, row + 1] - flare * grid.step)
        return out

    def sheet(self, form: np.ndarray, lines: list[Pattern], count: int = 1, smooth: int = 3) -> Sheet:
        """The form's surface within the lines."""
        grid = self.head.grid
        found = surface_nets(form.astype(np.float32), grid.low, grid.step)
        near = np.ones(len(found.faces), bool)
        for line in lines:
            near &= (line(found.vertices)[found.faces] > -0.02).all(1)
        found = largest(found.kept(near), count)
        mean, points = averages(len(found.vertices), found.faces), found.vertices
        for _ in range(smooth):
            points = points + 0.5 * (mean @ points - points)
        found = found.moved(points)
        for line in lines:
            found = cut(found, line)
        return largest(found, count)
