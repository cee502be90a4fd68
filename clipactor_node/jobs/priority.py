"""A process that stays out of the way of all others, and how long it was kept waiting for that."""

import contextlib
import ctypes
import os
import platform
import struct
import time
from pathlib import Path

NICENESS = 19
_SLICE_NS = 100_000_000
_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
_SIZE = 48
_AUTOGROUP = Path("/proc/self/autogroup")


def give_way(niceness: int = NICENESS) -> None:
    """Lowest priority for this process and all threads that it starts from now on.

    Args:
        niceness: less than that, 0: none of this.

    Where the system groups processes by session (autogroup), niceness counts only within the group; so this
    becomes a group of its own, and a nice one.

    Niceness says how much of a processor this gets. How *soon* somebody else gets it who wakes up is said
    by the length of the slice: from Linux 6.12 on, who asks for a longer one gives way at once. Measured
    with two busy processes on two cores, a thread at 60 Hz woke up 4 to 6 ms late (p99) besides nice ones,
    and 0.1 to 0.7 ms besides nice ones with this slice.
    """
    if not niceness:
        return
    os.nice(max(niceness - os.nice(0), 0))
    with contextlib.suppress(OSError, AttributeError):
        _own_group(niceness)
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        if number := _SCHED_SETATTR.get(platform.machine()):
            # struct sched_attr: size, policy, flags, nice, priority, runtime (the slice), deadline, period
            given = struct.pack("=IIQiIQQQ", _SIZE, os.SCHED_BATCH, 0, niceness, 0, _SLICE_NS, 0, 0)
            ctypes.CDLL(None).syscall(number, 0, ctypes.c_char_p(given), 0)


def _own_group(niceness: int) -> None:
    if not _AUTOGROUP.exists() or os.getsid(0) == os.getpid():
        return
    os.setsid()
    for _ in range(10):
        try:
            _AUTOGROUP.write_text(str(niceness))
            return
        except OSError:  # the system allows this once in a tenth of a second
            time.sleep(0.15)


def kept_waiting_s(pid: int) -> float:
    """How long a process was ready to run and did not, in all (its main thread); 0 where nobody knows."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
