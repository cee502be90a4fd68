"""Events of legs, trunk and head: kicks, knees, balance; bows, leans, twists; nods, shakes, looks."""

import numpy as np

from clipactor_node.generation.describing.event import Event, around, event, peaks, swings
from clipactor_node.generation.describing.measures import RATE_HZ, SIDES, Measures, stretches

_KICK_M_S = 2.6
_STANDS = 0.72
"""Share of the standing height of the pelvis: who is lower goes down, and does not bend."""
_BENT, _DEEP, _SIDEWAYS = np.radians([33.0, 62.0, 18.0])
_LOOK, _NOD, _SHAKE, _MOVED = np.radians([28.0, 9.0, 11.0, 15.0])


def legs(m: Measures) -> list[Event]:
    """What single legs do while their person stays where it is."""
    found = []
    busy = m.off_feet | (m.height < 0.7) | (m.speed > 1.4)
    for side, other in (SIDES, SIDES[::-1]):
        foot = m.at(f"{side}_ankle") - m.at(f"{side}_hip")
        lift = m.high(f"{side}_ankle") - m.rest[7, 1]
        stands = (m.high(f"{other}_foot") - m.rest[10, 1]) < 0.13
        speed = np.linalg.norm(np.gradient(foot, axis=0), axis=1) * RATE_HZ if len(foot) > 1 else 0 * lift
        kicks = np.zeros(len(m), bool)
        for top in peaks(lift, 0.28, 0.2):
            a, b = around(lift, top)
            stretched = np.linalg.norm(foot[top]) > 0.78 * m.leg
            fast = speed[max(top - 6, 0) : top + 3].max() > _KICK_M_S
            if foot[top, 2] < -0.25 and (lift[top] < 0.5 or m.speed[a : b + 1].max() > 1.0):
                continue  # winding up, or the heel of a stride
            if fast and stretched and not busy[top] and b - a < 1.5 * RATE_HZ:
                kicks[a : b + 1] = True
                found.append(event("kick", a, b, side=side, way=_way(foot[top], side, m), pace="quickly",
                                   count=1, weight=4.0))  # fmt: skip
        found += _lifts(m, side, foot, lift, stands & ~busy & ~kicks)
    return _counted(found)


def _way(foot: np.ndarray, side: str, m: Measures) -> str:
    out = foot[0] * (1 if side == "left" else -1)
    along = "forward" if foot[2] > 0 else "backward"
    way = along if abs(foot[2]) >= abs(out) else "to the side"
    return f"high {way}" if foot[1] > -0.45 * m.leg and way != "backward" else way


def _lifts(m: Measures, side: str, foot: np.ndarray, lift: np.ndarray, free: np.ndarray) -> list[Event]:
    """A knee that comes up, a leg that is stretched away, or one on which nobody stands for a while."""
    found = []
    knee = m.at(f"{side}_knee")[:, 1] - m.at(f"{side}_hip")[:, 1]
    slow = m.speed < 0.6
    for top in peaks(lift, 0.18, 0.14):
        a, b = around(lift, top)
        if not free[top] or not slow[a : b + 1].mean() > 0.7:
            continue
        if np.linalg.norm(foot[top]) > 0.93 * m.leg:
            found.append(
                event("lift leg", a, b, side=side, way=_way(foot[top], side, m), count=1, weight=2.5)
            )
        elif knee[top] > -0.3:
            way = "high" if knee[top] > -0.1 else ""
            found.append(event("lift knee", a, b, side=side, way=way, count=1, weight=2.5))
        elif foot[top, 2] < -0.25:
            found.append(event("lift heel", a, b, side=side, count=1, weight=2.0))
    for a, b in stretches((lift > 0.12) & free & slow, 1.4):
        other = "right" if side == "left" else "left"
        found.append(event("balance", a, b, side=other, weight=3.0))
    return found


def _counted(events: list[Event]) -> list[Event]:
    """The same thing with the same leg soon again is one event with a number."""
    out: list[Event] = []
    for one in sorted(events, key=lambda x: x.start_s):
        for i, before in enumerate(out):
            same = (before.kind, before.side, before.way) == (one.kind, one.side, one.way)
            if same and one.count and one.start_s - before.end_s < 1.5:
                out[i] = Event(one.kind, before.start_s, one.end_s, one.side, one.way, before.count + 1,
                               one.pace, one.weight)  # fmt: skip
                break
        else:
            out.append(one)
    return out


def trunk(m: Measures) -> list[Event]:
    """What the trunk does: bends and leans, twists."""
    found = []
    upright = ~m.off_feet
    for signal, kind, way, limit, least in (
        (m.lean, "bend", "forward", _BENT, 0.35),
        (-m.lean, "bend", "backward", _SIDEWAYS, 0.25),
        (m.tilt, "bend", "to the left", _SIDEWAYS, 0.2),
        (-m.tilt, "bend", "to the right", _SIDEWAYS, 0.2),
    ):
        tops = [i for i in peaks(np.where(upright, signal, 0.0), limit, least, 0.4)
                if m.speed[i] < 1.6 and m.height[i] > _STANDS]  # fmt: skip
        if not tops:
            continue
        for tied in np.split(np.array(tops), np.flatnonzero(np.diff(tops) > 2.0 * RATE_HZ) + 1):
            a, b = around(signal, tied[0])[0], around(signal, tied[-1])[1]
            deep = signal[tied].max() > _DEEP and way == "forward"
            pace = "slowly" if (b - a) / len(tied) > 3.0 * RATE_HZ else ""
            found.append(event(kind, a, b, way="far down" if deep else way, count=len(tied), pace=pace,
                               weight=2.0 + float(signal[tied].max())))  # fmt: skip
    level = np.where(upright & (m.speed < 0.6), m.twist, 0.0)
    for sign, side in ((1, "left"), (-1, "right")):
        twists = peaks(sign * level, np.radians(28), np.radians(20), 0.4)
        if len(twists):
            a, b = around(sign * level, twists[0])[0], around(sign * level, twists[-1])[1]
            found.append(event("twist", a, b, side=side, count=len(twists), weight=1.6))
    return found


def head(m: Measures) -> list[Event]:
    """What the head does against the chest: nods, shakes, looks to a side, up or down."""
    found = []
    free = ~m.off_feet
    taken = np.zeros(len(m), bool)
    for signal, kind, size in ((m.nod, "nod", _NOD), (m.look, "shake head", _SHAKE)):
        turns = swings(signal, size)
        for group in (
            np.split(turns, np.flatnonzero(np.diff(turns) > 0.7 * RATE_HZ) + 1) if len(turns) else []
        ):
            if len(group) >= 4 and free[group].all() and m.speed[group].mean() < 0.5:
                found.append(event(kind, int(group[0]), int(group[-1]), weight=2.2))
                taken[group[0] : group[-1] + 1] = True
    away = ((m.look, "to the left"), (-m.look, "to the right"), (m.nod, "down"), (-m.nod, "up"))
    for signal, way in away:
        moved = signal - np.quantile(signal, 0.15) > _MOVED  # a marker that sits askew is no look
        for a, b in stretches((signal > _LOOK) & moved & free & ~taken, 0.4):
            found.append(event("look", a, b, way=way, weight=1.4))
    return found
