"""The ten shape parameters and ten expressions of the open body, as T-pose directions."""

import numpy as np

from clipactor_node.body.build.source import MEAN_PHENOTYPE, Anny, Rest
from clipactor_node.body.build.tpose import unpose

# name -> change of anny's phenotype, and of its local controls, for one unit of the parameter.
SHAPES: dict[str, tuple[dict[str, float], dict[str, float]]] = {
    "height": ({"height": 0.05}, {}),
    "weight": ({"weight": 0.15}, {}),
    "muscle": ({"muscle": 0.15}, {}),
    "femininity": ({"gender": 0.17}, {}),
    "age": ({"age": 0.11}, {}),
    "proportions": ({"proportions": -0.10}, {}),
    "shoulder_width": ({}, {"measure-shoulder-dist-incr": 0.3, "torso-vshape-incr": 0.3}),
    "waist": ({}, {"measure-waist-circ-incr": 0.25, "stomach-tone-incr": -0.1}),
    "hip_width": ({}, {"hip-scale-horiz-incr": 0.3, "measure-hips-circ-incr": 0.2}),
    "leg_length": ({}, {"upperlegs-height-incr": 0.3, "lowerlegs-height-incr": 0.3}),
}
_REACH = 2.0  # directions are central differences over plus and minus this many units

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
    ends = [
        [_unposed(anny, rotations, _changed(anny, phenotype, local, sign * _REACH)) for sign in (-1, 1)]
        for phenotype, local in SHAPES.values()
    ]
    step = 2 * _REACH
    vertices = np.stack([(plus[0] - minus[0]) / step for minus, plus in ends], -1)
    bones = np.stack([(plus[1] - minus[1]) / step for minus, plus in ends], -1)
    return vertices, bones


def expression_directions(anny: Anny, rotations: np.ndarray) -> np.ndarray:
    """(V, 3, 10), metres per unit; unit 1 is the expression in full."""
    neutral = _unposed(anny, rotations, anny.rest())[0]
    moved = [
        _unposed(anny, rotations, anny.rest(facial_actions=_both_sides(anny, actions)))[0]
        for actions in EXPRESSIONS.values()
    ]
    return np.stack([vertices - neutral for vertices in moved], -1)


def _changed(anny: Anny, phenotype: dict, local: dict, units: float) -> Rest:
    return anny.rest(
        local_changes={key: units * value for key, value in local.items()},
        **{key: MEAN_PHENOTYPE[key] + units * value for key, value in phenotype.items()},
    )


def _unposed(anny: Anny, rotations: np.ndarray, rest: Rest) -> tuple[np.ndarray, np.ndarray]:
    vertices, heads = unpose(anny, rest, rotations)
    tails = heads + np.einsum("bij,bj->bi", rotations, rest.tails - rest.heads)
    return vertices, np.concatenate([heads, tails])


def _both_sides(anny: Anny, actions: dict[str, float]) -> dict[str, float]:
    names = set(anny.facial_actions)
    result = {}
    for stem, value in actions.items():
        found = {name for name in (stem, f"{stem}Left", f"{stem}Right") if name in names}
        if not found:
            raise KeyError(f"no facial action {stem!r} in {sorted(names)}")
        result |= dict.fromkeys(found, value)
    return result
