"""Labels in groups of one meaning, and the nearest groups."""

import logging
import sys

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.motion import ClipLabel
from clipactor_node.retrieval.ann import ApproximateIndex
from clipactor_node.retrieval.index import LabelIndex
from clipactor_node.retrieval.vectors import query_vectors


def labels(*texts: str) -> list[ClipLabel]:
    return [ClipLabel(f"clip{i}", text, 0.0, 1.0) for i, text in enumerate(texts)]


def test_paraphrases_are_one_group_with_all_their_clips(minilm):
    index = LabelIndex(labels("walk", "walking", "run", "A person walks.", "walk"), minilm)
    assert [[label.clip for label in group] for group in index.groups] == [
        ["clip0", "clip1", "clip3", "clip4"],
        ["clip2"],
    ]
    assert index.texts == ["walk", "walking", "run", "A person walks."]


def test_a_group_is_as_near_as_its_nearest_wording(minilm):
    index = LabelIndex(labels("walk", "a person is walking", "sit"), minilm)
    (group, wording, cosine), *_ = index.nearest(query_vectors(minilm, ["somebody is walking"])[0], 2)
    assert (group, wording) == (0, "a person is walking")
    assert cosine > 0.9


def test_every_group_is_ranked_once(minilm):
    index = LabelIndex(labels("walk", "walks", "walking", "run", "sit", "bow"), minilm)
    nearest = index.nearest(query_vectors(minilm, ["walk"])[0], 100)
    assert [group for group, _, _ in nearest][0] == 0
    assert sorted(group for group, _, _ in nearest) == [0, 1, 2, 3]
    cosines = [cosine for _, _, cosine in nearest]
    assert cosines == sorted(cosines, reverse=True)


def test_blank_and_duplicate_labels_do_no_harm(minilm):
    index = LabelIndex(labels("", "  ", "walk", "walk", "\t", "123", "🎉"), minilm)
    assert len(index.groups[0]) == 2
    assert index.texts == ["walk", "123", "🎉"]


@pytest.mark.parametrize("texts", [(), ("", " ")])
def test_without_labels_there_is_nothing_to_find(minilm, texts):
    with pytest.raises(LibraryError, match="no labels"):
        LabelIndex(labels(*texts), minilm)


def clustered(count: int, dimension: int = 32) -> np.ndarray:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(40, dimension))
    vectors = centres[rng.integers(0, 40, count)] + 0.6 * rng.normal(size=(count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def recall_at_10(index: ApproximateIndex, vectors: np.ndarray, queries: np.ndarray) -> float:
    found = []
    for query in queries:
        exact = set(np.argsort(-(vectors @ query))[:10].tolist())
        found.append(len(exact & set(index.search(query, 10)[0].tolist())) / 10)
    return float(np.mean(found))


def test_the_approximate_search_finds_what_the_exact_one_finds():
    vectors = clustered(20_000)
    queries = clustered(20_200)[20_000:]
    assert recall_at_10(ApproximateIndex(vectors), vectors, queries) >= 0.99


def test_the_approximate_search_is_kept_and_opened_again(tmp_path):
    vectors = clustered(5_000)
    path = tmp_path / "labels.faiss"
    built = ApproximateIndex(vectors, path)
    stamp = path.stat().st_mtime_ns
    opened = ApproximateIndex(vectors, path)
    assert path.stat().st_mtime_ns == stamp
    np.testing.assert_array_equal(opened.search(vectors[7], 5)[0], built.search(vectors[7], 5)[0])
    assert opened.search(vectors[7], 5)[0][0] == 7


@pytest.mark.parametrize("content", [b"", b"not an index", None])
def test_a_damaged_approximate_index_is_said_and_built_again(tmp_path, caplog, content):
    vectors = clustered(3_000)
    path = tmp_path / "labels.faiss"
    ApproximateIndex(vectors[:2_000], path)
    if content is not None:
        path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert ApproximateIndex(vectors, path).search(vectors[2_500], 1)[0][0] == 2_500
    assert "built again" in caplog.text


def test_beyond_the_limit_the_same_groups_are_found(minilm):
    verbs = ["walk", "run", "jump", "kick", "wave", "bow", "spin", "crawl", "climb", "throw"]
    ways = ["slowly", "to the left", "on one leg", "twice", "with both arms", "backwards", "happily", "again"]
    some = labels(*(f"{verb} {way} {n}" for verb in verbs for way in ways for n in ("", "here", "at night")))
    exact, fast = LabelIndex(some, minilm), LabelIndex(some, minilm, exact_limit=100)
    query = query_vectors(minilm, ["a man jumps on the left foot"])[0]
    assert [g for g, _, _ in fast.nearest(query, 5)] == [g for g, _, _ in exact.nearest(query, 5)]


def test_without_faiss_every_label_is_compared_and_it_is_said(minilm, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "faiss", None)
    index = LabelIndex(labels("walk", "run", "sit", "bow"), minilm, exact_limit=2)
    assert index.nearest(query_vectors(minilm, ["she bows"])[0], 1)[0][1] == "bow"
    assert "pip install faiss-cpu" in caplog.text
