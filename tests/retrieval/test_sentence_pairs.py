"""The paper's protocol on sentence pairs; captions against clips."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from clipactor_node.bench.sentence_pairs import (
    MODULES,
    Pair,
    captions,
    ranked_clips,
    read_captions,
    read_pairs,
    sick,
)
from clipactor_node.cli import app
from clipactor_node.errors import ClipActorError
from clipactor_node.retrieval import Retriever

HEADER = "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n"


class Table:
    """An encoder that knows a vector for every sentence."""

    provider, dimension, id = "table", 3, "table"

    def __init__(self, vectors: dict[str, tuple[float, float, float]]) -> None:
        self._vectors = vectors

    def encode(self, texts):
        return np.array([self._vectors[text] for text in texts], np.float32).reshape(-1, 3)


X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
PAIRS = [
    Pair("a", "A", 4.8),
    Pair("b", "B", 4.8),
    Pair("c", "C", 4.4),
    Pair("d", "D", 4.6),
    Pair("e", "E", 3.0),
]


def encoder(**other):
    right = {"a": X, "A": X, "b": Y, "B": Y, "c": Z, "C": Z, "d": (0.6, 0.8, 0.0), "D": (0.6, 0.8, 0.0)}
    return Table(right | other)


def test_precision_is_the_share_of_pairs_that_find_each_other():
    results = sick(PAIRS, {"mpnet": encoder(), "minilm": encoder(b=X)})
    assert results["4.8"]["mpnet"] == 100.0
    assert results["4.8"]["minilm"] == 50.0
    assert results["4.4"]["minilm"] == 100.0


def test_each_setting_has_its_own_pairs():
    results = sick(PAIRS, {"mpnet": encoder(d=Z)})
    assert set(results) == {"4.8", "4.4", "[4.4,4.8]"}
    assert results["4.8"]["mpnet"] == 100.0
    assert results["[4.4,4.8]"]["mpnet"] == 75.0


def test_the_second_stage_chooses_among_the_top_k_of_the_first():
    # "b" is nearest to "A" for the first stage, to "B" for the second.
    first, second = encoder(b=(0.8, 0.6, 0.0)), encoder()
    both = {"minilm": first, "mpnet": second}
    assert sick(PAIRS, both, top_k=2)["4.8"]["minilm+mpnet"] == 100.0
    assert sick(PAIRS, both, top_k=1)["4.8"]["minilm+mpnet"] == 50.0
    assert sick(PAIRS, both, top_k=2)["4.8"]["mpnet+minilm"] == 50.0


def test_variants_without_their_encoder_are_absent_not_invented():
    results = sick(PAIRS, {"mpnet": encoder()})
    assert set(results["4.8"]) == {"mpnet"}
    everything = sick(PAIRS, dict.fromkeys(("clip", "mpnet", "minilm"), encoder()))
    assert set(everything["4.8"]) == {"+".join(stages) for stages in MODULES}


def test_two_pairs_may_share_a_partner():
    pairs = [Pair("a", "A", 4.8), Pair("b", "A", 4.8)]
    assert sick(pairs, {"mpnet": encoder(b=X)})["4.8"]["mpnet"] == 100.0


def test_a_sick_file_is_read(tmp_path):
    path = tmp_path / "sick.tsv"
    path.write_text(HEADER + '1\tA "quoted" man\tA man\t4.8\tNEUTRAL\n2\tx\ty\t3\tNEUTRAL\n')
    assert read_pairs(path) == [Pair('A "quoted" man', "A man", 4.8), Pair("x", "y", 3.0)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "lacks the columns"),
        ("one\ttwo\n1\t2\n", "it has: one, two"),
        (HEADER + "1\ta\tb\tmany\tNEUTRAL\n", "no number"),
        (b"\xff\xfe\x00", "cannot read"),
    ],
)
def test_a_file_of_another_form_says_what_is_wrong(tmp_path, content, message):
    path = tmp_path / "sick.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ClipActorError, match=message):
        read_pairs(path)


def test_captions_are_ranked_against_every_clip(library, minilm):
    names = sorted({label.clip for label in library.labels})
    rows = [("dance", "Freddie Mercury is dancing"), ("bow", "a butler bows"), ("sit", "he claps")]
    found = captions(rows, names, Retriever(library, minilm))
    assert found.captions == 3
    assert found.recall[1] == pytest.approx(200 / 3)
    assert found.recall[1] <= found.recall[3] <= found.recall[5] <= found.recall[10]
    assert found.median_rank == 1.0


def test_every_clip_is_ranked_once(library, minilm):
    order = ranked_clips(Retriever(library, minilm), "a man walks")
    assert sorted(order) == sorted({label.clip for label in library.labels})
    assert set(order[:2]) == {"walk", "stroll"}


def test_unknown_clips_are_named(library, minilm):
    found = captions([("dance", "dances"), ("nope", "x")], ["dance"], Retriever(library, minilm))
    assert (found.captions, found.unknown_clips) == (1, ("nope",))
    with pytest.raises(ClipActorError, match="none of the 1 captions"):
        captions([("nope", "x")], ["dance"], Retriever(library, minilm))


def test_a_caption_file_is_read(tmp_path):
    path = tmp_path / "captions.csv"
    path.write_text('\ufeffclip,caption\nwalk,"a man, walking"\nrun,\n', encoding="utf-8")
    assert read_captions(path) == [("walk", "a man, walking")]


def test_figures_are_one_flat_object(tmp_path):
    pairs, rows = tmp_path / "sick.tsv", tmp_path / "captions.csv"
    pairs.write_text(HEADER + "1\ta man walks\ta man is walking\t4.8\tNEUTRAL\n")
    rows.write_text("clip,caption\nwave,a man waves hello\n")
    result = CliRunner().invoke(
        app, ["eval", "retrieval", "--sick", str(pairs), "--captions", str(rows), "--json"]
    )
    figures = json.loads(result.stdout)
    assert figures["sick_4.8_minilm"] == 100.0
    assert figures["captions_r1"] == 100.0
    assert figures["captions_medr"] == 1.0
    assert all(isinstance(value, int | float) for value in figures.values())
    assert not any("clip" in name.removeprefix("captions") for name in figures)
