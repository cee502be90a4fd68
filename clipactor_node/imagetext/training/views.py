"""What cameras see of the unclothed, posed body: where each pixel lies on the template.

Clothes are painted on the template, so a view is rendered once and dressed as often as one likes by
looking colors up (deferred shading). That is what makes training data cheap.
"""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body import Body, Skinner
from clipactor_node.geometry import JOINT_INDEX, Camera, rasterize
from clipactor_node.imagetext.embedded.layout import PICTURE_SIZE

SIZE = PICTURE_SIZE
FINE = 2
FRAMINGS = (
    (0.58, 2.1, ()),
    (0.19, 1.1, ("spine2", "neck")),
    (0.13, 1.1, ("left_knee", "right_knee")),
    (0.10, 0.6, ("head",)),
)
"""Share, metres from top to bottom, joints in the middle (none: the whole body)."""


@dataclass(frozen=True)
class Views:
    """N views, foreground pixels only; view i has the pixels starts[i]:starts[i + 1].

    pixels: (M,) uint16, index in the 96 x 96 picture; corners: (M, 4) uint16, the template vertex each
    of its four samples sees (65535: background); normals: (M, 3) int8, camera axes (right, up, towards
    the camera), times 127; poses, framings: (N,) int32, which pose and framing.
    """

    starts: np.ndarray
    pixels: np.ndarray
    corners: np.ndarray
    normals: np.ndarray
    poses: np.ndarray
    framings: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def save(self, path) -> None:
        np.savez(path, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    @classmethod
    def load(cls, path) -> "Views":
        with np.load(path) as file:
            return cls(**{name: file[name] for name in cls.__dataclass_fields__})


def render(body: Body, poses: np.ndarray, count: int, seed: int, progress=None) -> Views:
    """`count` random views of random poses on bodies of random shape and cloth thickness.

    Args:
        poses: (P, 55, 3) float32 axis-angle to draw from.
        progress: called with the number of views done, now and then.
    """
    random = np.random.default_rng(seed)
    found, chosen, framings = [], [], []
    skinners = [_somebody(body, random) for _ in range(24)]
    while len(found) < count:
        skinner = skinners[int(random.integers(len(skinners)))]
        index = int(random.integers(len(poses)))
        pose = np.array(poses[index], np.float32)
        pose[0] = 0.0 if random.random() < 0.5 else pose[0] * (1, 0, 1)
        transforms = skinner.transforms(pose, np.zeros(3, np.float32))
        vertices = skinner.vertices(transforms)
        normals = skinner.normals(vertices)
        centre = 0.5 * (vertices.min(0) + vertices.max(0))
        joints = transforms[:, :3, 3]
        for _ in range(4):
            framing = int(random.choice(len(FRAMINGS), p=[f[0] for f in FRAMINGS]))
            view = _view(vertices, normals, body.faces, joints, centre, framing, random)
            if len(view[0]) > 60:
                found.append(view)
                chosen.append(index)
                framings.append(framing)
        if progress and len(found) % 400 < 4:
            progress(len(found))
    found = found[:count]
    starts = np.concatenate([[0], np.cumsum([len(view[0]) for view in found])])
    arrays = [np.concatenate([view[k] for view in found]) for k in range(3)]
    return Views(starts, *arrays, np.array(chosen[:count], np.int32), np.array(framings[:count], np.int32))


def _somebody(body: Body, random: np.random.Generator) -> Skinner:
    """A body of random shape, padded here and there as cloth would."""
    betas = random.normal(0, 0.8, min(8, body.shape_directions.shape[2])).clip(-1.6, 1.6)
    from clipactor_node.geometry import vertex_normals

    rest = body.shape(betas)
    wave = sum(np.sin(rest @ random.normal(0, 9, 3) + random.uniform(0, 6.3)) for _ in range(3)) / 3
    thickness = 0.012 * random.random() * (1 + wave)
    hand = np.asarray(body.weights)[:, 25:].sum(1) > 0.2
    padded = np.where(hand, 0, thickness)[:, None] * vertex_normals(rest, body.faces)
    return Skinner(body, betas, offsets=padded)


def _view(vertices, normals, faces, joints, centre, framing: int, random: np.random.Generator):
    _, height, around = FRAMINGS[framing]
    target = joints[[JOINT_INDEX[name] for name in around]].mean(0) if around else centre
    target = target + random.normal(0, 0.04, 3)
    height *= random.uniform(0.85, 1.2)
    fov = random.uniform(25, 62)
    azimuth, elevation = random.uniform(-np.pi, np.pi), random.uniform(-0.4, 0.6)
    distance = height / (2 * np.tan(np.radians(0.5 * fov)))
    toward = np.array(
        [np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)]
    )
    camera = Camera(
        tuple(target + distance * toward), tuple(target), fov=fov, width=SIZE * FINE, height=SIZE * FINE
    )
    ids, weights = rasterize(camera.homogeneous(vertices), faces, camera.width, camera.height)
    nearest = np.take_along_axis(faces[ids.clip(0)], weights.argmax(2)[..., None], 2)[..., 0]
    nearest = np.where(ids >= 0, nearest, 65535).astype(np.uint16)
    blocks = nearest.reshape(SIZE, FINE, SIZE, FINE).transpose(0, 2, 1, 3).reshape(-1, FINE * FINE)
    pixels = np.flatnonzero((blocks < 65535).any(1))
    corners = blocks[pixels]
    seen = corners.min(1)
    axes = camera.axes * np.array([[1], [-1], [-1]])
    facing = (normals[seen] @ axes.T * 127).astype(np.int8)
    return pixels.astype(np.uint16), corners, facing
