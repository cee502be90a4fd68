"""What extractors and text encoders are trained by."""

import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity, cross_entropy


def contrast(texts: Tensor, motions: Tensor, scale: Tensor | float, same: Tensor | None = None) -> Tensor:
    """Symmetric InfoNCE: the first term of AdaQF's equation 2, and MoCLIP's.

    Args:
        texts, motions: (B, D) unit vectors; row i of one belongs to row i of the other.
        scale: 1 / temperature.
        same: (B, B) bool: pairs off the diagonal that say the same and are no negatives.
    """
    logits = scale * texts @ motions.T
    if same is not None:
        logits = logits.masked_fill(same, -1e4)
    target = torch.arange(len(texts), device=texts.device)
    return 0.5 * (cross_entropy(logits, target) + cross_entropy(logits.T, target))


def against_opposites(
    texts: Tensor, motions: Tensor, wrong: Tensor, there: Tensor, scale: Tensor | float
) -> Tensor:
    """Each motion lies nearer to its text than to sentences that differ in one word and are not so.

    Args:
        texts, motions: (B, D) unit vectors, pairs; wrong: (B, K, D) unit vectors of what is not so.
        there: (B, K) bool, which of these there are.
    """
    right = (texts * motions).sum(1, keepdim=True)
    others = torch.einsum("bkd,bd->bk", wrong, motions).masked_fill(~there, -1e4)
    logits = scale * torch.cat([right, others], dim=1)
    each = cross_entropy(
        logits, torch.zeros(len(texts), dtype=torch.long, device=texts.device), reduction="none"
    )
    some = there.any(dim=1)
    return (each * some).sum() / some.sum().clamp(min=1)


def alignment(texts: Tensor, motions: Tensor) -> Tensor:
    """The second term of equation 2: pairs look the same way. As a loss, 1 - cosine.

    The equation as printed has both signs turned: it would push pairs apart. The text says what is meant.
    """
    return 1.0 - cosine_similarity(texts, motions, dim=1).mean()


def tether(student: Tensor, teacher: Tensor) -> Tensor:
    """MoCLIP's tethering loss: 1 - cosine of a tuned encoder's vectors (B, D) to its teacher's."""
    return 1.0 - cosine_similarity(student, teacher, dim=1).mean()
