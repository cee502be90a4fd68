"""How an avatar stands on the page while nobody says how it stands."""

import logging

import numpy as np
import numpy.typing as npt

from clipactor_node.body import Skinner
from clipactor_node.errors import ClipActorError
from clipactor_node.motion import open_library
from clipactor_node.motion.blending import anchored

log = logging.getLogger(__name__)

IDLE_CLIP = "idle"


class IdleMotion:
    """Idles on the spot, for ever: the clip, forth and back.

    Args:
        skinner: the body's shape.
        place: (2,) metres on the floor, SMPL axes (x, z); heading: radians about the vertical.

    Raises:
        ClipActorError, OSError: the clips that ship cannot be read.
    """

    def __init__(
        self, skinner: Skinner, place: npt.NDArray[np.float64] | None = None, heading: float = 0.0
    ) -> None:
        idle = open_library().load(IDLE_CLIP)
        self._clip = anchored(idle, np.zeros(2) if place is None else place, heading, skinner.rest_joints[0])
        self._skinner = skinner

    def transforms(self, seconds: float) -> npt.NDArray[np.float32]:
        """(55, 4, 4) joint -> world, metres, SMPL axes, so long after it began."""
        frames = len(self._clip.poses)
        at = int(seconds * self._clip.rate_hz) % max(2 * (frames - 1), 1)
        index = at if at < frames else 2 * (frames - 1) - at
        return self._skinner.transforms(self._clip.poses[index], self._clip.translation[index])


def idle_motion(
    skinner: Skinner, place: npt.NDArray[np.float64] | None = None, heading: float = 0.0
) -> IdleMotion | None:
    """An `IdleMotion`; None where the clips that ship cannot be read, which is told."""
    try:
        return IdleMotion(skinner, place, heading)
    except (ClipActorError, OSError) as error:
        log.warning("no avatar is shown before one is heard: %s", error)
        return None
