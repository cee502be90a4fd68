"""Image-text models behind one door: the embedded clothes model and open_clip of any name.

    model = imagetext.load("embedded")                      # shipped with the project, CPU
    model = imagetext.load("open_clip")                     # ViT-B-32/openai, as in the paper
    model = imagetext.load("open_clip:ViT-L-14/openai")     # architecture / pretrained tag or file
    model = imagetext.load("open_clip:ViT-B-32/random")     # random weights: for tests and benchmarks

What a model offers is written down in `imagetext.model.ImageTextModel`.
"""

from clipactor_node.appearance.painting import Proposal
from clipactor_node.errors import InvalidChoice
from clipactor_node.imagetext.model import ImageTextModel, ProposesOutfits, ReadsOut

__all__ = ["EMBEDDED", "PUBLISHED", "ImageTextModel", "Proposal", "ProposesOutfits", "ReadsOut", "load"]


EMBEDDED = "embedded"
PUBLISHED = "open_clip:ViT-B-32/openai"


def load(name: str = EMBEDDED, device: str = "cpu", precision: str = "fp32") -> ImageTextModel:
    """The image-text model of that name, frozen, on that device.

    Args:
        name: `embedded`; `open_clip:<architecture>/<pretrained tag, weights file, or "random">`; or
            `open_clip` for the paper's.
        device: a torch device.
        precision: "fp32", or "bf16" to encode images under autocast; embeddings are float32 anyhow.

    Returns:
        an `ImageTextModel`.

    Raises:
        InvalidChoice: no such kind of model, or no such architecture or tag of open_clip.
        ModelError: its weights are missing or damaged; the message says how to get them.
        MissingExtra: the packages of the [style] extra are not installed.
    """
    kind, _, rest = (PUBLISHED if name == "open_clip" else name).partition(":")
    if kind == EMBEDDED and not rest:
        from clipactor_node.imagetext import embedded

        return embedded.load(device=device, precision=precision)
    if kind == "open_clip" and rest:
        from clipactor_node.imagetext import open_clip

        return open_clip.load(rest, device=device, precision=precision)
    raise InvalidChoice("image-text model", name, [EMBEDDED, "open_clip:<architecture>/<pretrained>"])
