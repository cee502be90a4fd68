"""The third signal: what is asked against what clips show, in the space of `generation` (MoCLIP)."""

from collections.abc import Callable

import numpy as np

from clipactor_node.errors import ModelError
from clipactor_node.generation import Clips, MotionSpace, motion_index
from clipactor_node.text import Encoder

WEIGHT = 0.05
"""The most that motion says for or against a label, in units of cosine: it decides between labels that words
leave equal, and cannot outvote a label that says what was asked."""

LOOKED_AT = 20
"""So many of the clips that show most alike are candidates, whatever their labels."""


class MotionSignal:
    """How well each clip of a library shows what a text asks for.

    Args:
        library: its clips are encoded once and kept on disk.
        space: reads the vectors of `encoder`, so that no text is encoded again.
        encoder: of the retriever's first stage.
        progress: told (done, of how many) while motions are encoded.

    Raises:
        ModelError: the space was trained on vectors of another encoder.
    """

    def __init__(
        self,
        library: Clips,
        space: MotionSpace,
        encoder: Encoder,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        if not space.reads(encoder.id, encoder.dimension):
            raise ModelError(
                f"the motion-text model was trained on {space.manifest.encoder}, the first stage is "
                f"{encoder.id}; choose the profile that fits, or train one on it"
            )
        self.id = space.id
        self._space = space
        self._index = motion_index(library, space, progress=progress)
        self._slope = float(space.manifest.facts.get("slope", 10.0))
        self._middle = float(space.manifest.facts.get("middle", 0.3))

    def gains(self, query: np.ndarray) -> dict[str, float]:
        """Clip -> what its motion says for a query: -WEIGHT to WEIGHT, by one calibrated curve.

        Args:
            query: (D,) unit vector of the first stage.
        """
        cosines = self._index.scores(self._space.words(query[None])[0])
        gains = WEIGHT * np.tanh(0.5 * self._slope * (cosines - self._middle))
        return dict(zip(self._index.names, gains.tolist(), strict=True))
