"""Training of the generator, guided by extractors that were trained before."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from clipactor_node.errors import ModelError
from clipactor_node.generation.training import run_folder
from clipactor_node.generation.training.batches import Batch, Sampler, Variation
from clipactor_node.generation.training.data import TRAIN, VALIDATE, Split
from clipactor_node.generation.training.denoiser import GeneratorConfig
from clipactor_node.generation.training.diffusion import Generator, Guide
from clipactor_node.generation.training.loop import Loop, Say, Schedule, device_of, groups_of, only_one
from clipactor_node.generation.training.trainer import load_pair

GENERATOR = "generator"
AS_THEY_ARE = Variation(limb=0.0, noise=0.0, words=0.2, tempo=0.08, against=0)
"""How windows are varied: what is generated shall look like them."""

_WARM_UP = 100
_DECAY = 0.1
_CHECKED = 48


def train_generator(
    data: Split, out: Path, config: GeneratorConfig, guide: Path | None, say: Say = lambda entry: None
) -> Path:
    """Train in the run folder `out`; an interrupted run goes on exactly where its checkpoint stands.

    Args:
        guide: run folder of the extractors; None: mean squared error alone (the paper's Table 4, first row).

    Returns:
        the file of the best weights.

    Raises:
        ClipActorError: another process trains there.
        ModelError: its checkpoint is damaged or of another config or data; the guide is no run; a full disk.
    """
    with only_one(out):
        device = device_of()
        net, average = (_generator(data, config, guide).to(device) for _ in range(2))
        sampler = Sampler(data, TRAIN, AS_THEY_ARE, config.seed, config.frames)

        def losses(step: int) -> dict[str, Tensor]:
            return net.losses(sampler.batch(step, config.batch).to(device))

        def rate(step: int) -> float:
            warm = min(1.0, (step + 1) / _WARM_UP)
            return warm * (_DECAY if step >= config.decay_at else 1.0)

        kept_aside = _kept_aside(data, config)
        return Loop(
            out,
            Schedule(
                config.iterations, rate, config.check_every, config.patience, config.average, config.seed
            ),
            net,
            average,
            groups_of(net, lambda name: config.learning_rate, 0.01),
            losses,
            (lambda: _score(average, kept_aside.to(device))) if kept_aside is not None else None,
            _origin(data, config, guide),
            say,
        ).go()


def load_generator(data: Split, run: Path, last: bool = False) -> Generator:
    """The best weights of a run by validation, or the `last` averaged ones, on the CPU.

    Raises:
        ModelError: they are absent or damaged, or the run is none of a generator.
    """
    try:
        origin = json.loads((run / run_folder.CONFIG).read_text())
        if origin.get("what") != GENERATOR:
            raise ModelError(f"{run} is a run of {origin.get('what', 'extractors')}, not of a generator")
        config = GeneratorConfig(**origin["config"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{run} is no run folder ({str(error)[:80]}); type: clipactor motion-model list"
        ) from error
    file, key = (run_folder.CHECKPOINT, "average") if last else (run_folder.BEST, "net")
    weights = run_folder.load(run, file)[key]
    guide = origin["guide"]["run"] if origin["guide"] else None
    net = _generator(data, config, Path(guide) if guide else None)
    try:
        net.load_state_dict(weights)
    except (RuntimeError, KeyError) as error:
        raise ModelError(f"{run / file} is of another model ({str(error)[:80]})") from error
    return net.eval()


def untrained_generator(config: GeneratorConfig, dimension: int) -> Generator:
    """One with random weights and no guide, to measure or test; dimension: of the sentence vectors."""
    torch.manual_seed(config.seed)
    return Generator(config, None, dimension).eval()


def _generator(data: Split, config: GeneratorConfig, guide: Path | None) -> Generator:
    torch.manual_seed(config.seed)
    pair = Guide(load_pair(data, guide).to(device_of())) if guide is not None else None
    return Generator(config, pair, int(data.vectors.shape[-1]))


def _origin(data: Split, config: GeneratorConfig, guide: Path | None) -> dict[str, object]:
    found = None
    if guide is not None:
        digest = hashlib.sha256((guide / run_folder.BEST).read_bytes()).hexdigest()
        found = {"run": str(guide), "sha256": digest}
    return {"what": GENERATOR, "config": asdict(config), "data": data.digest, "guide": found}


def _kept_aside(data: Split, config: GeneratorConfig) -> Batch | None:
    """Windows of the validation subjects, always the same ones."""
    if not data.of(VALIDATE):
        return None
    plain = Variation(mirror=0.0, limb=0.0, noise=0.0, words=0.0, tempo=0.0, against=0)
    return Sampler(data, VALIDATE, plain, config.seed, config.frames).batch(0, _CHECKED)


@torch.no_grad()
def _score(net: Generator, batch: Batch) -> dict[str, float]:
    """Minus the squared error on windows kept aside, from the same noise each time."""
    net.eval()
    draw = torch.Generator(batch.rows.device).manual_seed(5)
    error = float(net.losses(batch, draw)["mse"])
    return {"score": -error}
