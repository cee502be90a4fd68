"""Have the avatar perform something and wait for its end. Beside a running node (`make run`).

python examples/09_drive_the_avatar.py "a person waves hello"
"""

import sys

import rclpy
from clipactor_interfaces.action import Perform
from rclpy.action import ActionClient

text = " ".join(sys.argv[1:]) or "a person waves hello"
rclpy.init()
node = rclpy.create_node("director")
client = ActionClient(node, Perform, "/clipactor/perform")
client.wait_for_server()


def on_feedback(message) -> None:
    feedback = message.feedback
    print(f"{feedback.stage}: {feedback.clip} {feedback.progress:.0%}")


sent = client.send_goal_async(Perform.Goal(text=text), on_feedback)
rclpy.spin_until_future_complete(node, sent)
ended = sent.result().get_result_async()
rclpy.spin_until_future_complete(node, ended)
result = ended.result().result
print(f"{'done' if result.success else 'failed'}: {result.message}; {result.clip}, {result.played:.1f} s")
client.destroy()
node.destroy_node()
rclpy.shutdown()
