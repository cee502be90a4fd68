"""Learn how closed-form poses are corrected, from drawn examples; torch."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.geometry import (
    MIRROR,
    PARENTS,
    Camera,
    matrix_from_axis_angle,
)
from clipactor_node.perception.closed_form import closed_form
from clipactor_node.perception.estimate import ATTACHED_TO
from clipactor_node.perception.recovery_model import BODY_JOINTS, INPUTS, RecoveryModel, features_of
from clipactor_node.perception.tracker import MIRRORED
from clipactor_node.perception.view import View, from_landmark_axes, seen_by

if TYPE_CHECKING:
    from torch import Tensor

_HIDDEN = 512
_MIN_PRESENCE = 0.3
_METRES = 6.0  # what a metre of a joint's place weighs against a unit of its rotation


def load_examples(folder: Path) -> dict[str, np.ndarray]:
    """All examples of `make_examples` in which somebody is seen, one after another."""
    files = sorted(folder.glob("*.npz"))
    parts = [np.load(file) for file in files]
    arrays = {key: np.concatenate([part[key] for part in parts]) for key in parts[0].files}
    kept = arrays["presence"] > _MIN_PRESENCE
    return {key: values[kept] for key, values in arrays.items()}


def attached_landmarks(examples: dict[str, np.ndarray], skinner: Skinner) -> np.ndarray:
    """(33, 3) where landmarks lie on a body in its T-pose: medians of what is seen, both sides alike."""
    offsets = []
    for n in np.flatnonzero((examples["hidden"] < 0.01) & (examples["presence"] > 0.8)):
        points, rays, truth = _seen(examples, int(n), skinner)
        points = points + truth[1:3, :3, 3].mean(0)
        placed = np.concatenate([-rays * points[:, 2:], points[:, 2:]], 1)
        moved = truth[ATTACHED_TO]
        offsets.append(np.einsum("nji,nj->ni", moved[:, :3, :3], placed - moved[:, :3, 3]))
    median = np.median(offsets, axis=0)
    median = 0.5 * (median + median[MIRRORED] * [-1.0, 1.0, 1.0])
    return np.asarray(skinner.rest_joints, np.float64)[ATTACHED_TO] + median


def train(
    examples: dict[str, np.ndarray],
    skinner: Skinner,
    epochs: int = 60,
    seed: int = 0,
    progress: Callable[[str], None] = print,
) -> RecoveryModel:
    """Learn from examples and their mirror images."""
    import torch

    torch.manual_seed(seed)
    attached = attached_landmarks(examples, skinner)
    features, starts, truths = _rows(examples, skinner, attached)
    scale = np.stack([features.mean(0), features.std(0) + 1e-3])
    x = torch.tensor((features - scale[0]) / scale[1], dtype=torch.float32).clamp(-8.0, 8.0)
    start, truth = torch.tensor(starts, dtype=torch.float32), torch.tensor(truths, dtype=torch.float32)
    rest = torch.tensor(np.asarray(skinner.rest_joints)[:BODY_JOINTS], dtype=torch.float32)
    last = torch.nn.Linear(_HIDDEN, 6 * BODY_JOINTS)
    net = torch.nn.Sequential(
        torch.nn.Linear(INPUTS, _HIDDEN), torch.nn.ReLU(), torch.nn.Dropout(0.1),
        torch.nn.Linear(_HIDDEN, _HIDDEN), torch.nn.ReLU(), torch.nn.Dropout(0.1), last,
    )  # fmt: skip
    torch.nn.init.normal_(last.weight, std=1e-3)
    torch.nn.init.zeros_(last.bias)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.02)
    batches = -(-len(x) // 256)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=epochs * batches)
    true_places = _places(truth, rest)
    for epoch in range(epochs):
        total = 0.0
        for rows in torch.split(torch.randperm(len(x)), 256):
            noisy = x[rows] + 0.05 * torch.randn(len(rows), INPUTS)
            found = start[rows] @ _rotations(net(noisy).reshape(-1, BODY_JOINTS, 6))
            off = (_places(found, rest) - true_places[rows]).norm(dim=-1)
            loss = _METRES * off.mean() + (found - truth[rows]).abs().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(off.mean()) * len(rows)
        progress(f"epoch {epoch + 1} of {epochs}: joints {1000 * total / len(x):.1f} mm off")
    layers = tuple(
        (part.weight.detach().numpy().astype(np.float64), part.bias.detach().numpy().astype(np.float64))
        for part in net
        if isinstance(part, torch.nn.Linear)
    )
    return RecoveryModel(attached, layers, scale)


def _rotations(rows: "Tensor") -> "Tensor":
    """As `rotations_of_columns` of rows + NO_TURN, differentiable."""
    import torch

    first = torch.nn.functional.normalize(rows[..., :3] + rows.new_tensor([1.0, 0.0, 0.0]), dim=-1)
    second = rows[..., 3:] + rows.new_tensor([0.0, 1.0, 0.0])
    second = torch.nn.functional.normalize(second - (first * second).sum(-1, keepdim=True) * first, dim=-1)
    return torch.stack([first, second, torch.linalg.cross(first, second)], -1)


def _places(local: "Tensor", rest: "Tensor") -> "Tensor":
    """(N, 22, 3, 3) -> (N, 22, 3) joints from the pelvis, metres; differentiable."""
    import torch

    turned, places = [local[:, 0]], [torch.zeros_like(local[:, 0, 0])]
    for joint in range(1, BODY_JOINTS):
        parent = PARENTS[joint]
        places.append(places[parent] + turned[parent] @ (rest[joint] - rest[parent]))
        turned.append(turned[parent] @ local[:, joint])
    return torch.stack(places, 1)


def _rows(
    examples: dict[str, np.ndarray], skinner: Skinner, attached: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features (2N, INPUTS), closed-form poses and true ones (2N, 22, 3, 3), mirror images after each."""
    rest = np.asarray(skinner.rest_joints, np.float64)
    swapped, joints = MIRRORED, list(MIRROR)
    flip = np.diag([-1.0, 1.0, 1.0])
    features, starts, truths = [], [], []
    for n in range(len(examples["pose"])):
        points, rays, truth = _seen(examples, n, skinner)
        local = matrix_from_axis_angle(examples["pose"][n].astype(np.float64))
        local[0] = truth[0, :3, :3]
        visibility = examples["visibility"][n]
        for mirrored in (False, True):
            if mirrored:
                points, rays = points[swapped] * [-1.0, 1.0, 1.0], rays[swapped] * [-1.0, 1.0]
                visibility, local = visibility[swapped], (flip @ local @ flip)[joints]
            start = closed_form(points, attached, rest)
            features.append(features_of(points, rays, visibility, start))
            starts.append(start[:BODY_JOINTS])
            truths.append(local[:BODY_JOINTS])
    return np.stack(features), np.stack(starts), np.stack(truths)


def _seen(
    examples: dict[str, np.ndarray], n: int, skinner: Skinner
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Landmarks (33, 3) from the hips, rays (33, 2), and the true joints (55, 4, 4), all in camera axes."""
    row = examples["camera"][n]
    side = int(row[7])
    camera = Camera(tuple(row[:3]), tuple(row[3:6]), fov=float(row[6]), width=side, height=side)
    view = View.of(camera)
    rays = view.rays(examples["picture"][n])
    points = from_landmark_axes(examples["world"][n])
    points = (points - points[23:25].mean(0)) @ view.turn_toward(rays[23:25].mean(0)).T
    transforms = skinner.transforms(examples["pose"][n], examples["translation"][n])
    return points, rays, seen_by(camera, transforms)
