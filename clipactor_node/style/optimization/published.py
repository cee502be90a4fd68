"""The published schedule, done the straightforward way: what `clipactor bench style` compares with.

Views are rendered one after the other, every augmented image is encoded alone, the text is encoded inside
the graph of every iteration, the image-text model is not frozen, the graph is retained, and every vertex
goes through the field. The results are those of `Optimization`; only the work differs.
"""

from typing import Protocol

import torch
from torch import Tensor

from clipactor_node.style.backends.shading import Pictures, render
from clipactor_node.style.optimization import augment, objective, views
from clipactor_node.style.optimization.optimization import Optimization


class OpenClip(Protocol):
    """What is asked of a network of open_clip."""

    def encode_text(self, tokens: Tensor) -> Tensor:
        """(N, L) -> (N, D)."""

    def zero_grad(self, set_to_none: bool = True) -> None:
        """As `torch.nn.Module` has it."""


def published_step(task: Optimization, network: OpenClip, tokens: Tensor) -> float:
    """One iteration over the task's schedule -> loss.

    Args:
        task: provides field, frames, cameras' plan and renderer; its field is updated.
        network: an open_clip model whose parameters require gradients.
        tokens: (1, L) the tokenized prompt.
    """
    schedule = task.schedule
    generator = task._generator()
    cameras = views.sample(schedule.views, task._joints, task._facing, generator, task.device)
    background = torch.ones(1, 3, device=task.device)
    task.optimizer.zero_grad(set_to_none=True)
    network.zero_grad(set_to_none=True)
    colors, displacement = task.field()
    posed = task._posed + displacement[:, None] * task._normals
    total = 0.0
    for frame in range(len(task.content)):
        chosen = torch.nonzero(cameras.frames == frame).squeeze(1)
        pictures = [_single(task, posed, colors, cameras, int(index)) for index in chosen]
        for level in schedule.levels:
            for _ in range(level.repeats):
                text = network.encode_text(tokens)[0]
                embeddings, weights = [], []
                for picture in pictures:
                    warp = augment.draw(level, 1, generator).to(task.device)
                    layers = torch.cat([getattr(picture, level.picture), picture.mask], 1)
                    warped = augment.apply(layers, warp, task.model.input_size)
                    image = augment.over(warped[:, :3], warped[:, 3:], background)
                    embeddings.append(task.model.encode_image(image))
                    weights.append(augment.foreground(warped[:, 3:]))
                mean = objective.embedding_attention(torch.cat(embeddings), torch.cat(weights))
                loss = objective.semantic_loss(mean, text)
                loss.backward(retain_graph=True)  # type: ignore[no-untyped-call]  # torch's
                total += float(loss.detach())
    smooth = task.topology.laplacian(task._posed + task.field()[1][:, None] * task._normals)
    (schedule.weights.laplacian * smooth.norm(dim=-1).mean(-1).sum()).backward()
    task.optimizer.step()
    task.iteration += 1
    return total


def _single(
    task: Optimization, posed: Tensor, colors: Tensor, cameras: views.Cameras, index: int
) -> Pictures:
    """One view, rendered alone."""
    one = views.Cameras(
        cameras.matrices[index : index + 1],
        cameras.axes[index : index + 1],
        cameras.frames[index : index + 1],
        cameras.size,
    )
    return render(posed, colors, task.topology, one, task.backend)
