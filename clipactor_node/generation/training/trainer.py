"""Training of extractors and of MoCLIP: resumable to the last bit, best weights by validation."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from clipactor_node.errors import ClipActorError, ModelError
from clipactor_node.files import Locked, lock, write_whole
from clipactor_node.generation.training import run_folder
from clipactor_node.generation.training.batches import Batch, Sampler, Variation
from clipactor_node.generation.training.data import TRAIN, VALIDATE, Split
from clipactor_node.generation.training.evaluation import recall
from clipactor_node.generation.training.losses import alignment, contrast, tether
from clipactor_node.generation.training.models import Pair
from clipactor_node.generation.training.tuned_text import TunedText

SAVE_EVERY_S = 60.0
Say = Callable[[dict[str, float]], None]


@dataclass(frozen=True)
class Config:
    """What is trained, and how.

    Fields:
        motion, text, base: see `models.Pair`.
        steps, batch, learning_rate, text_rate: text_rate is that of a tuned base encoder.
        align: weight of the cosine term; tether: weight of the tethering loss, with "tuned" only.
        check_every: steps between validations; patience: validations without gain before it stops, 0 never.
    """

    motion: str = "gru"
    text: str = "sentence"
    base: str = "minilm"
    steps: int = 3000
    batch: int = 64
    learning_rate: float = 6e-4
    text_rate: float = 2e-5
    weight_decay: float = 0.05
    warm_up: int = 100
    align: float = 0.3
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
    out.mkdir(parents=True, exist_ok=True)
    try:
        with lock(out / ".lock"):
            return _Run(data, out, config, say).go()
    except Locked as busy:
        raise ClipActorError(f"{busy}; wait for it, or choose another folder") from busy


class _Run:
    def __init__(self, data: Split, out: Path, config: Config, say: Say) -> None:
        self.data, self.out, self.config, self.say = data, out, config, say
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(config.seed)
        dimension = int(data.vectors.shape[-1])
        self.net = Pair(config.motion, config.text, config.base, dimension).to(self.device)
        self.average = Pair(config.motion, config.text, config.base, dimension).to(self.device)
        self.average.load_state_dict(self.net.state_dict())
        self.optimizer = torch.optim.AdamW(self._groups(), lr=config.learning_rate)
        self.sampler = Sampler(data, TRAIN, config.variation, config.seed)
        self.step, self.seconds, self.best, self.since = 0, 0.0, -1.0, 0
        self.origin = json.dumps({"config": asdict(config), "data": data.digest}, sort_keys=True)
        if (out / run_folder.CHECKPOINT).is_file():
            self._restore()
        write_whole(out / run_folder.CONFIG, self.origin.encode())

    def go(self) -> Path:
        started, saved = time.monotonic() - self.seconds, time.monotonic()
        try:
            while self.step < self.config.steps and not self._stale():
                terms = self._learn()
                self.seconds = time.monotonic() - started
                if self.step % self.config.check_every == 0:
                    self._check(terms)
                if time.monotonic() - saved > SAVE_EVERY_S:
                    self._save()
                    saved = time.monotonic()
        except KeyboardInterrupt:
            self._save()
            raise
        if self.best < 0:
            self._check({})
        self._save()
        return self.out / run_folder.BEST

    def _learn(self) -> dict[str, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = group["top"] * self._share()
        torch.manual_seed(self.config.seed * 1_000_003 + self.step)  # dropout, the same when resumed
        self.net.train()
        batch = self.sampler.batch(self.step, self.config.batch).to(self.device)
        bf16 = self.config.bf16 and self.device == "cuda"
        with torch.autocast(self.device, torch.bfloat16, enabled=bf16):
            terms = self._losses(batch)
        loss = torch.stack(list(terms.values())).sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # of torch
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self._follow()
        return {name: float(value.detach()) for name, value in terms.items()}

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        motions = self.net.see(batch).float()
        terms = {}
        if self.config.text == "tuned":
            ids, lengths = self.net.tokens(batch.texts)  # type: ignore[operator]  # a module's attribute
            assert isinstance(self.net.text, TunedText)
            texts, student, teacher = self.net.text.pair(ids.to(self.device), lengths.to(self.device))
            terms["tether"] = self.config.tether * tether(student.float(), teacher.float())
        else:
            texts = self.net.read(batch)
        terms["contrast"] = contrast(texts.float(), motions, self.net.scale, batch.same)
        terms["align"] = self.config.align * alignment(texts.float(), motions)
        return terms

    def _share(self) -> float:
        """Of the learning rate: a warm-up, then half a cosine."""
        warm = min(1.0, (self.step + 1) / self.config.warm_up)
        done = torch.tensor(torch.pi * self.step / self.config.steps)
        return max(warm * float(0.5 + 0.5 * torch.cos(done)), 0.01)

    def _check(self, terms: dict[str, float]) -> None:
        entry = {"step": float(self.step), "seconds": round(self.seconds, 1), **terms}
        if self.data.clips_of(VALIDATE):
            found = recall(self.average, self.data, VALIDATE, self.device)
            entry |= {"recall": (found.text[5] + found.text[10]) / 2, "R@5": found.text[5]}
        else:
            entry["recall"] = -sum(terms.values()) if terms else 0.0
        self.since += 1
        if entry["recall"] > self.best or not self.data.clips_of(VALIDATE):
            self.best, self.since = entry["recall"], 0
            run_folder.save(self.out, run_folder.BEST, {"net": self.average.state_dict(), "step": self.step})
        run_folder.add_to_log(self.out, entry)
        run_folder.draw_curves(self.out)
        self.say(entry)

    def _stale(self) -> bool:
        return 0 < self.config.patience <= self.since

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(self.config.average, (1 + self.step) / (10 + self.step))
        for slow, fast in zip(self.average.parameters(), self.net.parameters(), strict=True):
            if fast.requires_grad:
                slow.lerp_(fast, 1.0 - keep)

    def _groups(self) -> list[dict[str, object]]:
        slow = "text.student."
        groups: dict[tuple[float, float], list[Tensor]] = {}
        for name, parameter in self.net.named_parameters():
            if not parameter.requires_grad:
                continue
            rate = self.config.text_rate if name.startswith(slow) else self.config.learning_rate
            decay = self.config.weight_decay if parameter.dim() > 1 else 0.0
            groups.setdefault((rate, decay), []).append(parameter)
        return [{"params": p, "weight_decay": decay, "top": rate} for (rate, decay), p in groups.items()]

    def _save(self) -> None:
        state = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": [self.step, self.seconds, self.best, self.since],
            "origin": self.origin,
        }
        run_folder.save(self.out, run_folder.CHECKPOINT, state)

    def _restore(self) -> None:
        kept = run_folder.load(self.out, run_folder.CHECKPOINT)
        if kept.get("origin") != self.origin:
            raise ModelError(
                f"{self.out} holds a run with another config or other data; choose another folder, "
                "or delete it to start anew"
            )
        try:
            self.net.load_state_dict(kept["net"])
            self.average.load_state_dict(kept["average"])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.step, self.seconds, self.best, self.since = kept["progress"]
        except (RuntimeError, KeyError, ValueError, TypeError) as error:
            raise ModelError(
                f"{self.out} holds no checkpoint of this model ({str(error)[:90]}); delete it to start anew"
            ) from error
        run_folder.cut_log(self.out, self.step)


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
    net = Pair(config["motion"], config["text"], config["base"], int(data.vectors.shape[-1]))
    try:
        net.load_state_dict(run_folder.load(run, run_folder.BEST)["net"])
    except (RuntimeError, KeyError) as error:
        raise ModelError(f"{run / run_folder.BEST} is of another model ({str(error)[:80]})") from error
    return net.eval()


def facts_of(run: Path) -> dict[str, object]:
    """What the record of an exported model says of its training."""
    config = json.loads((run / run_folder.CONFIG).read_text())["config"]
    return {"config": config, "steps": int(run_folder.load(run, run_folder.BEST)["step"])}
