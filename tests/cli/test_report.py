"""`clipactor report`: one page that needs nothing else, and says what is here."""

import json
import re
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.cli.bench import kept_figures
from clipactor_node.cli.report_plots import bars, histogram
from clipactor_node.cli.report_sections import benchmarks, table
from clipactor_node.errors import ClipActorError


class Page(HTMLParser):
    """Elements, what they point to, and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses, self.ids, self.elements, self.texts = [], set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes) -> None:
        self.elements.append(tag)
        found = dict(attributes)
        self.ids.add(found.get("id"))
        self.addresses += [found[name] for name in ("src", "href") if name in found]

    def handle_data(self, data) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "report.html"
    words = ["report", "--out", str(out), "--prompt", "a person <b>waves</b>", "--prompt", "does a handstand"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return out.read_text()


def test_the_page_needs_nothing_else(page):
    read = Page(page)
    assert read.addresses
    for address in read.addresses:
        assert address.startswith(("#", "data:image/webp;base64,")), address
    assert {address[1:] for address in read.addresses if address[0] == "#"} <= read.ids
    assert "script" not in read.elements and "link" not in read.elements


def test_it_says_what_is_here(page):
    read = Page(page)
    assert {"environment", "models", "library", "retrieval", "styles", "benchmarks"} <= read.ids
    assert {"246", "open-body", "a firefighter", "numba"} <= set(read.texts)
    assert read.elements.count("svg") == 4
    assert read.elements.count("img") >= 13  # twelve styles and what was asked for


def test_texts_are_texts_and_refusals_are_said(page):
    assert "<b>waves" not in page and "&lt;b&gt;waves" in page
    assert re.search(r"Refused: .*handstand.*nearest", page)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "report.pdf"], "report.html"),
        (["--out", "nowhere/report.html"], "nowhere"),
        (["--out", "report.html", "--bench", "none.json"], "none.json"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_done(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["report", *words])
    assert isinstance(done.exception, ClipActorError) and said in str(done.exception)
    assert not list(tmp_path.iterdir())


def test_figures_come_from_the_file_of_bench(tmp_path):
    path = tmp_path / "bench.json"
    assert "bench all --json" in benchmarks(path)
    path.write_text(
        json.dumps({"date": "2026-11-30", "machine": "two <cores>", "figures": {"body.ms": 0.25}})
    )
    assert "2026-11-30, two &lt;cores&gt;" in benchmarks(path) and "<td>0.25</td>" in benchmarks(path)
    path.write_text('{"body.ms": 0.5}')  # of one benchmark
    assert "<td>0.5</td>" in benchmarks(path)
    for text in ("no json", "[1]", '{"body.ms": "fast"}'):
        path.write_text(text)
        with pytest.raises(ClipActorError, match=r"bench\.json .* measure again"):
            benchmarks(path)
    assert kept_figures().name == "bench.json"


def test_bars_are_as_long_as_their_values_and_histograms_lose_nothing():
    drawn = bars([("a", 10.0), ("b<", 5.0)], "title")
    lengths = [float(width) for width in re.findall(r'width="([\d.]+)"', drawn)]
    assert lengths[0] == pytest.approx(2 * lengths[1])
    assert "b&lt;" in drawn
    counted = histogram([0.5, 1.5, 1.6, 99.0], "title", (0.0, 1.0, 2.0))
    assert re.findall(r">(\d+)</text>", counted)[::2] == ["1", "2", "1"]
    assert "<td>&lt;x&gt;</td>" in table(("name",), [("<x>",)])
    assert "svg" in bars([], "none")
