"""Gestures as data: TOML tables of keys -> `MotionClip`.

A gesture is a table of the gestures' files:

    [wave]
    seconds = 3.2            # length; keys lie within it
    loop = false             # true: the motion repeats, and its keys wrap around
    labels = ["wave", ...]   # what it may be called, each for the whole clip
    captions = [...]         # sentences
    right_hand = [{ t = 0.0 }, { t = 0.6, at = "shoulder", p = [0.4, 0.5, 0.3] }, ...]

Channels and the fields of their keys (a field that is not given keeps its value from the key
before; every channel may be left out):

    pelvis      p: metres to the left, up, forward of standing; turn: degrees forward, left, left lean
    spine, head bend: degrees forward, left turn, left lean
    shoulders, left_shoulder, right_shoulder   lift: degrees up, forward
    hands, left_hand, right_hand
        at      hang | shoulder | chest | head | pelvis | floor: where p is measured from
        p       outward, up, forward; in arm lengths from the shoulder, else in metres
        palm, fingers   directions (outward, up, forward) seen from the chest; left out: as it falls
        elbow   direction in which the elbow points
        shape   of the hand, see hand_shapes.py
        hang    true: back to hanging, all fields as at the start
    feet, left_foot, right_foot
        p: metres outward, up, forward of standing; turn: degrees heel up (negative: toes up),
        outward, rolled outward; knee: degrees the knee points outward

Two fields of a gesture make keys flow: `settle`, 0 to 1, lets hands swing in arcs about the shoulder and
what moves quickly come to rest with a small overshoot; `balance = true` moves the pelvis so that the
centre of mass stays over the feet that bear it, and lowers it until both feet are in reach.
notation.py has a shorter way to write keys.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter1d

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.motion.authoring.curves import through_keys
from clipactor_node.motion.authoring.flow import arcs, out_of_balance, settled
from clipactor_node.motion.authoring.notation import read_tables
from clipactor_node.motion.authoring.rig import SIDES, HandKey, Rig
from clipactor_node.motion.clip import Label, MotionClip
from clipactor_node.motion.hand_shapes import shape_degrees

RATE_HZ = 30.0
SETTLED_M = 0.03  # a hand or foot may miss its target by this much before the gesture is refused
Key = dict[str, Any]
"""One key of a channel, as TOML gives it: t, and the fields of the channel's kind."""

_DEFAULTS: dict[str, dict[str, tuple[float, ...]]] = {
    "pelvis": {"p": (0, 0, 0), "turn": (0, 0, 0)},
    "spine": {"bend": (0, 0, 0)},
    "head": {"bend": (0, 0, 0)},
    "shoulder": {"lift": (0, 0)},
    "foot": {"p": (0, 0, 0), "turn": (0, 0, 0), "knee": (0,)},
}
_HAND_FIELDS = ("at", "p", "palm", "fingers", "elbow", "shape", "hang")
_PAIRS = {"hands": "hand", "feet": "foot", "shoulders": "shoulder"}
_PLAIN = ("seconds", "loop", "labels", "captions", "breath", "settle", "balance")
_SMOOTH_S = 0.035
_BALANCE_ROUNDS = 3
_OUT = 0.35  # of the way from a straight path to one at arm's length about the shoulder


@dataclass(frozen=True)
class Gesture:
    """One authored motion; `channels` maps a channel's name to its keys (dictionaries with t)."""

    name: str
    seconds: float
    loop: bool
    labels: tuple[str, ...]
    captions: tuple[str, ...]
    channels: dict[str, list[Key]]
    breath: float = 1.0
    settle: float = 0.0
    balance: bool = False

    @classmethod
    def from_table(cls, name: str, table: dict[str, Any]) -> "Gesture":
        channels = {}
        for key, value in table.items():
            if key in _PLAIN:
                continue
            for channel in _sided(key):
                channels[channel] = _checked_keys(name, channel, value, table["seconds"])
        return cls(
            name,
            float(table["seconds"]),
            bool(table.get("loop", False)),
            tuple(table["labels"]),
            tuple(table.get("captions", ())),
            channels,
            float(table.get("breath", 1.0)),
            float(table.get("settle", 0.0)),
            bool(table.get("balance", False)),
        )


def read_gestures(folder: Path) -> list[Gesture]:
    """Every gesture of the TOML files in a folder, by file name and order within it."""
    return [Gesture.from_table(name, table) for name, table in read_tables(folder).items()]


def animate(gesture: Gesture, rest_joints: np.ndarray, sole: float) -> MotionClip:
    """The clip of a body that moves through a gesture.

    Args:
        rest_joints: (55, 3) metres, SMPL axes. sole: y of the soles in the same coordinates.

    Raises:
        LibraryError: a hand or foot cannot reach where a key puts it.
    """
    count = round(gesture.seconds * RATE_HZ) + 1
    timeline = _Timeline(gesture, np.arange(count) / RATE_HZ)
    rig = _solved(timeline, rest_joints, sole)
    if gesture.balance:
        shift = np.zeros((count, 3))
        for _ in range(_BALANCE_ROUNDS):
            shift += out_of_balance(rig, RATE_HZ, gesture.loop)
            rig = _solved(timeline, rest_joints, sole, shift)
    _check_reached(gesture, rig)
    poses, translation = rig.result()
    end = (count - 1) / RATE_HZ
    return MotionClip(
        gesture.name,
        RATE_HZ,
        poses,
        translation,
        tuple(Label(text, 0.0, end) for text in gesture.labels),
        gesture.captions,
        "authored for ClipActor",
        "Apache-2.0",
        (0.0, end) if gesture.loop else None,
    )


def _solved(
    timeline: "_Timeline", rest_joints: np.ndarray, sole: float, shift: np.ndarray | None = None
) -> Rig:
    """The body at every moment, its pelvis moved by `shift`, (T, 3) metres."""
    rig = Rig(rest_joints, sole, len(timeline.times))
    place = timeline.curve("pelvis", "p") + timeline.sway()
    rig.place_pelvis(place if shift is None else place + shift, timeline.curve("pelvis", "turn"))
    for side in SIDES:
        rig.plant_foot(side, *(timeline.curve(f"{side}_foot", f) for f in ("p", "turn", "knee")))
    rig.bend_spine(timeline.curve("spine", "bend") + timeline.breath() * [1.1, 0, 0])
    rig.bend_head(timeline.curve("head", "bend") - timeline.breath() * [0.8, 0, 0])
    for side in SIDES:
        _arm(rig, timeline, side)
    return rig


def _check_reached(gesture: Gesture, rig: Rig) -> None:
    for limb, miss in rig.misses.items():
        for key in gesture.channels.get(limb, ()):
            here = miss[round(key["t"] * RATE_HZ)]
            if here > SETTLED_M:
                raise LibraryError(
                    f"gesture {gesture.name!r}: the {limb} cannot reach its key at {key['t']} s, it misses "
                    f"by {here * 100:.1f} cm; move the key closer"
                )


def _arm(rig: Rig, timeline: "_Timeline", side: str) -> None:
    times, keys = timeline.hand_keys(side)
    target = timeline.path(side, times, keys, rig.targets(side, keys))
    lift = timeline.curve(f"{side}_shoulder", "lift") + rig.lift_for(side, target)
    rig.shrug(side, lift + timeline.breath() * [0.8, 0])
    rig.reach(side, target, timeline.through(times, np.array([[key.elbow] for key in keys], float)))
    rig.twist(side, timeline.through(times, rig.twists(side, keys)))
    rig.bend_wrist(side, timeline.through(times, rig.wrist_bends(side, keys)))
    rig.pose_fingers(side, timeline.through(times, np.array([[shape_degrees(key.shape)] for key in keys])))


class _Timeline:
    """The time line of one gesture: curves through keys, and the small motions of being alive."""

    def __init__(self, gesture: Gesture, times: np.ndarray) -> None:
        self.gesture = gesture
        self.times = times
        self.period = gesture.seconds if gesture.loop else None

    def through(self, key_times: list[float], values: np.ndarray) -> np.ndarray:
        """Smoothed curve through keys: (K,), (K, T or 1, D) -> (T, D)."""
        curve = through_keys(np.array(key_times), values, self.times, self.period)
        if self.period is None:
            return gaussian_filter1d(curve, _SMOOTH_S * RATE_HZ, axis=0, mode="nearest")
        inner = gaussian_filter1d(curve[:-1], _SMOOTH_S * RATE_HZ, axis=0, mode="wrap")
        return np.concatenate([inner, inner[:1]])

    def path(self, side: str, key_times: list[float], keys: list[HandKey], targets: np.ndarray) -> np.ndarray:
        """A hand's way through targets (K, T, 3), seen from the shoulder: (T, 3) metres."""
        way = self.through(key_times, targets)
        if not self.gesture.settle:
            return way
        far = self.through(key_times, np.linalg.norm(targets, axis=2, keepdims=True))
        way = way + arcs(key_times, targets, self.times, side)
        now = np.linalg.norm(way, axis=1, keepdims=True)
        way *= (now + _OUT * (far - now)) / np.maximum(now, 1e-6)
        if any(key.at == "floor" for key in keys):  # what leans on the floor does not swing
            return way
        return settled(way, RATE_HZ, self.gesture.settle, self.gesture.loop)

    def curve(self, channel: str, field: str) -> np.ndarray:
        """A numeric field of a channel over time, (T, D); its default where the channel has no keys."""
        default = _DEFAULTS[channel.split("_")[-1]][field]
        keys = self.gesture.channels.get(channel) or [{"t": 0.0}]
        values, value = [], default
        for key in keys:
            value = key.get(field, value)
            values.append([np.atleast_1d(np.asarray(value, float))])
        curve = self.through([key["t"] for key in keys], np.array(values))
        if channel in ("spine", "head"):
            return settled(curve, RATE_HZ, self.gesture.settle, self.gesture.loop)
        return curve

    def hand_keys(self, side: str) -> tuple[list[float], list[HandKey]]:
        """Times and complete keys of a hand."""
        times, complete = [], []
        fields: Key = {}
        for key in self.gesture.channels.get(f"{side}_hand") or [{"t": 0.0}]:
            if key.get("hang"):
                fields = {}
            fields = {**fields, **{k: v for k, v in key.items() if k not in ("t", "hang")}}
            times.append(key["t"])
            complete.append(HandKey(**fields))
        return times, complete

    def breath(self) -> np.ndarray:
        """(T, 1): breathing, a whole number of breaths per clip, about one in four seconds."""
        cycles = max(1, round(self.gesture.seconds / 4.0))
        phase = 2 * np.pi * cycles * self.times / self.gesture.seconds
        return self.gesture.breath * (0.5 - 0.5 * np.cos(phase))[:, None]

    def sway(self) -> np.ndarray:
        """(T, 3) metres: the pelvis is never quite still."""
        phase = 2 * np.pi * self.times / self.gesture.seconds
        x, z = 0.006 * np.sin(phase), 0.003 * (1 - np.cos(phase))
        return self.gesture.breath * np.stack([x, 0 * x, z], 1)


def _sided(key: str) -> list[str]:
    if key in _PAIRS:
        return [f"{side}_{_PAIRS[key]}" for side in SIDES]
    return [key]


def _checked_keys(name: str, channel: str, keys: list[Key], seconds: float) -> list[Key]:
    kind = channel.split("_")[-1]
    known = _HAND_FIELDS if kind == "hand" else tuple(_DEFAULTS.get(kind, ()))
    if not known:
        choices = [*_DEFAULTS, "hand", *_PAIRS]
        raise InvalidChoice(f"gesture {name!r}: channel", channel, choices)
    times = [key["t"] for key in keys]
    if times != sorted(set(times)) or not times or times[0] < 0 or times[-1] > seconds:
        raise LibraryError(
            f"gesture {name!r}, {channel}: times {times}; expected increasing, 0 to {seconds} s"
        )
    for key in keys:
        for given in key:
            if given != "t" and given not in known:
                raise InvalidChoice(f"gesture {name!r}, {channel}: field", given, ["t", *known])
    return keys
