"""The loop that extractors and generators are trained by: resumable to the last bit, best weights kept."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from clipactor_node.errors import ClipActorError, ModelError
from clipactor_node.files import Locked, lock, write_whole
from clipactor_node.generation.training import run_folder

SAVE_EVERY_S = 60.0
Say = Callable[[dict[str, float]], None]
Groups = list[dict[str, object]]


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Fields:
        share: step -> share of each group's "top" learning rate.
        check_every: steps between validations; patience: validations without gain before it stops, 0 never.
        average: of the weights that are kept, how much stays in a step.
    """

    steps: int
    share: Callable[[int], float]
    check_every: int
    patience: int
    average: float
    seed: int
    bf16: bool = True


class Loop:
    """One run.

    Args:
        net: what is trained; average: the same network, whose weights follow.
        groups: of parameters, for AdamW, each with "top", its learning rate.
        losses: step -> the weighted terms.
        score: how good `average` is, better is higher, and more to log; None where nothing is kept aside.
        origin: config and hash of the data; a run goes on only with the same.
    """

    def __init__(
        self,
        out: Path,
        schedule: Schedule,
        net: nn.Module,
        average: nn.Module,
        groups: Groups,
        losses: Callable[[int], dict[str, Tensor]],
        score: Callable[[], dict[str, float]] | None,
        origin: Mapping[str, Any],
        say: Say,
    ) -> None:
        self.out, self.schedule, self.net, self.average = out, schedule, net, average
        self.losses, self.score, self.say = losses, score, say
        average.load_state_dict(net.state_dict())
        self.optimizer = torch.optim.AdamW(groups)
        self.step, self.seconds, self.best, self.since = 0, 0.0, float("-inf"), 0
        self.origin = json.dumps(origin, sort_keys=True)
        if (out / run_folder.CHECKPOINT).is_file():
            self._restore()
        with run_folder.writing(out / run_folder.CONFIG):
            write_whole(out / run_folder.CONFIG, self.origin.encode())

    def go(self) -> Path:
        """Train to the end, or until interrupted; returns the file of the best weights.

        Raises:
            ModelError: the disk is full.
        """
        started, saved = time.monotonic() - self.seconds, time.monotonic()
        try:
            while self.step < self.schedule.steps and not 0 < self.schedule.patience <= self.since:
                terms = self._learn()
                self.seconds = time.monotonic() - started
                if self.step % self.schedule.check_every == 0:
                    self._check(terms)
                if time.monotonic() - saved > SAVE_EVERY_S:
                    self._save()
                    saved = time.monotonic()
        except KeyboardInterrupt:
            self._save()
            raise
        if self.best == float("-inf"):
            self._check({})
        self._save()
        return self.out / run_folder.BEST

    def _learn(self) -> dict[str, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = group["top"] * self.schedule.share(self.step)
        torch.manual_seed(self.schedule.seed * 1_000_003 + self.step)  # dropout, noise: the same when resumed
        self.net.train()
        kind = device_of().split(":")[0]
        with torch.autocast(kind, torch.bfloat16, enabled=self.schedule.bf16 and kind == "cuda"):
            terms = self.losses(self.step)
        loss = torch.stack(list(terms.values())).sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # of torch
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self._follow()
        return {name: float(value.detach()) for name, value in terms.items()}

    def _check(self, terms: dict[str, float]) -> None:
        entry = {"step": float(self.step), "seconds": round(self.seconds, 1), **terms}
        if self.score is not None:
            entry |= self.score()
        else:
            entry["score"] = -sum(terms.values()) if terms else 0.0
        self.since += 1
        if entry["score"] > self.best or self.score is None:
            self.best, self.since = entry["score"], 0
            run_folder.save(self.out, run_folder.BEST, {"net": self.average.state_dict(), "step": self.step})
        run_folder.add_to_log(self.out, entry)
        run_folder.draw_curves(self.out)
        self.say(entry)

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(self.schedule.average, (1 + self.step) / (10 + self.step))
        for slow, fast in zip(self.average.parameters(), self.net.parameters(), strict=True):
            if fast.requires_grad:
                slow.lerp_(fast, 1.0 - keep)

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


def device_of() -> str:
    """Where is trained: "cuda" where there is a GPU, or else "cpu"."""
    return "cuda" if torch.cuda.is_available() else "cpu"


@contextmanager
def only_one(out: Path) -> Iterator[None]:
    """Hold a run folder, which is made if there is none.

    Raises:
        ClipActorError: another process trains there.
    """
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(lock(out / ".lock"))
        except Locked as busy:
            raise ClipActorError(f"{busy}; wait for it, or choose another folder") from busy
        yield


def groups_of(net: nn.Module, top: Callable[[str], float], decay: float) -> Groups:
    """The parameters that are trained, in groups of one learning rate; vectors do not decay.

    Args:
        top: a parameter's name -> its learning rate.
    """
    found: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in net.named_parameters():
        if parameter.requires_grad:
            found.setdefault((top(name), decay if parameter.dim() > 1 else 0.0), []).append(parameter)
    return [{"params": p, "weight_decay": d, "top": rate, "lr": rate} for (rate, d), p in found.items()]
