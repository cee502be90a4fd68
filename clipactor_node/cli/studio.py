"""The body that commands draw and export, in the clothes that were asked for."""

from dataclasses import dataclass

import numpy as np

from clipactor_node import body as bodies


@dataclass(frozen=True)
class Studio:
    """A dressed body: colors (V, 3) uint8, displacement (V,) metres or None."""

    skinner: bodies.Skinner
    colors: np.ndarray
    displacement: np.ndarray | None

    @classmethod
    def open(cls, style: str = "none") -> "Studio":
        """The shipped body in a cached style, or in plain clothes for "none"."""
        skinner = bodies.Skinner(bodies.load())
        if style == "none":
            body = skinner.body
            return cls(skinner.wearing(bodies.plain_offsets(body)), bodies.plain_colors(body), None)
        from clipactor_node.style import open_cache, transfer

        cache = open_cache()
        worn = transfer(cache.load(cache.find(style).key), skinner.body.template)
        return cls(skinner, worn.colors, worn.displacement.astype(np.float32))
