"""The field at every texel of what is worn: a picture as sharp as it is large, whatever the mesh."""

import numpy as np
import torch

from clipactor_node.appearance.cloth import DressedBody
from clipactor_node.style.optimization.field import StyleField
from clipactor_node.style.surfaces import texels_of

_AT_ONCE = 1 << 15


def baked(field: StyleField, look: DressedBody) -> np.ndarray:
    """The picture of a look, (S, S, 3) uint8, with the field added to it before the last tanh.

    A field that started from a proposal starts at each texel from the look's own texture, any other from
    grey.
    """
    texels, device = texels_of(look), field.mean.device
    start = look.texture[texels.covered].astype(np.float32) / 255
    colors = [
        field.colors_at(
            torch.as_tensor(texels.points[own], device=device),
            torch.as_tensor(start[own], device=device) if field.proposed else None,
        )
        .mul(255)
        .round()
        .clamp(0, 255)
        .to(torch.uint8)
        .cpu()
        .numpy()
        for own in (slice(first, first + _AT_ONCE) for first in range(0, len(start), _AT_ONCE))
    ]
    return texels.spread(np.concatenate(colors))
