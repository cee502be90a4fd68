"""What the optimization makes small: Eq. 4 with the attention of Eq. 5, and what keeps the mesh sane."""

from torch import Tensor
from torch.nn.functional import cosine_similarity, smooth_l1_loss

from clipactor_node.style.optimization.mesh import Topology
from clipactor_node.style.schedule import Weights


def embedding_attention(embeddings: Tensor, weights: Tensor | None) -> Tensor:
    """Mean of the views' embeddings: Eq. 5 with weights, the plain mean of Eq. 4 without.

    Args:
        embeddings: (..., N, D), not normalized, of N views of one frame.
        weights: (..., N), each view's share of foreground pixels, or None.

    Returns:
        (..., D). Views that see nothing count nothing; if all see nothing the mean is zero.
    """
    if weights is None:
        return embeddings.mean(-2)
    total = weights.sum(-1, keepdim=True).clamp(min=1e-12)
    return ((weights / total).unsqueeze(-1) * embeddings).sum(-2)


def semantic_loss(mean: Tensor, text: Tensor) -> Tensor:
    """Eq. 4, summed over the leading dimensions: (..., D) and (D,) -> scalar in [0, 2 x their count]."""
    return (1.0 - cosine_similarity(mean, text.expand_as(mean), dim=-1, eps=1e-8)).sum()


def readout_loss(read: Tensor, wanted: Tensor) -> Tensor:
    """Smooth L1 between readouts (..., R) and (R,): mean over R, summed over the rest -> scalar."""
    loss = smooth_l1_loss(read, wanted.expand_as(read), beta=0.1, reduction="none")
    return loss.mean(-1).sum()


def mesh_terms(
    weights: Weights,
    topology: Topology,
    posed: Tensor,
    colors: Tensor,
    displacement: Tensor,
    logits: tuple[Tensor, Tensor],
    base: tuple[Tensor, Tensor],
) -> dict[str, Tensor]:
    """The terms that need no picture, each times its weight.

    Args:
        posed: (F, V, 3) displaced content meshes, metres.
        colors, displacement: (V, 3), (V,).
        logits, base: color (V, 3) and relief (V, 1) before tanh, and where they started.
    """
    terms: dict[str, Tensor] = {}
    if weights.laplacian:
        terms["laplacian"] = weights.laplacian * topology.laplacian(posed).norm(dim=-1).mean(-1).sum()
    if weights.relief:
        terms["relief"] = weights.relief * topology.laplacian(displacement.unsqueeze(1)).abs().mean()
    if weights.total_variation:
        terms["total_variation"] = weights.total_variation * topology.differences(colors).abs().mean()
    if weights.saturation:
        terms["saturation"] = weights.saturation * logits[0].square().mean()
    if weights.proposal:
        moved = sum((now - start).square().mean() for now, start in zip(logits, base, strict=True))
        terms["proposal"] = weights.proposal * moved
    return terms


def score(embeddings: Tensor, weights: Tensor, text: Tensor) -> float:
    """The figure runs are compared by: mean over frames of the cosine of Eq. 4/5, from fixed views.

    embeddings (F, N, D), weights (F, N), text (D,).
    """
    mean = embedding_attention(embeddings, weights)
    return float(cosine_similarity(mean, text.expand_as(mean), dim=-1, eps=1e-8).mean())
