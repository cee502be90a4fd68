"""`clipactor bench retrieval`: what it measures is what it says (its figures are no test)."""

import json

import pytest

from clipactor_node.bench.retrieval import _draw, _Labels, measure_size


def test_the_labels_it_searches_are_all_different():
    texts = [label.text for label in _Labels(10_000).labels]
    assert len(set(texts)) == 10_000


def test_a_size_is_measured_in_milliseconds_and_megabytes(capsys):
    measure_size(2_000)
    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == {"search_ms", "memory_mb"}
    assert figures["search_ms"] > 0


def test_growth_is_drawn(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib draws the plot")
    figures = {f"retrieval_{n}_{key}": n / 1e3 for n in (1_000, 10_000) for key in ("search_ms", "memory_mb")}
    _draw(figures, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes().startswith(b"\x89PNG")
