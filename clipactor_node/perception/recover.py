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
from clipactor_node.perception.words import seen_by_joint

_SIGMA_S = 0.04  # of the smoothing, which looks as far ahead as back: no delay
_WIDER = 5.0  # the smoothing of a limb that is not seen
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
        face=_faces(observed, np.array(found), span, _SIGMA_S * rate),
    )
    return Recovery(clip, estimates, view, found[0], confidence, _notes(len(seen), found, observed))


def _faces(
    observed: list[Observation], found: np.ndarray, span: np.ndarray, sigma: float
) -> np.ndarray | None:
    """(T, 12) float32, between the pictures in which the face is seen linearly; None: it never is."""
    from scipy.ndimage import gaussian_filter1d

    rows = [(at, one.details.face) for at, one in zip(found, observed, strict=True)]
    seen = [(at, face) for at, face in rows if face is not None]
    if not seen:
        return None
    at, faces = np.array([at for at, _ in seen]), np.stack([face for _, face in seen])
    track = np.stack([np.interp(span, at, channel) for channel in faces.T], 1)
    return gaussian_filter1d(track, sigma, axis=0, mode="nearest").astype(np.float32)


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
    """Without delay; what is surer counts more, and limbs that are hidden go with the pictures around."""
    sure = np.array([max(one.confidence, 0.02) for one in estimates])
    seen = np.stack([seen_by_joint(one.visibility) for one in estimates])
    weights = sure[:, None] * np.maximum(seen, 0.02) ** 2
    turns = np.stack([columns_of(one.local) for one in estimates])
    near = _averaged(turns, weights, sigma)
    far = _averaged(turns, weights, _WIDER * sigma)
    hidden = np.square(1.0 - _averaged(seen[..., None], np.ones_like(seen), sigma))
    local = rotations_of_columns(near + hidden * (far - near))
    pelvis = _averaged(np.stack([one.pelvis for one in estimates])[:, None], sure[:, None], sigma)[:, 0]
    return tuple(
        Estimate(turned, place, one.visibility, one.confidence, one.legs_seen)
        for turned, place, one in zip(local, pelvis, estimates, strict=True)
    )


def _averaged(rows: np.ndarray, weights: np.ndarray, sigma: float) -> np.ndarray:
    """Rows (T, J, C) smoothed along T by a Gaussian, each as much as its weight (T, J) says."""
    from scipy.ndimage import gaussian_filter1d

    total = gaussian_filter1d(weights, sigma, axis=0, mode="nearest")
    found = gaussian_filter1d(rows * weights[..., None], sigma, axis=0, mode="nearest")
    out: np.ndarray = found / total[..., None]
    return out
