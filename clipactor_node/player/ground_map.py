"""The floor as motions of the mean shape see it, and as the shape that is shown stands on it."""

import numpy as np

from clipactor_node.player.clip_playback import Place


class GroundMap:
    """A body of another shape takes steps as long as its legs: shown = ratio * played + offset.

    What comes from outside (goals, places, other avatars) is brought in by `inner`, and what is shown or told
    goes out by `world`. A change of shape changes neither where the avatar stands nor where its home is.

    Fields:
        ratio: of the shape's steps to those of the mean shape.
        offset: (2,) metres, x and z.
    """

    def __init__(self) -> None:
        self.ratio = 1.0
        self.offset = np.zeros(2)

    def change(self, ratio: float, position: np.ndarray) -> None:
        """Take another shape on the spot: (2,) metres where it stands, as it is played."""
        self.offset = self.world(position) - ratio * np.asarray(position, np.float64)
        self.ratio = ratio

    def world(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) metres as they are shown."""
        shown: np.ndarray = self.ratio * np.asarray(points, np.float64) + self.offset
        return shown

    def inner(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) metres as they are played."""
        played: np.ndarray = (np.asarray(points, np.float64) - self.offset) / self.ratio
        return played

    def inner_point(self, point: np.ndarray) -> np.ndarray:
        """(3,) metres, y above the floor, as it is played."""
        x, z = self.inner(np.asarray(point)[[0, 2]])
        return np.array([x, point[1] / self.ratio, z])

    def inner_place(self, place: Place) -> Place:
        """A place as it is played."""
        return Place(self.inner(place.position), place.heading)

    def world_place(self, place: Place) -> Place:
        """A place as it is shown."""
        return Place(self.world(place.position), place.heading)
