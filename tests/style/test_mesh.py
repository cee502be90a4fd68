"""Mesh operations: what they compute, and that their hand-written gradients are right."""

import numpy as np
import pytest
import torch

from clipactor_node.geometry.normals import vertex_normals
from clipactor_node.style.optimization.mesh import Topology, invert

TETRAHEDRON = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]])
CORNERS = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0.2, 0.3, 1]], dtype=torch.float64)


@pytest.fixture
def topology():
    topology = Topology(TETRAHEDRON, 4)
    topology._per_degree = topology._per_degree.double()
    return topology


def test_invert_lists_where_each_row_is_named():
    assert invert(np.array([2, 0, 2]), 3).tolist() == [[1, 3], [3, 3], [0, 2]]


def test_normals_are_those_of_the_body_room(body):
    ours = Topology(body.faces, len(body.template)).normals(torch.from_numpy(body.template))
    assert np.abs(ours.numpy() - vertex_normals(body.template, body.faces)).max() < 1e-4


def test_the_laplacian_is_the_mean_of_the_neighbours_minus_the_vertex(topology):
    expected = (CORNERS.sum(0) - CORNERS) / 3 - CORNERS
    assert torch.allclose(topology.laplacian(CORNERS), expected)


def test_there_is_one_difference_per_edge(topology):
    assert topology.differences(CORNERS).shape == (6, 3)
    assert torch.all(topology.differences(torch.ones(4, 3, dtype=torch.float64)) == 0)


@pytest.mark.parametrize("name", ["normals", "laplacian", "differences"])
def test_gradients_agree_with_finite_differences(topology, name):
    batch = torch.stack([CORNERS, CORNERS + 0.1 * torch.rand(4, 3, dtype=torch.float64)]).requires_grad_()
    assert torch.autograd.gradcheck(getattr(topology, name), (batch,))
