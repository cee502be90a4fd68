"""What cannot be optimized is refused in words, and the avatar plays on."""

from action_msgs.msg import GoalStatus
from clipactor_interfaces.action import Stylize


def test_what_nobody_made_is_refused_in_words(avatar, reader, send):
    reader.say("stop")
    status, result = send(Stylize.Goal()).result()
    assert status == GoalStatus.STATUS_ABORTED and "say in `prompt`" in result.message
    status, result = send(Stylize.Goal(prompt="a chef", preset="best")).result()
    assert status == GoalStatus.STATUS_ABORTED and "cpu-preview" in result.message
    status, result = send(Stylize.Goal(prompt="a chef", seed=2**32 - 1)).result()
    assert status == GoalStatus.STATUS_ABORTED and "seed" in result.message


def test_without_torch_the_node_says_what_to_install_and_plays_on(avatar, reader, send):
    reader.say("a sailor in blue is dancing")
    status, result = send(Stylize.Goal()).result()
    assert status == GoalStatus.STATUS_ABORTED and not result.success
    assert "make setup-all" in result.message and "'.[style]'" in result.message
    state = reader.state(lambda state: state.style_progress.stage == "failed")
    assert "pip install" in state.style_progress.message
    assert state.activity == "playing" and "sailor" in state.style
