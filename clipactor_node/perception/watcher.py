"""A camera's person as the avatar: from pictures, one after another, to smooth poses on the floor."""

from dataclasses import dataclass, field, replace

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.errors import InvalidChoice
from clipactor_node.perception.adaptation import Adapter
from clipactor_node.perception.describing import Describe, asked
from clipactor_node.perception.details import Details, DetailWatcher, body_alone
from clipactor_node.perception.estimate import Estimate, Estimator
from clipactor_node.perception.landmarks import Landmarks
from clipactor_node.perception.one_euro import OneEuro
from clipactor_node.perception.pictures import as_rgb, trouble
from clipactor_node.perception.recovery_model import columns_of, rotations_of_columns
from clipactor_node.perception.refine import refined
from clipactor_node.perception.room import Room
from clipactor_node.perception.tracker import BodyTracker
from clipactor_node.perception.view import FOV, View

_ROTATIONS = {"cutoff_hz": 2.0, "slope": 1.5}  # rows of rotations change by about 1.4 a radian
_PLACE = {"cutoff_hz": 1.0, "slope": 2.0}
_FACE = {"cutoff_hz": 2.5, "slope": 1.0}
DETAILS = ("", "hands and face", "in turns")
_SHORTEST_S, _LONGEST_S = 1.0 / 240.0, 0.25  # what time stamps may say between two pictures


@dataclass(frozen=True)
class Observation:
    """A person in one picture.

    Fields:
        stamp_s: of the picture.
        pose: (55, 3) float32, axis-angle, SMPL axes; who faces the camera heads for +z.
        translation: (3,) float32, metres, SMPL's `transl`; the floor is y = 0, and its origin is where the
            person was first.
        confidence: in [0, 1]. legs_seen: else legs stand, whatever the person's do.
        landmarks, estimate, view: what it comes from.
        details: which joints are known, and the face.
    """

    stamp_s: float
    pose: np.ndarray
    translation: np.ndarray
    confidence: float
    legs_seen: bool
    landmarks: Landmarks
    estimate: Estimate
    view: View
    details: Details = field(default_factory=body_alone)


class PersonWatcher:
    """Sees one person in pictures that come one after another.

    Args:
        skinner: the body that the person becomes.
        fov: vertical field of view of the camera, degrees. tilt: radians by which it looks down.
        at: whom to follow, see `BodyTracker`. threads: a network may use.
        smooth: steady what comes out; adds `delay_s`.
        adapt: refine by guided diffusion (`Adapter`), which hears words; else by keypoints alone, which is
            quicker.
        describe: whom to ask for words about each picture, if `description` is empty.
        details: "hands and face": both hands and the face in every picture; "in turns": one hand a picture;
            "": neither.

    Fields:
        description: what is known in words about the pose; "": nothing.
        problem: why the last picture shows nobody; "" if it shows somebody.
    """

    def __init__(
        self,
        skinner: Skinner,
        fov: float = FOV,
        tilt: float = 0.0,
        at: tuple[float, float] | None = None,
        threads: int = 1,
        smooth: bool = True,
        adapt: bool = False,
        describe: Describe | None = None,
        details: str = "",
    ) -> None:
        View(1, 1, fov, tilt)  # refuses what no camera has
        self._fov, self._tilt = fov, tilt
        self._tracker = BodyTracker(at, threads)
        self._estimator = Estimator(skinner)
        self._adapter = Adapter(self._estimator) if adapt else None
        self._describe = describe
        if details not in DETAILS:
            raise InvalidChoice("details", details, DETAILS)
        self._details = DetailWatcher(self._estimator, threads, details == "in turns") if details else None
        self.description = ""
        self._room = Room(skinner)
        self._smooth = smooth
        self._turns, self._places = OneEuro(**_ROTATIONS), OneEuro(**_PLACE)
        self._looks = OneEuro(**_FACE)
        self._origin: np.ndarray | None = None
        self._last_s: float | None = None
        self.problem = ""

    @property
    def delay_s(self) -> float:
        """By how much smoothing delays what is at rest: the most; what turns 2 rad/s lags a third of it."""
        return self._turns.delay_s(0.0) if self._smooth else 0.0

    def watch(self, picture: np.ndarray, stamp_s: float) -> Observation | None:
        """The person in the next picture; None: nobody, and `problem` says why.

        Args:
            picture: as `as_rgb` takes it.
            stamp_s: of the picture. It may jump: what moved is smoothed as over 1/240 to 1/4 s.

        Raises:
            ClipActorError: it is no picture, or the describer failed.
        """
        shown = as_rgb(picture)
        self.problem = trouble(shown)
        seen = None if self.problem else self._tracker(shown)
        if seen is None:
            self.problem = self.problem or "nobody is seen"
            self._tracker.forget()
            if self._details is not None:
                self._details.forget()
            self._last_s = None
            return None
        view = View(shown.shape[1], shown.shape[0], self._fov, self._tilt)
        estimate, details = self._estimate(shown, seen, view), body_alone()
        if self._details is not None:
            estimate, details = self._details(shown, seen, estimate, view)
        elapsed = self._elapsed(stamp_s)
        local, place = self._room.turned(estimate, view)
        if self._origin is None:
            self._origin = place
        place = place - self._origin
        if self._smooth:
            local, place = self._smoothed(local, place, elapsed)
            if details.face is not None:
                face = self._looks(details.face[:, None].astype(np.float64), elapsed)
                details = replace(details, face=face[:, 0].astype(np.float32))
        pose, translation = self._room.on_floor(local, place)
        return Observation(
            stamp_s, pose, translation, estimate.confidence, estimate.legs_seen, seen, estimate, view, details
        )

    def _estimate(self, shown: np.ndarray, seen: Landmarks, view: View) -> Estimate:
        first = self._estimator(seen, view)
        if self._adapter is None:
            return refined(self._estimator, first, seen, view)
        said = self.description
        if not said and self._describe is not None:
            said = asked(self._describe, shown, first, view)
        return self._adapter(first, seen, view, said)

    def _elapsed(self, stamp_s: float) -> float:
        elapsed = _LONGEST_S if self._last_s is None else stamp_s - self._last_s
        self._last_s = stamp_s
        return float(np.clip(elapsed, _SHORTEST_S, _LONGEST_S))

    def _smoothed(
        self, local: np.ndarray, place: np.ndarray, elapsed: float
    ) -> tuple[np.ndarray, np.ndarray]:
        turned = rotations_of_columns(self._turns(columns_of(local), elapsed))
        return turned, self._places(place[None], elapsed)[0]
