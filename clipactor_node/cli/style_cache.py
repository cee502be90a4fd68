"""`clipactor style list` and `clean`: what is in the cache, what is damaged, what takes room."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from clipactor_node.style import StyleCache, StyleCard

_BRIEF = ("key", "prompt", "preset", "seed", "model", "status", "score", "seconds", "created")


def list_styles(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List all styles, the user's own and the shipped ones; every file of them is checked."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from clipactor_node.style import open_cache

    cache = open_cache()
    cards, damaged = cache.checked()
    if as_json:
        rows = [{name: asdict(card)[name] for name in _BRIEF} for card in cards]
        typer.echo(json.dumps({"styles": rows, "refused": {str(k): v for k, v in damaged.items()}}))
        return
    table = Table("key", "prompt", "preset", "model", "status", "score", "where")
    table.columns[0].no_wrap = True
    for card in cards:
        where = _where(cache, cache.path(card.key))
        model = card.model.split("@")[0]
        prompt, score = escape(card.prompt), f"{card.score:.3f}"
        table.add_row(card.key, prompt, card.preset, escape(model), card.status, score, where)
    for folder in damaged:
        prompt, preset = _known_of(cache, folder.name)
        state = "[red]damaged[/red]"
        table.add_row(escape(folder.name), escape(prompt), preset, "", state, "", _where(cache, folder))
    Console().print(table)
    for folder, reason in damaged.items():
        typer.secho(f"refused: {folder}: {reason}", fg=typer.colors.YELLOW, err=True)


def _where(cache: "StyleCache", folder: Path) -> str:
    return "own" if folder.parent == cache.home else "shipped"


def _known_of(cache: "StyleCache", key: str) -> tuple[str, str]:
    """Prompt and preset of an entry whose card may be readable still."""
    from clipactor_node.errors import StyleError

    try:
        card: StyleCard = cache.card(key)
    except StyleError:
        return "", ""
    return card.prompt, card.preset


def clean(
    quota_mb: Annotated[
        float | None,
        typer.Option(min=0, help="From now on at most so much, MB; older styles go by themselves."),
    ] = None,
    to_mb: Annotated[
        float | None, typer.Option(min=0, help="Remove now until no more than this is left, MB.")
    ] = None,
    damaged: Annotated[bool, typer.Option("--damaged", help="Remove your damaged styles, too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what there is.")] = False,
) -> None:
    """Say how much room your own styles take, and remove those that were not used for longest.

    Shipped styles, styles that an avatar wears and styles that are being made stay. Damaged styles are
    removed only if you say so: what can be read of them is lost.
    """
    from clipactor_node.files import remove_folder
    from clipactor_node.style import make_room, open_cache, rooms, set_quota, unused_days
    from clipactor_node.style import quota_mb as quota_of

    cache = open_cache()
    if quota_mb is not None and not dry_run:
        set_quota(cache.home, quota_mb)
    if damaged and not dry_run:
        for folder, reason in cache.checked()[1].items():
            if folder.parent == cache.home:
                remove_folder(folder)
                typer.echo(f"removed {folder.name}: {reason}")
    limit = quota_of(cache.home)
    gone = [] if dry_run else make_room(cache.home, most_mb=min(limit, limit if to_mb is None else to_mb))
    for room in gone:
        size, days = room.size / 1e6, unused_days(room)
        typer.echo(f"removed {room.path.stem}: {size:.1f} MB, not used for {days:.1f} days")
    left = rooms(cache.home)
    worn = sum(room.worn for room in left)
    typer.echo(
        f"{cache.home}: {sum(room.size for room in left) / 1e6:.1f} MB of {limit:g} MB in {len(left)} styles"
        + (f", {worn} of them in use" if worn else "")
    )
