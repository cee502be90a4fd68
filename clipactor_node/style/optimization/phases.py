"""How long the phases of an iteration take."""

import contextlib
import time
from collections.abc import Iterator

import torch


class Phases:
    """Seconds spent in each phase of an iteration: field, render, augment, encode, backward, step."""

    def __init__(self, device: torch.device) -> None:
        self.seconds: dict[str, float] = {}
        self._gpu = device.type == "cuda"
        self.exact = False  # wait for the GPU at every border: only to measure

    @contextlib.contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        if self.exact and self._gpu:
            torch.cuda.synchronize()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
