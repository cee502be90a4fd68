"""The project's own image-text model of clothes, and the outfits it can propose from a sentence.

from clipactor_node.imagetext import wardrobe
wardrobe.propose_outfit("a person in a red t-shirt and blue jeans")   # an outfit; needs no torch
model = wardrobe.load()                                                # the model; needs [style]
"""

from clipactor_node.imagetext.wardrobe.proposing import Understanding, propose_outfit

__all__ = ["Understanding", "load", "propose_outfit"]


def load(device: str = "cpu", precision: str = "fp32"):
    """The embedded `ImageTextModel` (see `model.WardrobeModel`).

    Raises:
        ModelError: its weights are missing or damaged.
        MissingExtra: the packages of the [style] extra are not installed.
    """
    try:
        from clipactor_node.imagetext.wardrobe import model
    except ImportError as error:
        from clipactor_node.errors import MissingExtra

        raise MissingExtra("the embedded clothes model", "style") from error
    return model.load(device, precision)
