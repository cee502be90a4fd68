"""One textured mesh per link, so that RViz shows the robot description as a dressed body."""

import hashlib
import os
import shutil
import time
from pathlib import Path

import numpy as np
from PIL import Image

from clipactor_node.body.export.gltf import Document, seamed
from clipactor_node.body.export.picture import Part, Picture
from clipactor_node.body.model import Body
from clipactor_node.body.skinning import Skinner
from clipactor_node.body.texture import bake
from clipactor_node.geometry import JOINT_INDEX, JOINT_NAMES, MIRROR, points_to_ros

_SHARE = 0.45  # a face belongs to every link that moves a corner at least so much: parts overlap when bent
_TEXTURE, _PICTURE = 512, 1024
"""Texels of a painted body's texture, and at most of one with garments."""
_MARGIN = 3  # texels around a part's piece of the texture
MOST_FOLDERS = 64
"""Appearances kept on disk, a megabyte each; more than one node has avatars."""

# Rigid parts fit without gaps or spikes in one pose only. People mostly stand with their arms down,
# so the parts are cut in that pose rather than in the T-pose: axis-angles in SMPL axes, left side.
_RELAXED = {
    "left_collar": (0.0, 0.0, -0.12),
    "left_shoulder": (0.0, -0.15, -0.95),
    "left_elbow": (0.0, -0.45, 0.0),
    "left_hip": (-0.2, 0.0, 0.05),
    "left_knee": (0.35, 0.0, 0.0),
    "left_ankle": (-0.1, 0.0, 0.0),
    **{f"left_{f}{n}": (0.0, 0.0, -0.2) for f in ("index", "middle", "ring", "pinky") for n in "123"},
}


def write_link_meshes(
    skinner: Skinner, colors: np.ndarray | Picture, folder: Path, displacement: np.ndarray | None = None
) -> Path:
    """Write `<joint>.glb` for each link that has skin, in a sub-folder named after the contents.

    A viewer that keeps meshes by address sees new clothes, because they get a new folder. Nothing is
    written again that is already there, and of all appearances the `MOST_FOLDERS` used last are kept.

    Args:
        skinner: the meshes are its shape with the arms down, cut up, each in its link's
            frame, ROS axes, metres.
        colors: (V, 3) uint8, sRGB, or pictures.
        folder: where sub-folders for each shape and appearance are kept.
        displacement: (V,) metres that the clothes stand off along the normals.

    Returns:
        the sub-folder; `urdf(skinner, meshes=result.as_uri())` refers to it.
    """
    digest = hashlib.sha256(np.ascontiguousarray(skinner.rest_vertices).tobytes())
    painted = colors.image if isinstance(colors, Picture) else colors
    digest.update(np.ascontiguousarray(painted, np.uint8).tobytes())
    if displacement is not None:
        digest.update(np.ascontiguousarray(displacement, np.float32).tobytes())
    target = Path(folder).resolve() / f"links-{digest.hexdigest()[:12]}"
    done = target / "complete"
    if not done.exists():
        target.mkdir(parents=True, exist_ok=True)
        for name, glb in link_meshes(skinner, colors, displacement).items():
            (target / f"{name}.glb").write_bytes(glb)
    done.touch()
    now = time.time_ns()
    os.utime(done, ns=(now, now))  # the last use, finer than the clock that `touch` reads
    _forget_oldest(target.parent)
    return target


def _forget_oldest(folder: Path) -> None:
    def used(kept: Path) -> float:
        done = kept / "complete"
        return (done if done.exists() else kept).stat().st_mtime

    for old in sorted(folder.glob("links-*"), key=used, reverse=True)[MOST_FOLDERS:]:
        shutil.rmtree(old, ignore_errors=True)


def link_meshes(
    skinner: Skinner, colors: np.ndarray | Picture, displacement: np.ndarray | None = None
) -> dict[str, bytes]:
    """Link name -> binary glTF, each part of it with its own piece of the texture."""
    body = skinner.body
    picture = colors if isinstance(colors, Picture) else _baked(body, colors)
    transforms = skinner.transforms(_relaxed_pose(), np.zeros(3, np.float32))
    vertices = skinner.vertices(transforms)
    normals = skinner.normals(vertices)
    if displacement is not None and displacement.any():
        vertices = vertices + normals * displacement[:, None]
        normals = skinner.normals(vertices)
    owner = body.weights.argmax(1)[body.faces]
    image = _shrunk(picture.image)
    meshes = {}
    for joint, name in enumerate(JOINT_NAMES):
        strong = body.weights[:, joint] >= _SHARE
        mine = (strong[body.faces] | (owner == joint)).any(1)
        if not mine.any():
            continue
        document = Document()
        mesh = document.empty_mesh(name)
        turn, at = transforms[joint, :3, :3], transforms[joint, :3, 3]
        for part in picture.parts:
            chosen = mine & part.faces
            if not chosen.any():
                continue
            faces, vertex, corner = seamed(body.faces[chosen], body.uv_faces[chosen])
            piece, uv = _crop(image, body.uv[corner])
            points, outward = (vertices[vertex] - at) @ turn, normals[vertex] @ turn
            material = document.surface(
                part.name, document.texture(piece, part.name), part.roughness, part.double
            )
            document.primitive(mesh, material, faces, points_to_ros(points), points_to_ros(outward), uv)
        document.place(mesh, name)
        meshes[name] = document.content()
    return meshes


def _baked(body: Body, colors: np.ndarray) -> Picture:
    return Picture(bake(body, colors, _TEXTURE), (Part("clothes", np.ones(len(body.faces), bool)),))


def _shrunk(image: np.ndarray) -> np.ndarray:
    """A picture of garments with as many texels as viewers need of each link."""
    if max(image.shape[:2]) <= _PICTURE:
        return image
    return np.asarray(Image.fromarray(image).resize((_PICTURE, _PICTURE), Image.Resampling.BOX))


def _relaxed_pose() -> np.ndarray:
    """(55, 3) axis-angle."""
    pose = np.zeros((len(JOINT_NAMES), 3), np.float32)
    for name, turn in _RELAXED.items():
        joint = JOINT_INDEX[name]
        pose[joint] = turn
        pose[MIRROR[joint]] = np.multiply(turn, (1, -1, -1))
    return pose


def _crop(texture: np.ndarray, uv: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part of the texture that the UVs (v up) use, and the UVs (v down) within it."""
    size = texture.shape[0]
    at = np.stack([uv[:, 0], 1.0 - uv[:, 1]], 1) * size
    low = np.clip(np.floor(at.min(0)).astype(int) - _MARGIN, 0, size)
    high = np.clip(np.ceil(at.max(0)).astype(int) + _MARGIN, 0, size)
    return texture[low[1] : high[1], low[0] : high[0]], (at - low) / (high - low)
