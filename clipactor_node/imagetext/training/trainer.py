"""Training of the clothes model: contrastive, with a shared readout; resumable."""

import json
import pickle
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize, smooth_l1_loss

from clipactor_node.body import load as load_body
from clipactor_node.errors import ClipActorError, ModelError
from clipactor_node.files import Locked, lock, replacing
from clipactor_node.imagetext.embedded.layout import FEATURES
from clipactor_node.imagetext.embedded.network import EmbeddedNet
from clipactor_node.imagetext.embedded.readout_targets import SIZE
from clipactor_node.imagetext.embedded.weights import save_weights
from clipactor_node.imagetext.training.data import Say, Split, load
from clipactor_node.imagetext.training.pictures import junk, pictures

SAVE_EVERY_S = 90.0
LOG_EVERY = 20


@dataclass(frozen=True)
class TrainPlan:
    """How the model is trained.

    batch, views: outfits per step, and pictures of each; junk: pictures that no sentence describes.
    steps, minutes: whichever ends first; the learning rate follows.
    no_layout: share of the sentences whose layout is withheld, so that the tokens alone must do.
    """

    batch: int = 64
    views: int = 2
    junk: int = 8
    steps: int = 100_000
    minutes: float = 45.0
    learning_rate: float = 2e-3
    warm_up: int = 60
    weight_decay: float = 0.05
    no_layout: float = 0.3
    readout: float = 10.0
    average: float = 0.99
    seed: int = 7
    bf16: bool = True


@dataclass
class Batch:
    """B outfits: pictures (B, views, 3, S, S) and junk (J, 3, S, S), sentences, targets."""

    images: Tensor
    junk: Tensor
    tokens: Tensor
    mask: Tensor
    layouts: Tensor
    readouts: Tensor
    same: Tensor


def draw(split: Split, plan: TrainPlan, positions: np.ndarray, random: np.random.Generator) -> Batch:
    """A random batch of a data set."""
    rows = random.choice(len(split), plan.batch, replace=False)
    colors = split.colors[rows]
    repeated = np.repeat(colors, plan.views, 0)
    images = pictures(split.views, random.integers(len(split.views), size=len(repeated)), repeated, random)
    spoilt = junk(colors[: plan.junk], positions, random)
    worthless = pictures(split.views, random.integers(len(split.views), size=plan.junk), spoilt, random)
    tokens, mask, layouts = sentences(split, rows)
    layouts = layouts + torch.from_numpy(random.normal(0, 0.02, layouts.shape).astype(np.float32))
    layouts[random.random(len(rows)) < plan.no_layout] = 0.0
    readouts = torch.from_numpy(np.asarray(split.readouts[rows]))
    alike = torch.cdist(readouts, readouts, p=1) / readouts.shape[1] < 0.012
    captions = np.array([split.captions[row].lower() for row in rows])
    same = alike | torch.from_numpy(captions[:, None] == captions[None, :])
    return Batch(
        torch.from_numpy(images).view(plan.batch, plan.views, *images.shape[1:]),
        torch.from_numpy(worthless),
        tokens,
        mask,
        layouts,
        readouts,
        same & ~torch.eye(len(rows), dtype=torch.bool),
    )


def sentences(split: Split, rows: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens (B, L, 384), mask (B, L) and layouts (B, F) of some captions."""
    lengths = torch.from_numpy(np.asarray(split.lengths[rows]))
    longest = int(lengths.max())
    tokens = torch.from_numpy(np.asarray(split.tokens[rows, :longest])).float()
    mask = torch.arange(longest)[None, :] < lengths[:, None]
    return tokens, mask, torch.from_numpy(np.array(split.layouts[rows]))


def losses(net: EmbeddedNet, batch: Batch, plan: TrainPlan) -> dict[str, Tensor]:
    """The terms of the loss, weighted."""
    count, views = batch.images.shape[:2]
    everything = torch.cat([batch.images.flatten(0, 1), batch.junk])
    everything = everything.contiguous(memory_format=torch.channels_last)
    with torch.autocast(everything.device.type, torch.bfloat16, enabled=plan.bf16):
        embedded = net.image(everything)
    embedded = embedded.float()
    seen = normalize(embedded[: count * views], dim=1).view(count, views, -1)
    worthless = normalize(embedded[count * views :], dim=1)
    text = normalize(net.text(batch.tokens, batch.mask, batch.layouts), dim=1)
    scale = net.log_scale.exp().clamp(max=60)

    def contrast(images: Tensor) -> Tensor:
        logits = scale * text @ normalize(images, dim=1).T
        logits = logits.masked_fill(batch.same, -1e4)
        with_junk = torch.cat([logits, scale * text @ worthless.T], 1)
        target = torch.arange(count, device=logits.device)
        return 0.5 * (cross_entropy(with_junk, target) + cross_entropy(logits.T, target))

    def read(embeddings: Tensor) -> Tensor:
        wanted = batch.readouts if embeddings.dim() == 2 else batch.readouts.unsqueeze(1)
        return smooth_l1_loss(net.readout(embeddings), wanted.expand(*embeddings.shape[:-1], -1), beta=0.1)

    mean = seen.mean(1)
    return {
        "mean": contrast(mean),
        "one": 0.5 * contrast(seen[:, 0]),
        "read views": plan.readout * 0.5 * read(seen),
        "read mean": plan.readout * read(normalize(mean, dim=1)),
        "read text": plan.readout * read(text),
    }


def train(folder: Path, out: Path, plan: TrainPlan, progress: Say = print) -> Path:
    """Train on the data in `folder`; write checkpoint, log and `wardrobe.safetensors` to `out`.

    A run that was interrupted goes on from its checkpoint, with the time it had left; Ctrl-C writes one.

    Returns:
        the path of the weights.

    Raises:
        ClipActorError: the data are not complete, or another process trains in `out`.
        ModelError: the checkpoint is damaged.
    """
    try:
        with lock(out / ".lock"):
            return _train(folder, out, plan, progress)
    except Locked as busy:
        raise ClipActorError(f"{busy}; wait for it, or choose another folder") from busy


def _train(folder: Path, out: Path, plan: TrainPlan, progress: Say) -> Path:
    split, positions = load(folder, "train"), load_body().template
    if split.colors.shape[1] != len(positions):
        positions = np.random.default_rng(0).normal(0, 0.5, (split.colors.shape[1], 3)).astype(np.float32)
    run = _Run(out, plan)
    if run.state.step:
        progress(f"going on from step {run.state.step}, {run.state.seconds / 60:.1f} minutes")
    started, saved = time.monotonic() - run.state.seconds, time.monotonic()
    try:
        while run.state.step < plan.steps and run.state.seconds < 60 * plan.minutes:
            random = np.random.default_rng((plan.seed, run.state.step))
            terms = run.learn(draw(split, plan, positions, random))
            run.state.seconds = time.monotonic() - started
            if run.state.step % LOG_EVERY == 0:
                _log(out, run, terms, progress)
            if time.monotonic() - saved > SAVE_EVERY_S:
                run.save()
                saved = time.monotonic()
    except KeyboardInterrupt:
        run.save()
        progress(f"interrupted at step {run.state.step}; the same command goes on from there")
        raise
    run.save()
    weights = out / "wardrobe.safetensors"
    save_weights(run.average, weights, {"plan": json.dumps(asdict(plan)), "steps": str(run.state.step)})
    size, minutes = weights.stat().st_size / 1e6, run.state.seconds / 60
    progress(f"{weights}: {size:.1f} MB after {run.state.step} steps, {minutes:.1f} min")
    return weights


@dataclass
class _Progress:
    step: int = 0
    seconds: float = 0.0


class _Run:
    """A network in training: its parameters, their moving average, the optimizer, and how far it is."""

    def __init__(self, out: Path, plan: TrainPlan) -> None:
        """Starts anew, or where the checkpoint in `out` stands."""
        torch.manual_seed(plan.seed)
        self.plan, self.state, self._checkpoint = plan, _Progress(), out / "checkpoint.pt"
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.net = EmbeddedNet(FEATURES, SIZE).to(self.device)
        self.net.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]  # stubs lack it
        self.average = EmbeddedNet(FEATURES, SIZE).to(self.device)
        self.average.load_state_dict(self.net.state_dict())
        decayed = [p for p in self.net.parameters() if p.dim() > 1]
        plain = [p for p in self.net.parameters() if p.dim() <= 1]
        groups = [
            {"params": decayed, "weight_decay": plan.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=plan.learning_rate)
        if self._checkpoint.is_file():
            self._restore()

    @property
    def rate(self) -> float:
        """The learning rate now: a warm-up, then half a cosine over steps or minutes, whichever end first."""
        plan, state = self.plan, self.state
        share = max(state.step / plan.steps, state.seconds / (60 * plan.minutes))
        warm = min(1.0, (state.step + 1) / plan.warm_up)
        return max(float(plan.learning_rate * warm * (0.5 + 0.5 * np.cos(np.pi * share))), 1e-5)

    def learn(self, batch: Batch) -> dict[str, Tensor]:
        """One step; the terms of the loss before it."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate
        terms = losses(self.net, _to(batch, self.device), self.plan)
        self.optimizer.zero_grad(set_to_none=True)
        loss: Tensor = sum(terms.values(), torch.zeros((), device=self.device))
        loss.backward()  # type: ignore[no-untyped-call]  # of torch
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimizer.step()
        self.state.step += 1
        _follow(
            self.average, self.net, min(self.plan.average, (1 + self.state.step) / (10 + self.state.step))
        )
        return terms

    def save(self) -> None:
        """Write the checkpoint; it is whole or not there."""
        kept = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": vars(self.state),
        }
        with replacing(self._checkpoint) as part:
            torch.save(kept, part)

    def _restore(self) -> None:
        path = self._checkpoint
        try:
            kept = torch.load(path, map_location=self.device, weights_only=True)
            self.net.load_state_dict(kept["net"])
            self.average.load_state_dict(kept["average"])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.state = _Progress(**kept["progress"])
        except (
            OSError,
            EOFError,
            RuntimeError,
            KeyError,
            TypeError,
            ValueError,
            pickle.UnpicklingError,
        ) as error:
            raise ModelError(
                f"{path} is no checkpoint of this model ({str(error)[:90]}); delete it to start anew"
            ) from error


def _to(batch: Batch, device: str) -> Batch:
    return Batch(**{name: value.to(device) for name, value in vars(batch).items()})


@torch.no_grad()
def _follow(average: EmbeddedNet, net: EmbeddedNet, keep: float) -> None:
    for slow, fast in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1.0 - keep)
        else:
            slow.copy_(fast)


def _log(out: Path, run: _Run, terms: dict[str, Tensor], progress: Say) -> None:
    entry = {"step": run.state.step, "seconds": round(run.state.seconds, 1), "rate": round(run.rate, 6)}
    entry |= {name: round(value.item(), 4) for name, value in terms.items()}
    with open(out / "log.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
    progress("  ".join(f"{key} {value}" for key, value in entry.items()))
