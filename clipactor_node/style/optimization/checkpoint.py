"""Half-finished optimizations on disk: one file, written whole or not at all."""

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from clipactor_node import files
from clipactor_node.errors import StyleError

FORMAT = "clipactor checkpoint 1"


def write_checkpoint(path: Path, arrays: dict[str, np.ndarray], facts: dict) -> None:
    """Whole or not at all: a crash leaves the checkpoint before this one.

    Raises:
        StyleError: the disk is full or the folder is read-only.
    """
    content = save(arrays, {"format": FORMAT, "facts": json.dumps(facts)})
    try:
        files.write_whole(path, content)
    except OSError as error:
        raise StyleError(
            f"checkpoint {path} could not be written: {error}. Free some space and run the same command; "
            "it goes on from the last checkpoint that was written."
        ) from error


def read_checkpoint(path: Path) -> tuple[dict[str, np.ndarray], dict] | None:
    """-> arrays and facts; None where there is none, or one that is damaged or of another version."""
    try:
        with safe_open(path, "np") as file:
            about = file.metadata() or {}
            if about.get("format") != FORMAT:
                return None
            names = file.keys()
            return {name: file.get_tensor(name) for name in names}, json.loads(about["facts"])
    except (OSError, SafetensorError, ValueError, KeyError):
        return None


@contextlib.contextmanager
def only_one(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Holds a lock file while it runs; the system lets go of it when the process dies, however it dies.

    Args:
        waiting: called every half second while another process holds the lock; may raise to give up.
    """
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(files.lock(path, waiting))
        except OSError as error:
            raise StyleError(
                f"cannot write to {path.parent}: {error}; point CLIPACTOR_HOME elsewhere"
            ) from error
        yield
