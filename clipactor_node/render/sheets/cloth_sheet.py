"""Pictures of clothes that are meshes: several views and poses of what sentences ask for."""

from collections.abc import Iterator, Sequence

import numpy as np

from clipactor_node.appearance import Outfit
from clipactor_node.appearance.cloth import DressedBody, dressed
from clipactor_node.appearance.outfit import ProposedOutfit
from clipactor_node.body import Body, Skinner
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX, Camera
from clipactor_node.render.albedo import Textured
from clipactor_node.render.contact_sheet import sheet
from clipactor_node.render.picture import draw

_Pose = dict[str, tuple[float, float, float]]
_ARMS_DOWN: _Pose = {"left_shoulder": (0, 0, -63), "right_shoulder": (0, 0, 63)}
_ELBOWS: _Pose = {"left_elbow": (0, -11, 0), "right_elbow": (0, 11, 0)}
_FEET: _Pose = {"left_hip": (2, 0, 2), "right_hip": (2, 0, -2)}
_STAND = _ARMS_DOWN | _ELBOWS | _FEET
_SQUAT: _Pose = {
    "left_hip": (-77, 0, 3),
    "right_hip": (-77, 0, -3),
    "left_knee": (100, 0, 0),
    "right_knee": (100, 0, 0),
    "left_ankle": (-23, 0, 0),
    "right_ankle": (-23, 0, 0),
    "spine1": (20, 0, 0),
}
_STRIDE: _Pose = {"left_hip": (-29, 0, 0), "right_hip": (23, 0, 0), "right_knee": (29, 0, 0)}
_KICK: _Pose = {"left_hip": (-77, 0, 2), "left_knee": (20, 0, 0), "right_hip": (7, 0, -2)}
_RAISED: _Pose = {"left_shoulder": (0, 0, 54), "right_shoulder": (0, 0, -54)}
POSES: dict[str, _Pose] = {
    "stand": _STAND,
    "walk": _STAND | _STRIDE,
    "crouch": _STAND | _SQUAT,
    "kick": _STAND | _KICK,
    "arms up": _STAND | _RAISED,
}
"""Name -> degrees about x, y, z by joint."""
AZIMUTHS = (0.45, 1.57, 3.14, -0.6)
"""From where a garment is looked at, radians about the vertical."""


def pose_named(body: Body, name: str) -> np.ndarray:
    """(55, 3) one of `POSES`, with hands at rest."""
    pose = np.zeros((JOINT_COUNT, 3), np.float32)
    for joint, degrees in POSES[name].items():
        pose[JOINT_INDEX[joint]] = np.radians(degrees)
    pose[25:40], pose[40:55] = body.hands.left(), body.hands.right()
    return pose


def cloth_sheet(
    outfits: Sequence[tuple[str, Outfit | ProposedOutfit]],
    body: Body,
    poses: Sequence[str] = tuple(POSES),
    azimuths: Sequence[float] = AZIMUTHS,
    size: tuple[int, int] = (260, 420),
    texture: int = 1024,
) -> np.ndarray:
    """(H, W, 3) uint8: of each outfit, on whom it is for, a row per pose, a picture per view; with one view
    poses share a row."""
    pictures, captions = [], []
    for caption, worn in outfits:
        outfit, betas = (worn.outfit, worn.betas(body)) if isinstance(worn, ProposedOutfit) else (worn, ())
        clothed = dressed(outfit, body, texture)
        skinner = clothed.skinner(betas)
        for name, azimuth, picture in _pictures(clothed, skinner, poses, azimuths, size):
            pictures.append(picture)
            captions.append(caption if azimuth == azimuths[0] and name == poses[0] else name)
    columns = len(azimuths) if len(azimuths) > 1 else len(poses)
    return sheet(pictures, captions, columns=columns)


def _pictures(
    clothed: DressedBody,
    skinner: Skinner,
    poses: Sequence[str],
    azimuths: Sequence[float],
    size: tuple[int, int],
) -> Iterator[tuple[str, float, np.ndarray]]:
    looks = Textured(clothed.texture, clothed.body.uv, clothed.body.uv_faces, clothed.normal)
    for name in poses:
        vertices = _on_floor(skinner, pose_named(skinner.body, name))
        for azimuth in azimuths:
            camera = Camera.around(vertices, azimuth, 0.1, width=size[0], height=size[1])
            yield name, azimuth, draw(vertices, skinner.faces, looks, camera)


def _on_floor(skinner: Skinner, pose: np.ndarray) -> np.ndarray:
    vertices = skinner.vertices(skinner.transforms(pose, np.zeros(3, np.float32)))
    vertices[:, 1] -= vertices[:, 1].min()
    return vertices
