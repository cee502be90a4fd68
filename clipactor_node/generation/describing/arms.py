"""Events of arms and hands: raised, waved, stretched out, punched, brought to the head, clapped, stirred."""

import numpy as np

from clipactor_node.generation.describing.event import Event, around, event, peaks, swings
from clipactor_node.generation.describing.measures import RATE_HZ, SIDES, Measures, smooth, stretches

_RAISED_M = 0.22
"""How much a hand rises, at least, to be raised."""
_PUNCH_M_S, _QUICK_M_S, _SLOW_M_S = 2.6, 1.9, 0.55
_WAVES_M = 0.06
_RUNS_M_S = 2.0
"""Arms that swing in a run say nothing."""
_GESTURE_M = 0.14


def arms(m: Measures) -> list[Event]:
    """What the arms do, in no order."""
    busy = m.off_feet | _hands_on_floor(m) | (m.speed > _RUNS_M_S)
    found: list[Event] = []
    taken: dict[str, np.ndarray] = {side: busy.copy() for side in SIDES}
    for find in (_claps, _together, _to_the_head, _waves, _punches, _on_hips, _raises, _stretches, _repeats):
        new = find(m, taken)
        found += new
        for one in new:
            for side in SIDES if one.side in ("both", "") else (one.side,):
                taken[side][round(one.start_s * RATE_HZ) : round(one.end_s * RATE_HZ) + 1] = True
    return _paired(found or _gestures(m, busy))


def _gestures(m: Measures, busy: np.ndarray) -> list[Event]:
    """Hands that move without any of the above, while their person stays."""
    found = []
    for side in SIDES:
        hand = _hand(m, side)
        away = np.linalg.norm(hand - np.median(hand, axis=0), axis=1)
        for a, b in stretches((away > _GESTURE_M) & ~busy & (m.speed < 0.4), 0.3, 0.8):
            out = hand[a:b, 0].max() - np.median(hand[:, 0]) > 0.17
            found.append(event("spread" if out else "gesture", a, b, side=side, weight=1.5))
    return found


def _hands_on_floor(m: Measures) -> np.ndarray:
    return np.minimum(m.high("left_wrist"), m.high("right_wrist")) < 0.15


def _hand(m: Measures, side: str) -> np.ndarray:
    """(T, 3) metres: a wrist from its shoulder; x outward."""
    hand = m.at(f"{side}_wrist") - m.at(f"{side}_shoulder")
    return hand * [1.0 if side == "left" else -1.0, 1.0, 1.0]


def _speed(m: Measures, side: str) -> np.ndarray:
    hand = _hand(m, side)
    return np.linalg.norm(np.gradient(hand, axis=0), axis=1) * RATE_HZ if len(hand) > 1 else np.zeros(1)


def _pace(m: Measures, side: str, a: int, b: int) -> str:
    top = float(_speed(m, side)[max(a - 4, 0) : b + 5].max())
    return "quickly" if top > 1.6 * _QUICK_M_S else "slowly" if top < _SLOW_M_S else ""


def _free(taken: np.ndarray, a: int, b: int) -> bool:
    window = taken[max(a, 0) : b + 1]
    return bool(len(window) and window.mean() < 0.4)


def _claps(m: Measures, taken: dict[str, np.ndarray]) -> list[Event]:
    apart = np.linalg.norm(m.at("left_wrist") - m.at("right_wrist"), axis=1)
    hits = peaks(-apart, -0.22, 0.06, 0.15)
    found = []
    for group in _groups(hits, 1.0):
        window = slice(group[0], group[-1] + 1)
        left, right = (float(_speed(m, side)[window].mean()) for side in SIDES)
        both_move = min(left, right) > 0.35 * max(left, right)
        if len(group) >= 3 and both_move and _free(taken["left"], group[0], group[-1]):
            high = m.at("left_wrist")[group, 1].mean() > m.at("head")[group, 1].mean()
            way = "above the head" if high else ""
            found.append(event("clap", max(group[0] - 3, 0), group[-1] + 3, side="both", way=way,
                               count=len(group) if len(group) < 7 else 0, weight=3.0))  # fmt: skip
    return found


def _together(m: Measures, taken: dict[str, np.ndarray]) -> list[Event]:
    apart = np.linalg.norm(m.at("left_wrist") - m.at("right_wrist"), axis=1)
    chest = m.at("spine3")[:, 1]
    hands = 0.5 * (m.at("left_wrist") + m.at("right_wrist"))
    folded = (apart < 0.2) & (hands[:, 1] > chest - 0.25) & (hands[:, 2] > 0.1)
    crossed = _crossed(m)
    found = []
    for a, b in stretches(folded & ~crossed, 0.5):
        if _free(taken["left"], a, b):
            over = hands[a:b, 1].mean() - m.at("head")[a:b, 1].mean()
            way = "above the head" if over > 0.15 else "in front of the face" if over > -0.12 else ""
            way = way or "in front of the chest"
            found.append(event("hands together", a, b, side="both", way=way, weight=2.0))
    for a, b in stretches(crossed, 0.6):
        if _free(taken["left"], a, b):
            found.append(event("cross arms", a, b, side="both", weight=2.5))
    return found


def _crossed(m: Measures) -> np.ndarray:
    """Each hand on the other side of the chest, near it."""
    chest = m.at("spine3")[:, 1]
    left, right = m.at("left_wrist"), m.at("right_wrist")
    level = (np.abs(left[:, 1] - chest) < 0.25) & (np.abs(right[:, 1] - chest) < 0.25)
    return (left[:, 0] < -0.02) & (right[:, 0] > 0.02) & level


def _waves(m: Measures, taken: dict[str, np.ndarray]) -> list[Event]:
    found = []
    for side in SIDES:
        hand = _hand(m, side)
        turns = swings(hand[:, 0], _WAVES_M)
        up = hand[:, 1] > -0.12
        for group in _groups(turns[up[turns]] if len(turns) else turns, 0.75):
            a, b = group[0], group[-1]
            across = np.ptp(hand[a : b + 1, 0])
            along = np.ptp(smooth(hand[a : b + 1, 1], 0.03))
            if (
                len(group) >= 4
                and across > 0.6 * along
                and up[a : b + 1].mean() > 0.8
                and _free(taken[side], a, b)
            ):
                way = _place(m, side, a, b)
                found.append(event("wave", a, b, side=side, way=way, weight=3.5))
    return found


def _punches(m: Measures, taken: dict[str, np.ndarray]) -> list[Event]:
    found = []
    for side in SIDES:
        hand, speed = _hand(m, side), _speed(m, side)
        reach = hand[:, 2]
        level = (hand[:, 1] > -0.35) & (hand[:, 1] < 0.35)
        hits = [i for i in peaks(reach, 0.6 * m.arm, 0.2, 0.2)
                if level[i] and speed[max(i - 6, 0) : i + 1].max() > _PUNCH_M_S]  # fmt: skip
        for group in _groups(np.array(hits, int), 1.2):
            a, b = max(group[0] - 5, 0), group[-1] + 3
            if _free(taken[side], a, b):
                found.append(event("punch", a, b, side=side, way="forward", count=len(group), pace="quickly",
                                   weight=3.0))  # fmt: skip
    return found


def _to_the_head(m: Measures, taken: dict[str, np.ndarray]) -> list[Event]:
    found = []
    face = m.at("head") + [0.0, 0.02, 0.06]
    for side in SIDES:
        near = np.linalg.norm(m.at(f"{side}_wrist") - face, axis=1) < 0.24
        for a, b in stretches(near, 0.3):
            if _free(taken[side], a, b):
                moves = len(swings(m.at(f"{side}_wrist")[a:b, 1], 0.04)) > 3
                if moves and b - a > 1.2 * RATE_HZ:
                    found.append(event("at head", a, b, side=side, weight=2.5))
                    continue
                ahead = (m.at(f"{side}_wrist")[a:b] - face[a:b]).mean(axis=0)
                way = "to the face" if ahead[2] > 0.04 and ahead[1] < 0.08 else "to the head"
                found.append(event("hand to head", a, b, side=side, way=way, weight=2.5))
    return found


def _on_hips(m: Measures, taken: dict[str, np.ndarray]) -> list[Event]:
    found = []
    for side in SIDES:
        hand = m.at(f"{side}_wrist") - m.at(f"{side}_hip")
        elbow = np.abs(m.at(f"{side}_elbow")[:, 0]) - np.abs(m.at(f"{side}_wrist")[:, 0])
        near = (np.linalg.norm(hand, axis=1) < 0.26) & (elbow > 0.08) & (hand[:, 1] > -0.05)
        near &= np.abs(hand[:, 2]) < 0.14
        for a, b in stretches(near, 0.6):
            if _free(taken[side], a, b):
                found.append(event("hand on hip", a, b, side=side, weight=2.0))
    return found


def _raises(m: Measures, taken: dict[str, np.ndarray]) -> list[Event]:
    found = []
    for side in SIDES:
        level = m.at(f"{side}_wrist")[:, 1] - m.at(f"{side}_shoulder")[:, 1]
        tops = peaks(level, -0.12, _RAISED_M, 0.3)
        for group in _groups(tops, 2.2):
            a, b = around(level, group[0])[0], around(level, group[-1])[1]
            if not _free(taken[side], int(group[0]) - 2, int(group[-1]) + 2):
                continue
            found.append(
                event(
                    "raise",
                    a,
                    b,
                    side=side,
                    way=_place(m, side, *group[[0, -1]]),
                    count=len(group),
                    pace=_pace(m, side, a, b),
                    weight=2.5 + float(level[group].max()),
                )  # fmt: skip
            )
        held = np.zeros(len(m), bool)
        for a, b in stretches(level > 0.12, 1.2):
            if not len(tops) or not ((tops >= a) & (tops < b)).any():
                held[a:b] = True
                if _free(taken[side], a, b):
                    found.append(event("hold up", a, b, side=side, way=_place(m, side, a, b), weight=2.0))
    return found


def _place(m: Measures, side: str, a: int, b: int) -> str:
    """Where a raised hand is: above the head, beside it, at the height of the shoulder."""
    window = slice(int(a), int(b) + 1)
    hand = m.at(f"{side}_wrist")[window]
    over = float((hand[:, 1] - m.at("head")[window, 1]).max())
    if over > 0.12:
        return "above the head"
    if over > -0.12:
        return "to the height of the head"
    return "to the height of the shoulder"


def _stretches(m: Measures, taken: dict[str, np.ndarray]) -> list[Event]:
    found = []
    for side in SIDES:
        hand = _hand(m, side)
        for axis, way in ((2, "forward"), (0, "to the side")):
            reach = np.where(np.linalg.norm(hand, axis=1) > 0.78 * m.arm, hand[:, axis] / m.arm, 0.0)
            if np.median(reach) > 0.6 and len(m) > 10:
                found.append(event("hold out", 0, len(m) - 1, side=side, way=way, weight=2.5))
                continue
            reach = smooth(reach, 0.05)
            for group in _groups(peaks(reach, 0.62, 0.3, 0.3), 2.2):
                a, b = around(reach, group[0])[0], around(reach, group[-1])[1]
                going = m.speed[a : b + 1].mean() > 0.5 and hand[group, 1].max() < -0.3
                if _free(taken[side], int(group[0]) - 2, int(group[-1]) + 2) and not going:
                    there = "down and forward" if hand[group, 1].mean() < -0.33 and axis == 2 else way
                    found.append(event("stretch", a, b, side=side, way=there, count=len(group),
                                       pace=_pace(m, side, a, b), weight=2.0))  # fmt: skip
    return found


def _repeats(m: Measures, taken: dict[str, np.ndarray]) -> list[Event]:
    """A hand that goes to and fro, below the shoulder, while its person stands."""
    found = []
    for side in SIDES:
        hand = smooth(_hand(m, side), 0.03)
        best: tuple[float, np.ndarray, int] | None = None
        for axis in range(3):
            turns = swings(hand[:, axis], 0.045)
            for group in _groups(turns, 0.9):
                if len(group) >= 5 and _free(taken[side], group[0], group[-1]):
                    size = float(np.ptp(hand[group[0] : group[-1] + 1, axis])) * len(group)
                    if m.speed[group[0] : group[-1] + 1].mean() < 0.45 and (best is None or size > best[0]):
                        best = (size, group, axis)
        if best is not None:
            _, group, axis = best
            span = hand[group[0] : group[-1] + 1]
            wide = np.sort(np.ptp(span, axis=0))
            way = "in circles" if _round(span) and wide[1] > 0.65 * wide[2] else _AXES[axis]
            found.append(event("move hand", int(group[0]), int(group[-1]), side=side, way=way, weight=2.0))
    return found


_AXES = ("from side to side", "up and down", "back and forth")


def _round(path: np.ndarray) -> bool:
    """Whether a path of points (T, 3) keeps turning the same way round."""
    centred = path - path.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    flat = centred @ axes[:2].T
    steps = np.diff(np.unwrap(np.arctan2(flat[:, 1], flat[:, 0])))
    return bool(abs(steps.sum()) > 0.7 * np.abs(steps).sum() and abs(steps.sum()) > 2 * np.pi)


def _groups(frames: np.ndarray, gap_s: float) -> list[np.ndarray]:
    """Frames that follow each other within a gap, together."""
    if not len(frames):
        return []
    return np.split(frames, np.flatnonzero(np.diff(frames) > gap_s * RATE_HZ) + 1)


def _paired(events: list[Event]) -> list[Event]:
    """The same thing with both hands at once is one event."""
    out: list[Event] = []
    rest = sorted(events, key=lambda x: (x.start_s, x.end_s))
    while rest:
        one = rest.pop(0)
        twin = next((x for x in rest if _are_twins(one, x)), None)
        if twin is not None:
            rest.remove(twin)
            start, end = min(one.start_s, twin.start_s), max(one.end_s, twin.end_s)
            way = one.way if one.way == twin.way or one.weight >= twin.weight else twin.way
            pace = one.pace if one.pace == twin.pace else ""
            one = Event(one.kind, start, end, "both", way, max(one.count, twin.count), pace,
                        max(one.weight, twin.weight) + 0.3)  # fmt: skip
        out.append(one)
    return out


def _are_twins(a: Event, b: Event) -> bool:
    if a.kind != b.kind or {a.side, b.side} != set(SIDES):
        return False
    if a.kind in ("stretch",) and a.way != b.way:
        return False
    shared = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
    return shared > 0.5 * min(a.end_s - a.start_s, b.end_s - b.start_s) and abs(a.count - b.count) <= 1
