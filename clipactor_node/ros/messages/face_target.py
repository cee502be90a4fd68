"""A face as one message: what a camera node sees, and an avatar that mirrors takes."""

from array import array

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarFace
from std_msgs.msg import Header

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.geometry import JOINT_INDEX


def face_message(
    face: npt.NDArray[np.float32], pose: npt.NDArray[np.float32], stamp: Time, frame: str
) -> AvatarFace:
    """The message of a face: (12,) coefficients, and the jaw of a pose (55, 3)."""
    return AvatarFace(
        header=Header(stamp=stamp, frame_id=frame),
        coefficient_names=list(FACE_CHANNELS),
        coefficients=array("f", face.astype(np.float32).tobytes()),
        jaw=float(pose[JOINT_INDEX["jaw"], 0]),
    )


def face_target(message: AvatarFace) -> tuple[npt.NDArray[np.float32] | None, str]:
    """(12,) coefficients in [0, 1], those that are not named 0; or None and why a message cannot be used."""
    names, values = list(message.coefficient_names), np.array(message.coefficients, np.float32)
    unknown = [name for name in names if name not in FACE_CHANNELS]
    if unknown:
        return None, (
            f"a face names the coefficient {unknown[0]!r}; expected some of {', '.join(FACE_CHANNELS)}"
        )
    if len(names) != len(values) or not np.isfinite(values).all():
        return None, (
            f"a face names {len(names)} coefficients and has {len(values)} numbers; "
            "expected as many, all of them finite"
        )
    out = np.zeros(len(FACE_CHANNELS), np.float32)
    out[[FACE_CHANNELS.index(name) for name in names]] = np.clip(values, 0.0, 1.0)
    return out, ""
