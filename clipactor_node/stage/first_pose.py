"""How the avatar stands on the page before anybody says how it stands."""

import logging

import numpy as np
import numpy.typing as npt

from clipactor_node.body import Skinner
from clipactor_node.errors import ClipActorError
from clipactor_node.motion import open_library
from clipactor_node.motion.blending import anchored

log = logging.getLogger(__name__)

IDLE_CLIP = "idle"


def first_pose(skinner: Skinner) -> npt.NDArray[np.float32] | None:
    """(55, 4, 4) joint -> world, metres, SMPL axes: idle at the origin, as the avatar node begins, too.

    None where the clips that ship cannot be read: then nothing is to be shown.
    """
    try:
        idle = open_library().load(IDLE_CLIP)
    except (ClipActorError, OSError) as error:
        log.warning("no avatar is shown before one is heard: %s", error)
        return None
    idle = anchored(idle, np.zeros(2), 0.0, skinner.rest_joints[0])
    return skinner.transforms(idle.poses[0], idle.translation[0])
