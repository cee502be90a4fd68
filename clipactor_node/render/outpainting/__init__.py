"""A setting around the avatar by a text-to-image model from a local folder (PAS, 3.5); needs torch."""

from clipactor_node.errors import needing

with needing("style", "painting a setting with a diffusion model"):
    import diffusers  # noqa: F401
    import torch  # noqa: F401

from clipactor_node.render.outpainting.adapted import AdaptedUNet, Conditions
from clipactor_node.render.outpainting.painting import ImageModel, open_image_model, paint_around, pasted
from clipactor_node.render.outpainting.training import SyntheticScenes, train_adapted

__all__ = [
    "AdaptedUNet",
    "Conditions",
    "ImageModel",
    "SyntheticScenes",
    "open_image_model",
    "paint_around",
    "pasted",
    "train_adapted",
]
