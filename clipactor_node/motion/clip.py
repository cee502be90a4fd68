"""A motion clip: SMPL-X pose parameters over time, with labels and captions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, Self

import numpy as np

from clipactor_node.body import FACE_CHANNELS, clipped_face
from clipactor_node.errors import LibraryError
from clipactor_node.geometry import JOINT_COUNT, axis_angle_from_quaternion, quaternion_from_axis_angle, slerp

MAX_RATE_HZ = 1000.0
MAX_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody does between two moments of a clip, in seconds from its start."""

    text: str
    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise LibraryError("a label has no text; give it one or leave the label out")
        if not 0.0 <= self.start_s <= self.end_s < float("inf"):
            raise LibraryError(
                f"label {self.text!r} spans {self.start_s} to {self.end_s} s; expected 0 <= start <= end"
            )


class ClipLabel(NamedTuple):
    """A label together with the name of the clip it belongs to. Libraries hold hundreds of thousands."""

    clip: str
    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, eq=False)
class MotionClip:
    """SMPL-X parameters over time. Arrays are read-only; invariants are checked at construction.

    Fields:
        name: unique within a library, e.g. "wave" or "cmu/02_01".
        rate_hz: frames per second; frame i is at i / rate_hz.
        poses: (T, 55, 3) float32, axis-angle in radians, SMPL-X order, flat-hand, SMPL axes (y up).
        translation: (T, 3) float32, metres, SMPL's `transl`; the floor is y = 0.
        labels: spans of the clip with a short text each ("walk").
        captions: sentences about the whole clip.
        source, licence: where it comes from and what may be done with it.
        loop: (start_s, end_s) of one cycle that can be repeated without a visible jump (the frame
            at end_s is the frame at start_s, apart from where the root stands and faces); None for
            a motion that happens once.
        quality: measured figures, name -> number.
        face: (T, 12) float32, coefficients of `body.FACE_CHANNELS` (brought within what faces can do);
            None: the clip says nothing about the face. Jaw and eyes are joints, so `poses` has them.
    """

    name: str
    rate_hz: float
    poses: np.ndarray
    translation: np.ndarray
    labels: tuple[Label, ...] = ()
    captions: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    loop: tuple[float, float] | None = None
    quality: Mapping[str, float] = field(default_factory=dict)
    face: np.ndarray | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        if not 0.0 < self.rate_hz <= MAX_RATE_HZ:
            raise LibraryError(
                f"clip {self.name!r}: rate {self.rate_hz} Hz; expected 0 < rate <= {MAX_RATE_HZ}"
            )
        poses = _frozen(self.name, "poses", self.poses, (JOINT_COUNT, 3))
        translation = _frozen(self.name, "translation", self.translation, (3,))
        if len(poses) != len(translation):
            raise LibraryError(
                f"clip {self.name!r}: {len(poses)} poses but {len(translation)} translations; "
                "expected equal counts"
            )
        if self.face is not None:
            face = clipped_face(_frozen(self.name, "face", self.face, (len(FACE_CHANNELS),)))
            if len(face) != len(poses):
                raise LibraryError(
                    f"clip {self.name!r}: {len(poses)} poses but {len(face)} faces; expected equal counts"
                )
            face.setflags(write=False)
            object.__setattr__(self, "face", face)
        set_ = object.__setattr__
        set_(self, "poses", poses)
        set_(self, "translation", translation)
        set_(self, "rate_hz", float(self.rate_hz))
        set_(self, "labels", tuple(self.labels))
        set_(self, "captions", tuple(self.captions))
        set_(self, "quality", MappingProxyType(dict(self.quality)))
        self._check_spans()

    def _check_spans(self) -> None:
        slack = self.duration_s + 1.5 / self.rate_hz  # labels are often written as T / rate
        for label in self.labels:
            if label.end_s > slack:
                raise LibraryError(
                    f"clip {self.name!r}: label {label.text!r} ends at {label.end_s} s, after the clip "
                    f"({self.duration_s:.3f} s); shorten it"
                )
        if self.loop is not None:
            start, end = (float(t) for t in self.loop)
            if not 0.0 <= start < end <= slack:
                raise LibraryError(
                    f"clip {self.name!r}: loop {start} to {end} s; "
                    f"expected within 0 to {self.duration_s:.3f} s"
                )
            object.__setattr__(self, "loop", (start, end))

    def __reduce__(
        self,
    ) -> tuple[
        type[Self], tuple[object, ...]
    ]:  # a mapping proxy cannot be pickled; what is unpickled is checked again
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["quality"] = dict(self.quality)
        return type(self), tuple(values.values())

    def __len__(self) -> int:
        return len(self.poses)

    @cached_property
    def duration_s(self) -> float:
        """Time of the last frame: (T - 1) / rate_hz."""
        return (len(self.poses) - 1) / self.rate_hz

    def resampled(self, rate_hz: float) -> "MotionClip":
        """The same motion at another rate: rotations by slerp, translation linearly.

        The last frame of the result lies at or before the last frame of this clip, never beyond.
        """
        if rate_hz == self.rate_hz:
            return self
        if not 0.0 < rate_hz <= MAX_RATE_HZ:
            raise LibraryError(f"cannot resample to {rate_hz} Hz; expected 0 < rate <= {MAX_RATE_HZ}")
        count = int(np.floor(self.duration_s * rate_hz + 1e-6)) + 1
        times = np.arange(count) / rate_hz
        poses, translation = self.sampled(times)
        end = (count - 1) / rate_hz
        return replace(
            self,
            rate_hz=rate_hz,
            poses=poses,
            translation=translation,
            face=self.sampled_face(times),
            labels=_clamped(self.labels, 0.0, end),
            loop=self._loop_within(0.0, end),
        )

    def sampled(self, times_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Poses (N, 55, 3) and translation (N, 3), float32, at any moments; the ends are held."""
        position = np.clip(np.asarray(times_s, np.float64) * self.rate_hz, 0, len(self) - 1)
        before = np.minimum(position.astype(np.int64), max(len(self) - 2, 0))
        after = np.minimum(before + 1, len(self) - 1)
        fraction = (position - before).astype(np.float32)
        poses = self.poses[before]  # indexing copies
        moving = np.ptp(self.poses, axis=0).max(axis=-1) > 0  # still joints need no slerp
        if moving.any():
            start = quaternion_from_axis_angle(self.poses[before][:, moving])
            end = quaternion_from_axis_angle(self.poses[after][:, moving])
            poses[:, moving] = axis_angle_from_quaternion(slerp(start, end, fraction[:, None]))
        weight = fraction[:, None]
        return poses, (1 - weight) * self.translation[before] + weight * self.translation[after]

    def sampled_face(self, times_s: np.ndarray) -> np.ndarray | None:
        """(N, 12) float32 at any moments, linearly; the ends are held. None: the clip has no face."""
        if self.face is None:
            return None
        own = np.arange(len(self)) / self.rate_hz
        return np.stack([np.interp(times_s, own, channel) for channel in self.face.T], 1).astype(np.float32)

    def slice(self, start_s: float, end_s: float) -> "MotionClip":
        """The frames from start_s to end_s (nearest frames, both included); spans are shifted along.

        Raises:
            LibraryError: the span is empty or lies outside of the clip.
        """
        if not (start_s <= end_s and end_s >= 0.0 and start_s <= self.duration_s):
            raise LibraryError(
                f"clip {self.name!r}: no frames from {start_s} to {end_s} s; it lasts {self.duration_s:.3f} s"
            )
        first = round(max(start_s, 0.0) * self.rate_hz)
        last = min(round(end_s * self.rate_hz), len(self) - 1)
        first = min(first, last)
        start, end = first / self.rate_hz, last / self.rate_hz
        return replace(
            self,
            poses=self.poses[first : last + 1],
            translation=self.translation[first : last + 1],
            face=None if self.face is None else self.face[first : last + 1],
            labels=_clamped(self.labels, start, end),
            loop=self._loop_within(start, end),
        )

    def _loop_within(self, start: float, end: float) -> tuple[float, float] | None:
        if self.loop is None or self.loop[0] < start - 1e-6 or self.loop[0] >= end:
            return None
        if self.loop[1] > end + 1.0 / self.rate_hz:
            return None
        return max(self.loop[0] - start, 0.0), min(self.loop[1], end) - start


def _check_name(name: str) -> None:
    if not name or name != name.strip() or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise LibraryError(
            f"{name!r} cannot name a clip; expected 1 to {MAX_NAME_LENGTH} printable characters "
            "with no space at the ends"
        )


def _frozen(clip: str, what: str, given: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    array = np.array(given, np.float32, order="C")  # a copy: nobody else can write into it
    if array.ndim != len(shape) + 1 or array.shape[1:] != shape or len(array) == 0:
        expected = ", ".join(map(str, ("T >= 1", *shape)))
        raise LibraryError(f"clip {clip!r}: {what} have shape {array.shape}; expected ({expected})")
    if not np.isfinite(array).all():
        frame = int(np.argwhere(~np.isfinite(array))[0][0])
        raise LibraryError(f"clip {clip!r}: {what} hold a value that is not finite at frame {frame}")
    array.setflags(write=False)
    return array


def _clamped(labels: tuple[Label, ...], start: float, end: float) -> tuple[Label, ...]:
    kept = (label for label in labels if label.end_s >= start and label.start_s <= end)
    return tuple(
        Label(label.text, max(label.start_s - start, 0.0), min(label.end_s, end) - start) for label in kept
    )
