"""The networks: pictures to embeddings, sentences to embeddings, embeddings to readouts."""

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, silu

DIMENSION = 256


def _conv(inputs: int, outputs: int, kernel: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.SiLU(),
    )


class Residual(nn.Module):
    """Two 3 x 3 convolutions around a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width, 3, 1)
        self.second = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        nn.init.zeros_(self.norm.weight)

    def forward(self, x: Tensor) -> Tensor:
        return silu(x + self.norm(self.second(self.first(x))))


class AttentionPool(nn.Module):
    """Q learned queries over L vectors: (B, L, W) -> (B, Q x W)."""

    def __init__(self, width: int, queries: int) -> None:
        super().__init__()
        self.score = nn.Linear(width, queries)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        scores = self.score(x)
        if mask is not None:
            scores = scores.masked_fill(~mask.unsqueeze(-1), -1e4)
        return (scores.softmax(1).transpose(1, 2) @ x).flatten(1)


class ImageEncoder(nn.Module):
    """(B, 3, 96, 96) sRGB in [0, 1] -> (B, 256). 1.4 million parameters.

    Few, wide layers on small maps: what two CPU cores train in minutes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            _conv(3, 16, 5, 2),
            _conv(16, 48, 3, 2),
            _conv(48, 64, 3, 2),
            Residual(64),
            _conv(64, 128, 3, 2),
            Residual(128),
            Residual(128),
        )
        self.place = nn.Parameter(torch.zeros(1, 128, 6, 6))
        self.pool = AttentionPool(128, 8)
        self.head = nn.Sequential(
            nn.LayerNorm(128 * 9), nn.Linear(128 * 9, 384), nn.SiLU(), nn.Linear(384, DIMENSION)
        )

    def forward(self, images: Tensor) -> Tensor:
        x = self.trunk((images - 0.5) * 3.0) + self.place
        x = x.flatten(2).transpose(1, 2)
        return self.head(torch.cat([self.pool(x), x.mean(1)], 1))


class TextHead(nn.Module):
    """Frozen MiniLM tokens (B, L, 384), their mask (B, L) and a layout (B, F) -> (B, 256).

    The layout is what the grammar read from the sentence; it is withheld from some sentences in
    training, so that the tokens alone must do.
    """

    def __init__(self, features: int) -> None:
        super().__init__()
        self.squeeze = nn.Sequential(nn.LayerNorm(384), nn.Linear(384, 192), nn.SiLU())
        self.pool = AttentionPool(192, 4)
        self.tokens = nn.Sequential(nn.LayerNorm(192 * 5), nn.Linear(192 * 5, 384))
        self.layout = nn.Sequential(nn.Linear(features, 384), nn.SiLU(), nn.Linear(384, 384))
        self.head = nn.Sequential(
            nn.SiLU(), nn.LayerNorm(384), nn.Linear(384, 384), nn.SiLU(), nn.Linear(384, DIMENSION)
        )
        self.short = nn.Linear(features, DIMENSION)

    def forward(self, tokens: Tensor, mask: Tensor, layout: Tensor) -> Tensor:
        # Without dropout the captions of the training data are learnt by heart.
        x = dropout(self.squeeze(tokens), 0.15, self.training)
        mean = (x * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
        words = self.tokens(torch.cat([self.pool(x, mask), mean], 1))
        words = dropout(words, 0.15, self.training)
        return self.head(words + self.layout(layout)) + self.short(layout)


class EmbeddedNet(nn.Module):
    """Both encoders, the temperature between them, and a linear readout they share."""

    def __init__(self, features: int, readouts: int) -> None:
        super().__init__()
        self.image = ImageEncoder()
        self.text = TextHead(features)
        self.linear = nn.Linear(DIMENSION, readouts)
        self.log_scale = nn.Parameter(torch.tensor(2.5))

    def readout(self, embeddings: Tensor) -> Tensor:
        """Unit embeddings (..., 256) -> readouts (..., R). Scaled so that each number is of order one."""
        return self.linear(DIMENSION**0.5 * embeddings)
