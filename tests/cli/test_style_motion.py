"""The motion that a style is optimized on: one rule for the node and for every command."""

import pytest

from clipactor_node.cli import style_frames
from clipactor_node.errors import ClipActorError
from clipactor_node.jobs import frames_of
from clipactor_node.motion import open_library
from clipactor_node.player import CommandPreparer
from clipactor_node.retrieval import Retriever, plan_prompt
from clipactor_node.style import STANDING, Job
from clipactor_node.text import load_encoder

PROMPTS = (
    "a firefighter is dancing",
    "a knight in silver armour waves",
    "Freddie Mercury is dancing",
    "a bride",
)


@pytest.fixture
def retriever(monkeypatch):
    """Two stages; the second is MiniLM in the place of MPNet, which need not be prepared here."""
    found = Retriever(open_library(), load_encoder("minilm"), load_encoder("minilm"))
    monkeypatch.setattr(style_frames, "open_retriever", lambda library, profile: (found, ()))
    return found


def test_commands_and_the_node_dress_the_same_motion_found_in_two_stages(retriever):
    choose = style_frames.content_chooser()
    preparer = CommandPreparer(None, retriever, None, 30.0)
    for prompt in PROMPTS:
        job, asked = choose(Job(prompt)), preparer.request(prompt)
        node = asked and asked.clip and (asked.clip, asked.start_s, asked.end_s)
        assert (job.clip, job.start_s, job.end_s) == (node or (STANDING, 0.0, 0.0))
    found = plan_prompt(retriever, PROMPTS[0]).steps[0][0].match
    assert choose(Job(PROMPTS[0])).clip == found.clip and found.second_score is not None  # Eq. 2 decided


def test_who_does_nothing_stands(retriever):
    choose = style_frames.content_chooser()
    for prompt in ("a bride", "a knight in silver armour", "a scuba diver is scuba diving"):
        job = choose(Job(prompt))
        assert (job.clip, job.start_s, job.end_s) == (STANDING, 0.0, 0.0)
    assert choose(Job("a firefighter is dancing")).clip.startswith("dance")


def test_frames_are_those_of_the_stretch(retriever):
    job = style_frames.content_chooser()(Job("a firefighter is walking"))
    assert len(frames_of(job)) == pytest.approx((job.end_s - job.start_s) * 30, abs=2)


def test_a_named_clip_is_taken_whole_and_a_wrong_name_is_told_at_once():
    assert style_frames.content_chooser("wave")(Job("a bride")).clip == "wave"
    with pytest.raises(ClipActorError, match="no clip 'wafe'"):
        style_frames.content_chooser("wafe")


def test_the_paper_s_preset_asks_for_the_paper_s_encoders_and_says_when_they_are_not_here(
    monkeypatch, capsys
):
    asked, real = [], style_frames.open_retriever

    def open_it(library, profile):
        asked.append(profile)
        return real(library, profile)

    monkeypatch.setattr(style_frames, "open_retriever", open_it)
    style_frames.content_chooser(preset="paper")
    assert asked[0] == "paper"
    if len(asked) > 1:  # CLIP is not prepared here
        assert asked[1] == "offline" and "clip" in capsys.readouterr().err
    style_frames.content_chooser(preset="cpu-preview")
    assert asked[-1] == "offline"
