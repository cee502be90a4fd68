"""Going somewhere as it is asked for: a gait, a goal, a speed; and the route from where the avatar stands."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from clipactor_node.errors import PromptError
from clipactor_node.language import ME, Target
from clipactor_node.locomotion import FASTER, Gait, circle, route_to, turned
from clipactor_node.motion import MotionClip
from clipactor_node.motion.blending import Legs
from clipactor_node.player.clip_playback import Place, at_rate
from clipactor_node.player.detours import CLEAR_M, around
from clipactor_node.player.ground_map import GroundMap
from clipactor_node.player.scene import BESIDE_M, FARTHEST_M, Scene, Spot

FOLLOWED_M = 1.2
"""How far behind somebody who follows stays."""
AROUND_M = 1.0
"""How far from a thing somebody stays who walks around it."""
_AHEAD_OF_ME_M, _EYE_M = 2.5, 1.6  # where the viewer is, if nobody says so: before the avatar's first place


@dataclass(frozen=True)
class Goal:
    """Where to go, as `Target` says it, its name one of the scene's; or a place.

    Fields:
        target: what words asked for; None: it is a place or a path.
        way: (M, 2) x and z of corners, the goal last; None: there is no place.
        heading: radians to end with; None: that of the way.
        keep_m: metres to stop before a named thing; None: as the thing needs.
        close: somebody who stands at the goal is not kept clear of: something is done together.
    """

    target: Target | None = None
    way: np.ndarray | None = None
    heading: float | None = None
    keep_m: float | None = None
    close: bool = False

    @property
    def moving(self) -> bool:
        """Whether it may have moved meanwhile."""
        return self.target is not None and bool(self.target.name)

    @property
    def endless(self) -> bool:
        """Whether it goes on until something else is said."""
        return self.target is not None and self.target.purpose == "follow"


@dataclass(frozen=True)
class Going:
    """Everything that a walk needs but where it begins.

    Fields:
        gait: at the player's rate.
        goal: None: the avatar is driven (`Player.drive`).
        speed: metres per second.
        source, stance: the clips at their own rates, for another rate of the player.
        legs, scene, home, ground: of the avatar; places of scene, home and goal are in the world, routes are
            as they are played.
    """

    gait: Gait
    goal: Goal | None
    speed: float
    source: MotionClip
    stance: MotionClip
    legs: Legs
    scene: Scene | None
    home: Place
    ground: GroundMap = field(default_factory=GroundMap)

    def at_rate(self, rate_hz: float) -> "Going":
        """The same for another rate of the player."""
        gait = Gait.of(at_rate(self.source, rate_hz), self.stance.resampled(rate_hz), self.legs)
        return replace(self, gait=gait)

    def route(self, place: np.ndarray, moving: float) -> np.ndarray | None:
        """The way from (3,) x, z, heading; (K, 3), tick by tick. None: the name is not known any more.

        Args:
            moving: metres per second forward now.
        """
        goal, rate = self.goal, self.gait.rate_hz
        if goal is None:
            return place[None]
        if goal.way is not None:
            return self._along(place, self.ground.inner(goal.way), goal.heading, moving)
        target = goal.target
        if target is None:
            return place[None]
        if target.purpose == "turn":
            return turned(place, float(place[2]) + target.turn_rad, rate)
        if target.start:
            start = self.ground.inner(self.home.position[None])
            return self._along(place, start, self.home.heading, moving)
        if not target.name:
            return self._by_itself(place, target, moving)
        spot = self.spot(target.name)
        return None if spot is None else self._to(place, spot, target, moving)

    def spot(self, name: str) -> Spot | None:
        """Where something is, as it is played; None: it is not known any more."""
        return spot_named(name, self.scene, self.home, self.ground)

    def _by_itself(self, place: np.ndarray, target: Target, moving: float) -> np.ndarray:
        """A way that is relative to how the avatar stands."""
        s, c = math.sin(place[2]), math.cos(place[2])
        if target.purpose == "around":
            radius = target.radius_m / self.ground.ratio
            way = circle(place, place[:2] + radius * np.array([c, -s]), radius, 1.0, to_the_left=True)
            return route_to(
                place, way[-1], float(place[2]), self.speed, self.gait.rate_hz, way=way[1:], moving=moving
            )
        ahead, aside = target.forward_m / self.ground.ratio, target.left_m / self.ground.ratio
        goal = place[:2] + np.array([ahead * s + aside * c, ahead * c - aside * s])
        sideways = aside != 0.0 or ahead < 0.0
        return route_to(
            place, goal, float(place[2]), self.speed, self.gait.rate_hz, facing=sideways, moving=moving
        )

    def _to(self, place: np.ndarray, spot: Spot, target: Target, moving: float) -> np.ndarray:
        away = spot.floor - place[:2]
        distance = float(np.linalg.norm(away))
        bearing = math.atan2(away[0], away[1]) if distance > 1e-3 else float(place[2])
        rate = self.gait.rate_hz
        if target.purpose == "face":
            return turned(place, bearing, rate)
        if target.purpose == "around":
            radius = AROUND_M + spot.room
            way = circle(place, spot.floor, radius, 1.0, to_the_left=True)
            return route_to(place, way[-1], None, self.speed, rate, way=way, moving=moving)
        keep = spot.room if self.goal is None or self.goal.keep_m is None else self.goal.keep_m
        if target.purpose == "follow":
            keep = max(FOLLOWED_M, keep)
            if abs(distance - keep) < 0.35 or distance < keep:
                return self._halting(place, bearing, moving)
        if keep <= 0.0:
            return self._along(place, spot.floor[None], spot.heading, moving)
        if distance <= keep + 0.02:
            return turned(place, bearing, rate)
        goal = spot.floor - away / distance * keep
        return self._along(place, goal[None], bearing, moving)

    def _halting(self, place: np.ndarray, bearing: float, moving: float) -> np.ndarray:
        """Two steps at most, then towards somebody who is near enough."""
        if moving > 0.1:
            stop = place[:2] + 0.25 * moving * np.array([math.sin(place[2]), math.cos(place[2])])
            return route_to(place, stop, None, self.speed, self.gait.rate_hz, moving=moving)
        off = abs(math.remainder(bearing - float(place[2]), math.tau))
        return turned(place, bearing, self.gait.rate_hz) if off > math.radians(25.0) else place[None]

    def _along(self, place: np.ndarray, way: np.ndarray, heading: float | None, moving: float) -> np.ndarray:
        here = self.ground.world(place[:2])
        corners = self.ground.inner(self._clear(here, self.ground.world(np.asarray(way, np.float64))))
        several = corners if len(corners) > 1 else None
        return route_to(
            place, corners[-1], heading, self.speed, self.gait.rate_hz, way=several, moving=moving
        )

    def _clear(self, here: np.ndarray, way: np.ndarray) -> np.ndarray:
        """Corners (M, 2) in the world that keep clear of what is taken.

        Raises:
            PromptError: nothing leads there.
        """
        taken = self._taken(way[-1])
        corners = around(here, way, taken)
        obstacles = self.scene.obstacles() if self.scene else None
        if obstacles is None or obstacles.lets_pass(np.concatenate([here[None], corners])):
            return corners
        found = obstacles.with_circles([(x, z, r + CLEAR_M) for x, z, r in taken]).way(here, way[-1])
        if found is None:
            raise PromptError("no way leads there: obstacles of the map are between; name another goal")
        return found

    def _taken(self, goal: np.ndarray) -> list[tuple[float, float, float]]:
        """Circles in the world that are kept clear of on the way to a goal (2,)."""
        taken = list(self.scene.taken()) if self.scene else []
        if self.goal is not None and self.goal.close:
            taken = [c for c in taken if math.hypot(goal[0] - c[0], goal[1] - c[1]) > c[2] + CLEAR_M]
        return taken

    def blocked(self, route: np.ndarray, within_m: float) -> bool:
        """Whether something came into the way: a route (K, 3) as it is played, from here on.

        Args:
            within_m: metres ahead that are looked at for somebody; obstacles of the map count all the way.
        """
        if self.scene is None or not len(route):
            return False
        points = self.ground.world(route[::6, :2])
        near = np.linalg.norm(points - points[0], axis=1) < within_m
        here, goal = points[0], self.ground.world(route[-1, :2])
        for x, z, radius in self._taken(goal):
            holds = any(math.hypot(p[0] - x, p[1] - z) < radius + CLEAR_M for p in (here, goal))
            if not holds and (np.hypot(points[near, 0] - x, points[near, 1] - z) < radius).any():
                return True
        obstacles = self.scene.obstacles()
        return obstacles is not None and bool(obstacles.free(here)) and not obstacles.free(points).all()


def spot_named(name: str, scene: Scene | None, home: Place, ground: GroundMap) -> Spot | None:
    """Where something of the scene is, as it is played; "me", if nobody is called so, is before `home`."""
    spot = scene.where(name) if scene is not None else None
    if spot is None and name == ME:
        ahead = np.array([math.sin(home.heading), 0.0, math.cos(home.heading)])
        x, z = home.position
        spot = Spot(np.array([x, _EYE_M, z]) + _AHEAD_OF_ME_M * ahead, None, 2.0 * BESIDE_M, person=True)
    if spot is None:
        return None
    return replace(spot, position=ground.inner_point(spot.position), room=spot.room / ground.ratio)


def speed_of(gait: Gait, target: Target | None, factor: float = 1.0) -> tuple[float, str]:
    """Metres per second to walk with, and what is to be said about it ("": nothing).

    Args:
        factor: what words such as "slowly" ask for beyond the gait's own speed.
    """
    asked = target.speed_m_s if target is not None else 0.0
    wanted = asked or gait.speed * factor
    most = gait.speed * FASTER
    speed = min(max(wanted, 0.15), most)
    note = ""
    if asked and abs(speed - asked) > 0.01:
        note = f"{asked:g} m/s was asked for; the gait {gait.name} does {speed:.2g} m/s"
    return speed, note


def checked_goal(position: np.ndarray, heading: float | None, here: np.ndarray) -> None:
    """Refuse what nobody can walk to.

    Args:
        position: (M, 2) x and z; here: (2,).

    Raises:
        PromptError: it is not finite, or too far away.
    """
    if not np.isfinite(position).all() or (heading is not None and not math.isfinite(heading)):
        raise PromptError("the goal holds a number that is not finite; expected metres and radians")
    farthest = float(np.linalg.norm(position - here, axis=-1).max())
    if farthest > FARTHEST_M:
        raise PromptError(
            f"the goal is {farthest / 1000.0:.3g} km away; expected at most {FARTHEST_M / 1000.0:g} km: "
            "give one in the fixed frame, in metres"
        )
