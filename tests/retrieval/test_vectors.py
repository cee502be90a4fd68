"""Label vectors: encoded once, kept, memory-mapped, completed, rebuilt when damaged."""

import logging

import numpy as np
import pytest

from clipactor_node.retrieval.vectors import KEPT_FILES, VectorFile, label_vectors, query_vectors

TEXTS = ["walk", "run", "a person waves", "sit down"]


class Counting:
    """An encoder of hashed letters that counts what it is asked."""

    provider = "counting"

    def __init__(self, name: str = "counting", dimension: int = 8) -> None:
        self.id, self.dimension, self.encoded = name, dimension, []

    def encode(self, texts):
        self.encoded += texts
        rows = [np.random.default_rng(list(text.encode())).normal(size=self.dimension) for text in texts]
        rows = np.array(rows, np.float32).reshape(-1, self.dimension)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_vectors_are_unit_length_in_the_order_of_the_texts():
    encoder = Counting()
    vectors = VectorFile(encoder, TEXTS).load()
    np.testing.assert_allclose(vectors, label_vectors(encoder, TEXTS), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)


def test_known_texts_are_not_encoded_again_and_are_memory_mapped():
    VectorFile(Counting(), TEXTS).load()
    later = Counting()
    vectors = VectorFile(later, TEXTS).load()
    assert later.encoded == []
    assert isinstance(vectors, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        vectors[0] = 0


def test_only_added_texts_are_encoded():
    old = VectorFile(Counting(), TEXTS).load().copy()
    later = Counting()
    vectors = VectorFile(later, ["new label", *reversed(TEXTS)]).load()
    assert set(later.encoded) == {"new label", "a person new label"}
    np.testing.assert_array_equal(vectors[:0:-1], old)


def test_what_older_rules_of_language_made_is_not_used(monkeypatch):
    VectorFile(Counting(), TEXTS).load()
    monkeypatch.setattr("clipactor_node.retrieval.vectors.rules_digest", lambda: b"other rules")
    later = Counting()
    VectorFile(later, TEXTS).load()
    assert set(TEXTS) <= set(later.encoded)


def test_another_encoder_has_vectors_of_its_own():
    one = VectorFile(Counting("one"), TEXTS).load()
    other = VectorFile(Counting("one", dimension=5), TEXTS).load()
    assert one.shape == (4, 8)
    assert other.shape == (4, 5)


@pytest.mark.parametrize("suffix", [".npy", ".keys"])
@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b[:-1] + bytes([b[-1] ^ 1])]
)
def test_a_damaged_file_is_said_and_built_again(suffix, damage, caplog):
    file = VectorFile(Counting(), TEXTS)
    whole = file.load().copy()
    path = file.path.with_suffix(suffix)
    path.write_bytes(damage(path.read_bytes()))
    later = Counting()
    with caplog.at_level(logging.WARNING):
        np.testing.assert_array_equal(VectorFile(later, TEXTS).load(), whole)
    assert "damaged" in caplog.text
    assert later.encoded


def test_a_file_of_another_dimension_is_said_and_built_again(caplog):
    file = VectorFile(Counting(), TEXTS)
    file.load()
    np.save(file.path, np.zeros((4, 3), np.float32))
    with caplog.at_level(logging.WARNING):
        assert VectorFile(Counting(), TEXTS).load().shape == (4, 8)
    assert "does not fit" in caplog.text


def test_where_nothing_can_be_written_the_vectors_stay_in_memory(cache, caplog):
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder should be")
    assert VectorFile(Counting(), TEXTS).load().shape == (4, 8)
    assert "cannot be kept" in caplog.text


def test_old_lists_are_forgotten():
    for n in range(KEPT_FILES + 3):
        file = VectorFile(Counting(), [*TEXTS, f"label {n}"])
        file.load()
    assert len(list(file.path.parent.glob("*.npy"))) == KEPT_FILES


def test_progress_is_told():
    told = []
    VectorFile(Counting(), TEXTS).load(lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)


def test_queries_of_the_same_action_meet_whoever_acts(minilm):
    freddie, plain = query_vectors(minilm, ["Freddie Mercury in a white vest is dancing", "a person dancing"])
    assert freddie @ plain > 0.999


def test_no_texts_no_vectors():
    assert label_vectors(Counting(), []).shape == (0, 8)
