"""The objective: Eq. 4, Eq. 5 and the terms beside them."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node.style.optimization import objective
from clipactor_node.style.optimization.mesh import Topology
from clipactor_node.style.schedule import Weights


def test_eq_4_is_one_minus_the_cosine_of_the_mean_of_unnormalized_embeddings():
    views = torch.tensor([[3.0, 0.0], [0.0, 1.0]])  # the longer one pulls more
    text = torch.tensor([1.0, 0.0])
    mean = objective.embedding_attention(views, None)
    assert mean.tolist() == [1.5, 0.5]
    assert float(objective.semantic_loss(mean, text)) == pytest.approx(1 - 1.5 / (1.5**2 + 0.5**2) ** 0.5)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=6), st.integers(0, 100))
def test_eq_5_weighs_each_view_by_its_share_of_all_foreground(weights, seed):
    w = torch.tensor(weights, dtype=torch.float64)
    g = torch.randn(len(weights), 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    expected = sum(w[j] / w.sum() * g[j] for j in range(len(weights)))
    assert torch.allclose(objective.embedding_attention(g, w), expected)
    assert torch.allclose(objective.embedding_attention(g, 7 * w), expected)


def test_equal_foreground_gives_eq_4():
    g = torch.randn(3, 4, 5)
    same = objective.embedding_attention(g, torch.full((3, 4), 0.3))
    assert torch.allclose(same, objective.embedding_attention(g, None), atol=1e-6)


def test_an_empty_view_moves_nothing_and_gets_no_gradient():
    g = torch.randn(2, 5, requires_grad=True)
    text = torch.randn(5)
    objective.semantic_loss(objective.embedding_attention(g, torch.tensor([0.4, 0.0])), text).backward()
    assert g.grad[0].abs().sum() > 0 and g.grad[1].abs().sum() == 0


def test_if_every_view_is_empty_the_loss_is_finite_and_moves_nothing():
    g = torch.randn(2, 5, requires_grad=True)
    loss = objective.semantic_loss(objective.embedding_attention(g, torch.zeros(2)), torch.randn(5))
    loss.backward()
    assert float(loss.detach()) == pytest.approx(1.0) and torch.isfinite(g.grad).all()


def test_the_loss_of_frames_adds_up():
    mean, text = torch.randn(3, 5), torch.randn(5)
    single = sum(float(objective.semantic_loss(m, text)) for m in mean)
    assert float(objective.semantic_loss(mean, text)) == pytest.approx(single, rel=1e-5)


def flat_patch():
    faces = torch.tensor([[0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 4, 1]]).numpy()
    points = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
    return Topology(faces, 5), points


def terms_of(weights, displacement=None, colors=None, moved=0.0):
    topology, points = flat_patch()
    displacement = torch.zeros(5) if displacement is None else displacement
    colors = torch.full((5, 3), 0.5) if colors is None else colors
    posed = points + displacement[:, None] * torch.tensor([0.0, 0.0, 1.0])
    base = torch.zeros(5, 3), torch.zeros(5, 1)
    logits = base[0] + moved, base[1]
    return objective.mesh_terms(weights, topology, posed[None], colors, displacement, logits, base)


def test_a_spike_costs_laplacian_and_relief():
    spike = torch.tensor([0.05, 0, 0, 0, 0])
    weights = Weights(laplacian=1.0, relief=1.0)
    flat, spiky = terms_of(weights), terms_of(weights, spike)
    assert spiky["laplacian"] > flat["laplacian"]
    assert float(flat["relief"]) == 0.0
    assert float(spiky["relief"]) == pytest.approx((0.05 + 4 * 0.05 / 3) / 5)


def test_color_steps_cost_total_variation():
    colors = torch.full((5, 3), 0.5)
    colors[0] = 1.0
    weights = Weights(laplacian=0.0, total_variation=1.0)
    assert float(terms_of(weights)["total_variation"]) == 0.0
    assert float(terms_of(weights, colors=colors)["total_variation"]) == pytest.approx(0.5 * 4 / 8)


def test_leaving_the_proposal_costs_by_the_square():
    weights = Weights(laplacian=0.0, proposal=2.0)
    assert float(terms_of(weights, moved=0.3)["proposal"]) == pytest.approx(2 * 0.09)


def test_a_term_of_weight_zero_is_not_computed():
    assert terms_of(Weights(laplacian=0.0)) == {}


def test_readouts_that_agree_cost_nothing():
    wanted = torch.rand(7)
    assert float(objective.readout_loss(wanted.expand(3, 7), wanted)) == 0.0
    assert float(objective.readout_loss(wanted.expand(3, 7) + 0.2, wanted)) > 0.0
