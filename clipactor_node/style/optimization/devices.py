"""Where a style is optimized: device, threads, memory, and the order of sums."""

import contextlib
from collections.abc import Iterator

import torch

from clipactor_node.errors import StyleError


def choose(name: str = "auto") -> str:
    """A torch device by name; "auto": the first GPU if there is one, else the CPU.

    Raises:
        StyleError: no such device here.
    """
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise StyleError(
            f"device {name!r} cannot be used: {reason}; choose cpu"
            + (", or cuda" if torch.cuda.is_available() else " (there is no usable GPU)")
        ) from error
    return name


def bound_threads(threads: int) -> None:
    """Bounds torch's threads."""
    torch.set_num_threads(max(1, threads))


def bound_memory(device: str, share: float) -> None:
    """Bounds the part of a GPU's memory that this process may take; no other device is bound."""
    if device.startswith("cuda") and share < 1.0:
        torch.cuda.set_per_process_memory_fraction(share, torch.device(device).index)


def precision(device: str, wanted: str) -> str:
    """What the image encoder computes in: the schedule's precision on a GPU, fp32 on a CPU."""
    return wanted if torch.device(device).type == "cuda" else "fp32"


@contextlib.contextmanager
def reproducible() -> Iterator[None]:
    """Fixed order of summation, whatever the threads do."""
    before, benchmark = torch.are_deterministic_algorithms_enabled(), torch.backends.cudnn.benchmark
    fill = torch.utils.deterministic.fill_uninitialized_memory
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # costs a tenth, and nobody reads it
    torch.backends.cudnn.benchmark = False
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
        torch.utils.deterministic.fill_uninitialized_memory = fill
        torch.backends.cudnn.benchmark = benchmark


def out_of_memory(error: RuntimeError) -> bool:
    """Whether that is what an error says, on a GPU or on the host."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)
