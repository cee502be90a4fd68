"""What the grammar read from a sentence, as numbers for the text head."""

import numpy as np

from clipactor_node.appearance.outfit import ProposedOutfit
from clipactor_node.appearance.painting import paint, survey
from clipactor_node.appearance.words import slot_of
from clipactor_node.body import Body
from clipactor_node.imagetext.embedded.readout_targets import SIZE, SLOTS, part_masks, reading, worn

PICTURE_SIZE = 96
"""Side of the pictures that the model sees, pixels."""
FEATURES = SIZE + 2 * len(SLOTS) + 2
"""Numbers of a sentence's layout: its reading, slots filled, slots said, whether named, whether empty."""


def layout(understood: ProposedOutfit, body: Body, masks: np.ndarray | None = None) -> np.ndarray:
    """What the grammar read from a sentence, as (F,) float32 for the text head.

    masks: of `part_masks` for that body, if they are at hand.
    """
    masks = part_masks(survey(body)) if masks is None else masks
    colors = paint(understood.outfit, body).colors
    wishes = understood.wishes
    said = {slot_of(wear) for mention in wishes.mentions for wear in mention.wears}
    if wishes.overall:
        said |= {"top", "bottom"}
    named = understood.name is not None
    mentioned = np.array([slot in said or named for slot in SLOTS], np.float32)
    flags = np.array([named, wishes.empty and not named], np.float32)
    return np.concatenate(
        [reading(understood.outfit, colors, masks), worn(understood.outfit), mentioned, flags]
    ).astype(np.float32)
