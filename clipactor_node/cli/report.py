"""`clipactor report`: one page about this installation, in one file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --ink: #2e5c94; }
@media (prefers-color-scheme: dark) { :root { --ink: #7fb0ea; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
nav a { margin-right: 1rem; } h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; }
td, th { text-align: left; padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--line); }
td { vertical-align: top; }
img { max-width: 100%; border-radius: 6px; } figure { margin: 1.2rem 0; } figcaption { font-weight: 600; }
svg { max-width: 100%; font-size: 12px; } svg text { fill: currentColor; } svg .name { text-anchor: end; }
svg .middle { text-anchor: middle; } svg rect { fill: var(--ink); } svg line { stroke: var(--line); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1rem; }
.tiles figcaption { font-weight: 400; font-size: 13px; }
"""


def report(
    out: Annotated[Path, typer.Option(help="The page to write, x.html. Its folder exists.")],
    prompt: Annotated[
        list[str] | None,
        typer.Option(help="A text whose answer is shown, instead of the five that are chosen; repeatable."),
    ] = None,
    bench: Annotated[
        Path | None,
        typer.Option(help="Figures of `clipactor bench ... --json`.  (default: those kept last)"),
    ] = None,
) -> None:
    """Write one self-contained page: environment, models, library, retrieval, styles, benchmarks."""
    from clipactor_node.cli import report_sections as sections
    from clipactor_node.cli.bench import kept_figures
    from clipactor_node.cli.render_performance import Performer
    from clipactor_node.cli.waiting import waiting
    from clipactor_node.errors import ClipActorError
    from clipactor_node.files import write_whole

    if out.suffix.lower() not in (".html", ".htm"):
        raise ClipActorError(f"{out} given; expected a page, like {out.with_suffix('.html')}")
    if not out.resolve().parent.is_dir():
        raise ClipActorError(f"the folder {out.parent} does not exist; make it, or choose another place")
    if bench is not None and not bench.is_file():
        raise ClipActorError(f"{bench} does not exist; expected a file of `clipactor bench ... --json`")
    performer = Performer.open()
    made: Mapping[str, Callable[[], str]] = {
        "Environment": sections.environment,
        "Models": sections.models,
        "Library": lambda: sections.library(performer.library),
        "Retrieval": lambda: sections.retrieval(performer, prompt or sections.EXAMPLES),
        "Styles": sections.styles,
        "Benchmarks": lambda: sections.benchmarks(bench or kept_figures()),
    }
    parts = {}
    with waiting() as told:
        for title, section in made.items():
            told.update(f"writing: {title.lower()}")
            parts[title] = section()
    write_whole(out, _page(parts).encode())
    typer.echo(str(out))


def _page(parts: Mapping[str, str]) -> str:
    import platform
    from datetime import datetime

    from clipactor_node import __version__

    about = f"{datetime.now():%Y-%m-%d %H:%M}, {platform.platform()}, Python {platform.python_version()}"
    links = "".join(f'<a href="#{title.lower()}">{title}</a>' for title in parts)
    content = "".join(
        f'<section id="{title.lower()}"><h2>{title}</h2>{html}</section>' for title, html in parts.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>ClipActor: report</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>ClipActor {__version__}</h1><p>{about}</p>"
        f"<nav>{links}</nav>{content}</body></html>"
    )
