"""A clip as SMPL-X parameters in the layout of AMASS: npz, z up."""

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from clipactor_node.body.export.motion import Motion
from clipactor_node.geometry import BODY, FACE, LEFT_HAND, RIGHT_HAND, orientations_to_z_up, points_to_z_up

_BETAS = 16


def amass(
    rest_joints: np.ndarray, clip: Motion, betas: npt.ArrayLike | None = None, gender: str = "neutral"
) -> dict[str, np.ndarray]:
    """The arrays of an AMASS file of SMPL-X; `np.savez(path, **amass(...))` writes it.

    Args:
        rest_joints: (55, 3), metres; only the pelvis counts, about which SMPL turns the body.
        clip: flat hands, as in AMASS.
        betas: (up to 16,) shape coefficients of the licensed model, None: zeros (the open body's own
            coefficients mean something else there).
        gender: of the licensed model to use.

    Returns:
        poses (T, 165) and its parts root_orient (T, 3), pose_body (T, 63), pose_jaw (T, 3),
        pose_eye (T, 6), pose_hand (T, 90), axis-angle, float64; trans (T, 3), metres, z up;
        mocap_frame_rate, mocap_time_length, betas (16,), num_betas, gender, surface_model_type.
    """
    pelvis = np.asarray(rest_joints[0], np.float64)
    poses = clip.poses.astype(np.float64)
    turned = orientations_to_z_up(Rotation.from_rotvec(poses[:, 0]).as_matrix())
    poses[:, 0] = Rotation.from_matrix(turned).as_rotvec()
    trans = points_to_z_up(pelvis + clip.translation) - pelvis
    shape = np.zeros(_BETAS)
    if betas is not None:
        given = np.ravel(betas)[:_BETAS]
        shape[: len(given)] = given

    def flat(joints: slice) -> np.ndarray:
        return poses[:, joints].reshape(len(poses), -1)

    return {
        "poses": poses.reshape(len(poses), -1),
        "root_orient": flat(slice(0, 1)),
        "pose_body": flat(slice(1, BODY.stop)),
        "pose_jaw": flat(slice(FACE.start, FACE.start + 1)),
        "pose_eye": flat(slice(FACE.start + 1, FACE.stop)),
        "pose_hand": np.concatenate([flat(LEFT_HAND), flat(RIGHT_HAND)], axis=1),
        "trans": trans,
        "mocap_frame_rate": np.array(float(clip.rate_hz)),
        "mocap_time_length": np.array(len(poses) / clip.rate_hz),
        "betas": shape,
        "num_betas": np.array(_BETAS),
        "gender": np.array(gender),
        "surface_model_type": np.array("smplx"),
    }
