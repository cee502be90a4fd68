"""What the grammar read from a sentence, as numbers for the text head."""

import numpy as np

from clipactor_node.appearance.outfit import ProposedOutfit
from clipactor_node.appearance.painting import paint, surface_coordinates
from clipactor_node.appearance.words import slot_of
from clipactor_node.body import Body
from clipactor_node.imagetext.embedded.readout_targets import SIZE, SLOTS, part_masks, readout, worn

PICTURE_SIZE = 96
"""Side of the pictures that the model sees, pixels."""
FEATURES = SIZE + 2 * len(SLOTS) + 2
"""Numbers of a sentence's layout: its readout, slots filled, slots said, whether named, whether empty."""


def layout(proposed: ProposedOutfit, body: Body, masks: np.ndarray | None = None) -> np.ndarray:
    """What the grammar read from a sentence, as (F,) float32 for the text head.

    masks: of `part_masks` for that body, if they are at hand.
    """
    masks = part_masks(surface_coordinates(body)) if masks is None else masks
    colors = paint(proposed.outfit, body).colors
    parsed = proposed.parsed
    said = {slot_of(wear) for mention in parsed.mentions for wear in mention.wears}
    if parsed.overall:
        said |= {"top", "bottom"}
    named = proposed.name is not None
    mentioned = np.array([slot in said or named for slot in SLOTS], np.float32)
    flags = np.array([named, parsed.empty and not named], np.float32)
    return np.concatenate(
        [readout(proposed.outfit, colors, masks), worn(proposed.outfit), mentioned, flags]
    ).astype(np.float32)
