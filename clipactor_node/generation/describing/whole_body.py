"""Events of the whole body: standing, going, turning, jumping, postures and the ways between them."""

import numpy as np

from clipactor_node.generation.describing.event import Event, event, swings
from clipactor_node.generation.describing.measures import (
    LOW,
    LYING_TILT,
    ON_THE_FLOOR,
    RATE_HZ,
    Measures,
    smooth,
    stretches,
)

_MOVES_M_S, _JOGS_M_S, _RUNS_M_S = 0.2, 1.5, 2.15
_SLOW_M_S, _BRISK_M_S, _FAST_RUN_M_S = 0.75, 1.65, 4.0
_AIRBORNE_M = 0.07
_HALF_OVER = np.radians(240.0)
"""Who turns less does not roll or flip."""
_STEP_M = 0.12


def postures(m: Measures) -> np.ndarray:
    """(T,) of str: stand, crouch, sit, kneel, lie (and on what), all fours, upside down."""
    state = np.full(len(m), "stand", dtype="<U16")
    knees = np.stack([m.high("left_knee"), m.high("right_knee")])
    thigh = m.rest[1, 1] - m.rest[4, 1]
    feet = 0.5 * (m.at("left_ankle") + m.at("right_ankle"))
    flat_thighs = 0.5 * (m.at("left_knee") + m.at("right_knee"))[:, 1] > -0.62 * thigh
    low = (m.height < LOW) & (m.upright > LYING_TILT)
    state[low] = "crouch"
    state[low & flat_thighs & (feet[:, 2] > 0.24)] = "sit"
    state[low & (m.height < ON_THE_FLOOR)] = "sit"
    ankles = np.stack([m.high("left_ankle"), m.high("right_ankle")])
    on_knees = (knees < 0.16) & (knees < ankles + 0.12)
    state[low & on_knees.any(0) & (m.height > 0.38)] = "kneel"
    hands = np.minimum(m.high("left_wrist"), m.high("right_wrist"))
    both = np.maximum(m.high("left_wrist"), m.high("right_wrist"))
    bent = (m.upright < 0.55) & (m.height < 0.85)
    state[bent & (both < 0.25) & (hands < 0.16)] = "all fours"
    on_hands = (hands < 0.16) & (m.chest_up < -0.5) & (m.high("left_shoulder") > 0.3)
    state[(m.upright < LYING_TILT) & (m.height < ON_THE_FLOOR) & on_hands] = "all fours"
    lying = (m.upright < LYING_TILT) & (m.height < ON_THE_FLOOR) & (m.high("head") < 0.55) & ~on_hands
    hip = np.minimum(knees.min(0), 9.0)
    prone_crawl = (hands < 0.25) & (m.chest_up < -0.5) & (m.height > 0.36) & (hip < 0.2)
    state[lying & ~prone_crawl] = "lie"
    state[m.inverted] = "upside down"
    return _passing(state)


def _passing(state: np.ndarray) -> np.ndarray:
    """Bent knees on the way to the floor or from it are a part of sitting down and getting up."""
    for a, b in stretches(state == "crouch", 0.05, 0.0):
        near = {*state[max(a - 1, 0) : a], *state[b : b + 1]} & {"sit", "kneel", "lie", "all fours"}
        if near and b - a < 1.5 * RATE_HZ:
            state[a:b] = sorted(near)[0]
    return state


def whole_body(m: Measures) -> list[Event]:
    """What the body as a whole does, in no order."""
    state = postures(m)
    flights = _flights(m, state)
    going = [*_jumps(m, flights), *_going(m, state, flights), *_turns(m, state)]
    return [*_postures(m, state), *_flips(m), *going, *([] if going else _sways(m, state))]


def _sways(m: Measures, state: np.ndarray) -> list[Event]:
    """Hips that go from side to side, or up and down, on the spot."""
    found = []
    path = m.world[:, 0] - m.world[:, 0].mean(axis=0)
    across = np.einsum("tj,tj->t", path, _left(m))
    for signal, least, way in ((across, 0.05, "from side to side"), (path[:, 1], 0.04, "up and down")):
        turns = swings(signal, least)
        if len(turns) >= 3 and (state == "stand").mean() > 0.8:
            found.append(event("sway", int(turns[0]), int(turns[-1]), way=way, weight=2.0))
    return found


def _left(m: Measures) -> np.ndarray:
    """(T, 3): the direction to the person's left."""
    return np.stack([np.cos(m.heading), np.zeros(len(m)), -np.sin(m.heading)], axis=1)


def _flights(m: Measures, state: np.ndarray) -> list[tuple[int, int]]:
    """When both feet are off the floor, and the rest of the body too."""
    lift = [m.high(f"{side}_foot") - m.rest[10, 1] for side in ("left", "right")]
    heels = [m.high(f"{side}_ankle") - m.rest[7, 1] for side in ("left", "right")]
    up = (np.minimum(*lift) > _AIRBORNE_M) & (np.minimum(*heels) > 0.8 * _AIRBORNE_M)
    hands = np.minimum(m.high("left_wrist"), m.high("right_wrist"))
    up &= (m.height > 0.6) & (hands > 0.15) & (state != "upside down") & (state != "sit")
    found = stretches(up, 0.1, 0.0)
    return [(a, b) for a, b in found if b - a < 1.2 * RATE_HZ]


def _jumps(m: Measures, flights: list[tuple[int, int]]) -> list[Event]:
    found: list[Event] = []
    run: list[tuple[int, int]] = []
    for a, b in flights:
        near = slice(max(a - 8, 0), b + 8)
        rise = m.height[a:b].max() - m.height[near].min()
        if rise < (0.1 if m.speed[near].mean() < 1.2 else 0.2):  # a stride of a walk or of a run
            continue
        if run and a - run[-1][1] > 1.2 * RATE_HZ:
            found.append(_jump(m, run))
            run = []
        run.append((a, b))
    return [*found, _jump(m, run)] if run else found


def _jump(m: Measures, run: list[tuple[int, int]]) -> Event:
    first, last = max(run[0][0] - 5, 0), min(run[-1][1] + 5, len(m) - 1)
    turned = np.degrees(m.heading[last] - m.heading[first]) / len(run)
    way = m.way[run[0][0] : run[-1][1]].mean(axis=0)
    if abs(turned) > 75:
        there = f"turning to the {_side(turned)}"
    elif np.hypot(*way) > 0.55:
        there = _direction(way)
    else:
        there = "on the spot"
    feet = {_one_foot(m, a, b) for a, b in run}
    kind = "hop" if len(feet) == 1 and "" not in feet else "jump"
    side = feet.pop() if kind == "hop" else ""
    return event(kind, first, last, side=side, way=there, count=len(run), weight=3.0)


def _one_foot(m: Measures, a: int, b: int) -> str:
    """The foot from which a flight starts and on which it ends, if the other one stays up; else ""."""
    up = {}
    for side in ("left", "right"):
        lift = m.high(f"{side}_foot") - m.rest[10, 1]
        up[side] = min(lift[max(a - 3, 0)], lift[min(b + 2, len(m) - 1)]) > 0.1
    return "right" if up["left"] and not up["right"] else "left" if up["right"] and not up["left"] else ""


def _going(m: Measures, state: np.ndarray, flights: list[tuple[int, int]]) -> list[Event]:
    found = []
    on_feet = np.isin(state, ("stand", "crouch"))
    in_flight = np.zeros(len(m), bool)
    for a, b in flights:
        in_flight[a:b] = m.speed[a:b] < 1.5
    moving = on_feet & (m.speed > _MOVES_M_S) & ~in_flight
    for a, b in stretches(moving, 0.6, 0.35):
        found += _legs_of(m, state, a, b)
    crawling = np.isin(state, ("all fours", "kneel", "lie")) & (m.speed > 0.12)
    for a, b in stretches(crawling, 0.8, 0.5):
        low = (state[a:b] == "lie").mean() > 0.5
        if np.linalg.norm(m.world[b - 1, 0] - m.world[a, 0]) > 0.5:
            way = _direction(m.way[a:b].mean(axis=0))
            found.append(event("creep" if low else "crawl", a, b, way=way, weight=4.0))
    return found


def _legs_of(m: Measures, state: np.ndarray, a: int, b: int) -> list[Event]:
    """A stretch of going, cut where walking becomes running or forward becomes backward."""
    kinds = np.where(_running(m)[a:b], 1, 0)
    ways = np.array([_direction(way) for way in m.way[a:b]])
    found: list[Event] = []
    start = a
    for i in [*_changes(kinds, ways), b - a]:
        if i + a - start >= 0.7 * RATE_HZ:
            found.append(_gait(m, state, start, a + i))
        start = a + i
    if not found and b - a >= 0.7 * RATE_HZ:
        found.append(_gait(m, state, a, b))
    return _joined(m, state, [x for x in found if x.kind != ""])


def _running(m: Measures) -> np.ndarray:
    """(T,) bool: fast, or not so fast with both feet in the air again and again."""
    lift = [m.high(f"{side}_foot") - m.rest[10, 1] for side in ("left", "right")]
    heels = [m.high(f"{side}_ankle") - m.rest[7, 1] for side in ("left", "right")]
    airborne = (np.minimum(*lift) > 0.035) & (np.minimum(*heels) > 0.035)
    often = smooth(airborne.astype(float), 0.25) > 0.12
    return (m.speed > _RUNS_M_S) | ((m.speed > _JOGS_M_S) & often)


def _changes(kinds: np.ndarray, ways: np.ndarray) -> list[int]:
    """Where gait or direction change for more than half a second."""
    keep = round(0.5 * RATE_HZ)
    cuts, now = [], (kinds[0], ways[0])
    for i in range(1, len(kinds)):
        here = (kinds[i], ways[i])
        ahead = slice(i, i + keep)
        if here != now and np.all(kinds[ahead] == here[0]) and np.all(ways[ahead] == here[1]):
            cuts.append(i)
            now = here
    return cuts


def _joined(m: Measures, state: np.ndarray, gaits: list[Event]) -> list[Event]:
    """Neighbours of one kind and direction as one."""
    found: list[Event] = []
    for one in gaits:
        if found and (found[-1].kind, found[-1].way) == (one.kind, one.way):
            one = _gait(m, state, round(found.pop().start_s * RATE_HZ), round(one.end_s * RATE_HZ))
        found.append(one)
    return found


def _gait(m: Measures, state: np.ndarray, a: int, b: int) -> Event:
    way = m.way[a:b].mean(axis=0)
    speed = float(np.median(m.speed[a:b]))
    last = min(b, len(m) - 1)
    turned = float(np.degrees(m.heading[last] - m.heading[a]))
    direction = _direction(way)
    if _running(m)[a:b].mean() > 0.5:
        kind, pace = "run", "quickly" if speed > _FAST_RUN_M_S else ""
    else:
        kind = "walk"
        pace = "slowly" if speed < _SLOW_M_S else "quickly" if speed > _BRISK_M_S else ""
    crouched = (state[a:b] == "crouch").mean() > 0.6
    if kind == "walk" and crouched:
        kind = "walk crouched"
    if abs(turned) > 315:
        there = f"in a circle to the {_side(turned)}"
    elif abs(turned) > 145:
        there = f"in a half circle to the {_side(turned)}"
    elif abs(turned) > 45 and direction == "forward":
        there = f"in a curve to the {_side(turned)}"
    elif abs(turned) > 22 and direction == "forward":
        there = f"in a slight curve to the {_side(turned)}"
    else:
        there = direction
    apart = m.at("left_ankle")[a:b] - m.at("right_ankle")[a:b]
    stride = apart[:, 1] if direction.startswith("to the") else apart[:, 2]
    steps = max(len(swings(stride, _STEP_M)), 1)
    far = float(np.linalg.norm(np.diff(m.world[a:b, 0][:, [0, 2]], axis=0), axis=1).sum())
    if far < 0.3:
        return event("", a, b)
    count = steps if steps <= 9 else 0
    return event(kind, a, last, way=there, count=count, pace=pace, weight=1.0 + min(far, 4.0))


def _turns(m: Measures, state: np.ndarray) -> list[Event]:
    rate = np.gradient(m.heading) * RATE_HZ if len(m) > 1 else 0 * m.heading
    still = (m.speed < 0.55) & np.isin(state, ("stand", "crouch"))
    found = []
    for sign in (1.0, -1.0):
        for a, b in stretches(still & (sign * rate > np.radians(18)), 0.3, 0.35):
            degrees = float(np.degrees(m.heading[min(b, len(m) - 1)] - m.heading[a]))
            if abs(degrees) >= 35:
                seconds = (b - a) / RATE_HZ
                fast = abs(degrees) / seconds
                pace = "quickly" if fast > 200 else "slowly" if fast < 45 else ""
                kind = _turn_kind(abs(degrees))
                found.append(
                    event(kind, a, b, side=_side(degrees), pace=pace, weight=2.0 + abs(degrees) / 180)
                )
    return found


def _turn_kind(degrees: float) -> str:
    if degrees > 300:
        return "turn in a circle"
    if degrees > 130:
        return "turn around"
    return "turn" if degrees > 60 else "turn a little"


def _postures(m: Measures, state: np.ndarray) -> list[Event]:
    found = []
    for name, shortest in (("sit", 0.8), ("kneel", 0.6), ("crouch", 0.25), ("lie", 0.4), ("all fours", 0.6)):
        for a, b in stretches(state == name, shortest, 0.4):
            found += _posture(m, state, name, a, b)
    return found


def _posture(m: Measures, state: np.ndarray, name: str, a: int, b: int) -> list[Event]:
    """A posture with the ways into it and out of it."""
    before, after = _upright_near(state, a, -1), _upright_near(state, b - 1, 1)
    way, kind = "", name
    if name == "lie":
        up = float(m.chest_up[a:b].mean())
        way = "on the back" if up > 0.55 else "on the belly" if up < -0.55 else "on the side"
    if name == "sit":
        on_floor = float(np.median(m.height[a:b])) < ON_THE_FLOOR
        way = "on the floor" if on_floor else ""
    if name == "crouch" and (b - a) < 1.2 * RATE_HZ and before and after:
        return [event("squat", max(a - 6, 0), b + 6, count=1, weight=2.0)]
    found = []
    if before:
        found.append(event(f"{kind} down", max(a - 16, 0), a + 2, way=way, weight=3.4))
    if b - a > 1.0 * RATE_HZ or not (before or after):
        found.append(event(kind, a, b, way=way, weight=1.5 + 1.5 * (b - a) / len(m)))
    if after:
        found.append(event("get up", b - 2, min(b + 16, len(m)), way=f"from {_from(kind)}", weight=3.4))
    return found


def _from(kind: str) -> str:
    return {"sit": "sitting", "kneel": "kneeling", "crouch": "a crouch", "lie": "lying"}.get(
        kind, "hands and knees"
    )


def _upright_near(state: np.ndarray, frame: int, step: int) -> bool:
    """Whether somebody stands shortly before (-1) or after (1) a frame."""
    reach = round(1.6 * RATE_HZ)
    window = state[frame : frame + reach] if step > 0 else state[max(frame - reach, 0) : frame + 1]
    return bool((window == "stand").sum() >= 3)


def _flips(m: Measures) -> list[Event]:
    """Somebody is upside down: over the side, forward or backward."""
    found = []
    for a, b in stretches(m.inverted, 0.1, 0.4):
        start, end = max(a - 10, 0), min(b + 10, len(m) - 1)
        pitch, _, roll = np.abs(np.cumsum(m.spin[start:end], axis=0)).max(axis=0)
        turned = float(m.spin[start:end, 0].sum())
        lowest = min(m.high("left_wrist")[a:b].min(), m.high("right_wrist")[a:b].min())
        low = m.height[a:b].min() < 0.5
        if roll > pitch:
            kind, way = "cartwheel", ""
        elif abs(turned) < _HALF_OVER:
            on_back = m.high("neck")[a:b].min() < 0.4
            kind, way = "legs up" if on_back else "handstand", ""
        else:
            kind, way = "roll over" if low else "flip", "forward" if turned > 0 else "backward"
        if kind == "flip" and lowest < 0.25:
            kind = "handspring"
        found.append(event(kind, start, end, way=way, weight=5.0))
    return found


def _direction(way: np.ndarray) -> str:
    """The direction of a speed (left, ahead)."""
    left, ahead = float(way[0]), float(way[1])
    if abs(ahead) >= abs(left):
        return "forward" if ahead >= 0 else "backward"
    return f"to the {_side(left)}"


def _side(angle: float) -> str:
    return "left" if angle > 0 else "right"
