"""What a client of `perform` sees while its goal is on, and when the node is taken down under it."""

from action_msgs.msg import GoalStatus
from clipactor_interfaces.action import Perform
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState


def change_state(reader, transition):
    request = ChangeState.Request(transition=Transition(id=transition))
    assert reader.call(ChangeState, "/clipactor/avatar/change_state", request).success


def test_a_goal_that_plays_is_executing_and_one_that_is_cancelled_is_canceling_until_it_ends(
    avatar, reader, send
):
    goal = send(Perform.Goal(text="a person walks forward", loop=True))
    reader.until(lambda: goal.feedback, "feedback")
    reader.until(lambda: goal.handle.status == GoalStatus.STATUS_EXECUTING, "a status of the goal")
    goal.handle.cancel_goal_async()
    assert goal.result()[0] == GoalStatus.STATUS_CANCELED


def test_a_goal_may_be_on_while_the_node_is_taken_down_and_set_up_again(avatar, reader, send):
    goal = send(Perform.Goal(text="a person walks forward", loop=True))
    reader.until(lambda: goal.feedback, "feedback")
    for transition in ("DEACTIVATE", "CLEANUP", "CONFIGURE", "ACTIVATE"):
        change_state(reader, getattr(Transition, f"TRANSITION_{transition}"))
    again = send(Perform.Goal(text="a person bows"))
    assert again.result()[0] == GoalStatus.STATUS_SUCCEEDED
    assert "error" not in avatar.output.lower(), avatar.output
