"""Plain clothes on a body: what everybody wears until told otherwise."""

import numpy as np

from clipactor_node.appearance.garments import Outfit, piece
from clipactor_node.appearance.painting.painter import paint_with_shape
from clipactor_node.appearance.painting.per_body import PerBody, on_disk
from clipactor_node.appearance.painting.proposal import Proposal
from clipactor_node.body import Body

EVERYDAY = Outfit(
    skin=(216, 170, 144),
    pieces=(
        piece("hair", (66, 47, 37)),
        piece("t-shirt", (70, 112, 160)),
        piece("jeans", (62, 66, 78)),
        piece("sneakers", (232, 232, 228)),
    ),
)
"""An outfit like any other, in colors that tell its parts, and the avatar from the page, apart."""


def _plain_clothes(body: Body) -> Proposal:
    def make() -> dict[str, np.ndarray]:
        found = paint_with_shape(EVERYDAY, body)
        offsets = np.zeros_like(found.colors) if found.rest_offsets is None else found.rest_offsets
        return {"colors": found.colors, "displacement": found.displacement, "rest_offsets": offsets}

    kept = on_disk("plain-clothes", body, make)
    return Proposal(kept["colors"], kept["displacement"], rest_offsets=kept["rest_offsets"])


plain_clothes = PerBody(_plain_clothes)
"""`paint_with_shape(EVERYDAY, body)`, kept in memory and on disk."""
