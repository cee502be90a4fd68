"""One worker per slot of a place: a locked file, which the system unlocks however the worker ends."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path


def path_of(folder: Path, place: str, slot: int = 0) -> Path:
    return folder / f"{place}-{slot}.lock"


def holders(folder: Path, place: str) -> set[int]:
    """Process ids of all workers of a place."""
    found = (holder(path) for path in folder.glob(f"{place}-*.lock"))
    return {pid for pid in found if pid}


@contextlib.contextmanager
def held(path: Path, pid: int) -> Iterator[bool]:
    """Holds the lock while it runs -> whether it was to be had."""
    with open(path, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        file.truncate(0)
        file.write(str(pid))
        file.flush()
        yield True


def holder(path: Path) -> int | None:
    """Process id of whoever holds the lock; None: nobody; 0: somebody who has not signed yet."""
    try:
        with open(path) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
            except BlockingIOError:
                content = file.read().strip()
                return int(content) if content.isdigit() else 0
    except OSError:
        return None
