"""Square regions of a picture, turned so that a person stands upright in them, cut out for a network."""

from dataclasses import dataclass

import numba
import numpy as np


@dataclass(frozen=True)
class Region:
    """A turned square of a picture.

    Fields:
        x, y: its middle in pixels, from the top left corner of the picture; it may lie outside.
        size: length of a side in pixels.
        angle: radians by which it is turned clockwise, as seen.
    """

    x: float
    y: float
    size: float
    angle: float = 0.0

    @classmethod
    def whole(cls, picture: np.ndarray) -> "Region":
        """The smallest upright square that holds a whole picture (H, W, 3)."""
        height, width = picture.shape[:2]
        return cls(0.5 * width, 0.5 * height, float(max(height, width)))

    @classmethod
    def of_circle(cls, middle: np.ndarray, rim: np.ndarray, upward: float, scale: float) -> "Region":
        """The square around a circle.

        Args:
            middle, rim: (2,) pixels: of the circle, and a point on it.
            upward: radians, counter-clockwise from the right, where `rim` lies from `middle` in the region.
            scale: side of the square in diameters.
        """
        dx, dy = float(rim[0] - middle[0]), float(rim[1] - middle[1])
        angle = upward - np.arctan2(-dy, dx)
        angle = (angle + np.pi) % (2.0 * np.pi) - np.pi
        return cls(float(middle[0]), float(middle[1]), 2.0 * scale * float(np.hypot(dx, dy)), float(angle))

    @property
    def turn(self) -> np.ndarray:
        """(2, 2) float64 rotation from the region's axes to the picture's (x right, y down)."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.array([[cos, -sin], [sin, cos]])

    def to_picture(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) in the region, [0, 1] from its top left corner -> (..., 2) pixels of the picture."""
        return (np.asarray(points, np.float64) - 0.5) @ self.turn.T * self.size + [self.x, self.y]

    def turned(self, points: np.ndarray) -> np.ndarray:
        """(..., 3) directions, x right and y down in the region -> the same in the picture's axes."""
        points = np.asarray(points, np.float64)
        return np.concatenate([points[..., :2] @ self.turn.T, points[..., 2:]], -1)

    def cut(self, picture: np.ndarray, side: int, low: float, high: float) -> np.ndarray:
        """The region as networks take it.

        Args:
            picture: (H, W, 3) uint8. Outside of it is black.
            side: of the result, in pixels.
            low, high: values that black and white become.

        Returns:
            (1, side, side, 3) float32.
        """
        out = np.empty((1, side, side, 3), np.float32)
        fine = int(np.clip(np.ceil(self.size / side), 1, 6))  # samples a pixel: what is reduced is averaged
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        _cut(np.ascontiguousarray(picture), self.x, self.y, self.size, cos, sin, fine, out[0])
        out *= (high - low) / 255.0
        out += low
        return out


@numba.njit(cache=True, nogil=True)
def _cut(
    picture: np.ndarray, x: float, y: float, size: float, cos: float, sin: float, fine: int, out: np.ndarray
) -> None:
    height, width = picture.shape[:2]
    side = out.shape[0]
    step = size / (side * fine)
    for i in range(side):
        for j in range(side):
            red = green = blue = 0.0
            for a in range(fine):
                for b in range(fine):
                    u = (j * fine + b + 0.5) * step - 0.5 * size
                    v = (i * fine + a + 0.5) * step - 0.5 * size
                    px, py = x + cos * u - sin * v - 0.5, y + sin * u + cos * v - 0.5
                    if px < -1.0 or py < -1.0 or px > width or py > height:
                        continue
                    left, top = int(np.floor(px)), int(np.floor(py))
                    for m in range(2):
                        for n in range(2):
                            row, column = top + m, left + n
                            if row < 0 or column < 0 or row >= height or column >= width:
                                continue
                            share = (1.0 - abs(px - column)) * (1.0 - abs(py - row))
                            red += share * picture[row, column, 0]
                            green += share * picture[row, column, 1]
                            blue += share * picture[row, column, 2]
            count = fine * fine
            out[i, j, 0], out[i, j, 1], out[i, j, 2] = red / count, green / count, blue / count
