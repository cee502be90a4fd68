"""Somebody who walks: along a route, or as fast as is asked, until both feet stand side by side."""

import numpy as np

from clipactor_node.locomotion.gait import Gait
from clipactor_node.locomotion.route import FASTEST_TURN, driven, turned
from clipactor_node.locomotion.stepping import DONE, FOOT, FOOT_SIZE, PHASE, STATE_SIZE, YAW, X, Z, step
from clipactor_node.motion.blending import Legs

FASTER = 1.7
"""Times its own speed that a gait may be hurried to."""
AHEAD_S = 1.6
"""How far ahead steps are planned while only a velocity is known."""
_STANDING_M_S = 0.02


class Walker:
    """Walks with the steps of one gait. Deterministic; a tick allocates little and waits for nothing.

    Args:
        gait: of its clip, at the rate of the ticks.
        legs: of the body.
        place: (3,) x, z, heading where it stands, feet side by side.

    Fields:
        gait: may be exchanged while it walks.
    """

    def __init__(self, gait: Gait, legs: Legs, place: np.ndarray) -> None:
        self.gait = gait
        self._rest, self._toes = legs.rest_joints, np.ascontiguousarray(legs.toes)
        self._state = np.zeros(STATE_SIZE)
        self._pose, self._translation = np.zeros((55, 3)), np.zeros(3)
        self._velocity, self._wanted = np.zeros(3), np.zeros(3)
        self._soon = np.zeros((max(round(AHEAD_S * gait.rate_hz), 2) + 1, 3))
        self.stand(place)

    def stand(self, place: np.ndarray) -> None:
        """Be put somewhere, feet side by side."""
        self.place = np.array(place, np.float64)
        self._state[:] = 0.0
        self._velocity[:] = self._wanted[:] = 0.0
        s, c = np.sin(self.place[2]), np.cos(self.place[2])
        for side in (0, 1):
            left, front = self.gait.homes[side]
            f = FOOT + side * FOOT_SIZE
            self._state[f + X] = self.place[0] + left * c + front * s
            self._state[f + Z] = self.place[1] - left * s + front * c
            self._state[f + YAW] = self.place[2]
        self._route, self._at, self._drives = self.place[None].copy(), 0, False
        self._rests = True

    @property
    def done(self) -> bool:
        """Whether it stands where it was to go, feet side by side."""
        return self._rests

    @property
    def speed(self) -> float:
        """Metres per second forward."""
        return float(self._velocity[0])

    @property
    def ahead(self) -> np.ndarray:
        """(K, 3) x, z, heading: the route from here on."""
        return self._route[self._at :]

    @property
    def left(self) -> float:
        """Metres of the route that are still to be walked."""
        return float(np.linalg.norm(np.diff(self._route[self._at :, :2], axis=0), axis=1).sum())

    @property
    def ticks_left(self) -> int:
        """Ticks until the end of the route."""
        return len(self._route) - 1 - self._at

    def standing(self) -> tuple[np.ndarray, np.ndarray]:
        """How it stands at its place, feet side by side: pose and translation, as of `tick`."""
        twin = Walker.__new__(Walker)
        twin.__dict__.update(self.__dict__, _state=np.zeros(STATE_SIZE))
        twin._velocity, twin._wanted = np.zeros(3), np.zeros(3)
        twin.stand(self.place)
        return twin.tick()

    def follow(self, route: np.ndarray) -> None:
        """Walk along (K, 3) x, z, heading, tick by tick; it begins where the walker is."""
        begins = self._rests
        self._route, self._at, self._drives = np.ascontiguousarray(route, np.float64), 0, False
        if len(route) > 1:
            self._rests = False
        if begins and len(route) > 1:
            soon = self._route[min(len(route) - 1, round(0.5 * self.gait.rate_hz))]
            self._begin(soon - self.place)

    def drive(self, ahead: float, aside: float, turning: float) -> None:
        """Walk with a velocity: metres per second forward and to the left, radians per second to the left.

        It is taken up as fast as legs can; the gait's own limits hold.
        """
        most = FASTER * self.gait.speed
        wanted = (min(max(ahead, -0.6), most), min(max(aside, -0.45), 0.45), turning)
        self._wanted[:] = wanted
        self._wanted[2] = min(max(turning, -FASTEST_TURN), FASTEST_TURN)
        stands = float(np.abs(self._wanted).max()) < _STANDING_M_S
        if self._rests and stands:
            return
        if self._rests:
            self._begin(np.array([aside, 0.0, turning]))
        self._rests, self._drives = False, True

    def halt(self) -> None:
        """Come to a stop within two steps."""
        if not self._rests:
            self.drive(0.0, 0.0, 0.0)

    def turn(self, angle: float) -> None:
        """Turn on the spot by an angle, radians to the left."""
        self.follow(turned(self.place, float(self.place[2]) + angle, self.gait.rate_hz))

    def tick(self) -> tuple[np.ndarray, np.ndarray]:
        """The next frame: pose (55, 3) and translation (3,) float32."""
        gait = self.gait
        if self._drives:
            driven(self.place, self._velocity, self._wanted, gait.rate_hz, self._soon[1:])
            self._soon[0] = self.place
            self._route, self._at = self._soon, 1
            if not self._wanted.any() and not self._velocity.any():
                self._route, self._at, self._drives = self._soon[1:2].copy(), 0, False
        else:
            self._at = min(self._at + 1, len(self._route) - 1)
        before, self.place = self.place, self._route[self._at].copy()
        if not self._drives:
            self._velocity[:] = _velocity(before, self.place, gait.rate_hz)
        step(
            self._state, self._route, self._at, gait.rate_hz, gait.speed, gait.turns, gait.ways,
            gait.contacts, gait.lands, gait.stands, gait.middles, gait.shares, gait.heights, gait.feet,
            gait.stance, gait.stance_height, gait.homes, gait.home_heights, gait.home_feet, self._rest,
            self._toes, self._pose, self._translation,
        )  # fmt: skip
        self._rests = not self._drives and bool(self._state[DONE])
        return self._pose.astype(np.float32), self._translation.astype(np.float32)

    def _begin(self, way: np.ndarray) -> None:
        """Lift the foot first that is on the side of the way."""
        s, c = np.sin(self.place[2]), np.cos(self.place[2])
        aside = way[0] * c - way[1] * s
        first = 0 if aside + 0.3 * way[2] > 0.02 else 1
        lifts = np.flatnonzero(~self.gait.contacts[first] & np.roll(self.gait.contacts[first], 1))
        if len(lifts):
            self._state[PHASE] = float(lifts[0] - 1) % len(self.gait)


def _velocity(before: np.ndarray, now: np.ndarray, rate_hz: float) -> np.ndarray:
    dx, dz = (now - before)[:2] * rate_hz
    s, c = np.sin(now[2]), np.cos(now[2])
    return np.array([dx * s + dz * c, dx * c - dz * s, (now[2] - before[2]) * rate_hz])
