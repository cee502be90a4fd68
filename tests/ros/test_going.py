"""Going in a running node: frames of another process, goals, velocities, and what cannot be done."""

import math
import subprocess
import sys

import pytest
from clipactor_interfaces.action import GoTo
from geometry_msgs.msg import PoseStamped, TransformStamped, Twist
from nav_msgs.msg import OccupancyGrid, Odometry, Path
from rclpy.action import ActionClient
from rclpy.serialization import serialize_message
from tf2_msgs.msg import TFMessage

from clipactor_node.ros.messages import qos
from clipactor_node.ros.nodes.background import Background
from clipactor_node.ros.nodes.floor_input import FloorInput
from clipactor_node.ros.nodes.transforms import STALE_S, Frames, transforms_in

SENDER = """
import rclpy, sys
from geometry_msgs.msg import TransformStamped
from rclpy.node import Node
from tf2_msgs.msg import TFMessage
rclpy.init()
node = Node("frames_of_a_robot")
publisher = node.create_publisher(TFMessage, "/tf", 100)
def edge(parent, child, x, y, z):
    one = TransformStamped()
    one.header.frame_id, one.child_frame_id = parent, child
    one.transform.translation.x, one.transform.translation.y, one.transform.translation.z = x, y, z
    one.transform.rotation.w = 1.0
    return one
edges = [edge("map", "room", 0.5, 0.0, 0.0), edge("room", "front_door_link", 1.0, 0.5, 0.0),
         edge("loop_a", "loop_b", 0.0, 0.0, 0.0), edge("loop_b", "loop_a", 0.0, 0.0, 0.0)]
node.create_timer(0.1, lambda: publisher.publish(TFMessage(transforms=edges)))
rclpy.spin(node)
"""


@pytest.fixture
def frames_of_a_robot():
    process = subprocess.Popen([sys.executable, "-c", SENDER])
    yield
    process.kill()
    process.wait()


def edge(parent, child, x=0.0, q=(0.0, 0.0, 0.0, 1.0)):
    one = TransformStamped()
    one.header.frame_id, one.child_frame_id = parent, child
    one.transform.translation.x = x
    turn = one.transform.rotation
    turn.x, turn.y, turn.z, turn.w = q
    return one


def test_frames_are_read_from_the_bytes_of_a_message():
    turned = (0.0, 0.0, math.sqrt(0.5), math.sqrt(0.5))
    message = TFMessage(transforms=[edge("map", "ab", 1.0, turned), edge("ab", "door", 2.0)])
    now = [0.0]
    frames = Frames(lambda: now[0])
    for parent, child, place, xyzw in transforms_in(serialize_message(message)):
        frames.put(parent, child, place, xyzw, static=False)
    door = frames.pose("door", "map")
    assert door.place == pytest.approx((1.0, 2.0, 0.0)) and door.yaw == pytest.approx(math.pi / 2)
    assert frames.pose("map", "door").place == pytest.approx((-2.0, 1.0, 0.0), abs=1e-9)
    now[0] = STALE_S + 0.1
    assert frames.pose("door", "map") is None and frames.names("map") == ()


def test_loops_and_numbers_that_are_none_lead_nowhere():
    frames = Frames()
    still = (0.0, 0.0, 0.0, 1.0)
    frames.put("a", "b", (0.0, 0.0, 0.0), still, static=True)
    frames.put("b", "a", (0.0, 0.0, 0.0), still, static=True)
    frames.put("map", "nan", (math.nan, 0.0, 0.0), still, static=True)
    frames.put("map", "flat", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0), static=True)
    assert frames.names("map") == () and frames.pose("a", "map") is None


def where(reader):
    place = reader.messages(Odometry, "/clipactor/odom", 1)[0].pose.pose
    return place.position.x, place.position.y


def test_a_frame_of_another_process_is_walked_to_and_an_unknown_one_is_named(
    avatar, reader, frames_of_a_robot
):
    while True:  # until the frame is known
        reader.say("walk to the moon")
        refused = reader.state(lambda state: state.command == "walk to the moon")
        if "front_door_link" in refused.last_error:
            break
    assert "moon" in refused.last_error and "loop_a" not in refused.last_error
    reader.say("walk to the door")
    reader.state(lambda state: state.activity == "idle" and "front_door_link" in state.plan)
    assert where(reader) == pytest.approx((1.5, 0.5), abs=0.03)


def test_goals_velocities_and_what_cannot_be_done(avatar, reader):
    client = ActionClient(reader.node, GoTo, "/clipactor/go_to")
    reader.until(client.server_is_ready, "the action go_to")

    def sent(x, frame="map", **changes):
        goal = PoseStamped()
        goal.header.frame_id, goal.pose.position.x, goal.pose.orientation.w = frame, x, 1.0
        accepted = client.send_goal_async(GoTo.Goal(goal=goal, **changes))
        reader.until(accepted.done, "the goal to be accepted")
        result = accepted.result().get_result_async()
        reader.until(result.done, "the end of the goal")
        return result.result().result

    there = sent(0.6, manner="slowly")
    assert there.success and there.distance_left < 0.03 and there.heading_left < math.radians(3.0)
    for bad, word in (
        (dict(x=math.nan), "finite"),
        (dict(x=1e4), "km"),
        (dict(x=1.0, frame="nowhere"), "TF"),
    ):
        refused = sent(**bad)
        assert not refused.success and word in refused.message
    before = where(reader)
    velocity = reader.node.create_publisher(Twist, "/clipactor/cmd_vel", 10)
    reader.until(velocity.get_subscription_count, "cmd_vel to be heard")
    fast = Twist()
    fast.linear.x = 50.0
    for _ in range(40):
        velocity.publish(fast)
        reader.messages(Odometry, "/clipactor/odom", 1)
    moved = where(reader)[0] - before[0]
    assert 0.2 < moved < 6.0
    reader.messages(Odometry, "/clipactor/odom", 60)
    rests = where(reader)
    reader.messages(Odometry, "/clipactor/odom", 10)
    assert where(reader) == pytest.approx(rests, abs=0.02)


def path_of(*places):
    """A path through x and y, all facing along x."""
    path = Path()
    path.header.frame_id = "map"
    for x, y in places:
        stamped = PoseStamped()
        stamped.pose.position.x, stamped.pose.position.y, stamped.pose.orientation.w = x, y, 1.0
        path.poses.append(stamped)
    return path


def test_a_path_of_a_planner_is_walked_and_a_bad_one_is_said(avatar, reader):
    publisher = reader.node.create_publisher(Path, "/clipactor/path", 10)
    reader.until(publisher.get_subscription_count, "path to be heard")
    reader.say("reset")
    for bad, word in ((path_of(), "no poses"), (path_of((0.2, 0.0), (math.nan, 0.0)), "finite")):
        publisher.publish(bad)
        reader.state(lambda state, word=word: any(word in warning for warning in state.warnings))
    assert where(reader) == pytest.approx((0.0, 0.0), abs=0.05)
    publisher.publish(path_of((0.0, 0.0), (0.5, 0.3), (1.0, 0.3)))
    reader.state(lambda state: state.command == "path" and state.activity == "idle")
    assert where(reader) == pytest.approx((1.0, 0.3), abs=0.03)
    publisher.publish(path_of((0.7, 0.3)))  # of one point: a goal
    reader.state(lambda state: state.command == "path" and state.activity != "idle")
    reader.state(lambda state: state.command == "path" and state.activity == "idle")
    assert where(reader) == pytest.approx((0.7, 0.3), abs=0.03)


def test_a_map_is_read_and_a_broken_one_is_said(ros, reader):
    background = Background(reader.node, "maps")
    floor = FloorInput(
        reader.node, "/a_map", lambda frame, pose: pose if frame == "map" else None, background
    )
    publisher = reader.node.create_publisher(OccupancyGrid, "/a_map", qos.LATCHED)

    def sent(data, frame="map", resolution=0.5):
        grid = OccupancyGrid()
        grid.header.frame_id, grid.info.resolution = frame, resolution
        grid.info.width, grid.info.height, grid.data = 4, 3, data
        grid.info.origin.position.x, grid.info.origin.orientation.w = 1.0, 1.0
        publisher.publish(grid)

    sent([0] * 11 + [100])
    reader.until(lambda: background.deliver() or floor.obstacles, "the map")
    assert not floor.obstacles.free((1.25, 2.75)) and floor.obstacles.free((0.25, 1.25))  # x is to the left
    for bad, word in (
        (dict(data=[0] * 5), "5 values"),
        (dict(data=[0] * 12, resolution=math.nan), "resolution"),
        (dict(data=[0] * 12, frame="nowhere"), "TF does not connect"),
    ):
        sent(**bad)
        reader.until(lambda word=word: any(word in w for w in floor.warnings), word)
    assert floor.obstacles is not None
    floor.destroy()
    background.close()
