"""A few dense layers in numpy, forward, and backward to what went in."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Layers:
    """Dense layers with ReLU between them.

    Fields:
        weights: of each layer (O, I) float32. biases: (O,) float32.
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, arrays: dict[str, np.ndarray], name: str) -> "Layers":
        """Those stored as `name.w0`, `name.b0`, ... Raises: KeyError: there are none."""
        count = sum(key.startswith(f"{name}.w") for key in arrays)
        if not count:
            raise KeyError(name)
        return cls(
            tuple(arrays[f"{name}.w{i}"].astype(np.float32) for i in range(count)),
            tuple(arrays[f"{name}.b{i}"].astype(np.float32) for i in range(count)),
        )

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """(..., I) -> (..., O)."""
        return self.inner(rows)[-1]

    def inner(self, rows: np.ndarray) -> list[np.ndarray]:
        """What comes out of every layer, after its ReLU."""
        values = np.asarray(rows, np.float32)
        out = []
        last = len(self.weights) - 1
        for index, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = values @ weights.T + biases
            if index < last:
                values = np.maximum(values, 0.0)
            out.append(values)
        return out

    def gradient(self, inner: list[np.ndarray], by_output: np.ndarray) -> np.ndarray:
        """Slope by what went in (..., I), from the slope by what came out (..., O); `inner` of that run."""
        slope = by_output
        for index in range(len(self.weights) - 1, -1, -1):
            if index < len(self.weights) - 1:
                slope = slope * (inner[index] > 0.0)
            slope = slope @ self.weights[index]
        return slope
