"""Files that several processes share: written whole or not at all, and locked by one process at a time."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_LOOK_AGAIN_S = 0.5
_LEFTOVER_S = 24 * 3600.0
_SCRATCH = ".scratch-"


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
    """An empty file beside `path` to write to; it takes the place of `path` when the block ends well.

    Whatever happens (an error, a full disk, a killed process), `path` holds the old file or the new one,
    whole. Programs that read a folder meanwhile see a hidden file that ends in `.part`.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}-{os.urandom(6).hex()}.part")
    part.touch(exist_ok=False)
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


def complete(part: Path, path: Path) -> None:
    """Let a file that was written piece by piece, by one run or several, take its name at once."""
    os.replace(part, path)


def sweep(folder: Path) -> None:
    """Remove the parts of files that killed writers left in a folder; only where nobody else writes."""
    for left in folder.rglob(".*.part"):
        left.unlink(missing_ok=True)


@contextlib.contextmanager
def scratch_folder(beside: Path) -> Iterator[Path]:
    """An empty folder on the disk of `beside`, removed at the end; day-old ones of killed runs go first.

    Raises:
        OSError: the folder that holds `beside` cannot be written to.
    """
    beside.parent.mkdir(parents=True, exist_ok=True)
    for leftover in beside.parent.glob(f"{_SCRATCH}*"):
        with contextlib.suppress(FileNotFoundError):  # another run swept it
            if time.time() - leftover.stat().st_mtime > _LEFTOVER_S:
                shutil.rmtree(leftover, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}{beside.name}-", dir=beside.parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """An empty folder that takes the place of the folder `path` when the block ends well.

    Raises:
        OSError: as `replace_folder`.
    """
    with scratch_folder(path) as scratch:
        new = scratch / path.name
        new.mkdir()
        yield new
        replace_folder(new, path)


def remove_folder(path: Path) -> None:
    """Remove a folder; who reads meanwhile sees all of it or nothing.

    Raises:
        OSError: it cannot be moved out of the way.
    """
    with scratch_folder(path) as scratch:
        os.replace(path, scratch / path.name)


def replace_folder(new: Path, path: Path) -> None:
    """Move a folder of the same disk to `path`; what was there goes, but only if the move succeeds.

    Who reads meanwhile sees the old folder, none for a moment, or the new one, never a mixture.

    Raises:
        OSError: it cannot be moved; then `path` is as it was.
    """
    with scratch_folder(path) as scratch:
        old = scratch / "old"
        with contextlib.suppress(FileNotFoundError):
            os.replace(path, old)
        try:
            os.replace(new, path)
        except BaseException:
            if old.exists():
                os.replace(old, path)
            raise


@contextlib.contextmanager
def lock(path: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold a lock file while the block runs; the system lets go of it however the process ends.

    Args:
        path: of the lock file; it is made, signed with this process's id, and removed at the end.
        waiting: called every half second while another process holds it, and may raise to give up;
            None: do not wait.

    Raises:
        Locked: another process holds it, and there is no `waiting`.
        OSError: the folder cannot be written to.
    """
    from filelock import FileLock, Timeout  # here: who only writes files need not load it

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
        path.unlink(missing_ok=True)  # while it is held: who opened it meanwhile sees that it is gone
        held.release()


def remove_stale_locks(folder: Path) -> int:
    """Remove the lock files of a folder that nobody holds: those of killed processes -> how many.

    Locks that somebody takes at this moment are left alone, and so are folders that cannot be written.
    """
    removed = 0
    for path in folder.glob("*.lock"):
        with contextlib.suppress(Locked, OSError), lock(path):  # which removes it at the end
            removed += 1
    return removed


class InUse:
    """A mark on a file that says "in use": shared by many, gone with the last process that set it.

    Args:
        path: of the mark; made if need be, and touched: its time says when it was set last.

    Raises:
        OSError: the folder cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self._mark = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(self._mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
            os.utime(path)
        except BaseException:
            os.close(self._mark)
            raise

    def end(self) -> None:
        """Take the mark away."""
        os.close(self._mark)


def in_use(path: Path) -> bool:
    """Whether any process has set an `InUse` mark there."""
    try:
        mark = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(mark)
    return False


def holder_of(path: Path) -> int | None:
    """Process id of whoever holds a lock; None: nobody; 0: somebody who has not signed yet."""
    from filelock import FileLock, Timeout

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
