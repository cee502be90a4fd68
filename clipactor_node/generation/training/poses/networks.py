"""The networks behind poses from words: prior, diffusion, and a space that poses and words share."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from clipactor_node.generation.poses import BODY_NUMBERS, LATENT, NUMBERS, ROOT_NUMBERS, SPACE_NUMBERS, WORDS
from clipactor_node.geometry import PARENTS

BODY_JOINTS = 22
_HIDDEN = 512


class PosePriorNet(nn.Module):
    """VPoser's shape (PAS, 3.1): two dense layers each way around 32 numbers."""

    def __init__(self, hidden: int = _HIDDEN, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(BODY_NUMBERS, hidden), nn.LeakyReLU(), nn.Dropout(dropout),
            nn.Linear(hidden, hidden), nn.LeakyReLU(),
        )  # fmt: skip
        self.mean, self.spread = nn.Linear(hidden, LATENT), nn.Linear(hidden, LATENT)
        self.decoder = nn.Sequential(
            nn.Linear(LATENT, hidden), nn.LeakyReLU(), nn.Dropout(dropout),
            nn.Linear(hidden, hidden), nn.LeakyReLU(), nn.Linear(hidden, BODY_NUMBERS),
        )  # fmt: skip

    def encode(self, body: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 126) -> mean and logarithm of the variance, (B, 32) each."""
        hidden = self.encoder(body)
        return self.mean(hidden), self.spread(hidden).clamp(-10.0, 4.0)

    def decode(self, latent: Tensor) -> Tensor:
        """(B, 32) -> (B, 126), columns orthonormal."""
        return orthonormal(self.decoder(latent))


class PoseDenoiser(nn.Module):
    """A decoder-only transformer with a causal mask (PAS, 3.3, Figure 3).

    Its sequence: the words of the caption, the caption's vector, the time step, the noised pose, the noised
    orientation of the root, and two queries, in whose places the clean ones are read.

    Args:
        size: numbers of the pose (32 of the prior's space, or 126).
        vocabulary: words, 0: none here, 1: no text.
        dimension: of the caption's vector.
    """

    def __init__(
        self,
        size: int,
        vocabulary: int,
        dimension: int,
        width: int,
        layers: int,
        heads: int,
        dropout: float,
        steps: int,
    ) -> None:
        super().__init__()
        self.size, self.dimension = size, dimension
        self.words = nn.Embedding(vocabulary, width)
        self.caption = nn.Linear(dimension, width)
        self.time = nn.Embedding(steps, width)
        self.pose, self.root = nn.Linear(size, width), nn.Linear(ROOT_NUMBERS, width)
        self.queries = nn.Parameter(0.02 * torch.randn(2, width))
        self.nothing = nn.Parameter(0.02 * torch.randn(dimension))
        self.places = nn.Parameter(0.02 * torch.randn(WORDS + 6, width))
        self.layers = nn.ModuleList(_CausalLayer(width, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.to_pose, self.to_root = nn.Linear(width, size), nn.Linear(width, ROOT_NUMBERS)

    def forward(self, noisy: Tensor, step: Tensor, words: Tensor, vector: Tensor) -> Tensor:
        """Clean root and pose.

        Args:
            noisy: (B, 6 + size) root, then pose; step: (B,) int64; words: (B, WORDS) int64; vector: (B, D).

        Returns:
            (B, 6 + size).
        """
        root, pose = noisy[:, :ROOT_NUMBERS], noisy[:, ROOT_NUMBERS:]
        single = [self.caption(vector), self.time(step), self.pose(pose), self.root(root)]
        queries = self.queries.expand(noisy.shape[0], -1, -1)
        x = torch.cat([self.words(words), torch.stack(single, dim=1), queries], dim=1) + self.places
        for layer in self.layers:
            x = layer(x)
        x = self.norm(x)
        return torch.cat([self.to_root(x[:, -1]), self.to_pose(x[:, -2])], dim=1)

    def without(self, words: Tensor, vector: Tensor, drop: Tensor) -> tuple[Tensor, Tensor]:
        """Words and vector with the text taken away where `drop`, (B,) bool, says so."""
        return torch.where(drop[:, None], 1, words), torch.where(drop[:, None], self.nothing, vector)


class _CausalLayer(nn.Module):
    """Attention to what stands before, then two dense layers; norm first."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.ask, self.leave = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.feed = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Dropout(dropout), nn.Linear(4 * width, width)
        )
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        parts = self.ask(self.first(x)).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        found = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], is_causal=True)
        x = x + self.drop(self.leave(found.transpose(1, 2).flatten(2)))
        return x + self.drop(self.feed(self.second(x)))


class PoseWordsNet(nn.Module):
    """A pose and a caption as unit vectors of one space."""

    def __init__(self, vocabulary: int, dimension: int, dropout: float = 0.2, width: int = 256) -> None:
        super().__init__()
        self.pose = nn.Sequential(
            nn.Linear(NUMBERS, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, width), nn.GELU(),
            nn.Dropout(dropout), nn.Linear(width, SPACE_NUMBERS),
        )  # fmt: skip
        self.words = nn.Embedding(vocabulary, 96)
        self.text = nn.Sequential(
            nn.Linear(dimension + 96, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, SPACE_NUMBERS)
        )
        self.warmth = nn.Parameter(torch.tensor(2.6))

    def poses(self, rows: Tensor) -> Tensor:
        """Scaled rows (B, 132) -> (B, SPACE_NUMBERS)."""
        return functional.normalize(self.pose(rows), dim=1)

    def texts(self, words: Tensor, vector: Tensor) -> Tensor:
        """(B, WORDS), (B, D) -> (B, SPACE_NUMBERS)."""
        there = (words > 1).float()[..., None]
        bag = (self.words(words) * there).sum(1) / there.sum(1).clamp(min=1.0)
        return functional.normalize(self.text(torch.cat([vector, bag], dim=1)), dim=1)


def orthonormal(columns: Tensor) -> Tensor:
    """(B, 6 n), two columns of each rotation -> the same, orthonormal."""
    parts = columns.reshape(-1, BODY_NUMBERS // 6, 6)
    first = functional.normalize(parts[..., :3], dim=-1, eps=1e-6)
    second = parts[..., 3:] - (first * parts[..., 3:]).sum(-1, keepdim=True) * first
    return torch.cat([first, functional.normalize(second, dim=-1, eps=1e-6)], dim=-1).flatten(1)


def joints_from(body: Tensor, offsets: Tensor) -> Tensor:
    """Joints of orthonormal (B, 126) from the pelvis: (B, 22, 3) metres.

    Args:
        offsets: (22, 3) metres, of each joint from its parent at rest.
    """
    parts = body.reshape(-1, BODY_NUMBERS // 6, 6)
    first, second = parts[..., :3], parts[..., 3:]
    local = torch.stack([first, second, torch.linalg.cross(first, second, dim=-1)], dim=-1)
    turns = [torch.eye(3, device=body.device).expand(len(body), 3, 3)]
    places = [torch.zeros(len(body), 3, device=body.device)]
    for joint in range(1, BODY_JOINTS):
        parent = PARENTS[joint]
        places.append(places[parent] + turns[parent] @ offsets[joint])
        turns.append(turns[parent] @ local[:, joint - 1])
    return torch.stack(places, dim=1)
