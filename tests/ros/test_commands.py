"""Commands, good and bad: the avatar answers each one and never stands still because of it."""

import numpy as np
import pytest
from rclpy.serialization import serialize_message
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage


def ticks_on(reader) -> bool:
    """Whether joint states still come, each with a new stamp."""
    states = reader.messages(JointState, "/clipactor/joint_states", 5)
    stamps = {(state.header.stamp.sec, state.header.stamp.nanosec) for state in states}
    return len(stamps) == len(states)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Freddie Mercury is dancing", "danc"),
        ("a firefighter in a yellow jacket waves hello", "wav"),
        ("a person walks forward", "walk"),
    ],
)
def test_a_sentence_finds_its_motion(avatar, reader, text, expected):
    reader.say(text)
    state = reader.state(lambda state: state.activity == "playing")
    assert expected in state.label
    assert state.last_error == ""


BAD = {
    "empty": "",
    "whitespace": " \t\n  ",
    "emoji only": "🕺🔥💃",
    "punctuation": "?!... --- ;;; ///",
}
ODD = {
    "10,000 characters": "walk " * 2000,
    "one word of 10,000 characters": "w" * 10_000,
    "garbage": "xq\x01zv\x7f \u202e kjh ￿ ½½ qwrtz",
    "non-English": "ein Mann tanzt ausgelassen",
    "Japanese": "手を振る",
    "markup": "<script>$(rm -rf ~)</script> %s %n {0} {{}}",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_command_without_words_is_refused_in_state_and_log(avatar, reader, text):
    reader.say("a person walks forward")
    before = reader.state(lambda state: state.activity == "playing" and not state.last_error)
    reader.say(text)
    state = reader.state(lambda state: state.last_error)
    assert state.command == " ".join(text.split())
    assert state.clip == before.clip  # what was on goes on
    assert state.last_error in avatar.output
    assert ticks_on(reader)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_command_is_answered_and_the_avatar_goes_on(avatar, reader, text):
    reader.say("a person walks forward")
    reader.say(text)
    state = reader.state()
    assert len(state.command) <= 200
    assert state.last_error or state.plan
    assert ticks_on(reader)


def malformed() -> dict[str, bytes]:
    whole = serialize_message(String(data="walk"))
    return {
        "not UTF-8": whole.replace(b"walk", b"\xff\xfe\x80k"),
        "truncated": whole[:8],
        "length beyond the end": whole[:4] + b"\xff\xff\xff\x7f" + whole[8:],
        "header only": whole[:4],
    }


@pytest.mark.parametrize("raw", malformed().values(), ids=malformed())
def test_a_malformed_message_harms_nobody(avatar, reader, raw):
    reader.publish(raw)
    reader.say("a person waves hello")
    assert ticks_on(reader)
    assert "unexpected error" not in avatar.output


def test_pause_freezes_the_pose_and_resume_goes_on(avatar, reader):
    reader.say("a person walks forward")
    reader.state(lambda state: state.activity == "playing")
    reader.say("pause")
    reader.state(lambda state: state.activity == "paused")
    still = [state.position for state in reader.messages(JointState, "/clipactor/joint_states", 5)]
    assert np.ptp(np.array(still), axis=0).max() == 0
    reader.say("resume")
    reader.state(lambda state: state.activity == "playing")
    moving = [state.position for state in reader.messages(JointState, "/clipactor/joint_states", 10)]
    assert np.ptp(np.array(moving), axis=0).max() > 0.01


def test_stop_idles_where_the_avatar_is_and_reset_puts_it_at_the_origin(avatar, reader):
    def place() -> np.ndarray:
        first = reader.messages(TFMessage, "/tf", 1)[-1].transforms[0].transform.translation
        return np.array([first.x, first.y])

    reader.say("a person walks forward")
    reader.until(lambda: np.linalg.norm(place()) > 0.5, "a step away from the origin")
    reader.say("stop")
    state = reader.state(lambda state: state.activity == "stopped")
    assert "idle" in state.clip
    assert np.linalg.norm(place()) > 0.5
    reader.say("reset")
    reader.state(lambda state: state.activity == "idle")
    assert np.linalg.norm(place()) < 0.1
