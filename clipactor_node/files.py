"""Files that several processes share: written whole or not at all, and locked by one process at a time."""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

_LOOK_AGAIN_S = 0.5


class Locked(Exception):
    """Another process holds a lock.

    Fields:
        holder: its process id; 0: it has not signed yet.
    """

    def __init__(self, path: Path, holder: int) -> None:
        who = f"process {holder}" if holder else "another process"
        super().__init__(f"{who} is at work in {path.parent}")
        self.holder = holder


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A place beside `path` to write a file to; it takes the place of `path` when the block ends well.

    Whatever happens (an error, a full disk, a power cut), `path` holds the old file or the new one, whole.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    os.close(handle)
    os.chmod(name, 0o666 & ~_umask())  # mkstemp's file is for its owner alone
    part = Path(name)
    try:
        yield part
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, see `replacing`."""
    with replacing(path) as part:
        part.write_bytes(content)


def sweep(folder: Path) -> None:
    """Remove what writers that were killed left behind; only where nobody else writes."""
    for left in folder.rglob(".*.part"):
        left.unlink(missing_ok=True)


@contextlib.contextmanager
def lock(path: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold a lock file while the block runs; the system lets go of it however the process ends.

    Args:
        path: of the lock file; it is made, signed with this process's id, and left where it is.
        waiting: called every half second while another process holds it, and may raise to give up;
            None: do not wait.

    Raises:
        Locked: another process holds it, and there is no `waiting`.
        OSError: the folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(path)
    while True:
        try:
            held.acquire(timeout=0)
            break
        except Timeout:
            if waiting is None:
                raise Locked(path, holder_of(path) or 0) from None
            waiting()
            time.sleep(_LOOK_AGAIN_S)
    try:
        path.write_text(str(os.getpid()))
        yield
    finally:
        held.release()


def holder_of(path: Path) -> int | None:
    """Process id of whoever holds a lock; None: nobody; 0: somebody who has not signed yet."""
    if not path.exists():
        return None
    probe = FileLock(path)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        with contextlib.suppress(OSError):
            signed = path.read_text().strip()
            return int(signed) if signed.isdigit() else 0
        return 0
    except OSError:
        return None
    probe.release()
    return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
