"""Who works for a place: a lock file per worker, which the system unlocks however the worker ends."""

from pathlib import Path

from clipactor_node.files import holder_of


def path_of(folder: Path, place: str, slot: int = 0) -> Path:
    """Of the lock that a place's worker in that slot holds."""
    return folder / f"{place}-{slot}.lock"


def holders(folder: Path, place: str) -> set[int]:
    """Process ids of all workers of a place."""
    found = (holder_of(path) for path in folder.glob(f"{place}-*.lock"))
    return {pid for pid in found if pid}
