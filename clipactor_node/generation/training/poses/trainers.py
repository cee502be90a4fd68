"""Training of prior, diffusion and pose-words space, by the loop that the other models use."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from clipactor_node.errors import ModelError
from clipactor_node.generation.training import run_folder
from clipactor_node.generation.training.loop import Loop, Say, Schedule, groups_of, only_one
from clipactor_node.generation.training.poses.batches import (
    DIFFUSION,
    KINDS,
    PRIOR,
    WORDS_SPACE,
    PoseConfig,
    vocabulary_of,
)
from clipactor_node.generation.training.poses.networks import PoseDenoiser, PosePriorNet, PoseWordsNet
from clipactor_node.generation.training.poses.pairs import PosePairs
from clipactor_node.generation.training.poses.tasks import DiffusionTask, PriorTask, WordsTask


def train_pose_model(
    data: PosePairs,
    rest_joints: np.ndarray,
    out: Path,
    config: PoseConfig,
    prior: Path | None = None,
    say: Say = lambda entry: None,
) -> Path:
    """Train in the run folder `out`; an interrupted run goes on exactly where its checkpoint stands.

    Args:
        rest_joints: (55, 3) metres, of the body the poses are on.
        prior: run folder of the prior; the representation "latent" needs it.

    Returns:
        the file of the best weights.

    Raises:
        ModelError: the checkpoint is of another config or other data; a prior is needed and not given.
        ClipActorError: another process trains there.
    """
    with only_one(out):
        torch.manual_seed(config.seed)
        net, average = (_network(data, config) for _ in range(2))
        task = _task(net, average, data, rest_joints, config, prior)
        warm = min(200, max(config.iterations // 10, 1))

        def rate(step: int) -> float:
            along = max(step - warm, 0) / max(config.iterations - warm, 1)
            return min((step + 1) / warm, 1.0) * (0.05 + 0.95 * 0.5 * (1.0 + np.cos(np.pi * min(along, 1.0))))

        schedule = Schedule(
            config.iterations, rate, config.check_every, config.patience, config.average, config.seed
        )
        origin = {"what": config.kind, "config": asdict(config), "data": data.digest}
        groups = groups_of(net, lambda name: config.learning_rate, 0.01)
        return Loop(out, schedule, net, average, groups, task.losses, task.score, origin, say).go()


def load_pose_network(data: PosePairs, run: Path) -> tuple[nn.Module, PoseConfig]:
    """The best weights of a run, on the CPU, and how it was trained.

    Raises:
        ModelError: they are absent or damaged, or the run is none of a pose model.
    """
    try:
        origin = json.loads((run / run_folder.CONFIG).read_text())
        if origin.get("what") not in KINDS:
            raise ModelError(f"{run} is a run of {origin.get('what', 'extractors')}, not of a pose model")
        config = PoseConfig(**origin["config"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{run} is no run folder ({str(error)[:80]}); type: clipactor pose-model train"
        ) from error
    net = _network(data, config)
    try:
        net.load_state_dict(run_folder.load(run, run_folder.BEST)["net"])
    except (RuntimeError, KeyError) as error:
        raise ModelError(f"{run / run_folder.BEST} is of another model ({str(error)[:80]})") from error
    return net.eval(), config


def _network(data: PosePairs, config: PoseConfig) -> nn.Module:
    torch.manual_seed(config.seed)
    if config.kind == PRIOR:
        return PosePriorNet(dropout=config.dropout)
    vocabulary, dimension = len(vocabulary_of(data)), int(data.vectors.shape[2])
    if config.kind == WORDS_SPACE:
        return PoseWordsNet(vocabulary, dimension)
    return PoseDenoiser(
        config.size,
        vocabulary,
        dimension,
        config.width,
        config.layers,
        config.heads,
        config.dropout,
        config.steps,
    )


def _task(
    net: nn.Module,
    average: nn.Module,
    data: PosePairs,
    rest: np.ndarray,
    config: PoseConfig,
    prior: Path | None,
) -> PriorTask | DiffusionTask | WordsTask:
    """What the networks learn; on the CPU: they are too small for a GPU to be worth it."""
    if isinstance(net, PosePriorNet) and isinstance(average, PosePriorNet):
        return PriorTask(net, average, data, rest, config)
    if isinstance(net, PoseWordsNet) and isinstance(average, PoseWordsNet):
        return WordsTask(net, average, data, config)
    assert isinstance(net, PoseDenoiser) and isinstance(average, PoseDenoiser)
    return DiffusionTask(net, average, data, config, open_prior(data, config, prior))


def open_prior(data: PosePairs, config: PoseConfig, run: Path | None) -> PosePriorNet | None:
    """The prior that a representation needs in training; None: it needs none.

    Raises:
        ModelError: it needs one and there is none.
    """
    if config.kind != DIFFUSION or config.representation != "latent":
        return None
    if run is None:
        raise ModelError(
            "the representation latent needs a prior: --prior RUN, of `pose-model train pose-prior`"
        )
    net, found = load_pose_network(data, run)
    if not isinstance(net, PosePriorNet):
        raise ModelError(f"{run} is a run of {found.kind}, not of a prior")
    return net.requires_grad_(False)
