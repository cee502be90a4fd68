"""Clothes are optimized next door while the avatar plays: asked for, followed, worn, cancelled, removed."""

import os
from pathlib import Path

import pytest
from action_msgs.msg import GoalStatus
from clipactor_interfaces.action import Perform, Stylize
from clipactor_interfaces.msg import AvatarState
from clipactor_interfaces.srv import ListStyles, RemoveStyle
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import SetParameters

from clipactor_node.style import StyleCache

PIRATE = "a pirate in a red coat"
CHEF = "a chef in white"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    place = tmp_path_factory.mktemp("stylize")
    (place / "models").symlink_to(Path(os.environ["CLIPACTOR_HOME"]) / "models")
    return place


@pytest.fixture(scope="module")
def atelier(ros, avatar_process, home, tmp_path_factory):
    """A node that may optimize: its worker finds torch, and processors on a busy machine."""
    arguments = ("-p", "style_niceness:=0", "-p", "style_preset:=cpu-preview")
    process = avatar_process(tmp_path_factory.mktemp("node"), *arguments, CLIPACTOR_HOME=str(home))
    try:
        process.wait_for("ready")
        yield process
    finally:
        status = process.end()
    assert status == 0, process.output
    assert "Traceback" not in process.output


@pytest.fixture
def optimize_new_styles(reader):
    """Sets the parameter, and back to `ask` afterwards."""

    def put(choice):
        value = ParameterValue(type=ParameterType.PARAMETER_STRING, string_value=choice)
        request = SetParameters.Request(parameters=[Parameter(name="optimize_new_styles", value=value)])
        assert reader.call(SetParameters, "/clipactor/avatar/set_parameters", request).results[0].successful

    yield put
    put("ask")


def test_what_is_on_stage_is_optimized_when_asked_for_and_worn_as_it_comes(atelier, reader, send, home):
    reader.say(f"{PIRATE} is dancing")
    offered = reader.state(lambda state: "pirate" in state.style).style_progress
    assert offered.stage == "proposed" and "stylize" in offered.message

    worn: list[AvatarState] = []
    subscription = reader.node.create_subscription(AvatarState, "/clipactor/state", worn.append, 10)
    goal = send(Stylize.Goal())
    status, result = goal.result()
    assert status == GoalStatus.STATUS_SUCCEEDED and result.success, result
    finished = reader.state(lambda state: state.style_progress.stage == "done")
    reader.node.destroy_subscription(subscription)

    card = StyleCache(home / "styles").card(result.key)
    assert card.prompt == result.prompt and card.clip != "standing"  # the motion on stage
    assert (result.status, result.iterations) == (card.status, card.iterations)
    assert result.score == pytest.approx(card.score) and result.score > result.proposal_score
    stages = [feedback.progress.stage for feedback in goal.feedback]
    assert "loading" in stages and "running" in stages
    live = [state.style for state in worn if "iteration" in state.style]
    assert live, "no live fitting was worn"
    running = [s.style_progress for s in worn if s.style_progress.stage == "running"]
    assert any(p.iteration and p.iterations == 120 and p.score and p.seconds_left for p in running)
    assert finished.style == card.prompt and finished.style_progress.key == card.key
    reader.say(f"{PIRATE} waves hello")  # from the cache now
    state = reader.state(lambda state: state.style_progress.stage == "done")
    assert state.style == card.prompt and state.style_progress.score == pytest.approx(card.score)


def test_cancelling_keeps_the_best_so_far_and_leaves_the_stage_alone(
    atelier, reader, send, optimize_new_styles, home
):
    optimize_new_styles("always")
    reader.say(f"{CHEF} is dancing")
    reader.state(lambda state: state.style_progress.stage == "running")
    goal = send(Stylize.Goal(prompt=CHEF))  # joins the job
    reader.until(lambda: goal.feedback, "feedback")
    reader.until(lambda: goal.handle.status == GoalStatus.STATUS_EXECUTING, "a status of the goal")
    assert goal.feedback[0].progress.stage == "running"
    reader.until(lambda: goal.feedback[-1].progress.iteration >= 10, "a checkpoint")
    reader.say(f"{PIRATE} is dancing")  # the chef has left the stage
    goal.handle.cancel_goal_async()
    status, result = goal.result()
    assert status == GoalStatus.STATUS_CANCELED
    assert result.success and result.status == "cancelled", result
    assert StyleCache(home / "styles").load(result.key).card.prompt == result.prompt == "a chef wearing white"
    assert reader.state().style.startswith("a pirate")
    again = send(Stylize.Goal(prompt=CHEF))  # goes on from its checkpoint
    reader.until(lambda: again.feedback and again.feedback[-1].progress.stage == "running", "to go on")
    assert again.feedback[-1].progress.iteration > 10
    again.handle.cancel_goal_async()
    status, further = again.result()
    assert status == GoalStatus.STATUS_CANCELED and further.key == result.key
    assert further.iterations >= 10
    assert reader.state().style.startswith("a pirate")  # not put on: nobody on stage is a chef


def test_a_performance_waits_for_its_clothes(atelier, reader, send):
    reader.say("stop")
    goal = send(Perform.Goal(text="a knight in silver armour bows", wait_for_style=True))
    reader.until(lambda: goal.feedback, "feedback")
    assert goal.feedback[0].stage == Perform.Feedback.STAGE_STYLING
    assert "knight" in goal.feedback[0].style.prompt
    status, result = goal.result()
    assert status == GoalStatus.STATUS_SUCCEEDED, result
    assert result.message == "performed to the end" and "bow" in result.label
    assert "proposed" not in result.style and result.style_score > 0
    timings = {timing.stage: timing.duration for timing in result.timings}
    assert 0 < timings["style"] <= timings["first_frame"]
    stages = [feedback.stage for feedback in goal.feedback]
    assert stages.index("playing") > len([s for s in stages if s == "styling"]) - 1

    waiting = send(Perform.Goal(text="a nurse in yellow bows", wait_for_style=True))
    reader.until(lambda: waiting.feedback, "feedback")
    reader.say("a person waves")
    status, result = waiting.result()
    assert status == GoalStatus.STATUS_ABORTED and "another command" in result.message


def test_styles_are_listed_and_removed(atelier, reader):
    def remove(style):
        return reader.call(RemoveStyle, "/clipactor/remove_style", RemoveStyle.Request(style=style))

    def listed(contains=""):
        request = ListStyles.Request(contains=contains)
        answer = reader.call(ListStyles, "/clipactor/list_styles", request)
        assert len(answer.keys) == len(answer.prompts) == len(answer.scores) == len(answer.statuses)
        return dict(zip(answer.keys, answer.removable, strict=True))

    (own,) = listed("PIRATE WEARING")
    answer = remove(own)
    assert answer.success and "pirate" in answer.message
    assert own not in listed()
    shipped = next(key for key, removable in listed().items() if not removable)
    assert "shipped" in remove(shipped).message and shipped in listed()
    assert "clipactor style list" in remove("no such style").message
