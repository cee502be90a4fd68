"""Plots as SVG, for a page that fetches nothing; colors follow the page's own."""

from collections.abc import Sequence
from html import escape

_WIDTH, _ROW, _LABEL = 640, 22, 190
_HEIGHT, _LEFT, _BOTTOM = 200, 40, 34


def bars(rows: Sequence[tuple[str, float]], title: str, unit: str = "") -> str:
    """A horizontal bar per (name, value), as long as its value; values are written behind."""
    most = max((value for _, value in rows), default=0.0) or 1.0
    room = _WIDTH - _LABEL - 90
    parts = []
    for index, (name, value) in enumerate(rows):
        y, length = index * _ROW, room * value / most
        parts.append(
            f'<text class="name" x="{_LABEL - 8}" y="{y + 15}">{escape(_short(name))}</text>'
            f'<rect x="{_LABEL}" y="{y + 4}" width="{length:.1f}" height="{_ROW - 8}" rx="2"/>'
            f'<text x="{_LABEL + length + 6:.1f}" y="{y + 15}">{_number(value)}{escape(unit)}</text>'
        )
    return _svg(_WIDTH, max(len(rows), 1) * _ROW, title, "".join(parts))


def histogram(values: Sequence[float], title: str, edges: Sequence[float], unit: str = "") -> str:
    """How many values lie in each [edge, next edge); the last column takes what is beyond.

    Args:
        edges: rising, the first one not above any value.
    """
    counts = [
        sum(low <= value < high for value in values)
        for low, high in zip(edges, [*edges[1:], float("inf")], strict=True)
    ]
    most, wide = max(counts, default=0) or 1, (_WIDTH - _LEFT) / len(edges)
    floor = _HEIGHT - _BOTTOM
    parts = [f'<line x1="{_LEFT}" y1="{floor}" x2="{_WIDTH}" y2="{floor}"/>']
    for index, (edge, count) in enumerate(zip(edges, counts, strict=True)):
        x, height = _LEFT + index * wide, (floor - 20) * count / most
        parts.append(
            f'<rect x="{x + 2:.1f}" y="{floor - height:.1f}" width="{wide - 4:.1f}" height="{height:.1f}"/>'
            f'<text class="middle" x="{x + wide / 2:.1f}" y="{floor - height - 5:.1f}">{count or ""}</text>'
            f'<text class="middle" x="{x:.1f}" y="{floor + 16}">{_number(edge)}</text>'
        )
    parts.append(f'<text class="middle" x="{_WIDTH / 2}" y="{_HEIGHT - 2}">{escape(unit)}</text>')
    return _svg(_WIDTH, _HEIGHT, title, "".join(parts))


def _svg(width: float, height: float, title: str, content: str) -> str:
    label = escape(title, quote=True)
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{label}">{content}</svg></figure>'
    )


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.3g}"
