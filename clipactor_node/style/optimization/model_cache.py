"""Models on a device, loaded when first needed and kept, and what is optimized with them."""

from collections.abc import Callable
from pathlib import Path

from clipactor_node import imagetext
from clipactor_node.errors import ModelError
from clipactor_node.style.cache import StyleCache
from clipactor_node.style.entry import Style
from clipactor_node.style.frames import Frames
from clipactor_node.style.optimization import devices
from clipactor_node.style.optimization.optimizer import optimize
from clipactor_node.style.optimization.run import Run
from clipactor_node.style.presets import EMBEDDED_PRESETS, suiting
from clipactor_node.style.progress import Cost, Progress
from clipactor_node.style.request import AUTO, Job, Request


class ModelCache:
    """Where styles are optimized, one after the other.

    Args:
        model: an image-text model's name; "": the preset's.
        device: a torch device, or "auto".
        backend: see `render.backend.load_backend`.
        threads: of torch.
        note: told what is not as it was asked for.
        share: of the GPU's memory, at most.

    Raises:
        StyleError: no such device.
    """

    def __init__(
        self,
        model: str = "",
        device: str = "auto",
        backend: str = "auto",
        threads: int = 1,
        note: Callable[[str], None] = lambda sentence: None,
        share: float = 1.0,
    ) -> None:
        self.device, self.backend = devices.choose_device(device), backend
        devices.bound_memory(self.device, share)
        devices.bound_threads(threads)
        self._model_name, self._note = model, note
        self._models: dict[tuple[str, str], imagetext.ImageTextModel] = {}

    def request(self, job: Job, frames: Frames) -> Request:
        """The job with its motion posed; "auto" becomes the preset that suits the device."""
        return Request.of(
            job, frames, suiting(self.device, job.at_most) if job.preset == AUTO else job.preset
        )

    def model(self, request: Request) -> imagetext.ImageTextModel:
        """The model that was named, else CLIP for the presets made for it (if it can be had)."""
        wanted = devices.precision(self.device, request.schedule.precision)
        name = self._model_name
        if not name:
            embedded = request.preset.startswith(EMBEDDED_PRESETS)  # an ablation's name goes on
            name = imagetext.EMBEDDED if embedded else imagetext.PUBLISHED
        if (name, wanted) not in self._models:
            try:
                self._models[name, wanted] = imagetext.load(name, self.device, wanted)
            except ModelError as error:
                if self._model_name or name == imagetext.EMBEDDED:
                    raise
                self._note(f"{error} Going on with {imagetext.EMBEDDED}.")
                self._models[name, wanted] = imagetext.load(imagetext.EMBEDDED, self.device, wanted)
        return self._models[name, wanted]

    def cost(self, request: Request) -> Cost:
        """What the request will take, from a probe that leaves nothing behind."""
        return Run(request, self.model(request), "", Path(), self.device, self.backend).cost()

    def optimize(
        self,
        request: Request,
        cache: StyleCache,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        on_cost: Callable[[Cost], None] | None = None,
    ) -> Style:
        """`optimizer.optimize` with the request's model on this device."""
        model = self.model(request)
        return optimize(
            request,
            model,
            device=self.device,
            backend=self.backend,
            cache=cache,
            on_cost=on_cost,
            on_progress=on_progress,
            cancelled=cancelled,
        )
