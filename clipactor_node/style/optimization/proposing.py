"""Where a field starts, on whatever it lies."""

from clipactor_node.appearance.cloth import DressedBody
from clipactor_node.appearance.painting import Proposal
from clipactor_node.imagetext import ImageTextModel, ProposesOutfits
from clipactor_node.style.frames import Frames
from clipactor_node.style.surfaces import proposal_on


def proposal_of(
    prompt: str, model: ImageTextModel, frames: Frames, look: DressedBody | None
) -> Proposal | None:
    """The texture of what is worn, or the model's proposal at the vertices of `frames.template`; None: the
    model makes none."""
    if look is not None:
        return proposal_on(look)
    if not isinstance(model, ProposesOutfits):
        return None
    proposal = model.propose_outfit(prompt, frames.body)
    if frames.shown is None:
        return proposal
    pick = frames.shown.pick
    return Proposal(proposal.colors[pick], proposal.displacement[pick], proposal.note)
