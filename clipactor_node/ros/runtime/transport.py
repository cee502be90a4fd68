"""Before the middleware starts: what it would stumble over, and what killed processes left behind."""

import fcntl
import os
import re
import time
from pathlib import Path
from xml.etree import ElementTree

SHARED_MEMORY = Path("/dev/shm")
PROFILE = "FASTDDS_DEFAULT_PROFILES_FILE"
SETTLED_S = 10.0
"""A lock file younger than this may not be locked yet."""

_LOCK = re.compile(r"fastdds_[0-9a-f]{16}_el")


def sweep(folder: Path = SHARED_MEMORY) -> int:
    """Remove segments of shared memory whose owners are dead -> bytes freed.

    Fast DDS keeps an exclusive lock on `fastdds_<id>_el` as long as the owner of `fastdds_<id>` lives, and
    removes both in the end; a killed process leaves up to 70 MB with the profile of this package. The lock
    files are Fast DDS's own: they are only tried, never signed as `files.lock` would.
    """
    freed = 0
    try:
        locks = [path for path in folder.iterdir() if _LOCK.fullmatch(path.name)]
    except OSError:  # not Linux
        return 0
    for lock in locks:
        try:
            if time.time() - lock.stat().st_mtime < SETTLED_S:
                continue
            with open(lock, "rb+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                segment = lock.with_name(lock.name.removesuffix("_el"))
                if segment.exists():
                    freed += segment.stat().st_blocks * 512
                    segment.unlink()
                lock.unlink()
        except OSError:  # somebody holds it, or it is somebody else's
            continue
    return freed


def profile_problem() -> str:
    """What is wrong with the Fast DDS profile that the environment names; "": nothing, or none is named."""
    named = os.environ.get(PROFILE)
    if not named:
        return ""
    advice = "the middleware's own transports are used, and big meshes may be lost"
    try:
        ElementTree.parse(named)
    except OSError:
        return f"{PROFILE} names {named}, which cannot be read; {advice}"
    except ElementTree.ParseError as error:
        return f"{PROFILE} names {named}, which is no XML ({error}); {advice}"
    return ""
