"""The project's own image-text model of clothes: what `imagetext.load("embedded")` loads. Needs [style]."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clipactor_node.imagetext.embedded.model import EmbeddedModel

__all__ = ["EmbeddedModel", "load"]


def load(device: str = "cpu", precision: str = "fp32") -> "EmbeddedModel":
    """The embedded `ImageTextModel` (see `model.EmbeddedModel`).

    Raises:
        ModelError: its weights are missing or damaged.
        MissingExtra: the packages of the [style] extra are not installed.
    """
    try:
        from clipactor_node.imagetext.embedded import model
    except ImportError as error:
        from clipactor_node.errors import MissingExtra

        raise MissingExtra("the embedded clothes model", "style") from error
    return model.load(device, precision)
