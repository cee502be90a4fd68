"""A robot with every joint at zero: where its links and joint axes are."""

from dataclasses import dataclass

import mujoco
import numpy as np

from clipactor_node.errors import RobotError
from clipactor_node.robots.description import Description


@dataclass(frozen=True, eq=False)
class Rest:
    """Everything in metres, in the frame of the robot's root link, or in axes that are `turned` against it.

    Fields:
        positions, rotations, masses: link -> (3,) origin, (3, 3) link -> root, (3,) centre of mass.
        anchors, axes: joint -> (3,) a point on its axis, (3,) unit direction.
    """

    positions: dict[str, np.ndarray]
    rotations: dict[str, np.ndarray]
    masses: dict[str, np.ndarray]
    anchors: dict[str, np.ndarray]
    axes: dict[str, np.ndarray]

    @classmethod
    def of(cls, model: mujoco.MjModel) -> "Rest":
        data = mujoco.MjData(model)
        mujoco.mj_kinematics(model, data)
        bodies = {model.body(i).name: i for i in range(1, model.nbody)}
        joints = {
            model.joint(i).name: i
            for i in range(model.njnt)
            if model.jnt_type[i] != mujoco.mjtJoint.mjJNT_FREE
        }
        return cls(
            {name: data.xpos[i].copy() for name, i in bodies.items()},
            {name: data.xmat[i].reshape(3, 3).copy() for name, i in bodies.items()},
            {name: data.xipos[i].copy() for name, i in bodies.items()},
            {name: data.xanchor[i].copy() for name, i in joints.items()},
            {name: data.xaxis[i].copy() for name, i in joints.items()},
        )

    def turned(self, turn: np.ndarray) -> "Rest":
        """The same in other axes: (3, 3) from these to those."""
        return Rest(
            {name: turn @ point for name, point in self.positions.items()},
            {name: turn @ matrix for name, matrix in self.rotations.items()},
            {name: turn @ point for name, point in self.masses.items()},
            {name: turn @ point for name, point in self.anchors.items()},
            {name: turn @ axis for name, axis in self.axes.items()},
        )

    def tip(self, link: str) -> np.ndarray:
        """Where a link without a joint at its end probably ends: as far beyond its centre of mass again."""
        return 2.0 * self.masses[link] - self.positions[link]


def specification(description: Description) -> mujoco.MjSpec:
    """The robot for MuJoCo, its root free; sites may be added before it is compiled.

    Raises:
        RobotError: MuJoCo does not take it; the message is MuJoCo's.
    """
    try:
        spec = mujoco.MjSpec.from_string(description.kinematics())
        spec.body(description.root).add_freejoint()
        spec.copy().compile()
    except (ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise RobotError(f"robot {description.name!r} cannot be used: {reason}") from error
    return spec
