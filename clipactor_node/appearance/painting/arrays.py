"""Short names for the arrays of this sub-room."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
"""float32 or float64, whatever the body's arrays make of it."""
Doubles = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Faces = npt.NDArray[np.int32]
Ids = npt.NDArray[np.integer]

Joints = dict[str, Floats]
"""Name of a joint -> (3,) metres, in the T-pose."""
Layers = Iterator[tuple[Floats, Floats, Floats | float]]
"""Of each thing that a garment consists of: its signed distance (V,) in metres, positive where it covers; its
color (3,) or (V, 3), 0-255; how thick it is, () or (V,), metres."""
