"""The project's own image-text model of clothes: what `imagetext.load("embedded")` loads. Needs [style]."""

from typing import TYPE_CHECKING

from clipactor_node.errors import needing

if TYPE_CHECKING:
    from clipactor_node.imagetext.embedded.model import EmbeddedModel

__all__ = ["EmbeddedModel", "load"]


def load(device: str = "cpu", precision: str = "fp32") -> "EmbeddedModel":
    """The embedded `ImageTextModel` (see `model.EmbeddedModel`).

    Raises:
        ModelError: its weights are missing or damaged.
        MissingExtra: the packages of the [style] extra are not installed.
    """
    with needing("style", "the embedded clothes model"):
        from clipactor_node.imagetext.embedded import model
    return model.load(device, precision)
