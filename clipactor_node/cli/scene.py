"""`clipactor scene`: the avatar in a picture of a place, from one sentence."""

from pathlib import Path
from typing import Annotated

import typer


def _list(wanted: bool) -> None:
    if wanted:
        from clipactor_node.render.scenery import HOUR_WORDS, PLACES, WEATHERS

        typer.echo(f"places: {', '.join(PLACES)}")
        typer.echo(f"hours: {', '.join(HOUR_WORDS)}")
        typer.echo(f"weather: {', '.join(WEATHERS)}")
        raise typer.Exit


def scene(
    text: Annotated[
        str, typer.Argument(help='Who does what, where and when: "a cook waves on a beach at night".')
    ],
    out: Annotated[
        Path, typer.Option(help="The picture, .png; or a film, .mp4, .webp, .gif. Its folder exists.")
    ],
    setting: Annotated[str, typer.Option(help="Where and when, instead of what TEXT says.")] = "",
    size: Annotated[str, typer.Option(help="Width x height.")] = "1280x720",
    view: Annotated[str, typer.Option(help="front, three-quarter, left, back, right.")] = "three-quarter",
    seed: Annotated[int, typer.Option(min=0, help="Another has other clouds, hills and houses.")] = 0,
    seconds: Annotated[float, typer.Option(min=0.1, max=600, help="Longest film.")] = 6.0,
    beside: Annotated[
        list[str] | None,
        typer.Option("--with", help="Somebody else beside, in words of their own; repeatable."),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Texts that are less sure than this are refused.")
    ] = 0.3,
    listed: Annotated[
        bool, typer.Option("--list", is_eager=True, callback=_list, help="Name places, hours and weather.")
    ] = False,
) -> None:
    """Draw the avatar in a setting that is painted from words: sky by hour and weather, ground, distance.

    No model is needed. The light on the avatar is that of the setting.
    """
    from clipactor_node.cli.render import render
    from clipactor_node.render.scenery import setting_of, without_setting

    found = setting_of(setting or text, seed)
    if found is None:
        said = setting or text
        typer.secho(
            f"note: {said!r} names no place, hour or weather: a meadow by day; `clipactor scene --list`",
            fg=typer.colors.YELLOW,
            err=True,
        )
    render(
        without_setting(text),
        out,
        size,
        view,
        frames=1,
        seconds=seconds,
        environment=found.named if found else "meadow",
        environment_seed=seed,
        beside=beside,
        min_confidence=min_confidence,
    )
