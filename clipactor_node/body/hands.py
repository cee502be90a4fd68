"""What hands do: the pose they rest in, and the few ways their fingers move together."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from clipactor_node.errors import ModelError

FINGER_JOINTS = 15


def _none() -> np.ndarray:
    return np.zeros((0, FINGER_JOINTS, 3), np.float32)


def _flat() -> np.ndarray:
    return np.zeros((FINGER_JOINTS, 3), np.float32)


@dataclass(frozen=True)
class Hands:
    """Mean and principal components of hand poses; axis-angle in radians from the flat hand.

    Joints are in SMPL-X order: index, middle, pinky, ring, thumb, three each.
    """

    left_mean: np.ndarray = field(default_factory=_flat)
    """(15, 3) float32."""
    right_mean: np.ndarray = field(default_factory=_flat)
    left_components: np.ndarray = field(default_factory=_none)
    """(C, 15, 3) float32."""
    right_components: np.ndarray = field(default_factory=_none)

    def __post_init__(self) -> None:
        for key in ("left_mean", "right_mean", "left_components", "right_components"):
            value = getattr(self, key)
            if value.shape[-2:] != (FINGER_JOINTS, 3) or not np.isfinite(value).all():
                raise ModelError(f"hands: {key!r} has shape {value.shape}; expected (..., 15, 3), finite")

    def left(self, coefficients: npt.ArrayLike = ()) -> np.ndarray:
        """The mean hand plus components: (up to C,) -> (15, 3) float32."""
        return _blend(self.left_mean, self.left_components, coefficients)

    def right(self, coefficients: npt.ArrayLike = ()) -> np.ndarray:
        """The mean hand plus components: (up to C,) -> (15, 3) float32."""
        return _blend(self.right_mean, self.right_components, coefficients)


def _blend(mean: np.ndarray, components: np.ndarray, coefficients: npt.ArrayLike) -> np.ndarray:
    given = np.asarray(coefficients, np.float32)
    if given.ndim != 1 or len(given) > len(components):
        raise ModelError(
            f"hand coefficients have shape {given.shape}; expected at most {len(components)} numbers"
        )
    return mean + np.tensordot(given, components[: len(given)], 1)
