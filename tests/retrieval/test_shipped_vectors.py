"""The vectors that ship belong to the shipped encoder, labels and rules; the first start encodes nothing."""

import logging
from dataclasses import asdict

import numpy as np
import pytest

from clipactor_node.motion import open_library
from clipactor_node.retrieval import open_retriever, shipped
from clipactor_node.retrieval.calibration import calibration_key, fitted
from clipactor_node.retrieval.shipping import shipped_texts
from clipactor_node.retrieval.vectors import VectorFile, label_vectors
from clipactor_node.text import load_encoder

REBUILD = "rebuild with: clipactor library build --labels"


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("minilm", "int8")


def test_they_are_of_the_shipped_encoder_labels_and_actions(encoder):
    found = shipped.shipped_vectors(encoder.id)
    assert found is not None, REBUILD
    texts = shipped_texts(open_library())
    np.testing.assert_array_equal(found[0], shipped.text_keys(texts), err_msg=REBUILD)
    some = slice(None, None, 17)  # all of them take 20 seconds
    again = label_vectors(encoder, texts[some])
    assert ((found[1][some] * again).sum(axis=1) > 0.9999).all(), REBUILD


def test_the_curve_is_the_one_that_would_be_fitted(encoder):
    curve = shipped.shipped_calibration(calibration_key(encoder))
    assert curve == pytest.approx(asdict(fitted(encoder)), rel=1e-3), REBUILD


def test_the_first_start_encodes_nothing(monkeypatch):
    encoded = []
    monkeypatch.setattr("clipactor_node.text.encoder.OnnxEncoder._run", lambda _, ids: encoded.append(ids))
    open_retriever(open_library())
    assert encoded == []


def test_what_is_not_among_them_is_encoded(encoder):
    texts = ["walk", "a text that no clip has"]
    np.testing.assert_allclose(VectorFile(encoder, texts).load(), label_vectors(encoder, texts), atol=2e-3)


def test_a_damaged_file_is_said_and_not_used(encoder, tmp_path, monkeypatch, caplog):
    path = tmp_path / "vectors.safetensors"
    path.write_bytes(b"no vectors")
    monkeypatch.setattr(shipped, "shipped_file", lambda: path)
    with caplog.at_level(logging.WARNING):
        vectors = VectorFile(encoder, ["walk"]).load()
    assert "cannot be read" in caplog.text
    np.testing.assert_allclose(vectors, label_vectors(encoder, ["walk"]), atol=1e-6)


def test_written_again_they_are_the_same_bytes(encoder, tmp_path):
    vectors = label_vectors(encoder, ["walk"])
    for name in ("one", "two"):
        shipped.write_shipped(tmp_path / name, encoder.id, ["walk"], vectors, {"key": {"slope": 1.0}})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
