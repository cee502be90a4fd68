"""One thing that happens in a motion: what, by which side, which way, how far, how often, how fast."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.generation.describing.measures import RATE_HZ


@dataclass(frozen=True)
class Event:
    """What `words` makes a phrase of.

    Fields:
        kind: a row of `words.PHRASES`.
        start_s, end_s: when.
        side: "left", "right", "both" or "".
        way: a direction or a place in words: "forward", "above the head"; "" none.
        count: how often; 0: it has no number.
        pace: "slowly", "quickly" or "".
        weight: how much of the motion it is; a short sentence names the greatest only.
    """

    kind: str
    start_s: float
    end_s: float
    side: str = ""
    way: str = ""
    count: int = 0
    pace: str = ""
    weight: float = 1.0


def event(kind: str, first: int, last: int, **more: object) -> Event:
    """An event between two frames."""
    return Event(kind, round(first / RATE_HZ, 3), round(last / RATE_HZ, 3), **more)  # type: ignore[arg-type]


def peaks(signal: np.ndarray, least: float, prominence: float, apart_s: float = 0.25) -> np.ndarray:
    """Frames in which a signal is greatest: as great as `least`, and standing out from its surroundings."""
    from scipy.signal import find_peaks  # a second of import, which a start need not wait for

    padded = np.concatenate([[signal.min() - 1e-6], signal, [signal.min() - 1e-6]])
    found, _ = find_peaks(
        padded, height=least, prominence=prominence, distance=max(round(apart_s * RATE_HZ), 1)
    )
    return found - 1


def around(signal: np.ndarray, peak: int, share: float = 0.5) -> tuple[int, int]:
    """The frames around a peak in which a signal keeps a share of its rise from its least value."""
    low = signal.min()
    level = low + share * (signal[peak] - low)
    below = np.flatnonzero(signal < level)
    before, after = below[below < peak], below[below > peak]
    return int(before[-1]) if len(before) else 0, int(after[0]) if len(after) else len(signal) - 1


def swings(signal: np.ndarray, amplitude: float) -> np.ndarray:
    """Frames at which a signal turns round, each at least `amplitude` from the turn before."""
    turns = [0]
    going = 0
    for i in range(1, len(signal)):
        step = signal[i] - signal[turns[-1]]
        if going * step > 0:
            turns[-1] = i
        elif abs(step) >= amplitude:
            turns.append(i)
            going = 1 if step > 0 else -1
    return np.array(turns[1:-1], int) if len(turns) > 2 else np.zeros(0, int)
