"""A shorter way to write gestures: tables of the gestures' files -> tables of plain keys.

A file may begin with `[_file]`, whose fields every gesture of the file has unless it says otherwise.
`_fragments.toml` holds what several share: `[hands.NAME]`, fields of a hand's key, and `[bases.NAME]`, how
the body is placed before and after: channel -> fields of a key, and whether to `balance`.

    like = "wave"       every field of a gesture defined earlier, unless given here
    base = "chair"      start and end there; without it, in standing
    keep = ["feet"]     channels that do not go back to the base
    ease = 0.8          seconds before the end at which what is held goes back to the base; 0: it stays
    settle, balance     how a motion flows, see gesture.py

    steps = [{ t = 0.8, foot = "left", turn = 45, at = [0, 0.3] }, ...]    instead of keys of feet and pelvis:
                        when a foot lands, and where the body stands then: its heading, degrees left, and its
                        place, metres left and forward; `high`: metres the foot is lifted, `lasts`: seconds

Channels need no key of their start and end: the base is kept until at most 0.7 s before the first key,
the last key is held until the motion eases back. A key may have

    use = "mouth"       the fields of a fragment; what else the key says wins
    until = 2.0         the key is held until then
    repeat = 3, every = 0.5, keys = [...]     the keys again and again, their t counted from this one's
"""

import math
import tomllib
from pathlib import Path
from typing import Any

from clipactor_node.errors import InvalidChoice, LibraryError

Table = dict[str, Any]
FRAGMENTS = "_fragments.toml"
_LEAD_S = 0.7
_TAIL_S = {"head": 0.2, "spine": 0.15, "pelvis": 0.05, "foot": 0.05}
_SHORTEST_EASE_S = 0.3
_PAIRS = {"hands": "hand", "feet": "foot", "shoulders": "shoulder"}
_BALL_M = (0.127, 0.098)  # of a standing foot: outward and forward of the pelvis
_STEP_S, _STEP_HIGH_M = 0.42, 0.07
_STANDS_M = 0.02  # a foot so near to where it should be stays
_FIRST_SHARE = 0.55  # of the way back: when the left foot has stepped, and the right one begins


def read_tables(folder: Path) -> dict[str, Table]:
    """Name -> table of plain keys, of every gesture of the TOML files in a folder, in order.

    Raises:
        LibraryError: a name occurs twice. InvalidChoice: an unknown fragment, base or gesture is named.
    """
    fragments: Table = {"hands": {}, "bases": {}}
    if (folder / FRAGMENTS).exists():
        fragments |= tomllib.loads((folder / FRAGMENTS).read_text(encoding="utf-8"))
    written: dict[str, Table] = {}
    for path in sorted(folder.glob("[!_]*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        common = tables.pop("_file", {})
        for name, table in tables.items():
            if name in written:
                raise LibraryError(f"{path.name}: gesture {name!r} is there already; give it another name")
            written[name] = _inherited(name, {**common, **table}, written)
    return {name: expanded(name, table, fragments) for name, table in written.items()}


def expanded(name: str, table: Table, fragments: Table) -> Table:
    """One gesture's table in plain keys; a table without `ease` and `base` keeps its keys' ends."""
    table = dict(table)
    placed = _base(name, table.pop("base", None), fragments)
    base = _sided({channel: fields for channel, fields in placed.items() if isinstance(fields, dict)})
    ease = table.pop("ease", None)
    keep = table.pop("keep", ())
    table.pop("like", None)
    table = {**_footsteps(table.pop("steps", [])), **table}
    channels = {c: [_plain(name, k, fragments) for k in _repeated(v)] for c, v in table.items() if _keys(v)}
    channels = _sided({c: _held(keys) for c, keys in channels.items()})
    keep = _sided(dict.fromkeys(keep))
    if ease is not None or base:
        seconds, loop = table["seconds"], table.get("loop", False)
        for channel, keys in channels.items():
            stays = loop or not ease or channel in keep
            channels[channel] = _from_base(channel, keys, base, seconds, 0.0 if stays else ease)
        for channel in base:
            channels.setdefault(channel, [{"t": 0.0, **base[channel]}])
    plain = {k: v for k, v in table.items() if not _keys(v)}
    settings = {field: value for field, value in placed.items() if not isinstance(value, dict)}
    return {**plain, **settings, **channels}


def _inherited(name: str, table: Table, written: dict[str, Table]) -> Table:
    if "like" not in table:
        return table
    if table["like"] not in written:
        raise InvalidChoice(f"gesture {name!r}: like", table["like"], written)
    return {**written[table["like"]], **table}


def _footsteps(steps: list[Table]) -> Table:
    """Keys of the feet and of the pelvis between them, for a body that steps about."""
    if not steps:
        return {}
    feet: Table = {"left": [{"t": 0.0}], "right": [{"t": 0.0}]}
    stands = {"left": (0.0, 0.0, 0.0), "right": (0.0, 0.0, 0.0)}
    pelvis: list[Table] = [{"t": 0.0}]
    for step in steps:
        side, t, lasts = step["foot"], step["t"], step.get("lasts", _STEP_S)
        before, after = stands[side], (*step.get("at", (0.0, 0.0)), step.get("turn", 0.0))
        middle = tuple((a + b) / 2 for a, b in zip(before, after, strict=True))
        stands[side] = after
        lifted = _foot(side, middle)
        lifted["p"][1] = step.get("high", _STEP_HIGH_M)
        feet[side] += [
            {"t": round(t - lasts, 4)},
            {"t": round(t - lasts / 2, 4), **lifted},
            {"t": t, **_foot(side, after)},
        ]
        x, z, turn = ((a + b) / 2 for a, b in zip(stands["left"], stands["right"], strict=True))
        pelvis.append({"t": t, "p": [x, -0.015, z], "turn": [0, turn, 0]})
    pelvis[-1]["p"] = [pelvis[-1]["p"][0], 0.0, pelvis[-1]["p"][2]]
    return {"left_foot": feet["left"], "right_foot": feet["right"], "pelvis": pelvis}


def _foot(side: str, stand: tuple[float, ...]) -> Table:
    """Fields of a foot's key for a body at (left, forward) metres that faces `turn` degrees left."""
    x, z, turn = stand
    out = 1.0 if side == "left" else -1.0
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    aside = out * _BALL_M[0] * cosine + _BALL_M[1] * sine + x - out * _BALL_M[0]
    ahead = -out * _BALL_M[0] * sine + _BALL_M[1] * cosine + z - _BALL_M[1]
    return {
        "p": [round(out * aside, 4), 0.0, round(ahead, 4)],
        "turn": [0.0, out * turn, 0.0],
        "knee": [-0.5 * out * turn],
    }


def _base(name: str, chosen: str | None, fragments: Table) -> Table:
    if chosen is None:
        return {}
    if chosen not in fragments["bases"]:
        raise InvalidChoice(f"gesture {name!r}: base", chosen, fragments["bases"])
    return dict(fragments["bases"][chosen])


def _keys(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _sided(channels: Table) -> Table:
    """Pairs told apart into left and right; what a side is told by itself wins."""
    out: Table = {}
    for channel in sorted(channels, key=lambda name: name not in _PAIRS):
        sides = (
            [f"{side}_{_PAIRS[channel]}" for side in ("left", "right")] if channel in _PAIRS else [channel]
        )
        out |= {side: channels[channel] for side in sides}
    return out


def _repeated(keys: list[Table]) -> list[Table]:
    out = []
    for key in keys:
        if "repeat" not in key:
            out.append(key)
            continue
        for turn in range(key["repeat"]):
            start = key["t"] + turn * key["every"]
            out += [{**one, "t": round(start + one["t"], 4)} for one in key["keys"]]
    return out


def _plain(name: str, key: Table, fragments: Table) -> Table:
    if "use" not in key:
        return key
    if key["use"] not in fragments["hands"]:
        raise InvalidChoice(f"gesture {name!r}: fragment", key["use"], fragments["hands"])
    rest = {field: value for field, value in key.items() if field != "use"}
    return {**fragments["hands"][key["use"]], **rest}


def _held(keys: list[Table]) -> list[Table]:
    out = []
    for key in keys:
        until = key.get("until")
        out.append({field: value for field, value in key.items() if field != "until"})
        if until is not None:
            out.append({"t": until})
    return out


def _from_base(channel: str, keys: list[Table], base: Table, seconds: float, ease: float) -> list[Table]:
    """Keys with the way from the base before them and, unless `ease` is 0, the way back behind them."""
    kind = channel.split("_")[-1]
    home = _home(channel, kind, base)
    keys = list(keys)
    if keys[0]["t"] > 0:
        lead = [{"t": 0.0, **home}]
        if keys[0]["t"] > _LEAD_S + 0.1:
            lead.append({"t": round(keys[0]["t"] - _LEAD_S, 4)})
        keys = lead + keys
    if ease:
        end = seconds - _TAIL_S.get(kind, 0.1)
        last = keys[-1]["t"]
        if last < end - _SHORTEST_EASE_S:
            leave = min(max(end - ease, last), end - _SHORTEST_EASE_S)
            if leave > last + 0.05:
                keys.append({"t": round(leave, 4)})
            if kind == "foot":
                keys += _step_back(channel, keys, home, max(leave, last), end)
            else:
                keys.append({"t": round(end, 4), **home})
    return keys


def _step_back(channel: str, keys: list[Table], home: Table, leave: float, end: float) -> list[Table]:
    """A foot that stands elsewhere is lifted on its way home, the left one before the right one."""
    here = next((key["p"] for key in reversed(keys) if "p" in key), [0.0, 0.0, 0.0])
    there = home["p"]
    if math.dist(here, there) < _STANDS_M:
        return [{"t": round(end, 4), **home}]
    middle = leave + _FIRST_SHARE * (end - leave)
    start, landed = (leave, middle) if channel.startswith("left") else (middle - 0.1, end)
    lifted = [(a + b) / 2 for a, b in zip(here, there, strict=True)]
    lifted[1] += 0.5 * _STEP_HIGH_M
    begun = [{"t": round(start, 4)}] if start > keys[-1]["t"] + 0.02 else []
    return [*begun, {"t": round((start + landed) / 2, 4), "p": lifted}, {"t": round(landed, 4), **home}]


def _home(channel: str, kind: str, base: Table) -> Table:
    """The fields of a channel in the base."""
    plain: dict[str, Table] = {
        "hand": {"hang": True},
        "pelvis": {"p": [0, 0, 0], "turn": [0, 0, 0]},
        "foot": {"p": [0, 0, 0], "turn": [0, 0, 0], "knee": [0]},
        "shoulder": {"lift": [0, 0]},
    }
    return {**plain.get(kind, {"bend": [0, 0, 0]}), **base.get(channel, {})}
