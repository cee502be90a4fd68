"""Text -> label -> clip, in one or two stages."""

from types import SimpleNamespace

import numpy as np
import pytest

from clipactor_node.errors import InvalidChoice, LibraryError, ModelError, PromptError
from clipactor_node.retrieval import Retriever, open_retriever, plan_prompt
from clipactor_node.text import load_encoder


@pytest.fixture(scope="module")
def retriever(library, minilm):
    return Retriever(library, minilm)


@pytest.mark.parametrize(
    ("text", "clip"),
    [
        ("Freddie Mercury is dancing", "dance"),
        ("a firefighter in a yellow jacket waves hello", "wave_right"),
        ("Santa Claus in a red coat claps", "clap"),
        ("a man walking backwards", "back"),
        ("a butler in a black suit bows politely", "bow"),
        ("somebody takes a seat", "sit"),
        ("a kangaroo hops", "jump"),
    ],
)
def test_the_action_is_found_whoever_does_it_and_whatever_they_wear(retriever, text, clip):
    assert retriever.find(text, 1)[0].clip == clip


def test_matches_come_best_first_and_complete(retriever):
    matches = retriever.find("walk", 5)
    assert len(matches) == 5
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)
    best = matches[0]
    assert best.label in ("walk", "walking")
    assert (best.start_s, best.end_s, best.alternatives) == (0.0, 3.0, 2)
    assert best.second_score is None
    assert best.score == pytest.approx(best.first_score)
    assert 0.0 < matches[-1].confidence < best.confidence < 1.0


@pytest.mark.parametrize(("top", "count"), [(0, 0), (1, 1), (1000, 13)])
def test_as_many_as_asked_for_or_as_there_are(retriever, top, count):
    assert abs(len(retriever.find("walk", top)) - count) <= 2
    assert len(retriever.find("walk", top)) <= max(top, 0)


@pytest.mark.parametrize("text", ["", "  ", "🎉", "\x00"])
def test_a_text_without_words_finds_nothing(retriever, text):
    with pytest.raises(PromptError):
        retriever.find(text)


@pytest.mark.parametrize("text", ["walk " * 2000, "男が歩く", "walk\x00 🎉 ходить", "ǝɹǝɥʍ", "a" * 5000])
def test_strange_texts_find_something(retriever, text):
    assert retriever.find(text, 3)


def test_what_is_not_there_is_doubtful_and_said(retriever):
    answer = retriever.search("quantum chromodynamics on the stock market")
    assert answer.matches[0].confidence < retriever.threshold
    assert any("probably not in the library" in warning for warning in answer.warnings)


def test_what_is_there_is_not_doubted(retriever):
    answer = retriever.search("a person is dancing")
    assert answer.warnings == ()
    assert answer.matches[0].confidence > 0.7


def test_a_text_beyond_the_encoders_length_is_said(retriever):
    long = "歩く" * 400
    assert any("longer than minilm" in warning for warning in retriever.search(long).warnings)
    assert any("longer than minilm" in warning for warning in plan_prompt(retriever, long).warnings)
    assert not any("longer" in warning for warning in retriever.search("a person walks " * 5).warnings)


def test_what_was_said_before_gets_the_same_answer(retriever):
    once, again = retriever.search("a man bows"), retriever.search("a man bows")
    assert once.matches == again.matches


def test_an_answer_says_its_stages_and_timings(retriever, minilm):
    answer = retriever.search("walk")
    assert answer.stages == (minilm.id,)
    assert {"parse", "encode", "search", "rerank"} == set(answer.timings_s)
    assert all(seconds >= 0 for seconds in answer.timings_s.values())


def test_a_library_without_labels_is_refused(minilm):
    with pytest.raises(LibraryError, match="no labels"):
        Retriever(SimpleNamespace(labels=()), minilm)


class Preferring:
    """A second stage that likes one label for one question, to see that it decides."""

    provider, dimension = "test", 2

    def __init__(self, liked: str) -> None:
        self.id, self._liked = f"preferring-{liked}", liked

    def encode(self, texts):
        rows = [[1.0, 0.0] if self._liked in text or "marathon" in text else [0.0, 1.0] for text in texts]
        return np.array(rows, np.float32).reshape(-1, 2)


def test_the_second_stage_decides_among_what_the_first_one_found(library, minilm):
    retriever = Retriever(library, minilm, Preferring("jog"), shortlist=5)
    best = retriever.find("somebody runs a marathon", 3)[0]
    assert best.label == "jog"
    assert best.second_score == pytest.approx(1.0)
    assert best.first_score < 0.9


def test_the_second_stage_never_sees_what_the_first_one_left_out(library, minilm):
    retriever = Retriever(library, minilm, Preferring("sit down"), shortlist=3)
    matches = retriever.find("somebody runs a marathon", 13)
    assert matches[0].label != "sit down"
    assert [m.second_score is not None for m in matches] == [True] * 3 + [False] * (len(matches) - 3)


def test_two_real_stages_agree_on_plain_commands(library, minilm):
    retriever = Retriever(library, minilm, load_encoder("minilm", "int8"))
    assert len(retriever.stages) == 2
    best = retriever.find("somebody is dancing", 1)[0]
    assert best.clip == "dance"
    assert best.second_score == pytest.approx(best.first_score, abs=0.05)


def test_without_the_second_model_the_first_answers_alone_and_says_so(library):
    retriever, notes = open_retriever(library)
    assert len(retriever.stages) == 1
    assert "clipactor models fetch mpnet" in notes[0]


def test_without_the_first_model_it_is_said_what_to_type(library):
    with pytest.raises(ModelError, match="clipactor models fetch clip"):
        open_retriever(library, "paper")


def test_an_unknown_profile_lists_the_profiles(library):
    with pytest.raises(InvalidChoice, match="offline, paper"):
        open_retriever(library, "magic")
