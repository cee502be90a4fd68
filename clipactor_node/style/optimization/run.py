"""An optimization on its way: curves, checkpoints, the best state, early stop, and trouble."""

import contextlib
import datetime
import importlib.metadata
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from clipactor_node.errors import StyleError
from clipactor_node.imagetext import ImageTextModel
from clipactor_node.style.acceptance import NamedPart, named_parts, spoilt
from clipactor_node.style.entry import Style, StyleCard
from clipactor_node.style.optimization.checkpoint import read_checkpoint, write_checkpoint
from clipactor_node.style.optimization.optimization import Interrupted, NotFinite, Optimization
from clipactor_node.style.optimization.state import State, load_network, network_arrays, under, within
from clipactor_node.style.progress import Cost, Progress, Snapshot
from clipactor_node.style.request import Request
from clipactor_node.style.surfaces import geometry_of, owners_on
from clipactor_node.style.transfer import fitted

_ONLY_PAINTED = (
    "the outfit as it is painted from the words; nothing was refined. What the embedded model refines can "
    "hardly be seen: --preset cpu-preview does it all the same, paper and gpu-fast need CLIP and a GPU"
)
_REFUSED = "a refinement was not taken over"
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
        self,
        request: Request,
        model: ImageTextModel,
        key: str,
        checkpoint: Path,
        device: str = "cpu",
        backend: str = "auto",
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
        self._good = self.task.state_dict()
        self._best = network_arrays(self.task.field)
        self._start = self.task.result()
        proposed = self.task.proposal is not None
        if not (proposed or s.iterations):
            raise StyleError(
                f"{model.id} proposes no outfits, so there is no style without optimizing; choose the model "
                "embedded, or another preset than proposal"
            )
        self._parts = self._named_parts() if proposed else []
        self.best_score = self.task.score()
        self.scores.append((0, self.best_score))

    def cost(self) -> Cost:
        """Tries a few iterations, goes back to before them, and tells what all of them will take."""
        task, paces = self.task, []
        if not self.request.schedule.iterations:
            return Cost(0, 0, 0.0, task.at_once)
        before = task.state_dict()
        for _ in range(_PROBED):
            started = time.perf_counter()
            with contextlib.suppress(NotFinite):
                task.step()
            paces.append(time.perf_counter() - started)
        task.rewind(before)
        task.phases.seconds.clear()
        left = self.request.schedule.iterations - task.iteration
        return Cost(left, left * task.images_per_iteration, left * min(paces), task.at_once)

    def until_done(self, on_progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> str:
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
                if not self._retreat(error):
                    return "out of tries"
                continue
            self.losses.append(sum(terms.values()))
            last = task.iteration == schedule.iterations
            at_report = task.iteration % schedule.report_every == 0 or last
            snapshot = self._snapshot() if at_report else None
            self._durations = [*self._durations[-9:], time.perf_counter() - started]
            self.seconds += self._durations[-1]
            if at_report:
                self._keep()
            on_progress(self._progress(terms, snapshot))
            if self._plateau():
                return "plateau"
        if not schedule.iterations:
            task.events.append(_ONLY_PAINTED)
        return "complete"

    def finish(self, status: str) -> tuple[Style, dict[str, np.ndarray]]:
        """The best state as a style, and its field."""
        task, request = self.task, self.request
        load_network(task.field, self._best)
        colors, displacement = task.result()
        moved = np.abs(colors.astype(float) - self._start[0].astype(float)).mean() / 255.0
        card = StyleCard(
            key=self.key,
            **request.facts(task.model.id),
            vertices=len(colors),
            geometry="" if task.look is None else geometry_of(task.look),
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
        template = task.frames.template.astype(np.float16)
        texture = task.texture()
        starts = {name: self._best[name].astype(np.float16) for name in ("base_color", "base_relief")}
        return Style(card, colors, displacement, template, texture), self._best | starts

    # Reports, trouble, and the way back.

    def _snapshot(self) -> Snapshot:
        score, (colors, displacement) = self.task.score(), self.task.result()
        if score > self.best_score and self._accepts(colors, score):
            self.best_score, self._best = score, network_arrays(self.task.field)
        self.scores.append((self.task.iteration, score))
        if self.task.frames.shown is not None:  # who shows it knows the body alone
            base = self.request.frames.body.template
            colors, displacement = fitted(colors, displacement, self.task.frames.template, base)
        return Snapshot(self.task.iteration, score, colors, displacement)

    def _named_parts(self) -> list[NamedPart]:
        """Of what the field lies on."""
        task, prompt = self.task, self.request.job.prompt
        owner = owners_on(task.look, task.frames, prompt)
        return named_parts(prompt, task.frames.template, owner, self._start[0])

    def _accepts(self, colors: np.ndarray, score: float) -> bool:
        """Whether the parts that the prompt names keep their colors; says it once if they do not."""
        parts = spoilt(self._parts, colors)
        if parts and not any(event.startswith(_REFUSED) for event in self.task.events):
            self.task.events.append(
                f"{_REFUSED} at iteration {self.task.iteration}, though its score was {score:.4f}: "
                f"colors left what the words name: {', '.join(parts)}"
            )
        return not parts

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

    def _retreat(self, error: NotFinite) -> bool:
        """Back to the last report with half the rate; whether there are tries left."""
        self.tries += 1
        self.task.retreat(self._good, error)
        self.losses.append(self.losses[-1] if self.losses else 0.0)
        return self.tries < _TRIES

    def _keep(self) -> None:
        """The state as it is now is a good one: remembered here and on disk."""
        self._good = self.task.state_dict()
        curves = {
            "losses": self.losses,
            "scores": self.scores,
            "tries": self.tries,
            "seconds": self.seconds,
            "best_score": self.best_score,
        }
        arrays = self._good.arrays | under("best.", self._best)
        write_checkpoint(self.checkpoint, arrays, self._good.facts | curves)

    def resume(self) -> bool:
        """Goes on from the checkpoint, if there is a usable one."""
        found = read_checkpoint(self.checkpoint)
        if found is None:
            return False
        arrays, facts = found
        best = within("best.", arrays)
        good = State({name: v for name, v in arrays.items() if not name.startswith("best.")}, facts)
        if set(best) != set(self._best) or not set(self._good.arrays) <= set(good.arrays):
            return False
        self.task.load_state_dict(good)
        self._good, self._best = good, best
        self.losses, self.tries, self.seconds = facts["losses"], facts["tries"], facts["seconds"]
        self.scores = [(iteration, score) for iteration, score in facts["scores"]]
        self.best_score = facts.get("best_score", max(score for _, score in self.scores))
        return True


def _made_with(task: Optimization) -> dict[str, Any]:
    gpu = torch.cuda.get_device_name(task.device) if task.device.type == "cuda" else ""
    return {
        "clipactor": importlib.metadata.version("clipactor_node"),
        "torch": torch.__version__,
        "device": gpu or "cpu",
        "threads": torch.get_num_threads(),
        "backend": task.backend.name,
    }
