"""How long one call takes, for all benchmarks alike."""

import statistics
import time
from collections.abc import Callable


def median_ms(
    work: Callable[[int], object], repeats: int, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Milliseconds of one call, the median of `repeats`, after one that is not counted.

    Args:
        work: called with 0, 1, 2, ...
        clock: seconds; `time.thread_time` leaves out what other programs on the machine take.
    """
    work(0)
    spent = []
    for turn in range(repeats):
        start = clock()
        work(turn)
        spent.append(clock() - start)
    return 1e3 * statistics.median(spent)
