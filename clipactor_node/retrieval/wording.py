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


def fit(wish: Layer, label: Layer) -> float:
    """How well the wording of a label fits a wish: added to their cosine.

    Left and right do not count here, as clips can be mirrored: see `is_other_side`.
    """
    bonus = 0.0
    if wish.direction and wish.direction not in _LATERAL:
        if label.direction == wish.direction:
            bonus += AGREEMENT
        elif label.direction == _OPPOSITE.get(wish.direction):
            bonus -= CONTRADICTION
        else:
            bonus -= OMISSION
    elif not wish.direction and label.direction in ("backward", "sideways"):
        bonus -= OMISSION  # nobody who says "walk" means backwards
    wanted, offered = _sign(wish.speed), _sign(label.speed)
    if wanted and offered:
        bonus += AGREEMENT if wanted == offered else -CONTRADICTION
    return bonus


def is_other_side(wish: Layer, label: Layer) -> bool:
    """Whether the label does on one side what is wished for on the other."""
    pairs = [(wish.side, label.side), (_lateral(wish), _lateral(label))]
    named = [(a, b) for a, b in pairs if a and b]
    return any(a != b for a, b in named) and not any(a == b for a, b in named)


def acting_limb(wish: Layer) -> str:
    """The limb a wish names: "arm", "leg", or "" where it names none."""
    words = set(wish.text.lower().split())
    return "arm" if words & _ARM else "leg" if words & _LEG else ""


def moving_side(wish: Layer) -> str:
    """The side that must move for a wish: who balances on the left leg lifts the right one."""
    if wish.side and wish.verb in _STANCES and acting_limb(wish) == "leg":
        return "right" if wish.side == "left" else "left"
    return wish.side


def swap_sides(text: str) -> str:
    """Every "left" a "right" and the reverse."""
    swapped = {"left": "right", "right": "left"}
    return " ".join(swapped.get(word.lower(), word) for word in text.split())


def remaining_speed(wish: Layer, label: Layer) -> float:
    """The factor still to be applied to a clip whose label already says how fast it is."""
    return 1.0 if _sign(wish.speed) == _sign(label.speed) else wish.speed


def _lateral(layer: Layer) -> str:
    return layer.direction if layer.direction in _LATERAL else ""


def _sign(speed: float) -> int:
    return (speed > 1.0) - (speed < 1.0)
