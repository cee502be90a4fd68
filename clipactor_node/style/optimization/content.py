"""Multi-modal content mesh sampling: the frames of a motion that look most like the text."""

import numpy as np
import torch
from torch import Tensor

from clipactor_node.imagetext import ImageTextModel
from clipactor_node.style.backends.backend import Backend
from clipactor_node.style.backends.shading import render
from clipactor_node.style.frames import Frames
from clipactor_node.style.optimization import views
from clipactor_node.style.optimization.augment import over
from clipactor_node.style.optimization.mesh import Topology

_AT_ONCE = 16
_HEIGHT_M = 2.1


def frame_scores(
    frames: Frames,
    indices: np.ndarray,
    text: Tensor,
    model: ImageTextModel,
    topology: Topology,
    backend: Backend,
) -> np.ndarray:
    """Cosine of each frame's plain grey picture, seen from its front, with the text: (N,) float32."""
    device = topology.faces.device
    scores = []
    for part in np.array_split(indices, -(-len(indices) // _AT_ONCE)):
        vertices = torch.as_tensor(frames.vertices(part), device=device)
        cameras = views.around(frames.facing(part), 1, _HEIGHT_M, 60.0, model.input_size, device)
        grey = torch.full_like(vertices[0], 0.5)
        with torch.no_grad():
            pictures = render(vertices, grey, topology, cameras, backend)
            white = over(pictures.grey, pictures.mask, torch.ones(1, 3, device=device))
            embeddings = model.encode_image(white)
            scores.append(torch.cosine_similarity(embeddings, text.unsqueeze(0), dim=1).cpu().numpy())
    return np.concatenate(scores).astype(np.float32)


def evenly(length: int, count: int) -> np.ndarray:
    """Indices of up to `count` of `length` frames, evenly over the motion."""
    spread: np.ndarray = np.unique(np.linspace(0, length - 1, min(count, length)).round().astype(int))
    return spread


def best_frames(scores: np.ndarray, indices: np.ndarray, count: int, spacing: int) -> np.ndarray:
    """The `count` best indices, best first, no two nearer than `spacing`.

    Where the motion is too short for that many so far apart, the spacing is halved until it fits.
    Equal scores: the earlier frame.
    """
    count = min(count, len(indices))
    order = indices[np.argsort(-scores, kind="stable")]
    while True:
        chosen: list[int] = []
        for index in order:
            if len(chosen) < count and all(abs(int(index) - other) >= spacing for other in chosen):
                chosen.append(int(index))
        if len(chosen) == count:
            return np.array(chosen)
        spacing //= 2


def naive_frames(indices: np.ndarray, count: int, seed: int) -> np.ndarray:
    """`count` frames drawn at random: what the paper's ablation does instead."""
    drawn = np.random.default_rng(seed).permutation(indices)
    return np.sort(drawn[: min(count, len(indices))])


def centre_frame(length: int) -> np.ndarray:
    """The frame in the middle of the motion: what the paper's base model is optimized on."""
    return np.array([min(round(length / 2), length - 1)])
