"""What stands on the page of `clipactor report`, section by section, as HTML."""

import base64
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from clipactor_node.cli.report_plots import bars, histogram
from clipactor_node.errors import ClipActorError

if TYPE_CHECKING:
    from clipactor_node.cli.render_performance import Performer
    from clipactor_node.motion import Library

EXAMPLES = (
    "a person waves hello",
    "Freddie Mercury is dancing",
    "walks forward while waving, then bows",
    "a firefighter jumps",
    "does a handstand",
)
"""Texts whose answers are shown; the last is one that no clip shows."""
_MOMENTS, _STRIP = 5, (900, 260)
_SECONDS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 40.0)


def environment() -> str:
    """What `clipactor doctor` finds."""
    from clipactor_node.cli.doctor import diagnose

    marks = {"ok": "yes", "missing": "no", "broken": "broken"}
    return table(("what", "there", "found"), ((f.topic, marks[f.state], f.detail) for f in diagnose()))


def models() -> str:
    """Every model and data file with its licence."""
    from clipactor_node.text import model_states

    rows = (
        (m.entry.name, m.entry.kind, m.state, m.entry.licence, f"{m.entry.size / 1e6:.1f}", m.entry.source)
        for m in model_states()
    )
    return table(("name", "kind", "state", "licence", "MB", "source"), rows)


def library(clips: "Library") -> str:
    """How many clips, how long, from where, about what."""
    infos = [clips.info(name) for name in clips.names]
    seconds = [info.duration_s for info in infos]
    per_clip = Counter(label.clip for label in clips.labels)
    verbs = Counter(word for label in clips.labels for word in _verbs(label.text))
    sources = Counter(info.source.split(";")[0].split(",")[0] or "unknown" for info in infos)
    size = sum(info.bytes for info in infos) / 1e6
    facts = (
        ("clips", len(infos)),
        ("labels", len(clips.labels)),
        ("minutes of motion", f"{sum(seconds) / 60:.1f}"),
        ("clips that repeat", sum(info.loop is not None for info in infos)),
        ("MB on disk", f"{size:.1f}"),
    )
    return "".join(
        (
            table(("", ""), facts),
            histogram(seconds, "Lengths of clips", _SECONDS, "seconds"),
            histogram([per_clip[i.name] for i in infos], "Labels of a clip", range(0, 24, 2), "labels"),
            bars(verbs.most_common(20), "What labels are about, most frequent words"),
            bars(sources.most_common(10), "Clips by source"),
        )
    )


def _verbs(label: str) -> Iterator[str]:
    from clipactor_node.language import parse

    try:
        steps = parse(label).plan
    except ClipActorError:
        return
    yield from (layer.verb for step in steps for layer in step if layer.verb)


def retrieval(performer: "Performer", texts: Sequence[str]) -> str:
    """Texts, the labels that answer them with their scores, and what is then seen."""
    return "".join(_example(performer, text) for text in texts)


def _example(performer: "Performer", text: str) -> str:
    from clipactor_node.cli.dressed_body import DressedBody

    rows = [
        (match.label, match.clip, f"{match.score:.3f}", f"{match.confidence:.0%}")
        for match in performer.retriever.search(text, 3).matches
    ]
    found = table(("label", "clip", "score", "confidence"), rows)
    try:
        worn = DressedBody.open("auto", text)
        played = performer.perform(worn.skinner, text, 30.0)
    except ClipActorError as error:
        seen = f"<p>Refused: {escape(str(error))}</p>"
    else:
        import numpy as np

        from clipactor_node.render import strip

        moments = np.linspace(played.entry, len(played.transforms) - 1, _MOMENTS).round().astype(int)
        picture = strip(
            worn.skinner,
            worn.colors,
            played.transforms[moments],
            width=_STRIP[0],
            height=_STRIP[1],
            displacement=worn.displacement,
            face=played.faces[moments],
        )
        seen = image(_webp(picture), text)
    return f"<h3>{escape(text)}</h3>{seen}{found}"


def styles() -> str:
    """The finished styles with their pictures."""
    from clipactor_node.style import open_cache

    cache = open_cache()
    tiles = []
    for card in cache.cards():
        preview = cache.path(card.key) / "preview.webp"
        seen = image(preview.read_bytes(), card.prompt) if preview.is_file() else ""
        about = f"{card.preset}, score {card.score:.3f}, {card.iterations} iterations"
        tiles.append(
            f"<figure>{seen}<figcaption>{escape(card.prompt)}<br>{escape(about)}</figcaption></figure>"
        )
    return f'<div class="tiles">{"".join(tiles)}</div>' if tiles else "<p>None.</p>"


def benchmarks(path: Path) -> str:
    """The figures of `clipactor bench ... --json`; what to type where there are none.

    Raises:
        ClipActorError: the file holds something else.
    """
    if not path.is_file():
        return "<p>None was kept: <code>clipactor bench all --json</code> measures and keeps them.</p>"
    try:
        kept = json.loads(path.read_text())
        figures = kept.get("figures", kept)
        rows = [(name, f"{float(value):.4g}") for name, value in figures.items()]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ClipActorError(
            f"{path} holds no figures of `clipactor bench all --json` ({error}); "
            "measure again, or leave out --bench"
        ) from None
    when = f"<p>{escape(str(kept['date']))}, {escape(str(kept['machine']))}</p>" if "date" in kept else ""
    return when + table(("figure", "value"), rows)


def table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """Texts are escaped."""
    titles = "".join(f"<th>{escape(str(name))}</th>" for name in head)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(str(c))}</td>' for c in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table></div>'


def image(webp: bytes, alt: str) -> str:
    """A picture within the page."""
    data = base64.b64encode(webp).decode()
    return f'<img src="data:image/webp;base64,{data}" alt="{escape(alt, quote=True)}">'


def _webp(picture: object) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, "webp", quality=82)  # type: ignore[arg-type]
    return file.getvalue()
