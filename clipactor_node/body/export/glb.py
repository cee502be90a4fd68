"""A skinned, animated, textured binary glTF: opens in Blender, three.js, Unity and most viewers."""

import numpy as np
import pygltflib as g

from clipactor_node.body.correctives import CorrectiveKernel
from clipactor_node.body.export.gltf import Document, seamed, tangents
from clipactor_node.body.export.motion import Motion
from clipactor_node.body.export.picture import Part, Picture
from clipactor_node.body.face import FACE_CHANNELS, face_directions
from clipactor_node.body.skin_weights import strongest
from clipactor_node.body.skinning import Skinner
from clipactor_node.body.texture import bake
from clipactor_node.geometry import JOINT_COUNT, JOINT_NAMES, PARENTS, quaternion_from_axis_angle

INFLUENCES = 8
"""Joints per vertex that are written; programs that take four use the four strongest."""

_MOST_MORPHS = 24
_LEAST_FACE = 1e-3  # of a coefficient, for it to be written
_MORPH_ERROR = 2e-4  # metres that the morph targets may leave of the pose correctives


def glb(
    skinner: Skinner,
    colors: np.ndarray | Picture,
    clip: Motion | None = None,
    displacement: np.ndarray | None = None,
    texture_size: int = 1024,
    numbered: bool = False,
) -> bytes:
    """The dressed body, and a clip if there is one, as one file.

    The skin hangs on 55 joints with SMPL-X names. Pose correctives, which glTF does not know, become
    morph targets: the principal components of what they do in this clip. So do the coefficients of the face
    that the clip uses, by their names (`targetNames`, which Blender and three.js read).

    Args:
        skinner: fixes the shape.
        colors: (V, 3) uint8, sRGB; baked to a texture, with seam padding. Or a picture, which is taken
            as it is.
        clip: None: the T-pose alone.
        displacement: (V,) metres along the normals of the T-pose, or None.
        texture_size: texels.
        numbered: tell which vertex of the body each one is, as the attribute `_VERTEX`; seams split some.

    Returns:
        the file: metres, y up, the avatar faces +z.
    """
    body = skinner.body
    rest = np.asarray(skinner.rest_vertices, np.float32)
    if displacement is not None:
        displacement = np.asarray(displacement, np.float32)
        if displacement.shape != (len(rest),):
            raise ValueError(f"displacement has shape {displacement.shape}; expected {(len(rest),)}")
        rest = rest + displacement[:, None] * skinner.normals(rest)
    document = Document()
    if not isinstance(colors, Picture):
        whole = Part("clothes", np.ones(len(body.faces), bool))
        colors = Picture(bake(body, colors, texture_size), (whole,))
    indices, weights = strongest(body.weights, INFLUENCES)
    morphs, amounts = corrective_morphs(skinner, clip)
    names, shapes, moved = face_morphs(skinner, clip)
    if names:
        correctives = [f"corrective_{k}" for k in range(len(morphs))]
        morphs = np.concatenate([morphs, shapes])
        amounts = np.concatenate([amounts, moved], 1) if amounts.size else moved
        names = [*correctives, *names]
    normals, mesh = skinner.normals(rest), document.empty_mesh("body")
    if names:
        document.gltf.meshes[mesh].extras = {"targetNames": names}
    maps = document.maps(colors)
    for part in colors.parts:
        faces, vertex, corner = seamed(body.faces[part.faces], body.uv_faces[part.faces])
        document.primitive(
            mesh,
            document.surface(part.name, roughness=part.roughness, double=part.double, **maps),
            faces,
            rest[vertex],
            normals[vertex],
            body.uv[corner] * [1, -1] + [0, 1],
            JOINTS_0=indices[vertex, :4],
            WEIGHTS_0=weights[vertex, :4],
            JOINTS_1=indices[vertex, 4:],
            WEIGHTS_1=weights[vertex, 4:],
            **({"_VERTEX": vertex.astype(np.float32)} if numbered else {}),
            **(
                {"TANGENT": tangents(rest[vertex], normals[vertex], body.uv[corner], faces)}
                if colors.normal is not None
                else {}
            ),
        )
        if len(morphs):
            document.morph(mesh, morphs[:, vertex])
    joints = _skeleton(document, skinner.rest_joints)
    node = document.place(mesh, "avatar", skin=_skin(document, joints, skinner.rest_joints))
    if clip is not None:
        _animate(document, joints, node, skinner.rest_joints, clip, amounts)
        document.gltf.asset.copyright = clip.licence or None
        document.gltf.asset.extras = {"clip": clip.name, "source": clip.source}
    return document.content()


def face_morphs(skinner: Skinner, clip: Motion | None) -> tuple[list[str], np.ndarray, np.ndarray]:
    """What a clip does with the face: names of K coefficients, shapes (K, V, 3) metres, amounts (T, K)."""
    face = None if clip is None else getattr(clip, "face", None)
    used = np.zeros(0, int) if face is None else np.flatnonzero(face.max(0) > _LEAST_FACE)
    if face is None or not len(used):
        return [], np.zeros((0, len(skinner.rest_vertices), 3), np.float32), np.zeros((0, 0), np.float32)
    shapes = face_directions(skinner.body).transpose(2, 0, 1)[used]
    return [FACE_CHANNELS[k] for k in used], shapes, face[:, used]


def corrective_morphs(skinner: Skinner, clip: Motion | None) -> tuple[np.ndarray, np.ndarray]:
    """Pose correctives of a clip as few shapes and how much of each.

    Returns:
        shapes (K, V, 3) float32, metres; amounts (T, K) float32, whose sum of products leaves at most
        0.2 mm per vertex (or K is 24); both empty without a clip or correctives.
    """
    count = len(skinner.rest_vertices)
    if clip is None or skinner.body.correctives is None:
        return np.zeros((0, count, 3), np.float32), np.zeros((0, 0), np.float32)
    kernel = CorrectiveKernel(skinner.body.correctives)
    offsets = np.zeros((len(clip.poses), count, 3), np.float32)
    for transforms, offset in zip(skinner.transforms(clip.poses, clip.translation), offsets, strict=True):
        kernel.add(transforms, offset)
    flat = offsets.reshape(len(offsets), -1)
    # Principal components through the small T x T matrix of products.
    values, vectors = np.linalg.eigh((flat @ flat.T).astype(np.float64))
    values, vectors = values[::-1], vectors[:, ::-1]
    possible = min(_MOST_MORPHS, int((values > 1e-12 * max(values[0], 1e-12)).sum()))
    amounts = vectors[:, :possible] * np.sqrt(np.maximum(values[:possible], 0.0))
    shapes = (vectors[:, :possible].T @ flat) / np.sqrt(np.maximum(values[:possible], 1e-30))[:, None]
    left = flat.copy()
    for used in range(possible + 1):
        if np.abs(left).max(initial=0.0) <= _MORPH_ERROR or used == possible:
            break
        left -= np.outer(amounts[:, used], shapes[used]).astype(np.float32)
    return shapes[:used].reshape(used, count, 3).astype(np.float32), amounts[:, :used].astype(np.float32)


def _skeleton(document: Document, rest_joints: np.ndarray) -> list[int]:
    """One node per joint, the pelvis in the scene; their numbers in joint order."""
    nodes = document.gltf.nodes
    first = len(nodes)
    for joint, name in enumerate(JOINT_NAMES):
        parent = PARENTS[joint]
        offset = rest_joints[joint] - (rest_joints[parent] if parent >= 0 else 0.0)
        children = [first + child for child in range(JOINT_COUNT) if PARENTS[child] == joint]
        nodes.append(g.Node(name=name, translation=offset.astype(float).tolist(), children=children))
    document.show(first)
    return list(range(first, first + JOINT_COUNT))


def _skin(document: Document, joints: list[int], rest_joints: np.ndarray) -> int:
    inverse = np.tile(np.eye(4, dtype=np.float32), (JOINT_COUNT, 1, 1))
    inverse[:, :3, 3] = -rest_joints
    accessor = document.accessor(inverse)
    document.gltf.skins.append(
        g.Skin(name="smplx", joints=joints, inverseBindMatrices=accessor, skeleton=joints[0])
    )
    return len(document.gltf.skins) - 1


def _animate(
    document: Document,
    joints: list[int],
    node: int,
    rest_joints: np.ndarray,
    clip: Motion,
    amounts: np.ndarray,
) -> None:
    """Linear keys at every frame of the clip; joints that keep still are left out."""
    times = (np.arange(len(clip.poses)) / clip.rate_hz).astype(np.float32)
    animation = g.Animation(name=clip.name, samplers=[], channels=[])
    time_accessor = document.accessor(times, bounds=True)

    def channel(target: int, path: str, values: np.ndarray) -> None:
        output = document.accessor(np.asarray(values, np.float32))
        animation.samplers.append(
            g.AnimationSampler(input=time_accessor, output=output, interpolation=g.ANIM_LINEAR)
        )
        animation.channels.append(
            g.AnimationChannel(
                sampler=len(animation.samplers) - 1, target=g.AnimationChannelTarget(node=target, path=path)
            )
        )

    channel(joints[0], "translation", rest_joints[0] + clip.translation)
    for joint, target in enumerate(joints):
        if np.abs(clip.poses[:, joint]).max() > 0:
            channel(target, "rotation", continuous(quaternion_from_axis_angle(clip.poses[:, joint])))
    if amounts.shape[1]:
        channel(node, "weights", amounts.reshape(-1))
    document.gltf.animations.append(animation)


def continuous(quaternions: np.ndarray) -> np.ndarray:
    """(T, 4) w, x, y, z -> (T, 4) x, y, z, w without jumps between the two signs of a rotation."""
    products = np.einsum("ti,ti->t", quaternions[1:], quaternions[:-1])
    signs = np.concatenate([[1.0], np.cumprod(np.where(products < 0, -1.0, 1.0))])
    return (quaternions * signs[:, None])[:, [1, 2, 3, 0]]
