"""From a request to a cached style: one process at a time, resumed where it was left."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from clipactor_node.errors import StyleError
from clipactor_node.imagetext import ImageTextModel
from clipactor_node.style.cache import StyleCache, open_cache
from clipactor_node.style.entry import Style
from clipactor_node.style.optimization.checkpoint import only_one
from clipactor_node.style.optimization.run import Run
from clipactor_node.style.pictures.contact_sheet import contact_sheet
from clipactor_node.style.progress import Cost, Progress
from clipactor_node.style.request import Request


def optimize(
    request: Request,
    model: ImageTextModel,
    *,
    device: str = "cpu",
    backend: str = "auto",
    cache: StyleCache | None = None,
    on_cost: Callable[[Cost], None] | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Style:
    """The style of a request: from the cache, or optimized and put there.

    Killed half-way, the same call goes on from its last checkpoint and ends in the same bytes. If another
    process is at the same request, this one waits and takes its result.

    Args:
        model: an `ImageTextModel` on `device`.
        backend: see `render.backend.load_backend`.
        cache: where to; None: the user's.
        on_cost: told what it is going to take, before it starts; None: no probe.
        on_progress: called after every iteration.
        cancelled: asked before every batch of images; if true the best state so far becomes the style.

    Raises:
        StyleError: the loss is no number whatever the rate, no memory, no disk.
    """
    cache = cache or open_cache()
    key = request.key(model.id)
    checkpoint = cache.checkpoint(key)

    def waiting() -> None:
        if cancelled():
            raise StyleError(f"cancelled while another process optimizes {request.job.prompt!r}")

    with only_one(checkpoint.with_suffix(".lock"), waiting):
        if known := _known(cache, request, model.id):
            return known
        run = Run(request, model, key, checkpoint, device, backend)
        run.resume()
        if on_cost:
            on_cost(run.cost())
        status = run.until_done(on_progress, cancelled)
        style, field = run.finish(status)
        shown = run.task.content[: 1 if status == "cancelled" else None]  # who cancels waits for it
        cache.save(style, field, _webp(contact_sheet(style, request.frames, shown)))
        if status != "cancelled":
            checkpoint.unlink(missing_ok=True)
        return style


def _known(cache: StyleCache, request: Request, model_id: str) -> Style | None:
    """The finished style of a request; None: there is none, or it is damaged and is made anew."""
    made = cache.made(request.facts(model_id))
    if made is None or made.status == "cancelled":
        return None
    try:
        return cache.load(made.key)
    except StyleError:
        return None


def _webp(image: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "WEBP", quality=85, method=6)
    return file.getvalue()
