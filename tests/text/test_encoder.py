"""The MiniLM encoder as it plays: ONNX Runtime alone, one thread."""

import logging
import subprocess
import sys

import numpy as np
import pytest

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.text import load_encoder


@pytest.fixture(scope="module")
def minilm():
    return load_encoder("minilm", "fp32")


def test_sentences_become_unit_vectors(minilm):
    vectors = minilm.encode(["a person walks", "somebody is strolling", "the stock market fell"])
    assert vectors.shape == (3, minilm.dimension) == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_meaning_is_nearness(minilm):
    walk, stroll, market = minilm.encode(["a person walks", "somebody is strolling", "the stock market fell"])
    assert walk @ stroll > walk @ market + 0.3


def test_no_sentences_no_vectors(minilm):
    assert minilm.encode([]).shape == (0, 384)


def test_a_vector_does_not_depend_on_its_neighbours_in_the_batch(minilm):
    texts = [
        "wave",
        "a very long sentence about a person who walks and talks and jumps " * 3,
        "a",
        "",
        "nod",
    ] * 20
    together = minilm.encode(texts)
    alone = np.concatenate([minilm.encode([text]) for text in texts[:5]])
    np.testing.assert_allclose(together[:5], alone, atol=2e-6)
    np.testing.assert_array_equal(together[:5], together[5:10])


def test_int8_agrees_with_fp32(minilm):
    texts = ["a person walks", "waves hello", "sits down on a chair"]
    cosines = (minilm.encode(texts) * load_encoder("minilm", "int8").encode(texts)).sum(axis=1)
    assert cosines.min() > 0.995


def test_what_computes_is_said(minilm):
    assert minilm.provider in ("CPUExecutionProvider", "CUDAExecutionProvider")
    assert "minilm" in minilm.id


def test_precisions_have_different_ids(minilm):
    assert load_encoder("minilm", "int8").id != minilm.id


def test_a_text_beyond_the_encoders_length_is_cut_with_a_warning(minilm, caplog):
    with caplog.at_level(logging.WARNING):
        vectors = minilm.encode(["walk " * 1000])
    assert "256 tokens" in caplog.text
    np.testing.assert_allclose(vectors, minilm.encode(["walk " * 900]), atol=1e-5)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x07", "🎉", "\ud800 lone surrogate", "x" * 10_000, "смешанный text 文字"]
)
def test_any_text_gets_a_unit_vector(minilm, text):
    assert np.linalg.norm(minilm.encode([text])) == pytest.approx(1.0, abs=1e-5)


def test_an_unknown_precision_lists_the_choices():
    with pytest.raises(InvalidChoice, match="fp32, int8, fp16"):
        load_encoder("minilm", "int4")


def test_an_encoder_that_is_not_prepared_says_what_to_type(home):
    with pytest.raises(ModelError, match="clipactor models fetch minilm"):
        load_encoder("minilm", "fp32")
    with pytest.raises(ModelError, match="clipactor models fetch mpnet"):
        load_encoder("mpnet")


def test_where_the_gpu_does_not_start_the_cpu_answers_and_it_is_said(monkeypatch, caplog):
    from clipactor_node.text import encoder

    both = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    if set(both) <= set(encoder.onnxruntime.get_available_providers()):
        pytest.skip("this ONNX Runtime has CUDA")
    monkeypatch.setattr(encoder, "_providers", lambda: both)
    loaded = load_encoder("minilm")
    assert (loaded.provider, loaded.precision) == ("CPUExecutionProvider", "int8")
    assert "CUDAExecutionProvider did not start" in caplog.text


def test_neither_torch_nor_transformers_is_imported():
    code = (
        "import sys\n"
        "from clipactor_node.text import load_encoder\n"
        "load_encoder('minilm').encode(['a person walks'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'open_clip', 'onnx'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_empty_home_has_an_encoder_that_needs_no_preparation(home):
    encoder = load_encoder()
    assert encoder.precision == "int8"
    walk, stroll, market = encoder.encode(
        ["a person walks", "somebody is strolling", "the stock market fell"]
    )
    assert walk @ stroll > walk @ market + 0.2
    assert not home.exists()
