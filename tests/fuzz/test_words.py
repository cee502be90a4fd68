"""Whatever somebody types: an answer, in time."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node import language
from clipactor_node.appearance.outfit import propose_outfit
from clipactor_node.errors import ClipActorError
from clipactor_node.face import Speech
from clipactor_node.style import Job

WORDS = st.sampled_from(
    [
        "walk",
        "wave",
        "then",
        "and",
        "while",
        "in",
        "a",
        "red",
        "shirt",
        "not",
        "left",
        "90",
        "degrees",
        "two",
        "metres",
        "say:",
        '"',
        ",",
        ".",
        ";",
        "--",
        "it",
        "again",
        "3",
        "times",
        "slowly",
        "like",
        "an",
        "old",
        "man",
        "or",
        "instead",
        "of",
        "winkt",
        "läuft",
        "走",
        "гуляет",
        "stop",
        "pause",
        "to",
        "the",
        "door",
        "at",
        "me",
        "1e9",
        "-0",
        "nan",
        "with",
        "number",
        "10",
    ]
)
PHRASES = st.lists(WORDS, max_size=40).map(" ".join)
TEXTS = st.one_of(PHRASES, st.text(max_size=300), st.text(string.printable, max_size=300))


@given(TEXTS)
def test_any_text_is_parsed(in_time, text):
    with in_time():
        try:
            prompt = language.parse(text)
        except ClipActorError as error:
            assert str(error)
        else:
            assert prompt.raw == text or prompt.actions is not None


@settings(max_examples=max(5, settings.default.max_examples // 5))  # it costs a hundred times as much
@given(TEXTS)
def test_any_text_is_dressed(in_time, text):
    with in_time():
        assert propose_outfit(text).outfit is not None


@given(TEXTS)
def test_any_text_is_spoken_or_refused(in_time, text):
    with in_time():
        try:
            assert Speech(text).duration_s >= 0
        except ClipActorError as error:
            assert str(error)


@given(TEXTS, st.integers(), st.text(max_size=40), st.floats(), st.floats())
def test_any_job_is_one_or_refused(text, seed, name, start, end):
    try:
        job = Job(text, preset=name, seed=seed, clip=name, start_s=start, end_s=end)
    except ClipActorError as error:
        assert str(error)
    else:
        assert "/" not in job.id and ".." not in job.id
