"""Short names for the arrays of this sub-room."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
"""float32 or float64, whatever the body's arrays make of it."""
Doubles = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Faces = npt.NDArray[np.int32]
Ids = npt.NDArray[np.integer]
