"""From a job to a finished style, wherever that happens: on this machine or on a node of a cluster."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from clipactor_node.errors import needing
from clipactor_node.jobs.config import WorkerConfig
from clipactor_node.jobs.content_frames import frames_of
from clipactor_node.style import Frames, Job, Progress, Request, StyleCache, StyleCard


class JobRunner:
    """Runs one job after the other; models stay loaded in between.

    Raises:
        MissingExtra: this interpreter has no torch. StyleError: no such device.
    """

    def __init__(self, config: WorkerConfig) -> None:
        with needing("style", f"optimizing a style with {sys.executable}"):
            from clipactor_node.style.optimization import ModelCache
        self._notes: list[str] = []
        self._models = ModelCache(
            config.model,
            config.device,
            threads=config.threads,
            note=self._notes.append,
            share=config.gpu_share,
        )

    def request(self, job: Job, frames: Frames | None = None) -> Request:
        """What the optimizer is asked for; `frames`: if somebody posed them already."""
        return self._models.request(job, frames or frames_of(job))

    def key(self, job: Job, frames: Frames | None = None) -> str:
        """The name that the job's style will have in a cache."""
        request = self.request(job, frames)
        return request.key(self._models.model(request).id)

    def facts(self, job: Job, frames: Frames | None = None) -> dict[str, Any]:
        """What the card of the job's style will say of the request."""
        request = self.request(job, frames)
        return request.facts(self._models.model(request).id)

    def run(
        self,
        job: Job,
        cache: StyleCache,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        frames: Frames | None = None,
    ) -> tuple[StyleCard, tuple[str, ...]]:
        """The style's card (the style itself is in the cache), and what somebody should know about it.

        Raises:
            ClipActorError: it cannot be made as asked.
        """
        self._notes.clear()
        request = self.request(job, frames)
        count = len(request.frames.body.template)

        def tell(progress: Progress) -> None:
            on_progress(_of_base(progress, count))

        style = self._models.optimize(request, cache, on_progress=tell, cancelled=cancelled)
        return style.card, (*self._notes, *style.card.events)


def _of_base(progress: Progress, count: int) -> Progress:
    """A snapshot of the body file's own vertices, which come first: whoever has more interpolates."""
    snapshot = progress.snapshot
    if snapshot is None:
        return progress
    shorter = replace(snapshot, colors=snapshot.colors[:count], displacement=snapshot.displacement[:count])
    return replace(progress, snapshot=shorter)
