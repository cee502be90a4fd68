"""From the avatar's frames to the robot's: inverse kinematics within the limits of every joint."""

from dataclasses import dataclass

import mink
import numpy as np
import qpsolvers
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from clipactor_node.body import Skinner
from clipactor_node.errors import RobotError
from clipactor_node.robots.anatomy import SIDES
from clipactor_node.robots.arms import Arm
from clipactor_node.robots.detours import Detour
from clipactor_node.robots.limits import FrameWindow
from clipactor_node.robots.mapping import Follower
from clipactor_node.robots.robot import SITE, Robot
from clipactor_node.robots.targets import Target, Targets

SOLVER = "daqp"
STEPS, FIRST_STEPS = 8, 200
_SETTLED = 2e-3  # radians or metres: a smaller step is the last
_STILL, _NEUTRAL = 0.05, 0.02  # weights per radian of staying as in the frame before, and at zero
_DAMPING, _FIRST_DAMPING, _MORE_DAMPING = 1e-4, 1e-2, 8.0
_TWIST = 0.2  # how much of a limb's weight keeps it from turning about itself
_COUPLED = 30.0  # weight per radian between a joint and one that it mimics
_HELD, _WANTED = 1e-6, 1e-3  # nearness to a limit, and how far beyond it a joint would have gone
_LONGEST_PERIOD_S = 0.25


@dataclass(frozen=True, eq=False)
class RobotFrame:
    """One frame of a robot.

    Fields:
        position, quaternion: (3,) metres and (4,) x, y, z, w: the root link in the map.
        positions: (N,) radians or metres in the order of `Robot.joint_names`, within the limits.
        errors: follower -> metres from where it should be: "pelvis", "left_foot", "left_hand", ...
        beyond, too_fast: (N,) bool: joints that a limit of position, or of speed, held back: without it
            they would have gone farther. Those that rest at a limit are not among them.
    """

    position: np.ndarray
    quaternion: np.ndarray
    positions: np.ndarray
    errors: dict[str, float]
    beyond: np.ndarray
    too_fast: np.ndarray


class Retargeter:
    """Makes one robot follow one avatar, frame by frame. For one thread."""

    def __init__(self, robot: Robot, skinner: Skinner) -> None:
        self.robot, self.targets = robot, Targets(robot, skinner)
        self.window = FrameWindow(robot)
        model = robot.solved
        self.configuration = mink.Configuration(model)
        self._at = np.array([model.joint(joint.name).qposadr[0] for joint in robot.moving])
        self._dofs = np.array([model.joint(joint.name).dofadr[0] for joint in robot.moving])
        self._would = np.zeros(model.nv)
        self._free = model.jnt_qposadr[np.flatnonzero(model.jnt_type == 0)[0]]
        self._indices = np.array([robot.description.joints.index(joint) for joint in robot.moving])
        self._resting = np.array([np.clip(0.0, j.lower, j.upper) for j in robot.description.joints])
        self._mimics = [
            (index, robot.joint_names.index(joint.mimic.joint), joint.mimic)
            for index, joint in enumerate(robot.description.joints)
            if joint.mimic
        ]
        self._tasks = {f.joint: _task(f) for f in robot.mapping.followers}
        neutral = mink.PostureTask(model, cost=_NEUTRAL)
        self._start = self.configuration.q.copy()
        self._start[self._at] = np.clip(0.0, self.window.lower, self.window.upper)
        neutral.set_target(self._start)
        self._still = mink.PostureTask(model, cost=_STILL)
        self._all = [*self._tasks.values(), neutral, self._still]
        if model.neq:  # joints that mimic others
            self._all.append(mink.EqualityConstraintTask(model, cost=_COUPLED))
        self._costs = {joint: task.cost.copy() for joint, task in self._tasks.items()}
        turning = {joint: cost[3:] for joint, cost in self._costs.items()}
        arms = [Arm.of(robot, side, turning) for side in SIDES]
        self._detours = [Detour(arm, _NEUTRAL) for arm in arms if arm]
        self.reset()

    def reset(self) -> None:
        """Forget the frame before: the next may be anywhere."""
        self.targets.reset()
        self._last: np.ndarray | None = None
        for detour in self._detours:
            detour.reset()

    def follow(self, transforms: np.ndarray, period_s: float) -> RobotFrame:
        """The robot's next frame.

        Args:
            transforms: (55, 4, 4) joint -> world of the avatar, SMPL axes.
            period_s: since the last frame; the joints move no faster than they can.

        Raises:
            RobotError: a number of `transforms` is none; the robot stays where it was.
        """
        if not np.isfinite(transforms).all():
            raise RobotError("the avatar's frame holds numbers that are none; expected finite transforms")
        targets = self.targets.follow(transforms)
        for joint, target in targets.items():
            self._tasks[joint].set_target(_placed(target))
        period_s = min(period_s, _LONGEST_PERIOD_S)
        if self._last is None:
            self._begin(targets)
        else:
            self.window.open(self._last, period_s)
            self._lead(self._last, period_s)
            self._still.set_target(self.configuration.q)
            self._settle(STEPS)
        q = self.configuration.q.copy()
        now = q[self._at] = np.clip(q[self._at], self.window.slowest, self.window.fastest)
        self._last = now
        self.configuration.update(q)
        frame = self._frame(q, now, targets)
        for detour in self._detours:
            at = detour.arm.indices
            hurried = bool(frame.too_fast[self._indices[at]].any())
            detour.watch(now[at], self._base(detour), targets, hurried, period_s)
        return frame

    def _begin(self, targets: dict[str, Target]) -> None:
        """The first frame: any speed will do, and every way to hold the arms is tried."""
        self._stand(targets["pelvis"])
        self.window.open()
        for detour in (None, *self._detours):
            if detour:
                q = self.configuration.q.copy()
                q[self._at[detour.arm.indices]] = detour.best(self._base(detour), targets)
                self.configuration.update(q)
            self._still.set_target(self.configuration.q)
            self._settle(FIRST_STEPS)

    def _lead(self, last: np.ndarray, period_s: float) -> None:
        """Put arms that are led elsewhere one frame farther on their way, and keep them there."""
        q = self.configuration.q.copy()
        for detour in self._detours:
            led, at = detour.goal is not None, detour.arm.indices
            for part in detour.arm.parts:
                self._tasks[part].cost[:] = 0.0 if led else self._costs[part]
            if led:
                self.window.pin(at, detour.step(last[at], period_s))
                q[self._at[at]] = self.window.fastest[at]
        self.configuration.update(q)

    def _base(self, detour: Detour) -> np.ndarray:
        """(3, 3) from the axes of `Robot.rest` to the world, as the arm's trunk is turned now."""
        turned = self.configuration.data.body(detour.arm.trunk).xmat.reshape(3, 3)
        return np.asarray(turned @ self.robot.rest.rotations[detour.arm.trunk].T)

    def _stand(self, pelvis: Target) -> None:
        q = self._start.copy()
        rest, link = self.robot.rest, self.robot.mapping.by_joint["pelvis"].link
        q[self._free : self._free + 3] = pelvis.position - pelvis.rotation @ rest.positions[link]
        turn = mink.SO3.from_matrix(pelvis.rotation @ self.robot.turn)
        q[self._free + 3 : self._free + 7] = turn.wxyz
        self.configuration.update(q)

    def _settle(self, steps: int) -> None:
        """Levenberg-Marquardt: a step that makes things worse is taken back and tried with more damping.

        Without that a leg stretched towards what it cannot reach would swing from step to step.
        """
        configuration, damping = self.configuration, _DAMPING
        q, cost = configuration.q.copy(), self._cost()
        for _ in range(steps):
            problem = mink.build_ik(configuration, self._all, 1.0, damping, [self.window])
            step, self._would = _minimum(problem)
            configuration.integrate_inplace(step, 1.0)
            before, cost = cost, self._cost()
            if not cost < before:  # nor where it is no number
                configuration.update(q)
                cost, damping = before, _MORE_DAMPING * max(damping, _FIRST_DAMPING)
            else:
                q, damping = configuration.q.copy(), damping / _MORE_DAMPING
            if np.abs(step).max() < _SETTLED:
                break

    def _cost(self) -> float:
        errors = [task.cost * task.compute_error(self.configuration) for task in self._all]
        return float(sum(error @ error for error in errors))

    def _frame(self, q: np.ndarray, now: np.ndarray, targets: dict[str, Target]) -> RobotFrame:
        window, would = self.window, self._would[self._dofs]
        down, up = would < -_WANTED, would > _WANTED
        beyond = (down & (now <= window.lower + _HELD)) | (up & (now >= window.upper - _HELD))
        too_fast = (down & (now <= window.slowest + _HELD)) | (up & (now >= window.fastest - _HELD))
        too_fast &= ~beyond
        everything = self._resting.copy()
        everything[self._indices] = now
        for index, source, mimic in self._mimics:
            everything[index] = mimic.multiplier * everything[source] + mimic.offset
        held = np.zeros((2, len(everything)), bool)
        held[:, self._indices] = beyond, too_fast
        turn = q[self._free + np.array([4, 5, 6, 3])]
        return RobotFrame(q[self._free : self._free + 3], turn, everything, self._errors(targets), *held)

    def _errors(self, targets: dict[str, Target]) -> dict[str, float]:
        errors = {"pelvis": np.linalg.norm(self._site("pelvis")[1] - targets["pelvis"].position)}
        for (kind, side), limb in self.robot.limbs.items():
            if kind == "leg":
                joint = f"{side}_ankle"
                away = self._site(joint)[1] - targets[joint].position
            elif f"{side}_shoulder" in targets:
                away = np.zeros(3)
                for joint, length in ((f"{side}_shoulder", limb.upper), (f"{side}_elbow", limb.lower)):
                    turned = self._site(joint)[0] - targets[joint].rotation
                    away += np.linalg.norm(length) * turned[:, 0]
            else:
                continue
            errors[f"{side}_{'foot' if kind == 'leg' else 'hand'}"] = np.linalg.norm(away)
        return {name: float(value) for name, value in errors.items()}

    def _site(self, joint: str) -> tuple[np.ndarray, np.ndarray]:
        site = self.configuration.data.site(SITE(joint))
        return site.xmat.reshape(3, 3), site.xpos


def _task(follower: Follower) -> mink.FrameTask:
    """Limbs follow in direction; that they turn about themselves alike matters less."""
    weight = follower.orientation
    limb = follower.role in {"thigh", "shin", "upper arm", "forearm"}
    cost = [_TWIST * weight if limb else weight, weight, weight]
    if follower.role == "forearm":
        cost[0] = 0.0  # the wrist's business
    return mink.FrameTask(SITE(follower.joint), "site", follower.position, cost, lm_damping=0.0)


def _placed(target: Target) -> mink.SE3:
    position = np.zeros(3) if target.position is None else target.position
    return mink.SE3.from_rotation_and_translation(mink.SO3.from_matrix(target.rotation), position)


def _minimum(problem: qpsolvers.Problem) -> tuple[np.ndarray, np.ndarray]:
    """The best step: without the limits, if it keeps them; else by the solver. And the one without limits."""
    still = np.zeros(len(problem.q))
    try:
        step = cho_solve(cho_factor(problem.P), -problem.q)
    except LinAlgError:
        return still, still
    if not np.isfinite(step).all():
        return still, still
    if problem.G is None or problem.h is None or (problem.G @ step <= problem.h + 1e-9).all():
        return step, step
    solution = qpsolvers.solve_problem(problem, solver=SOLVER)
    if solution.x is None or not solution.found or not np.isfinite(solution.x).all():
        return still, step
    return solution.x, step
