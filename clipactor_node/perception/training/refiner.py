"""Train the diffusion network that refines poses; torch. The gradients it is told come from `feedback`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from clipactor_node.body import Skinner
from clipactor_node.geometry import MIRROR, matrix_from_axis_angle
from clipactor_node.perception.adaptation import seen_features, state_rows
from clipactor_node.perception.closed_form import closed_form
from clipactor_node.perception.denoiser import BLOCKS, POSES, SEEN, STATE
from clipactor_node.perception.feedback import KEYPOINTS, TEXT, Rig, keypoint_gradients, text_gradients
from clipactor_node.perception.pose_space import PoseSpace
from clipactor_node.perception.recovery_model import (
    BODY_JOINTS,
    RecoveryModel,
    columns_of,
    features_of,
    rotations_of_columns,
)
from clipactor_node.perception.tracker import MIRRORED
from clipactor_node.perception.training.regressor import _places, _seen, train
from clipactor_node.perception.training.space import dense, layer_arrays
from clipactor_node.perception.wording import facts, sentences

WIDTH = 384
_METRES = 6.0
_DROPPED = 0.2  # how often a condition is left out
_FROM_NOISE = 0.15
_FLIP = np.diag([-1.0, 1.0, 1.0])


@dataclass(frozen=True)
class Examples:
    """Drawn people and their mirror images.

    Fields:
        told: (N, INPUTS). rays: (N, 33, 2).
        visibility: (N, 33). first, truth: (N, 22, 3, 3), camera axes. room: (N, 3, 3) to y up.
        said: for each, numbers of the sentences about it.
    """

    told: np.ndarray
    rays: np.ndarray
    visibility: np.ndarray
    first: np.ndarray
    truth: np.ndarray
    room: np.ndarray
    said: list[list[int]]


def load_drawn(folders: list[Path]) -> dict[str, np.ndarray]:
    """All examples of `make_examples` in which somebody is seen."""
    parts = [dict(np.load(file)) for folder in folders for file in sorted(folder.glob("*.npz"))]
    arrays = {key: np.concatenate([part[key] for part in parts]) for key in parts[0] if key != "image"}
    kept = arrays["presence"] > 0.3
    return {key: values[kept] for key, values in arrays.items()}


def examples_of(
    drawn: dict[str, np.ndarray],
    skinner: Skinner,
    model: RecoveryModel,
    texts: dict[str, int],
    progress: Callable[[str], None] = print,
    epochs: int = 20,
) -> Examples:
    """Rows to learn from. First estimates come from regressors that did not learn from the example."""
    count = len(drawn["pose"])
    half = np.arange(count) < count // 2
    models = []
    for part in (~half, half):
        progress("training a regressor on one half, for first estimates of the other")
        models.append(train({k: v[part] for k, v in drawn.items()}, skinner, epochs, progress=lambda _: None))
    rest = np.asarray(skinner.rest_joints, np.float64)
    rig = Rig(rest[:BODY_JOINTS], np.zeros((33, 3)))
    rng = np.random.default_rng(0)
    rows: list[tuple[np.ndarray, ...]] = []
    said: list[list[int]] = []
    for n in range(count):
        points, rays, world = _seen(drawn, n, skinner)
        local = matrix_from_axis_angle(drawn["pose"][n].astype(np.float64))
        room = local[0] @ world[0, :3, :3].T
        local[0] = world[0, :3, :3]
        sure = drawn["visibility"][n]
        for mirrored in (False, True):
            if mirrored:
                points, rays = points[MIRRORED] * [-1.0, 1.0, 1.0], rays[MIRRORED] * [-1.0, 1.0]
                sure, local = sure[MIRRORED], (_FLIP @ local @ _FLIP)[list(MIRROR)]
                room = _FLIP @ room @ _FLIP
            start = closed_form(points, model.attached, rest)
            told = features_of(points, rays, sure, start)
            first = models[0 if half[n] else 1].corrected(start, told)
            rows.append((told, rays, sure, first[:BODY_JOINTS], local[:BODY_JOINTS], room))
            turned = local[None, :BODY_JOINTS].copy()
            turned[0, 0] = room @ local[0]
            turns, places = rig.joints(turned)
            known = facts(places[0], turns[0])
            said.append([texts[text] for text in sentences(known, int(rng.integers(1 << 30)))])
    told, rays, sure, first, truth, to_room = (
        np.stack(part).astype(np.float32) for part in zip(*rows, strict=True)
    )
    return Examples(told, rays, sure, first, truth, to_room, said)


class _Network(nn.Module):
    """As `Denoiser`, differentiable."""

    def __init__(self) -> None:
        super().__init__()
        self.seen, self.state = nn.Linear(SEEN, WIDTH), nn.Linear(STATE, WIDTH)
        norms = [nn.Linear(WIDTH, 2 * WIDTH) for _ in range(BLOCKS)]
        self.blocks = nn.ModuleList([dense(WIDTH, 2 * WIDTH, WIDTH) for _ in range(BLOCKS)])
        self.out = nn.Linear(WIDTH, POSES)
        self.drop = nn.Dropout(0.1)
        for norm in norms:
            nn.init.normal_(norm.weight, std=0.01)
            nn.init.zeros_(norm.bias)
        self.norms = nn.ModuleList(norms)
        nn.init.normal_(self.out.weight, std=1e-3)
        nn.init.zeros_(self.out.bias)

    def forward(self, state: Tensor, seen: Tensor) -> Tensor:
        told = self.drop(torch.relu(self.state(state) + self.seen(seen)))
        h = told
        for norm, block in zip(self.norms, self.blocks, strict=True):
            scale, shift = norm(told).chunk(2, -1)
            h = h + self.drop(block(_normalized(h) * (1.0 + scale) + shift))
        found: Tensor = self.out(_normalized(h))
        return found


def train_refiner(
    examples: Examples,
    space: PoseSpace,
    vectors: np.ndarray,
    attached: np.ndarray,
    rest: np.ndarray,
    epochs: int = 40,
    seed: int = 0,
    progress: Callable[[str], None] = print,
) -> dict[str, np.ndarray]:
    """Learn to denoise poses.

    Args:
        vectors: (S, 384) of the sentences that `examples.said` counts.
        attached: (33, 3) landmarks from their joints, in the T-pose. rest: (22, 3) joints there.

    Returns:
        Arrays as `Denoiser.of` reads them.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    batches = _Batches(examples, space, vectors, Rig(rest, attached), rng)
    net = _Network()
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.03)
    steps = epochs * -(-len(examples.told) // 256)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.5e-3, total_steps=steps)
    bones = torch.tensor(rest, dtype=torch.float32)
    for epoch in range(epochs):
        total = 0.0
        for rows in np.array_split(rng.permutation(len(examples.told)), steps // epochs):
            state, seen, centre, wide, truth = batches.of(rows)
            found = _turns(centre + wide * net(state, seen))
            off = (_places(found, bones) - _places(truth, bones)).norm(dim=-1)
            loss = _METRES * off.mean() + (found - truth).abs().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(off.detach().mean()) * len(rows)
        progress(f"refiner, epoch {epoch + 1} of {epochs}: joints {1000 * total / len(examples.told):.1f} mm")
    net.eval()
    arrays = {f"refiner.{k}": v for k, v in batches.facts.items()}
    arrays |= layer_arrays("refiner.seen", net.seen) | layer_arrays("refiner.state", net.state)
    arrays |= layer_arrays("refiner.out", net.out)
    for i in range(BLOCKS):
        arrays |= layer_arrays(f"refiner.norm{i}", net.norms[i])
        arrays |= layer_arrays(f"refiner.block{i}", net.blocks[i])
    return arrays


class _Batches:
    """Examples as the network is told them: noisy, with gradients, some conditions left out."""

    def __init__(
        self, examples: Examples, space: PoseSpace, vectors: np.ndarray, rig: Rig, rng: np.random.Generator
    ) -> None:
        self._x, self._space, self._rig, self._rng = examples, space, rig, rng
        self._read = np.maximum(space.sentence(vectors), 0.0)
        middle, spread = examples.told.mean(0), examples.told.std(0) + 1e-3
        truth = columns_of(examples.truth).reshape(-1, POSES)
        first = columns_of(examples.first).reshape(-1, POSES)
        self._truth, self._first = truth, first
        self.facts = {
            "scale": np.stack([middle, spread]).astype(np.float32),
            "mean": truth.mean(0).astype(np.float32),
            "spread": ((truth - first).std(0) + 0.02).astype(np.float32),
            "wide": (truth.std(0) + 0.05).astype(np.float32),
        }
        self._seen = seen_features(self.facts["scale"], examples.told)

    def of(self, rows: np.ndarray) -> tuple[Tensor, ...]:
        """State, what is seen, centre, deviations, and the true rotations of the examples `rows`."""
        rng, x, count = self._rng, self._x, len(rows)
        from_first = (rng.random(count) > _FROM_NOISE).astype(np.float32)
        centre = np.where(from_first[:, None] > 0, self._first[rows], self.facts["mean"])
        wide = np.where(from_first[:, None] > 0, self.facts["spread"], self.facts["wide"])
        clean = (self._truth[rows] - centre) / wide
        left = np.cos(0.5 * np.pi * np.maximum(rng.random(count), rng.random(count)))
        noise = rng.standard_normal(clean.shape)
        now = left[:, None] * clean + np.sqrt(1.0 - left[:, None] ** 2) * noise
        local = rotations_of_columns((centre + wide * now).reshape(count, BODY_JOINTS, 6).astype(np.float64))
        keypoints, text = np.zeros((count, KEYPOINTS)), np.zeros((count, TEXT))
        with_keypoints = rng.random(count) > _DROPPED
        if with_keypoints.any():
            k = with_keypoints
            points = self._rig.landmarks(local[k])
            keypoints[k] = keypoint_gradients(points, x.rays[rows][k], x.visibility[rows][k])
        with_text = rng.random(count) > 0.4
        if with_text.any():
            t = np.flatnonzero(with_text)
            meant = np.stack([self._meaning(x.said[row]) for row in rows[t]])
            text[t] = text_gradients(self._space, local[t], x.room[rows[t]], meant)
        seen = self._seen[rows].copy()
        seen += 0.05 * rng.standard_normal(seen.shape)
        seen[:, -1] = 1.0
        seen[rng.random(count) < _DROPPED] = 0.0
        state = state_rows(now, centre, left, from_first, keypoints, text)
        return tuple(
            torch.tensor(np.asarray(part), dtype=torch.float32)
            for part in (state, seen, centre, wide, x.truth[rows])
        )

    def _meaning(self, said: list[int]) -> np.ndarray:
        share = self._rng.uniform(0.2, 1.2)
        some = [number for number in said if self._rng.random() < share] or said[:1]
        return self._space.text(self._read[some].mean(0))


def _normalized(rows: Tensor) -> Tensor:
    return nn.functional.layer_norm(rows, rows.shape[-1:], eps=1e-5)


def _turns(rows: Tensor) -> Tensor:
    rows = rows.reshape(-1, BODY_JOINTS, 6)
    first = nn.functional.normalize(rows[..., :3], dim=-1)
    second = rows[..., 3:] - (first * rows[..., 3:]).sum(-1, keepdim=True) * first
    second = nn.functional.normalize(second, dim=-1)
    return torch.stack([first, second, torch.linalg.cross(first, second)], -1)
