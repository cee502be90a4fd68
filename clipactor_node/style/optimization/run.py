"""An optimization on its way: curves, checkpoints, the best state, early stop, and trouble."""

import contextlib
import datetime
import importlib.metadata
import statistics
import time
from pathlib import Path

import numpy as np
import torch

from clipactor_node.style.entry import Style, StyleCard
from clipactor_node.style.optimization.checkpoint import read_checkpoint, write_checkpoint
from clipactor_node.style.optimization.optimization import Interrupted, NotFinite, Optimization
from clipactor_node.style.progress import Cost, Progress, Snapshot
from clipactor_node.style.request import Request

_WORDS_READ = 60
_TRIES = 5
"""How often a loss that is no number may be answered by going back."""
_PROBED = 3
"""Iterations of the probe."""
_GAIN = 1e-4
"""The least rise of the score that counts as one."""


class Run:
    """An `Optimization` on its way: curves, the best state, and how to come back to it."""

    def __init__(
        self, request: Request, model, key: str, checkpoint: Path, device="cpu", backend="auto"
    ) -> None:
        self.request, self.key, self.checkpoint = request, key, checkpoint
        s = request.schedule
        self.task = Optimization(
            request.job.prompt, request.frames, model, s, request.job.seed, backend, device
        )
        if len(request.job.prompt.split()) > _WORDS_READ:
            self.task.events.append(
                f"a long prompt: image-text models read about the first {_WORDS_READ} words"
            )
        self.losses: list[float] = []
        self.scores: list[tuple[int, float]] = []
        self.seconds = 0.0
        self.tries = 0
        self._durations: list[float] = []
        self._good = self._arrays()
        self._best = self._field_arrays()
        self._start = self.task.result()
        self.scores.append((0, self.task.score()))

    @property
    def best_score(self) -> float:
        return max(score for _, score in self.scores)

    def cost(self) -> Cost:
        """Tries a few iterations, goes back to before them, and tells what all of them will take."""
        task, first = self.task, self.task.iteration
        before, paces = self._arrays(), []
        for _ in range(_PROBED):
            started = time.perf_counter()
            with contextlib.suppress(NotFinite):
                task.step()
            paces.append(time.perf_counter() - started)
        self._restore(before)
        task.iteration = first
        task.phases.seconds.clear()
        left = self.request.schedule.iterations - first
        return Cost(left, left * task.images_per_iteration, left * min(paces), task.at_once)

    def until_done(self, on_progress, cancelled) -> str:
        """Iterates -> status: "complete", "plateau", "cancelled" or "out of tries"."""
        task, schedule = self.task, self.request.schedule
        task.interrupted = cancelled
        while task.iteration < schedule.iterations:
            started = time.perf_counter()
            try:
                terms = task.step()
            except Interrupted:
                return "cancelled"
            except NotFinite as error:
                if not self._step_back(error):
                    return "out of tries"
                continue
            self.losses.append(sum(terms.values()))
            last = task.iteration == schedule.iterations
            report = task.iteration % schedule.report_every == 0 or last
            snapshot = self._report() if report else None
            self._durations = [*self._durations[-9:], time.perf_counter() - started]
            self.seconds += self._durations[-1]
            if report:
                self._keep()
            on_progress(self._progress(terms, snapshot))
            if self._plateau():
                return "plateau"
        return "complete"

    def finish(self, status: str) -> tuple[Style, dict[str, np.ndarray]]:
        """The best state as a style, and its field."""
        task, request = self.task, self.request
        self._load_field(self._best)
        colors, displacement = task.result()
        moved = np.abs(colors.astype(float) - self._start[0].astype(float)).mean() / 255.0
        card = StyleCard(
            key=self.key,
            **request.facts(task.model.id),
            vertices=len(colors),
            subdivisions=request.schedule.subdivisions,
            status=status,
            iterations=task.iteration,
            images=task.iteration * task.images_per_iteration,
            seconds=round(self.seconds, 3),
            score=self.best_score,
            proposal_score=self.scores[0][1],
            moved=float(moved),
            losses=[round(loss, 6) for loss in self.losses],
            scores=[[iteration, round(score, 6)] for iteration, score in self.scores],
            events=list(task.events),
            made_with=_made_with(task),
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        )
        template = task.body.template.astype(np.float16)
        starts = {name: self._best[name].astype(np.float16) for name in ("base_color", "base_relief")}
        return Style(card, colors, displacement, template), self._best | starts

    # Reports, trouble, and the way back.

    def _report(self) -> Snapshot:
        score = self.task.score()
        if score > self.best_score:
            self._best = self._field_arrays()
        self.scores.append((self.task.iteration, score))
        return Snapshot(self.task.iteration, score, *self.task.result())

    def _progress(self, terms: dict[str, float], snapshot: Snapshot | None) -> Progress:
        task, total = self.task, self.request.schedule.iterations
        pace = statistics.median(self._durations)
        return Progress(
            iteration=task.iteration,
            iterations=total,
            loss=self.losses[-1],
            terms=terms,
            score=self.scores[-1][1],
            images=task.iteration * task.images_per_iteration,
            images_per_s=task.images_per_iteration / pace,
            seconds_left=(total - task.iteration) * pace,
            snapshot=snapshot,
            events=tuple(task.events),
        )

    def _plateau(self) -> bool:
        """No better score for `patience` reports."""
        patience = self.request.schedule.patience
        scores = [score for _, score in self.scores]
        if not patience or len(scores) <= patience:
            return False
        return max(scores[-patience:]) < max(scores[:-patience]) + _GAIN

    def _step_back(self, error: NotFinite) -> bool:
        """Back to the last report with half the rate; whether there are tries left."""
        self.tries += 1
        iteration = self.task.iteration
        self._restore(self._good)
        self.task.iteration = iteration + 1  # other views than those that failed
        self.losses.append(self.losses[-1] if self.losses else 0.0)
        self.task.rate_scale *= 0.5
        self.task.events.append(
            f"{error} is no number: back to the last good state, learning rate x {self.task.rate_scale:g}"
        )
        return self.tries < _TRIES

    def _keep(self) -> None:
        """The state as it is now is a good one: remembered here and on disk."""
        self._good = self._arrays()
        task = self.task
        facts = {
            "iteration": task.iteration,
            "rate_scale": task.rate_scale,
            "at_once": task.at_once,
            "events": task.events,
            "losses": self.losses,
            "scores": self.scores,
            "tries": self.tries,
            "seconds": self.seconds,
        }
        best = {f"best.{name}": value for name, value in self._best.items()}
        write_checkpoint(self.checkpoint, self._good | best, facts)

    def resume(self) -> bool:
        """Goes on from the checkpoint, if there is a usable one."""
        found = read_checkpoint(self.checkpoint)
        if found is None:
            return False
        arrays, facts = found
        best = {name.removeprefix("best."): v for name, v in arrays.items() if name.startswith("best.")}
        good = {name: v for name, v in arrays.items() if not name.startswith("best.")}
        if set(best) != set(self._best) or not set(self._good) <= set(good):
            return False
        self._restore(good)
        self._good, self._best = good, best
        task = self.task
        task.iteration, task.rate_scale, task.at_once = (
            facts["iteration"],
            facts["rate_scale"],
            facts["at_once"],
        )
        task.events[:] = facts["events"]
        self.losses, self.tries, self.seconds = facts["losses"], facts["tries"], facts["seconds"]
        self.scores = [(iteration, score) for iteration, score in facts["scores"]]
        return True

    def _field_arrays(self) -> dict[str, np.ndarray]:
        return {
            name: value.detach().cpu().numpy().copy() for name, value in self.task.field.state_dict().items()
        }

    def _load_field(self, arrays: dict[str, np.ndarray]) -> None:
        self.task.field.load_state_dict({name: torch.from_numpy(v.copy()) for name, v in arrays.items()})

    def _arrays(self) -> dict[str, np.ndarray]:
        """Field and Adam's memory, copied."""
        arrays = {f"field.{name}": value for name, value in self._field_arrays().items()}
        names = {id(p): name for name, p in self.task.field.named_parameters()}
        for parameter, state in self.task.optimizer.state.items():
            for kind, value in state.items():
                arrays[f"adam.{names[id(parameter)]}.{kind}"] = value.detach().cpu().numpy().copy()
        return arrays

    def _restore(self, arrays: dict[str, np.ndarray]) -> None:
        task = self.task
        self._load_field({k.removeprefix("field."): v for k, v in arrays.items() if k.startswith("field.")})
        task.optimizer.state.clear()
        for name, parameter in task.field.named_parameters():
            prefix = f"adam.{name}."
            state = {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
            if state:
                task.optimizer.state[parameter] = {
                    kind: torch.from_numpy(v.copy()).to("cpu" if kind == "step" else parameter.device)
                    for kind, v in state.items()
                }


def _made_with(task: Optimization) -> dict:
    gpu = torch.cuda.get_device_name(task.device) if task.device.type == "cuda" else ""
    return {
        "clipactor": importlib.metadata.version("clipactor_node"),
        "torch": torch.__version__,
        "device": gpu or "cpu",
        "threads": torch.get_num_threads(),
        "backend": task.backend.name,
    }
