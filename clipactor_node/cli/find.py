"""`clipactor find`: which clips answer a text."""

import json
from typing import Annotated

import typer


def find(
    text: Annotated[str, typer.Argument(help="What the avatar should do, in plain words.")],
    top: Annotated[int, typer.Option(min=1, help="How many labels to show.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the labels of the library that fit TEXT, best first."""
    from clipactor_node.motion import open_library
    from clipactor_node.prompts import parse
    from clipactor_node.retrieval import Retriever
    from clipactor_node.text import load_encoder

    parse(text)
    matches = Retriever(open_library(), load_encoder()).find(text, top)
    if as_json:
        results = [
            {
                "label": m.label,
                "clip": m.clip,
                "score": round(m.score, 4),
                "start_s": round(m.start_s, 3),
                "end_s": round(m.end_s, 3),
            }
            for m in matches
        ]
        typer.echo(json.dumps({"query": text, "results": results}, ensure_ascii=False))
        return
    for m in matches:
        typer.echo(f"{m.score:6.3f}  {m.label}  ({m.clip})")
