"""The body's picture sheet: clothes, shapes, expressions, hands, joints bent."""

from collections.abc import Iterator

import numpy as np

from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body import Body, Skinner
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX, Camera
from clipactor_node.render.contact_sheet import sheet
from clipactor_node.render.picture import draw

SIZE = 240
_GREY = 172
_STAND = {
    "left_shoulder": (0, 0, -68),
    "right_shoulder": (0, 0, 68),
    "left_elbow": (0, -14, 0),
    "right_elbow": (0, 14, 0),
    "left_collar": (0, 0, -6),
    "right_collar": (0, 0, 6),
}
_SIT = {"left_hip": (-85, 0, 8), "right_hip": (-85, 0, -8), "left_knee": (90, 0, 0), "right_knee": (90, 0, 0)}
_BENDS = {  # joint -> (axis of one side, angles, azimuths, how much of the body is seen in metres)
    "left_shoulder": ((0, 0, 1), (-75, 90), (0, 180), 0.34),
    "left_elbow": ((0, -1, 0), (90, 120, 150), (-20, 60), 0.22),
    "left_hip": ((-1, 0, 0), (90, 120), (35, 120), 0.36),
    "left_knee": ((1, 0, 0), (90, 120, 150), (90, 30), 0.26),
}


def body_sheet(body: Body) -> np.ndarray:
    """(H, W, 3) uint8: everything `docs/body.md` shows."""
    pictures: list[tuple[str, np.ndarray]] = []
    for part in (_clothed(body), _shapes(body), _expressions(body), _hands(body), _bent(body)):
        pictures += part
    captions, images = zip(*pictures, strict=True)
    return sheet(images, captions, columns=10)


def pose_of(**degrees: tuple[float, float, float]) -> np.ndarray:
    """(55, 3) axis-angle from degrees by joint name."""
    pose = np.zeros((JOINT_COUNT, 3), np.float32)
    for name, angles in degrees.items():
        pose[JOINT_INDEX[name]] = np.radians(angles)
    return pose


def _dressed(body: Body) -> tuple[Skinner, np.ndarray]:
    """The body in plain clothes, and their colors (V, 3) uint8."""
    clothes = plain_clothes(body)
    return Skinner(body, offsets=clothes.rest_offsets), clothes.srgb


def _clothed(body: Body) -> Iterator[tuple[str, np.ndarray]]:
    skinner, colors = _dressed(body)
    standing = _with_hands(body, pose_of(**_STAND))
    for caption, azimuth in (("front", 0), ("three quarters", 40), ("left", 90), ("back", 180)):
        yield caption, _shot(skinner, standing, colors, azimuth)
    yield "T-pose", _shot(skinner, pose_of(), colors, 0)
    yield "sitting", _shot(skinner, _with_hands(body, pose_of(**_STAND, **_SIT)), colors, 50)
    reach = pose_of(
        left_shoulder=(0, 0, 70),
        right_shoulder=(0, 0, -70),
        left_collar=(0, 0, 15),
        right_collar=(0, 0, -15),
        spine2=(-8, 0, 0),
        head=(-15, 0, 0),
    )
    yield "reaching", _shot(skinner, reach, colors, -30)
    head = np.linalg.norm(body.template - skinner.rest_joints[JOINT_INDEX["head"]], axis=1) < 0.2
    for caption, azimuth in (("face", 0), ("", 45), ("", 180)):
        yield caption, _shot(skinner, standing, colors, azimuth, head)


def _shapes(body: Body) -> Iterator[tuple[str, np.ndarray]]:
    pose, clothes = _with_hands(body, pose_of(**_STAND)), plain_clothes(body)
    frame = Skinner(body, betas=body.betas(**{body.shape_names[0]: 2}))
    for name in body.shape_names[:10]:
        halves = []
        for units in (-2.5, 2.5):
            skinner = Skinner(body, betas=body.betas(**{name: units}), offsets=clothes.rest_offsets)
            halves.append(_shot(skinner, pose, clothes.srgb, 15, frame=frame, width=SIZE // 2))
        yield f"{name} -2.5, +2.5", np.concatenate(halves, axis=1)


def _expressions(body: Body) -> Iterator[tuple[str, np.ndarray]]:
    clothes = plain_clothes(body)
    for name in body.expression_names[:10]:
        skinner = Skinner(body, expression=body.expression(**{name: 1}), offsets=clothes.rest_offsets)
        face = np.linalg.norm(body.template - skinner.rest_joints[JOINT_INDEX["jaw"]], axis=1) < 0.135
        yield name, _shot(skinner, pose_of(), clothes.srgb, 12, face)


def _hands(body: Body) -> Iterator[tuple[str, np.ndarray]]:
    skinner, colors = _dressed(body)
    near = np.linalg.norm(body.template - skinner.rest_joints[JOINT_INDEX["left_middle1"]], axis=1) < 0.12
    for caption, coefficients in [
        ("mean hand", ()),
        *((f"hand {k} {s:+d}", [0] * k + [s]) for k in range(4) for s in (-1, 1)),
    ]:
        pose = pose_of()
        pose[25:40] = body.hands.left(np.array(coefficients, np.float32) * 1.5)
        yield caption, _shot(skinner, pose, colors, 50, near, elevation=0.5)
    yield "flat hand", _shot(skinner, pose_of(), colors, 50, near, elevation=0.5)


def _bent(body: Body) -> Iterator[tuple[str, np.ndarray]]:
    skinner = Skinner(body)
    grey = np.full((len(body.template), 3), _GREY, np.uint8)
    for joint, (axis, angles, azimuths, reach) in _BENDS.items():
        near = np.linalg.norm(body.template - skinner.rest_joints[JOINT_INDEX[joint]], axis=1) < reach
        for angle in angles:
            pose = pose_of(**{joint: tuple(angle * np.array(axis, float))})
            for azimuth in azimuths:
                yield f"{joint} {angle}", _shot(skinner, pose, grey, azimuth, near, elevation=0.35)


def _with_hands(body: Body, pose: np.ndarray) -> np.ndarray:
    pose[25:40], pose[40:55] = body.hands.left(), body.hands.right()
    return pose


def _shot(
    skinner: Skinner,
    pose: np.ndarray,
    colors: np.ndarray,
    azimuth: float,
    near: np.ndarray | None = None,
    frame: Skinner | None = None,
    elevation: float = 0.12,
    width: int | None = None,
) -> np.ndarray:
    """One picture; `near` (V,) bool: what must be seen, `frame`: another body that must fit."""
    vertices = _standing(skinner, pose)
    seen = _standing(frame, pose) if frame is not None else vertices
    seen = seen if near is None else seen[near]
    camera = Camera.around(seen, np.radians(azimuth), elevation, width=width or SIZE, height=SIZE)
    return draw(vertices, skinner.body.faces, colors, camera, skinner.normals(vertices), floor=near is None)


def _standing(skinner: Skinner, pose: np.ndarray) -> np.ndarray:
    vertices = skinner.vertices(skinner.transforms(pose, np.zeros(3)))
    return vertices - np.array([0, vertices[:, 1].min(), 0], np.float32)
