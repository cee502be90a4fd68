"""Plain clothes for a body that no style has dressed yet: regions from skin weights and the T-pose."""

import numpy as np

from clipactor_node.body.model import PART_NAMES, Body
from clipactor_node.body.skeleton import JOINT_INDEX

COLORS: dict[str, tuple[int, int, int]] = {
    "skin": (214, 166, 138), "lips": (190, 116, 104), "hair": (62, 44, 34), "brows": (74, 54, 42),
    "shirt": (66, 108, 158), "trousers": (58, 62, 74), "shoes": (236, 236, 232), "soles": (120, 120, 122),
    "sclera": (240, 238, 234), "iris": (84, 62, 46), "pupil": (20, 18, 18), "mouth": (120, 52, 52),
}  # fmt: skip
REGION_NAMES = tuple(COLORS)


def plain_colors(body: Body) -> np.ndarray:
    """(V, 3) uint8 sRGB: shirt, trousers, shoes, hair, skin."""
    return np.array(list(COLORS.values()), np.uint8)[regions(body)]


def regions(body: Body) -> np.ndarray:
    """(V,) uint8 into `REGION_NAMES`."""
    points = body.template
    joints = body.joints(points)
    at = {name: joints[index] for name, index in JOINT_INDEX.items()}
    x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]
    region = np.full(len(points), REGION_NAMES.index("skin"), np.uint8)

    def put(name: str, where: np.ndarray) -> None:
        region[where] = REGION_NAMES.index(name)

    sleeve = at["left_shoulder"][0] + 0.62 * (at["left_elbow"][0] - at["left_shoulder"][0])
    collar = at["neck"][1] + 0.012 - 0.55 * (z - at["neck"][2])  # lower in front than at the nape
    waist = at["spine1"][1] - 0.055
    upper = (y > waist) & (x < sleeve) & (y < np.maximum(collar, at["spine3"][1] + 0.09))
    put("shirt", upper)
    lower = (y <= waist) & (x < at["left_wrist"][0] * 0.6)
    put("trousers", lower)
    ankle = at["left_ankle"][1]
    put("shoes", lower & (y < ankle + 0.012))
    put("soles", lower & (y < points[:, 1].min() + 0.012))
    _paint_head(points, at, put)
    _paint_parts(body, at, put)
    return region


def _paint_head(points: np.ndarray, at: dict, put) -> None:
    eye = 0.5 * (at["left_eye_smplhf"] + at["right_eye_smplhf"])
    x, y, z = np.abs(points[:, 0]), points[:, 1] - eye[1], points[:, 2] - eye[2]
    # Hairline: over the forehead, down in front of the ear, around it, to the nape. z is 0 at the eyes.
    line = np.interp(
        z, [-0.20, -0.125, -0.10, -0.07, -0.045, -0.02, 0.02], [-0.085, -0.06, 0.0, 0.02, 0.035, 0.06, 0.072]
    )
    ear = (x > 0.074) & (z > -0.135) & (z < -0.06) & (y < 0.03)
    put("hair", (y > line) & (y > -0.12) & ~ear)


def _paint_parts(body: Body, at: dict, put) -> None:
    put("mouth", body.parts == PART_NAMES.index("tongue"))
    for side in ("left_eye", "right_eye"):
        ball = body.parts == PART_NAMES.index(side)
        put("sclera", ball)
        if not ball.any():
            continue
        offset = body.template - at[f"{side}_smplhf"]
        angle = np.arctan2(np.hypot(offset[:, 0], offset[:, 1]), offset[:, 2])
        put("iris", ball & (angle < 0.56))
        put("pupil", ball & (angle < 0.24))
