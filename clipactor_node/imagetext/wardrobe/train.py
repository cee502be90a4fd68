"""Training of the clothes model: contrastive, with a shared readout; resumable."""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize, smooth_l1_loss

from clipactor_node.body import load as load_body
from clipactor_node.imagetext.wardrobe.compose import junk, pictures
from clipactor_node.imagetext.wardrobe.data import FEATURES, Split, load
from clipactor_node.imagetext.wardrobe.network import WardrobeNet
from clipactor_node.imagetext.wardrobe.readings import PARTS, SIZE
from clipactor_node.imagetext.wardrobe.weights import save_weights

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
    readings: Tensor
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
    readings = torch.from_numpy(np.asarray(split.readings[rows]))
    alike = torch.cdist(readings, readings, p=1) / readings.shape[1] < 0.012
    captions = np.array([split.captions[row].lower() for row in rows])
    same = alike | torch.from_numpy(captions[:, None] == captions[None, :])
    return Batch(
        torch.from_numpy(images).unflatten(0, (plan.batch, plan.views)), torch.from_numpy(worthless),
        tokens, mask, layouts, readings, same & ~torch.eye(len(rows), dtype=torch.bool),
    )  # fmt: skip


def sentences(split: Split, rows: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens (B, L, 384), mask (B, L) and layouts (B, F) of some captions."""
    lengths = torch.from_numpy(np.asarray(split.lengths[rows]))
    longest = int(lengths.max())
    tokens = torch.from_numpy(np.asarray(split.tokens[rows, :longest])).float()
    mask = torch.arange(longest)[None, :] < lengths[:, None]
    return tokens, mask, torch.from_numpy(np.array(split.layouts[rows]))


def losses(net: WardrobeNet, batch: Batch, plan: TrainPlan) -> dict[str, Tensor]:
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
        wanted = batch.readings if embeddings.dim() == 2 else batch.readings.unsqueeze(1)
        return smooth_l1_loss(net.readout(embeddings), wanted.expand(*embeddings.shape[:-1], -1), beta=0.1)

    mean = seen.mean(1)
    return {
        "mean": contrast(mean),
        "one": 0.5 * contrast(seen[:, 0]),
        "read views": plan.readout * 0.5 * read(seen),
        "read mean": plan.readout * read(normalize(mean, dim=1)),
        "read text": plan.readout * read(text),
    }  # fmt: skip


def train(folder: Path, out: Path, plan: TrainPlan, progress=print) -> Path:
    """Train on the data in `folder`; write checkpoint, log and `wardrobe.safetensors` to `out`.

    A run that was interrupted goes on from its checkpoint, with the time it had left.

    Returns:
        the path of the weights.
    """
    out.mkdir(parents=True, exist_ok=True)
    split, positions = load(folder, "train"), load_body().template
    if split.colors.shape[1] != len(positions):
        positions = np.random.default_rng(0).normal(0, 0.5, (split.colors.shape[1], 3)).astype(np.float32)
    torch.manual_seed(plan.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net = WardrobeNet(FEATURES, SIZE).to(device, memory_format=torch.channels_last)
    average = WardrobeNet(FEATURES, SIZE).to(device)
    average.load_state_dict(net.state_dict())
    decayed = [p for p in net.parameters() if p.dim() > 1]
    plain = [p for p in net.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": plan.weight_decay}, {"params": plain, "weight_decay": 0.0}],
        lr=plan.learning_rate,
    )
    state = _Progress()
    checkpoint = out / "checkpoint.pt"
    if checkpoint.is_file():
        kept = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(kept["net"])
        average.load_state_dict(kept["average"])
        optimizer.load_state_dict(kept["optimizer"])
        state = _Progress(**kept["progress"])
        progress(f"going on from step {state.step}, {state.seconds / 60:.1f} minutes")
    started = saved = time.monotonic() - state.seconds
    saved = time.monotonic()
    net.train()
    while state.step < plan.steps and state.seconds < 60 * plan.minutes:
        share = max(state.step / plan.steps, state.seconds / (60 * plan.minutes))
        rate = (
            plan.learning_rate
            * min(1.0, (state.step + 1) / plan.warm_up)
            * (0.5 + 0.5 * np.cos(np.pi * share))
        )
        for group in optimizer.param_groups:
            group["lr"] = max(float(rate), 1e-5)
        random = np.random.default_rng((plan.seed, state.step))
        batch = _to(draw(split, plan, positions, random), device)
        terms = losses(net, batch, plan)
        optimizer.zero_grad(set_to_none=True)
        sum(terms.values()).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        state.step += 1
        _follow(average, net, min(plan.average, (1 + state.step) / (10 + state.step)))
        state.seconds = time.monotonic() - started
        if state.step % LOG_EVERY == 0:
            _log(out, state, terms, rate, progress)
        if time.monotonic() - saved > SAVE_EVERY_S:
            _checkpoint(checkpoint, net, average, optimizer, state)
            saved = time.monotonic()
    _checkpoint(checkpoint, net, average, optimizer, state)
    weights = out / "wardrobe.safetensors"
    save_weights(average, weights, {"plan": json.dumps(asdict(plan)), "steps": str(state.step)})
    progress(
        f"{weights}: {weights.stat().st_size / 1e6:.1f} MB after {state.step} steps, "
        f"{state.seconds / 60:.1f} min"
    )
    return weights


@dataclass
class _Progress:
    step: int = 0
    seconds: float = 0.0


def _to(batch: Batch, device: str) -> Batch:
    return Batch(**{name: value.to(device) for name, value in vars(batch).items()})


@torch.no_grad()
def _follow(average: WardrobeNet, net: WardrobeNet, keep: float) -> None:
    for slow, fast in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1.0 - keep)
        else:
            slow.copy_(fast)


def _checkpoint(path: Path, net, average, optimizer, state: _Progress) -> None:
    partial = path.with_suffix(".partial")
    kept = {
        "net": net.state_dict(), "average": average.state_dict(), "optimizer": optimizer.state_dict(),
        "progress": vars(state),
    }  # fmt: skip
    torch.save(kept, partial)
    os.replace(partial, path)


def _log(out: Path, state: _Progress, terms: dict[str, Tensor], rate: float, progress) -> None:
    entry = {"step": state.step, "seconds": round(state.seconds, 1), "rate": round(float(rate), 6)}
    entry |= {name: round(value.item(), 4) for name, value in terms.items()}
    with open(out / "log.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
    progress("  ".join(f"{key} {value}" for key, value in entry.items()))


__all__ = ["PARTS", "TrainPlan", "draw", "losses", "train"]
