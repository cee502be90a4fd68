"""Training of extractors and of MoCLIP: resumable to the last bit, best weights by validation."""

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from clipactor_node.errors import ModelError
from clipactor_node.generation.training import run_folder
from clipactor_node.generation.training.batches import Batch, Sampler, Variation
from clipactor_node.generation.training.data import TRAIN, VALIDATE, Split
from clipactor_node.generation.training.evaluation import recall
from clipactor_node.generation.training.loop import Loop, Say, Schedule, device_of, groups_of, only_one
from clipactor_node.generation.training.losses import against_opposites, alignment, contrast, tether
from clipactor_node.generation.training.models import Pair
from clipactor_node.generation.training.tuned_text import TunedText

EXTRACTORS = "extractors"


@dataclass(frozen=True)
class Config:
    """What is trained, and how.

    Fields:
        motion, text, base: see `models.Pair`.
        steps, batch, learning_rate, text_rate: text_rate is that of a tuned base encoder.
        width, dropout: of the motion network.
        align: weight of the cosine term; against: weight of the sentences that are not so;
        tether: weight of the tethering loss, with "tuned" only.
        check_every: steps between validations; patience: validations without gain before it stops, 0 never.
    """

    motion: str = "gru"
    width: int = 128
    dropout: float = 0.3
    text: str = "sentence"
    base: str = "minilm"
    steps: int = 3000
    batch: int = 64
    learning_rate: float = 6e-4
    text_rate: float = 2e-5
    weight_decay: float = 0.05
    warm_up: int = 100
    align: float = 0.3
    against: float = 0.5
    tether: float = 1.0
    average: float = 0.995
    check_every: int = 100
    patience: int = 12
    seed: int = 7
    bf16: bool = True
    variation: Variation = field(default_factory=Variation)


def train(data: Split, out: Path, config: Config, say: Say = lambda entry: None) -> Path:
    """Train in the run folder `out`; an interrupted run goes on exactly where its checkpoint stands.

    Returns:
        the file of the best weights.

    Raises:
        ClipActorError: another process trains there.
        ModelError: its checkpoint is damaged or of another config or data; or the disk is full.
    """
    with only_one(out):
        device = device_of()
        torch.manual_seed(config.seed)
        dimension = int(data.vectors.shape[-1])
        net, average = (_pair(asdict(config), dimension).to(device) for _ in range(2))
        sampler = Sampler(data, TRAIN, config.variation, config.seed)

        def score() -> dict[str, float]:
            found = recall(average, data, VALIDATE, device)
            return {"score": (found.text[5] + found.text[10]) / 2, "R@5": found.text[5]}

        def rate(step: int) -> float:
            """A warm-up, then half a cosine."""
            warm = min(1.0, (step + 1) / config.warm_up)
            return max(warm * 0.5 * (1.0 + math.cos(math.pi * step / config.steps)), 0.01)

        return Loop(
            out,
            Schedule(config.steps, rate, config.check_every, config.patience, config.average, config.seed,
                     config.bf16),
            net,
            average,
            groups_of(net, lambda name: config.text_rate if name.startswith("text.student.")
                      else config.learning_rate, config.weight_decay),
            lambda step: losses(net, sampler.batch(step, config.batch).to(device), config),
            score if data.clips_of(VALIDATE) else None,
            {"what": EXTRACTORS, "config": asdict(config), "data": data.digest},
            say,
        ).go()  # fmt: skip


def losses(net: Pair, batch: Batch, config: Config) -> dict[str, Tensor]:
    """The weighted terms of one batch: equation 2, sentences that are not so, and tethering."""
    motions = net.see(batch).float()
    terms = {}
    if config.text == "tuned":
        ids, lengths = net.tokens(batch.texts)  # type: ignore[operator]  # a module's attribute
        assert isinstance(net.text, TunedText)
        texts, student, teacher = net.text.pair(ids.to(motions.device), lengths.to(motions.device))
        terms["tether"] = config.tether * tether(student.float(), teacher.float())
    else:
        texts = net.read(batch)
    terms["contrast"] = contrast(texts.float(), motions, net.scale, batch.same)
    terms["align"] = config.align * alignment(texts.float(), motions)
    if config.text == "sentence":
        seen, wrong = net.text(batch.seen).float(), net.text(batch.wrong).float()
        terms["seen"] = contrast(seen, motions, net.scale, batch.same)
        terms["against"] = config.against * against_opposites(seen, motions, wrong, batch.there, net.scale)
    return terms


def _pair(config: dict[str, Any], dimension: int) -> Pair:
    names = ("motion", "text", "base", "width", "dropout")
    return Pair(**{name: config[name] for name in names}, dimension=dimension)


def load_pair(data: Split, run: Path) -> Pair:
    """The best weights of a run.

    Raises:
        ModelError: they are absent or damaged.
    """
    try:
        config = json.loads((run / run_folder.CONFIG).read_text())["config"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"{run} is no run folder ({str(error)[:80]}); type: clipactor motion-model list"
        ) from error
    net = _pair(config, int(data.vectors.shape[-1]))
    try:
        net.load_state_dict(run_folder.load(run, run_folder.BEST)["net"])
    except (RuntimeError, KeyError) as error:
        raise ModelError(f"{run / run_folder.BEST} is of another model ({str(error)[:80]})") from error
    return net.eval()


def facts_of(run: Path, last: bool = False) -> dict[str, object]:
    """What the record of an exported model says of its training; last: of the last weights, not the best.

    Raises:
        ModelError: there is no run.
    """
    try:
        origin = json.loads((run / run_folder.CONFIG).read_text())
        found = {"what": origin["what"], "config": origin["config"]}
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"{run} is no run folder ({str(error)[:80]}); type: clipactor motion-model list"
        ) from error
    guide = {"guide": origin["guide"]["sha256"]} if origin.get("guide") else {}
    if last:
        return {**found, **guide, "steps": int(run_folder.load(run, run_folder.CHECKPOINT)["progress"][0])}
    return {**found, **guide, "steps": int(run_folder.load(run, run_folder.BEST)["step"])}
