"""The style field G_theta (Eq. 3)."""

import numpy as np
import pytest
import torch

from clipactor_node.appearance.painting.proposal import Proposal
from clipactor_node.errors import StyleError
from clipactor_node.style.optimization.field import StyleField, field_from_state
from clipactor_node.style.schedule import FieldSpec

SMALL = FieldSpec(frequencies=16, width=32, trunk=2, branch=1)


@pytest.fixture
def template():
    points = np.random.default_rng(0).uniform(-1, 1, (60, 3)).astype(np.float32)
    mirrored = points * [-1, 1, 1]
    return np.concatenate([points, mirrored]).astype(np.float32)


def shaken(field: StyleField) -> StyleField:
    """The field after an optimization: every weight somewhere else."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in field.parameters():
            parameter += 0.3 * torch.randn(parameter.shape, generator=generator)
    return field


def test_the_published_field_sees_515_numbers_and_has_the_published_layers(template):
    field = StyleField(FieldSpec(), template, seed=0)
    sizes = [layer.in_features for layer in field.modules() if isinstance(layer, torch.nn.Linear)]
    assert sizes == [515, 256, 256, 256, 256] + [256, 256, 256] + [256, 256, 256]


def test_it_starts_grey_and_flat(template):
    colors, displacement = StyleField(SMALL, template, seed=0)()
    assert torch.all(colors == 0.5) and torch.all(displacement == 0)


def test_it_starts_exactly_at_a_proposal_with_its_crisp_borders(template):
    random = np.random.default_rng(2)
    wanted = random.uniform(0.02, 0.98, (120, 3)).astype(np.float32)
    relief = random.uniform(-0.05, 0.05, 120).astype(np.float32)
    colors, displacement = StyleField(SMALL, template, 0, Proposal(wanted, relief))()
    assert np.abs(colors.detach().numpy() - wanted).max() < 1e-5
    assert np.abs(displacement.detach().numpy() - relief).max() < 1e-6


def test_outputs_stay_in_their_ranges_whatever_the_weights(template):
    field = shaken(StyleField(SMALL, template, 0))
    with torch.no_grad():
        for parameter in field.parameters():
            parameter *= 50
    colors, displacement = field()
    assert colors.min() >= 0 and colors.max() <= 1
    assert displacement.abs().max() <= 0.1 + 1e-6


def test_a_symmetric_field_gives_both_sides_the_same(template):
    colors, displacement = shaken(StyleField(SMALL, template, 0))()
    assert torch.equal(colors[:60], colors[60:]) and torch.equal(displacement[:60], displacement[60:])


def test_without_symmetry_the_sides_differ(template):
    spec = FieldSpec(frequencies=16, width=32, trunk=2, branch=1, symmetric=False)
    colors, _ = shaken(StyleField(spec, template, 0))()
    assert (colors[:60] - colors[60:]).abs().max() > 0.01


def test_the_seed_fixes_the_field_and_leaves_the_global_one_alone(template):
    torch.manual_seed(5)
    expected = torch.rand(2)
    torch.manual_seed(5)
    first, second, third = (StyleField(SMALL, template, seed) for seed in (1, 1, 2))
    assert torch.equal(torch.rand(2), expected)
    assert torch.equal(first.fourier, second.fourier) and not torch.equal(first.fourier, third.fourier)


def test_saved_whole_it_comes_back_the_same(template):
    random = np.random.default_rng(2)
    proposal = Proposal(random.uniform(0, 1, (120, 3)), random.uniform(-0.1, 0.1, 120))
    field = shaken(StyleField(SMALL, template, 0, proposal))
    state = {name: value.numpy() for name, value in field.state_dict().items()}
    assert "fourier" in state
    for before, after in zip(field(), field_from_state(SMALL, template, state)(), strict=True):
        assert torch.equal(before, after)


def test_a_foreign_state_is_refused(template):
    state = {name: v.numpy() for name, v in StyleField(SMALL, template, 0).state_dict().items()}
    with pytest.raises(StyleError, match="does not fit"):
        field_from_state(FieldSpec(), template, state)


def test_on_a_subdivision_old_vertices_keep_their_style(template):
    field = shaken(StyleField(SMALL, template, 0))
    middle = 0.5 * (template[:50] + template[1:51])
    finer = field.on(np.concatenate([template, middle]))
    for coarse, fine in zip(field(), finer(), strict=True):
        assert len(fine) == 170
        assert torch.allclose(fine[:120], coarse, atol=1e-5)


def test_a_field_with_a_reach_stays_near_its_proposal_and_is_free_without_one(template):
    spec = FieldSpec(frequencies=16, width=32, trunk=2, branch=1, reach=0.2)
    proposal = Proposal(np.full((120, 3), 0.5), np.zeros(120))
    near, free = (shaken(StyleField(spec, template, 0, start)) for start in (proposal, None))
    assert near.logits()[0].abs().max() <= 0.2 < free.logits()[0].abs().max()
    state = {name: value.numpy() for name, value in near.state_dict().items()}
    assert torch.equal(near()[0], field_from_state(spec, template, state)()[0])


def test_a_proposal_of_another_body_is_refused(template):
    with pytest.raises(StyleError, match="120"):
        StyleField(SMALL, template, 0, Proposal(np.zeros((7, 3)), np.zeros(7)))
