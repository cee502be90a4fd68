"""The Decoupled Neural Style Field G_theta: template vertices -> color and displacement (Eq. 3)."""

import math

import numpy as np
import torch
from torch import Tensor, nn

from clipactor_node.appearance.painting import Proposal
from clipactor_node.errors import StyleError
from clipactor_node.style.optimization.mesh import invert, rows_of
from clipactor_node.style.schedule import FieldSpec

DISPLACEMENT_LIMIT = 0.1
"""Metres."""
_CRISP = 0.98
"""How near to black or white a proposed color may lie: at 1 the field could never leave it again."""


class StyleField(nn.Module):
    """An MLP on Fourier features of the T-pose, so that what it learns holds in every pose.

        c = 1/2 + 1/2 tanh(f_c(x) + b_c),   d = 0.1 tanh(f_d(x) + b_d)

    b_c and b_d are zero, or where a `Proposal` says the field starts: f starts at zero, and is then bounded
    by `spec.reach`.
    """

    mean: Tensor
    scale: Tensor
    fourier: Tensor
    proposed: Tensor
    base_color: Tensor
    base_relief: Tensor
    _where: Tensor
    _twins: Tensor
    _features: Tensor

    def __init__(self, spec: FieldSpec, template: np.ndarray, seed: int, proposal: Proposal | None = None):
        super().__init__()
        self.spec = spec
        points = _folded(template, spec.symmetric)
        mean, scale = points.mean(0), points.std(0)
        self.register_buffer("mean", torch.as_tensor(mean))
        self.register_buffer("scale", torch.as_tensor(np.maximum(scale, 1e-6)))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.register_buffer("fourier", spec.sigma * torch.randn(spec.frequencies, 3))
            self.trunk = _layers(3 + 2 * spec.frequencies, spec.width, spec.trunk)
            self.color = _layers(spec.width, spec.width, spec.branch).append(_zero(spec.width, 3))
            self.relief = _layers(spec.width, spec.width, spec.branch).append(_zero(spec.width, 1))
        self._lay(template, proposal)

    def _lay(self, template: np.ndarray, proposal: Proposal | None) -> None:
        """Fixes where the field is evaluated. Mirrored vertices of a symmetric field are computed once."""
        points, where = np.unique(_folded(template, self.spec.symmetric), axis=0, return_inverse=True)
        count = len(template)
        color, relief = np.zeros((count, 3), np.float32), np.zeros((count, 1), np.float32)
        if proposal is not None:
            if len(proposal.colors) != count:
                raise StyleError(f"the proposal has {len(proposal.colors)} vertices, the template {count}")
            color = np.arctanh(np.clip(2.0 * proposal.colors - 1.0, -_CRISP, _CRISP))
            relief = np.arctanh(np.clip(proposal.displacement / DISPLACEMENT_LIMIT, -_CRISP, _CRISP))[:, None]
        device = self.mean.device
        self.register_buffer("proposed", torch.tensor(proposal is not None, device=device))
        self.register_buffer("base_color", torch.as_tensor(color, dtype=torch.float32, device=device))
        self.register_buffer("base_relief", torch.as_tensor(relief, dtype=torch.float32, device=device))
        where = where.reshape(-1)
        self.register_buffer("_where", torch.as_tensor(where, device=device), persistent=False)
        twins = torch.as_tensor(invert(where, len(points)), device=device)
        self.register_buffer("_twins", twins, persistent=False)
        features = self.encode(torch.as_tensor(points, device=device))
        self.register_buffer("_features", features, persistent=False)

    def encode(self, points: Tensor) -> Tensor:
        """(N, 3) template points, metres, folded if symmetric -> (N, 3 + 2 frequencies) features."""
        normal = (points - self.mean) / self.scale
        phase = 2.0 * math.pi * normal @ self.fourier.T
        return torch.cat([normal, phase.sin(), phase.cos()], dim=1)

    def forward(self) -> tuple[Tensor, Tensor]:
        """-> colors (V, 3) in [0, 1], displacement (V,) in [-0.1, 0.1] metres, both differentiable."""
        color, relief = self.logits()
        return 0.5 + 0.5 * color.tanh(), DISPLACEMENT_LIMIT * relief.tanh().squeeze(1)

    def colors_at(self, points: Tensor, proposed: Tensor | None = None) -> Tensor:
        """(N, 3) colors in [0, 1] at any points (N, 3) of the template's surface, not only its vertices.

        Args:
            proposed: (N, 3) in [0, 1], what is there before; None: grey.
        """
        folded = torch.cat([points[:, :1].abs() if self.spec.symmetric else points[:, :1], points[:, 1:]], 1)
        color = self._bounded(self.color(self.trunk(self.encode(folded))).float())
        if proposed is not None:
            color = color + (2.0 * proposed - 1.0).clamp(-_CRISP, _CRISP).atanh()
        return 0.5 + 0.5 * color.tanh()

    def logits(self) -> tuple[Tensor, Tensor]:
        """Both outputs before tanh: (V, 3), (V, 1)."""
        hidden = self.trunk(self._features)
        color, relief = (
            rows_of(self._bounded(branch(hidden).float()), self._where, self._twins)
            for branch in (self.color, self.relief)
        )
        return color + self.base_color, relief + self.base_relief

    def _bounded(self, output: Tensor) -> Tensor:
        reach = self.spec.reach
        return output if reach is None or not self.proposed else reach * (output / reach).tanh()

    def on(self, template: np.ndarray, proposal: Proposal | None = None) -> "StyleField":
        """The same field laid over another template (a subdivision, or another body in the T-pose).

        `proposal` is what the new template starts from, if this field started from one.
        """
        other = StyleField(self.spec, template, seed=0)
        other.to(self.mean.device)
        own = {k: v for k, v in self.state_dict().items() if k != "proposed" and not k.startswith("base_")}
        other.load_state_dict(own, strict=False)
        other._lay(template, proposal)
        return other


def field_from_state(spec: FieldSpec, template: np.ndarray, state: dict[str, np.ndarray]) -> StyleField:
    """A saved field: its `state_dict` as arrays, and the template it was saved on.

    Raises:
        StyleError: the arrays are not those of such a field.
    """
    field = StyleField(spec, template, seed=0)
    try:
        field.load_state_dict({name: torch.as_tensor(np.array(value)) for name, value in state.items()})
    except RuntimeError as error:
        raise StyleError(f"saved field does not fit {spec} on {len(template)} vertices: {error}") from error
    field._features = field.encode(torch.as_tensor(np.unique(_folded(template, spec.symmetric), axis=0)))
    return field


def _folded(template: np.ndarray, symmetric: bool) -> np.ndarray:
    points = np.round(np.asarray(template, np.float32), 4)  # a tenth of a millimetre: mirror twins coincide
    if symmetric:
        points[:, 0] = np.abs(points[:, 0])
    return points + 0.0  # no negative zeros


def _layers(inputs: int, width: int, count: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for _ in range(count):
        layers += [nn.Linear(inputs, width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers)


def _zero(inputs: int, outputs: int) -> nn.Linear:
    layer = nn.Linear(inputs, outputs)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer
