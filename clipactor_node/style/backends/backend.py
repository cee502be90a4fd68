"""One door to every rasterizer: which face does each pixel see, and where on it?"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from clipactor_node.errors import InvalidChoice, StyleError, needing

NAMES = ("numba", "pytorch3d", "nvdiffrast")

Visibility = Callable[[Tensor, Tensor, int], tuple[Tensor, Tensor]]
"""visibility(points, faces, size) -> face ids, barycentrics; without gradient.

points: (B, V, 3) float32, homogeneous screen points (x w, y w, w) of `Cameras.project`.
faces: (F, 3) int64. size: side of the picture, pixels.
face ids: (B, size, size) int64, -1 where nothing is seen; the nearest face from either side.
barycentrics: (B, size, size, 3) float32, perspective-correct, summing to 1; zeros where nothing is seen.
"""


@dataclass(frozen=True)
class Backend:
    """A rasterizer by its name."""

    name: str
    visibility: Visibility


def load_backend(name: str = "auto", device: str = "cpu") -> Backend:
    """The rasterizer of that name.

    Args:
        name: one of `NAMES`; "auto": numba on a CPU; on a GPU nvdiffrast if it is installed, else pytorch3d.
        device: where the pictures are wanted.

    Raises:
        InvalidChoice: no such backend.
        MissingExtra: its package is not installed.
        StyleError: it cannot work on that device.
    """
    kind = torch.device(device).type
    if name == "auto":
        name = "numba" if kind == "cpu" else _best_on_gpu()
    if name == "numba":
        from clipactor_node.style.backends.numba_backend import visibility
    elif name == "pytorch3d":
        with needing("style", "the pytorch3d rendering backend"):
            from clipactor_node.style.backends.pytorch3d_backend import visibility
    elif name == "nvdiffrast":
        if kind != "cuda":
            raise StyleError(f"nvdiffrast renders on CUDA devices only, not on {device}; choose numba")
        try:
            from clipactor_node.style.backends.nvdiffrast_backend import visibility
        except ModuleNotFoundError as error:
            if error.name != "nvdiffrast":
                raise
            raise StyleError(
                "nvdiffrast is not installed; build it from its own repository, or choose pytorch3d"
            ) from error
    else:
        raise InvalidChoice("rendering backend", name, ("auto", *NAMES))
    return Backend(name, visibility)


def _best_on_gpu() -> str:
    import importlib.util

    return "nvdiffrast" if importlib.util.find_spec("nvdiffrast") else "pytorch3d"
