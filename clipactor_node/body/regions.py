"""Plain clothes, the colors: regions of the T-pose, found from joints so that they fit any body."""

import numpy as np

from clipactor_node.body.model import PART_NAMES, Body
from clipactor_node.geometry import JOINT_INDEX

COLORS: dict[str, tuple[int, int, int]] = {
    "skin": (216, 170, 144), "lips": (198, 134, 120), "mouth": (128, 62, 60), "sclera": (238, 236, 232),
    "iris": (92, 68, 50), "pupil": (24, 22, 22),
    "brows": (98, 72, 56), "hair": (66, 47, 37), "trousers": (62, 66, 78),
    "shirt": (70, 112, 160), "shoes": (232, 232, 228), "soles": (150, 150, 150),
}  # fmt: skip
"""Region -> sRGB, in the order in which they are painted over one another."""
REGION_NAMES = tuple(COLORS)

SHIRT_LENGTH = 0.075  # metres from the pelvis joint down to the hem


def plain_colors(body: Body) -> np.ndarray:
    """(V, 3) uint8 sRGB: shirt, trousers, shoes, hair, skin."""
    return np.array(list(COLORS.values()), np.uint8)[regions(body)]


def regions(body: Body) -> np.ndarray:
    """(V,) uint8 into `REGION_NAMES`: for each vertex the last region it lies inside of."""
    inside = region_fields(body) > 0
    return (len(inside) - 1 - np.argmax(inside[::-1], axis=0)).astype(np.uint8)


def region_fields(body: Body) -> np.ndarray:
    """(R, V) float32: how far inside each region a vertex lies, roughly in metres; negative outside."""
    points = body.template
    at = dict(zip(JOINT_INDEX, body.joints(points), strict=True))
    fields = np.full((len(REGION_NAMES), len(points)), -1.0, np.float32)
    fields[0] = 1.0
    skin = body.parts == PART_NAMES.index("skin")
    for name, field in {**_clothes(points, at), **_head(points, at)}.items():
        fields[REGION_NAMES.index(name)] = np.where(skin, field, -1.0)
    for name, field in _eyes_and_tongue(body, at).items():
        fields[REGION_NAMES.index(name)] = field
    return fields


def _clothes(points: np.ndarray, at: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]
    shoulder, neck = at["left_shoulder"], at["neck"]
    sleeve = shoulder[0] + 0.55 * (at["left_elbow"][0] - shoulder[0]) - x
    hem = at["pelvis"][1] - SHIRT_LENGTH
    leg = 0.6 * at["left_wrist"][0] - x
    # A crew neck is cut by a plane, lower in front than at the nape, which bends up over the shoulders.
    opening = 0.85 * (neck[1] + 0.008 - 0.62 * (z - neck[2]) - y)
    opening = np.maximum(opening, x - 0.75 * shoulder[0])
    ankle = at["left_ankle"]
    collar = ankle[1] + 0.012 - y + 0.25 * (ankle[2] - z)
    return {
        "trousers": np.minimum(hem + 0.05 - y, leg),
        "shirt": np.minimum.reduce([y - hem, sleeve, opening]),
        "shoes": np.minimum(np.maximum(collar, z - ankle[2] - 0.09), np.minimum(leg, ankle[1] + 0.06 - y)),
        "soles": np.minimum(points[:, 1].min() + 0.012 - y, at["left_foot"][2] - 0.03 - z),
    }


def _head(points: np.ndarray, at: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    eye = 0.5 * (at["left_eye_smplhf"] + at["right_eye_smplhf"])
    half = 0.5 * (at["left_eye_smplhf"] - at["right_eye_smplhf"])[0]
    x, y, z = (points - eye).T
    x = np.abs(x)
    # Hairline over depth: nape, behind the ear, above it, before it, temple, forehead. z is 0 at the eyes.
    line = np.interp(
        z,
        [-0.19, -0.15, -0.135, -0.118, -0.10, -0.08, -0.062, -0.05, -0.03, 0.0, 0.03],
        [-0.080, -0.066, -0.045, 0.0, 0.030, 0.024, 0.006, 0.026, 0.052, 0.066, 0.070],
    )
    over = (x - 0.4 * half) / (1.4 * half)  # 0 at the inner end of the brow, 1 at the outer
    arch = 0.0215 + 0.0065 * np.sin(np.pi * np.clip(0.15 + 0.75 * over, 0, 1)) - 0.002 * over
    thick = 0.0045 * (1.1 - 0.6 * np.clip(over, 0, 1))
    brows = np.minimum(thick - np.abs(y - arch), 0.5 * half * np.minimum(over, 1 - over))
    lips = 0.3 * half * (1 - np.hypot(x / (0.86 * half), (y + 2.37 * half) / (0.30 * half)))
    front = z > -0.02
    return {
        "hair": y - line,
        "brows": np.where(z > -0.03, brows, -1.0),
        "lips": np.where(front, lips, -1.0),
    }


def _eyes_and_tongue(body: Body, at: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    result = {"mouth": np.where(body.parts == PART_NAMES.index("tongue"), 1.0, -1.0)}
    for side in ("left_eye", "right_eye"):
        ball = body.parts == PART_NAMES.index(side)
        offset = body.template - at[f"{side}_smplhf"]
        angle = np.arctan2(np.hypot(offset[:, 0], offset[:, 1]), offset[:, 2])
        for name, reach in (("sclera", 4.0), ("iris", 0.56), ("pupil", 0.24)):
            field = np.where(ball, 0.012 * (reach - angle), -1.0)
            result[name] = np.maximum(field, result.get(name, -1.0))
    return result
