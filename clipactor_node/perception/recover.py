"""The motion of a person in a photograph or a film, looked at to its end before anything is said."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import (
    axis_angle_from_quaternion,
    matrix_from_axis_angle,
    quaternion_from_matrix,
    slerp,
)
from clipactor_node.motion import MotionClip
from clipactor_node.perception.estimate import Estimate
from clipactor_node.perception.films import Source
from clipactor_node.perception.recovery_model import columns_of, rotations_of_columns
from clipactor_node.perception.room import Room
from clipactor_node.perception.view import View
from clipactor_node.perception.watcher import Observation, PersonWatcher

_SIGMA_S = 0.04  # of the smoothing, which looks as far ahead as back: no delay
_STILL_RATE_HZ = 30.0


@dataclass(frozen=True)
class Recovery:
    """Who was seen.

    Fields:
        clip: the motion on the floor; of a photograph, one frame.
        estimates: (T) where the body is before the camera, for overlays. view: the camera.
        first: index of the first picture in which somebody is seen: that of the clip's first frame.
        confidence: (T,) in [0, 1]; 0 in pictures between in which nobody was seen.
        notes: what to mind.
    """

    clip: MotionClip
    estimates: tuple[Estimate, ...]
    view: View
    first: int
    confidence: np.ndarray
    notes: tuple[str, ...]


def recover(
    source: Source,
    skinner: Skinner,
    watcher: PersonWatcher,
    progress: Callable[[int], None] = lambda done: None,
) -> Recovery:
    """The motion of the person in a photograph or film.

    Args:
        watcher: that does not smooth. progress: called after each picture with how many are done.

    Raises:
        ClipActorError: nobody is seen, or the file is damaged.
    """
    seen: list[Observation | None] = []
    rate = source.rate_hz or _STILL_RATE_HZ
    for index, picture in enumerate(source.pictures()):
        seen.append(watcher.watch(picture, index / rate))
        progress(index + 1)
    found = [index for index, one in enumerate(seen) if one is not None]
    if not found:
        raise ClipActorError(
            f"{source.path}: {watcher.problem or 'it holds no picture'}; "
            "give one in which a person is seen from head to feet"
        )
    observed = [one for one in seen if one is not None]
    view = observed[0].view
    span = np.arange(found[0], found[-1] + 1)
    estimates = _filled(observed, np.array(found), span)
    if len(span) > 2:
        estimates = _smoothed(estimates, _SIGMA_S * rate)
    room = Room(skinner)
    placed = [room.turned(estimate, view) for estimate in estimates]
    origin = placed[0][1]
    rows = [room.on_floor(local, place - origin) for local, place in placed]
    confidence = np.zeros(len(span))
    confidence[np.array(found) - found[0]] = [one.confidence for one in observed]
    clip = MotionClip(
        source.path.stem.strip() or "recovered",
        rate,
        np.stack([pose for pose, _ in rows]),
        np.stack([translation for _, translation in rows]),
        source=source.path.name,
    )
    return Recovery(clip, estimates, view, found[0], confidence, _notes(len(seen), found, observed))


def _notes(count: int, found: list[int], observed: list[Observation]) -> tuple[str, ...]:
    notes = []
    if len(found) < count:
        notes.append(f"nobody is seen in {count - len(found)} of {count} pictures")
    standing = sum(not one.legs_seen for one in observed)
    if standing:
        notes.append(f"legs are not seen in {standing} of {len(observed)} pictures; they stand there")
    return tuple(notes)


def _filled(observed: list[Observation], found: np.ndarray, span: np.ndarray) -> tuple[Estimate, ...]:
    """An estimate for every picture of the span; between two, on the shortest way from one to the other."""
    out = []
    for index in span:
        after = int(np.searchsorted(found, index))
        if found[after] == index:
            out.append(observed[after].estimate)
            continue
        before, next_ = observed[after - 1].estimate, observed[after].estimate
        share = float((index - found[after - 1]) / (found[after] - found[after - 1]))
        turned = slerp(
            quaternion_from_matrix(before.local), quaternion_from_matrix(next_.local), np.full(55, share)
        )
        local = matrix_from_axis_angle(axis_angle_from_quaternion(turned))
        pelvis = (1.0 - share) * before.pelvis + share * next_.pelvis
        out.append(Estimate(local, pelvis, before.visibility, 0.0, before.legs_seen and next_.legs_seen))
    return tuple(out)


def _smoothed(estimates: tuple[Estimate, ...], sigma: float) -> tuple[Estimate, ...]:
    """Without delay; what is surer counts more."""
    from scipy.ndimage import gaussian_filter1d

    weights = np.array([max(one.confidence, 0.02) for one in estimates])
    rows = np.stack([np.concatenate([columns_of(one.local).ravel(), one.pelvis]) for one in estimates])
    smooth = gaussian_filter1d(rows * weights[:, None], sigma, axis=0, mode="nearest")
    smooth /= gaussian_filter1d(weights, sigma, mode="nearest")[:, None]
    return tuple(
        Estimate(
            rotations_of_columns(row[:-3].reshape(55, 6)),
            row[-3:],
            one.visibility,
            one.confidence,
            one.legs_seen,
        )
        for row, one in zip(smooth, estimates, strict=True)
    )
