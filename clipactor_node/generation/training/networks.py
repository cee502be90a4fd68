"""Networks that bring motion and words into one space.

AdaQF's extractors are recurrent (3.2): `MotionGru`, `WordGru`. MoCLIP's are a motion head with attention
between limbs and over time, and a text encoder that is tuned but kept near its teacher: `LimbAttention`,
`SentenceHead` (on the vectors of a frozen encoder) or `tuned_text.TunedText`.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from clipactor_node.generation.features import BODY_JOINTS, COUNT
from clipactor_node.geometry import JOINT_NAMES

SPACE = 256
"""Dimension of the space that both share."""

_LIMBS = {
    "trunk": ("spine1", "spine2", "spine3"),
    "head": ("neck", "head"),
    "left arm": ("left_collar", "left_shoulder", "left_elbow", "left_wrist"),
    "right arm": ("right_collar", "right_shoulder", "right_elbow", "right_wrist"),
    "left leg": ("left_hip", "left_knee", "left_ankle", "left_foot"),
    "right leg": ("right_hip", "right_knee", "right_ankle", "right_foot"),
}


def limb_columns() -> list[list[int]]:
    """For each limb the columns of the features that tell of it; the root's go to the trunk."""
    found = []
    for limb, names in _LIMBS.items():
        columns = [0, 1, 2, 3, 193, 194, 195] if limb == "trunk" else []
        for name in names:
            joint = JOINT_NAMES.index(name)
            columns += range(4 + 3 * (joint - 1), 4 + 3 * joint)
            columns += range(67 + 6 * (joint - 1), 67 + 6 * joint)
            columns += range(193 + 3 * joint, 193 + 3 * (joint + 1))
        if limb.endswith("leg"):
            columns += (259, 260) if limb.startswith("left") else (261, 262)
        found.append(columns)
    assert sorted(c for columns in found for c in columns) == list(range(COUNT)), BODY_JOINTS
    return found


class MotionGru(nn.Module):
    """A GRU over the frames; its last state, projected, is the motion (AdaQF, 3.2).

    Each limb enters by a convolution of its own that shrinks time by four: an unseen kick is made of legs
    that were seen.
    """

    def __init__(self, width: int = 128, dropout: float = 0.3) -> None:
        super().__init__()
        self.columns = limb_columns()
        self.enter = nn.ModuleList(
            nn.Conv1d(len(columns), width // 4, 8, stride=4, padding=2) for columns in self.columns
        )
        self.mix = nn.Sequential(
            nn.GELU(), nn.Dropout(dropout), nn.Linear(len(self.columns) * (width // 4), width), nn.GELU()
        )
        self.onward = nn.GRU(width, width, batch_first=True)
        self.back = nn.GRU(width, width, batch_first=True)
        self.leave = nn.Sequential(nn.LayerNorm(2 * width), nn.Dropout(dropout), nn.Linear(2 * width, SPACE))

    def forward(self, rows: Tensor, lengths: Tensor) -> Tensor:
        """Normalized features (B, T, 263) and lengths (B,) -> (B, SPACE) unit vectors."""
        over_time = (rows * _until(lengths, rows.shape[1])[..., None]).transpose(1, 2)
        limbs = [enter(over_time[:, c]) for enter, c in zip(self.enter, self.columns, strict=True)]
        frames = self.mix(torch.cat(limbs, dim=1).transpose(1, 2))
        last = lengths // 4 - 1
        turned = (last[:, None] - torch.arange(frames.shape[1], device=rows.device)[None]).clamp(min=0)
        ends = []
        for gru, order in ((self.onward, frames), (self.back, frames.gather(1, _wide(turned, frames)))):
            states, _ = gru(order)
            ends.append(states.gather(1, _wide(last[:, None], states)).squeeze(1))
        return normalize(self.leave(torch.cat(ends, dim=1)), dim=1)


class LimbAttention(nn.Module):
    """Attention between limbs in a frame, then over time, then pooling by attention (MoCLIP)."""

    def __init__(self, width: int = 128, dropout: float = 0.3, layers: int = 2) -> None:
        super().__init__()
        self.columns = limb_columns()
        self.enter = nn.ModuleList(nn.Linear(len(columns), width) for columns in self.columns)
        self.shrink = nn.Conv1d(width, width, 5, stride=4, padding=2)
        self.limb = nn.Parameter(0.02 * torch.randn(len(self.columns), width))
        self.between = nn.ModuleList(_Attends(width, dropout) for _ in range(layers))
        self.over_time = nn.ModuleList(_Attends(width, dropout) for _ in range(layers))
        self.asks = nn.Parameter(0.02 * torch.randn(4, width))
        self.pool = nn.MultiheadAttention(width, 4, dropout=dropout, batch_first=True)
        self.leave = nn.Sequential(nn.LayerNorm(4 * width), nn.Dropout(dropout), nn.Linear(4 * width, SPACE))
        self.phase: Tensor
        self.register_buffer("phase", _phases(256, width), persistent=False)

    def forward(self, rows: Tensor, lengths: Tensor) -> Tensor:
        """Normalized features (B, T, 263) and lengths (B,) -> (B, SPACE) unit vectors."""
        batch = rows.shape[0]
        limbs = torch.stack(
            [enter(rows[..., c]) for enter, c in zip(self.enter, self.columns, strict=True)], 1
        )
        limbs = limbs * _until(lengths, rows.shape[1])[:, None, :, None]
        flat = torch.relu(self.shrink(limbs.flatten(0, 1).transpose(1, 2))).transpose(1, 2)
        frames, width, count = flat.shape[1], flat.shape[2], len(self.columns)
        x = flat.reshape(batch, count, frames, width) + self.limb[None, :, None] + self.phase[:frames]
        beyond = torch.arange(frames, device=rows.device)[None] >= ((lengths + 3) // 4)[:, None]
        per_limb = beyond[:, None].expand(-1, count, -1).reshape(batch * count, frames)
        for between, over_time in zip(self.between, self.over_time, strict=True):
            x = x.transpose(1, 2).reshape(batch * frames, count, width)
            x = between(x, None).reshape(batch, frames, count, width).transpose(1, 2)
            x = over_time(x.reshape(batch * count, frames, width), per_limb).reshape(
                batch, count, frames, width
            )
        tokens = x.reshape(batch, count * frames, width)
        asks = self.asks[None].expand(batch, -1, -1)
        pooled, _ = self.pool(
            asks, tokens, tokens, key_padding_mask=per_limb.reshape(batch, -1), need_weights=False
        )
        return normalize(self.leave(pooled.flatten(1)), dim=1)


class _Attends(nn.Module):
    """One layer of a transformer, norm first."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.norm, self.again = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attend = nn.MultiheadAttention(width, 4, dropout=dropout, batch_first=True)
        self.feed = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * width, width)
        )
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, beyond: Tensor | None) -> Tensor:
        h = self.norm(x)
        h, _ = self.attend(h, h, h, key_padding_mask=beyond, need_weights=False)
        x = x + self.drop(h)
        return x + self.drop(self.feed(self.again(x)))


class SentenceHead(nn.Module):
    """From the vector of a frozen sentence encoder into the shared space: text is encoded once for all."""

    def __init__(self, dimension: int, hidden: int = 256, dropout: float = 0.3) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(dimension, hidden), nn.GELU(), nn.LayerNorm(hidden), nn.Dropout(dropout),
            nn.Linear(hidden, SPACE),
        )  # fmt: skip
        self.straight = nn.Linear(dimension, SPACE, bias=False)

    def forward(self, vectors: Tensor) -> Tensor:
        """(..., D) unit vectors -> (..., SPACE) unit vectors."""
        scaled = vectors * vectors.shape[-1] ** 0.5
        return normalize(self.net(scaled) + self.straight(scaled), dim=-1)


class WordGru(nn.Module):
    """A GRU over the words of a text; its last state is the text (AdaQF, 3.2)."""

    def __init__(self, words: Tensor, hidden: int = 256, dropout: float = 0.2) -> None:
        """Args: words: (V, D) frozen vectors of a tokenizer's pieces."""
        super().__init__()
        self.words = nn.Embedding.from_pretrained(words, freeze=True)  # type: ignore[no-untyped-call]  # of torch
        self.enter = nn.Sequential(nn.Linear(words.shape[1], hidden), nn.GELU(), nn.Dropout(dropout))
        self.gru = nn.GRU(hidden, hidden, batch_first=True, bidirectional=True)
        self.leave = nn.Sequential(
            nn.LayerNorm(2 * hidden), nn.Dropout(dropout), nn.Linear(2 * hidden, SPACE)
        )

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Ids (B, L), lengths (B,) -> (B, SPACE) unit vectors."""
        packed = nn.utils.rnn.pack_padded_sequence(
            self.enter(self.words(ids)), lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        _, last = self.gru(packed)
        return normalize(self.leave(torch.cat([last[0], last[1]], dim=1)), dim=1)


def _until(lengths: Tensor, count: int) -> Tensor:
    """(B, T) float32: 1 in a motion, 0 after its end."""
    return (torch.arange(count, device=lengths.device)[None] < lengths[:, None]).float()


def _wide(rows: Tensor, states: Tensor) -> Tensor:
    """Numbers of rows (B, K) as an index for `gather` over states (B, T, D)."""
    return rows[..., None].expand(-1, -1, states.shape[-1])


def _phases(frames: int, width: int) -> Tensor:
    place = np.arange(frames)[:, None] / 10000 ** (2 * np.arange(width // 2) / width)
    return torch.from_numpy(np.concatenate([np.sin(place), np.cos(place)], axis=1).astype(np.float32))
