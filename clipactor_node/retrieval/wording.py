"""What words say beyond meaning: sides, directions and speeds, which sentence vectors blur."""

from functools import lru_cache

from clipactor_node.language import Layer, label_layers

_OPPOSITE = {"forward": "backward", "backward": "forward", "up": "down", "down": "up"}
_LATERAL = ("left", "right")
_ARM = {"arm", "hand", "fist", "elbow", "finger", "thumb", "shoulder", "wrist", "palm"}
_LEG = {"leg", "foot", "knee", "heel", "toe", "ankle"}
_STANCES = ("stand", "balance")

CONTRADICTION = 0.15
"""What one contradiction costs, in units of cosine: as much as separates good from fair labels."""

AGREEMENT = 0.03
OMISSION = 0.02


@lru_cache(maxsize=65536)
def first_layer(text: str) -> Layer:
    """The first action of a label; a layer without properties where it cannot be read."""
    layers = label_layers(text)
    return layers[0] if layers else Layer(text)


def fit(asked: Layer, label: Layer) -> float:
    """How well the wording of a label fits what was asked for: added to their cosine.

    Left and right do not count here, as clips can be mirrored: see `is_other_side`.
    """
    bonus = 0.0
    if asked.direction and asked.direction not in _LATERAL:
        if label.direction == asked.direction:
            bonus += AGREEMENT
        elif label.direction == _OPPOSITE.get(asked.direction):
            bonus -= CONTRADICTION
        else:
            bonus -= OMISSION
    elif not asked.direction and label.direction in ("backward", "sideways"):
        bonus -= OMISSION  # nobody who says "walk" means backwards
    wanted, offered = _sign(asked.speed), _sign(label.speed)
    if wanted and offered:
        bonus += AGREEMENT if wanted == offered else -CONTRADICTION
    return bonus


def is_other_side(asked: Layer, label: Layer) -> bool:
    """Whether the label does on one side what is asked for on the other."""
    pairs = [(asked.side, label.side), (_lateral(asked), _lateral(label))]
    named = [(a, b) for a, b in pairs if a and b]
    return any(a != b for a, b in named) and not any(a == b for a, b in named)


def acting_limb(asked: Layer) -> str:
    """The limb that is named: "arm", "leg", or "" where it names none."""
    words = set(asked.text.lower().split())
    return "arm" if words & _ARM else "leg" if words & _LEG else ""


def moving_side(asked: Layer) -> str:
    """The side that must move: who balances on the left leg lifts the right one."""
    if asked.side and asked.verb in _STANCES and acting_limb(asked) == "leg":
        return "right" if asked.side == "left" else "left"
    return asked.side


def swap_sides(text: str) -> str:
    """Every "left" a "right" and the reverse."""
    swapped = {"left": "right", "right": "left"}
    return " ".join(swapped.get(word.lower(), word) for word in text.split())


def remaining_speed(asked: Layer, label: Layer) -> float:
    """The factor still to be applied to a clip whose label already says how fast it is."""
    return 1.0 if _sign(asked.speed) == _sign(label.speed) else asked.speed


def _lateral(layer: Layer) -> str:
    return layer.direction if layer.direction in _LATERAL else ""


def _sign(speed: float) -> int:
    return (speed > 1.0) - (speed < 1.0)
