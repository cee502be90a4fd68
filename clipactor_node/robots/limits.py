"""What a robot's joints may do within one frame, as mink takes it."""

import mink
import numpy as np

from clipactor_node.robots.robot import Robot


class FrameWindow(mink.Limit):
    """Positions that are allowed and can be reached within the frame, in however many steps.

    Fields:
        lower, upper: (N,) of `Robot.moving`, radians or metres.
        slowest, fastest: (N,) what can be reached since the last frame.
    """

    def __init__(self, robot: Robot) -> None:
        joints, model = robot.moving, robot.solved
        self._at = np.array([model.joint(joint.name).qposadr[0] for joint in joints])
        dofs = np.array([model.joint(joint.name).dofadr[0] for joint in joints])
        self.lower = np.array([joint.lower for joint in joints])
        self.upper = np.array([joint.upper for joint in joints])
        self.velocity = np.array([joint.velocity for joint in joints])
        rows = np.eye(model.nv)[dofs]
        self._rows = np.vstack([rows, -rows])
        self.open()

    def open(self, positions: np.ndarray | None = None, period_s: float = 0.0) -> None:
        """A frame `period_s` after the robot was at (N,) `positions`; None: any speed will do."""
        self.slowest, self.fastest = self.lower, self.upper
        if positions is not None:
            reach = period_s * self.velocity
            self.slowest = np.maximum(self.lower, positions - reach)
            self.fastest = np.minimum(self.upper, positions + reach)

    def pin(self, indices: np.ndarray, positions: np.ndarray) -> None:
        """Within this frame these joints go to these positions, (K,), or as near as they can get."""
        now = np.clip(positions, self.slowest[indices], self.fastest[indices])
        self.slowest, self.fastest = self.slowest.copy(), self.fastest.copy()
        self.slowest[indices] = self.fastest[indices] = now

    def compute_qp_inequalities(self, configuration: mink.Configuration, dt: float) -> mink.Constraint:
        now = configuration.q[self._at]
        room = np.concatenate([self.fastest - now, now - self.slowest])
        given = np.isfinite(room)
        return mink.Constraint(G=self._rows[given], h=np.maximum(room[given], 0.0))
