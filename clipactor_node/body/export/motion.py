"""What an export needs of a clip: `motion.MotionClip` has it, and the body knows no room above it."""

from typing import Protocol

import numpy as np


class Motion(Protocol):
    """A motion over T frames, SMPL axes, flat hands; what is named as in `MotionClip`.

    It may have a `face`, (T, 12) coefficients of `FACE_CHANNELS`.
    """

    @property
    def name(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def licence(self) -> str: ...

    @property
    def rate_hz(self) -> float: ...

    @property
    def poses(self) -> np.ndarray:
        """(T, 55, 3) float32, axis-angle, radians."""
        ...

    @property
    def translation(self) -> np.ndarray:
        """(T, 3) float32, metres."""
        ...
