"""Joint angles and frames, as a planner reads them. Beside a running node (`make run`).

python examples/10_read_what_a_planner_reads.py head
"""

import sys

import rclpy
from rclpy.node import Node
from sensor_msgs.msg import JointState
from tf2_msgs.msg import TFMessage


class Planner(Node):
    def __init__(self) -> None:
        super().__init__("planner")
        self.joints: dict[str, float] = {}  # radians; names as in the URDF
        self.parents: dict[str, str] = {}
        self.create_subscription(JointState, "/clipactor/joint_states", self.on_joints, 10)
        self.create_subscription(TFMessage, "/tf", self.on_frames, 100)

    def on_joints(self, state: JointState) -> None:
        self.joints = dict(zip(state.name, state.position, strict=True))

    def on_frames(self, frames: TFMessage) -> None:
        self.parents |= {t.child_frame_id: t.header.frame_id for t in frames.transforms}


rclpy.init()
planner = Planner()
while not (planner.joints and planner.parents):
    rclpy.spin_once(planner)
chain = [sys.argv[1] if len(sys.argv) > 1 else "head"]
while chain[-1] in planner.parents:  # up to the fixed frame
    chain.append(planner.parents[chain[-1]])
print(f"{len(planner.joints)} joints; {' <- '.join(reversed(chain))}")
planner.destroy_node()
rclpy.shutdown()
