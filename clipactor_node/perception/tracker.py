"""One person from picture to picture: looked for where the last landmarks were, and anew when lost."""

import numpy as np

from clipactor_node.perception.detection import Detection, find_people
from clipactor_node.perception.landmarks import LANDMARKS, Landmarks, find_landmarks
from clipactor_node.perception.models import Network
from clipactor_node.perception.regions import Region

_LOST = 0.5  # presence below which nobody is there
_SWAPPED = 0.6  # how much nearer the last landmarks have to be with sides exchanged
_MOVED_M = 0.08  # below it nothing moved enough to tell


def other_side(name: str) -> str:
    """The same landmark or joint of the other side; itself on the midline."""
    if "left" in name:
        return name.replace("left", "right")
    return name.replace("right", "left")


MIRRORED = np.array([LANDMARKS.index(other_side(name)) for name in LANDMARKS])
"""(33,) for each landmark, its counterpart on the other side."""
_LIMBS = slice(11, 33)


class BodyTracker:
    """Follows one person through pictures.

    Args:
        at: where the person to follow stands at first, as shares of width and height from the top left;
            None: the largest.
        threads: a network may use.
    """

    def __init__(self, at: tuple[float, float] | None = None, threads: int = 1) -> None:
        self._detector = Network("pose_detection", threads)
        self._landmarker = Network("pose_landmark_full", threads)
        self._at = at
        self._region: Region | None = None
        self._last: Landmarks | None = None
        self.detections = 0
        """How often people were looked for in a whole picture."""

    def __call__(self, picture: np.ndarray) -> Landmarks | None:
        """The person in the next picture (H, W, 3) uint8; None: nobody."""
        seen = self._in_region(picture) if self._region else None
        if seen is None:
            self.detections += 1
            people = find_people(self._detector, picture)
            if people:
                self._region = self._chosen(people, picture).region
                seen = self._in_region(picture)
        self._region = seen.following if seen else None
        if seen and self._last:
            seen = sides_kept(seen, self._last)
        self._last = seen
        return seen

    def forget(self) -> None:
        """Look for somebody anew in the next picture."""
        self._region = self._last = None

    def _in_region(self, picture: np.ndarray) -> Landmarks | None:
        if self._region is None or not 8.0 <= self._region.size <= 8.0 * max(picture.shape[:2]):
            return None
        seen = find_landmarks(self._landmarker, picture, self._region)
        return seen if seen.presence >= _LOST else None

    def _chosen(self, people: list[Detection], picture: np.ndarray) -> Detection:
        if self._at is None:
            return max(people, key=lambda person: person.region.size)
        x, y = self._at[0] * picture.shape[1], self._at[1] * picture.shape[0]
        return min(people, key=lambda person: np.hypot(person.region.x - x, person.region.y - y))


def sides_kept(seen: Landmarks, last: Landmarks) -> Landmarks:
    """The same landmarks, left and right exchanged if that is clearly where they were a picture ago."""
    here, before = seen.world[_LIMBS], last.world[_LIMBS]
    swapped = seen.world[MIRRORED]
    as_is = float(np.linalg.norm(here - before, axis=1).mean())
    exchanged = float(np.linalg.norm(swapped[_LIMBS] - before, axis=1).mean())
    if as_is < _MOVED_M or exchanged > _SWAPPED * as_is:
        return seen
    return Landmarks(
        seen.picture[MIRRORED], swapped, seen.visibility[MIRRORED], seen.presence, seen.following
    )
