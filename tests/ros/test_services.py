"""Questions about the library, and performances whose end is reported."""

import pytest
from action_msgs.msg import GoalStatus
from clipactor_interfaces.action import Perform
from clipactor_interfaces.srv import FindMotions, ListClips

from clipactor_node.motion import open_library

LIBRARY = open_library()


@pytest.fixture
def perform(avatar, send):
    """Sends goals and collects what comes back."""

    def perform(text: str, loop: bool = False):
        goal = send(Perform.Goal(text=text, loop=loop))
        assert goal.handle.accepted
        return goal

    return perform


def test_clips_are_listed_with_labels_and_durations(avatar, reader):
    answer = reader.call(ListClips, "/clipactor/list_clips", ListClips.Request())
    assert list(answer.names) == sorted(LIBRARY.names)
    assert all(answer.labels) and all(duration > 0 for duration in answer.durations)
    for name, duration, loops in zip(answer.names, answer.durations, answer.loops, strict=True):
        assert duration == pytest.approx(LIBRARY.info(name).duration_s, rel=1e-5)
        assert loops == (LIBRARY.info(name).loop is not None)


def test_a_list_can_be_narrowed(avatar, reader):
    answer = reader.call(ListClips, "/clipactor/list_clips", ListClips.Request(contains="WALK"))
    assert 0 < len(answer.names) < len(LIBRARY)
    assert all("walk" in f"{n} {t}".lower() for n, t in zip(answer.names, answer.labels, strict=True))


@pytest.mark.parametrize(("top", "count"), [(0, FindMotions.Request.TOP_DEFAULT), (1, 1), (3, 3)])
def test_motions_are_found_best_first(avatar, reader, top, count):
    request = FindMotions.Request(text="somebody waves hello", top=top)
    answer = reader.call(FindMotions, "/clipactor/find_motions", request)
    assert answer.success
    assert len(answer.matches) == count
    assert "wave" in answer.matches[0].label
    scores = [match.score for match in answer.matches]
    assert scores == sorted(scores, reverse=True)
    assert all(match.clip in LIBRARY for match in answer.matches)
    assert answer.timings[0].duration > 0


@pytest.mark.parametrize("text", ["", "  ", "🕺"])
def test_finding_nothing_says_why(avatar, reader, text):
    answer = reader.call(FindMotions, "/clipactor/find_motions", FindMotions.Request(text=text))
    assert not answer.success
    assert answer.message
    assert not answer.matches


def test_a_performance_ends_with_what_was_played(perform):
    goal = perform("a person bows")
    status, result = goal.result()
    assert status == GoalStatus.STATUS_SUCCEEDED
    assert result.success and result.message == "performed to the end"
    assert "bow" in result.label and result.clip in LIBRARY
    assert result.score > 0.3
    assert result.played > 0.5
    assert {timing.stage for timing in result.timings} >= {"parse", "find", "load", "first_frame"}
    assert {feedback.stage for feedback in goal.feedback} <= {"blending", "playing"}
    progress = [feedback.progress for feedback in goal.feedback]
    assert len(progress) > 3 and progress[-1] > progress[0]
    assert all(0 <= value <= 1 for value in progress)


def test_a_cancelled_performance_stops(perform, reader):
    goal = perform("a person walks forward", loop=True)
    reader.until(lambda: goal.feedback, "feedback")
    goal.handle.cancel_goal_async()
    status, result = goal.result()
    assert status == GoalStatus.STATUS_CANCELED
    assert result.success and result.message == "cancelled"
    assert "walk" in result.label
    reader.state(lambda state: state.activity == "stopped")


def test_another_command_ends_a_performance(perform, reader):
    goal = perform("a person walks forward", loop=True)
    reader.until(lambda: goal.feedback, "feedback")
    reader.say("a person waves hello")
    status, result = goal.result()
    assert status == GoalStatus.STATUS_ABORTED
    assert not result.success
    assert result.message == "another command came first: a person waves hello"
    assert "walk" in result.label


def test_another_goal_ends_a_performance(perform, reader):
    first = perform("a person walks forward", loop=True)
    second = perform("a person bows")
    assert first.result()[0] == GoalStatus.STATUS_ABORTED
    assert second.result()[0] == GoalStatus.STATUS_SUCCEEDED


@pytest.mark.parametrize("word", ["stop", "reset"])
def test_a_control_word_ends_a_performance(perform, reader, word):
    goal = perform("a person walks forward", loop=True)
    reader.until(lambda: goal.feedback, "feedback")
    reader.say(word)
    status, result = goal.result()
    assert status == GoalStatus.STATUS_ABORTED
    assert not result.success and result.message


def test_a_paused_performance_goes_on_after_resume(perform, reader):
    goal = perform("a person bows, then bows again")  # time enough to say so
    reader.until(lambda: goal.feedback, "feedback")
    reader.say("pause")
    reader.until(lambda: goal.feedback[-1].stage == "paused", "paused feedback", goal.feedback)
    reader.say("resume")
    assert goal.result()[0] == GoalStatus.STATUS_SUCCEEDED


@pytest.mark.parametrize("text", ["", "🕺", "w" * 10_000])
def test_a_goal_that_cannot_be_performed_is_aborted_or_performed_but_always_answered(perform, text):
    status, result = perform(text).result()
    assert status in (GoalStatus.STATUS_ABORTED, GoalStatus.STATUS_SUCCEEDED)
    assert result.success == (status == GoalStatus.STATUS_SUCCEEDED)
    assert result.message


def test_a_control_word_as_a_goal_is_obeyed_at_once(perform, reader):
    status, result = perform("stop").result()
    assert status == GoalStatus.STATUS_SUCCEEDED and result.message == "done"
    reader.state(lambda state: state.activity == "stopped")
