"""`clipactor scene`: the avatar in a picture of a place, from one sentence."""

import contextlib
import io
from dataclasses import dataclass
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
    ] = "",
    out: Annotated[
        Path,
        typer.Option(help="A picture, .png, or a film, .mp4, .webp, .gif; with --prompts a folder, made."),
    ] = Path("scene.png"),
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
    model: Annotated[
        Path | None,
        typer.Option(help="Folder of a diffusion model (diffusers' layout) that paints the setting instead."),
    ] = None,
    prompts: Annotated[
        Path | None, typer.Option(help="A prompt per line instead of TEXT; '-': standard input.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Prompts at a time, with --prompts.")] = 1,
    ending: Annotated[str, typer.Option(help="Kind of the files of --prompts: png, mp4, webp, gif.")] = "png",
    listed: Annotated[
        bool, typer.Option("--list", is_eager=True, callback=_list, help="Name places, hours and weather.")
    ] = False,
) -> None:
    """Draw the avatar in a setting that is painted from words: sky by hour and weather, ground, distance.

    No model is needed, and the light on the avatar is that of the setting; --model has one paint it.
    """
    order = SceneTask(setting, size, view, seed, seconds, tuple(beside or ()), min_confidence, model)
    if prompts is not None:
        from clipactor_node.cli.prompt_batch import tasks_of, work
        from clipactor_node.cli.render import PICTURES
        from clipactor_node.errors import ClipActorError, InvalidChoice

        if f".{ending}" not in PICTURES:
            raise InvalidChoice("--ending", ending, [one[1:] for one in PICTURES])
        if text:
            raise ClipActorError(f"TEXT {text!r} and --prompts were given; leave one of them out")
        work(tasks_of(prompts, out, f".{ending}"), order, jobs)
        return
    order.draw(text, out)


@dataclass(frozen=True)
class SceneTask:
    """How scenes are drawn: the options of the command. Called with a prompt and its file, in a batch."""

    setting: str
    size: str
    view: str
    seed: int
    seconds: float
    beside: tuple[str, ...]
    min_confidence: float
    model: Path | None = None

    def __call__(self, task: tuple[str, Path]) -> str:
        """Draw one scene without a word; what went wrong, "": nothing."""
        from clipactor_node.errors import ClipActorError

        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                self.draw(*task)
            except ClipActorError as error:
                return str(error)
        return ""

    def draw(self, text: str, out: Path) -> None:
        """Draw one scene.

        Raises:
            ClipActorError: no words, or what `clipactor render` refuses.
        """
        from clipactor_node.cli.render import render
        from clipactor_node.errors import ClipActorError
        from clipactor_node.render.scenery import setting_of, without_setting

        if not text.strip():
            raise ClipActorError(
                "no words were given; say who does what and where: 'a cook waves on a beach', or --prompts"
            )
        if self.model is not None:
            from clipactor_node.cli.render import size_of, view_of
            from clipactor_node.cli.scene_outpainting import outpaint

            size, azimuth = size_of(self.size), view_of(self.view)
            outpaint(text, out, self.model, size, azimuth, self.seed, self.min_confidence)
            return
        found = setting_of(self.setting or text, self.seed)
        if found is None:
            said = self.setting or text
            typer.secho(
                f"note: {said!r} names no place, hour or weather: a meadow by day; `clipactor scene --list`",
                fg=typer.colors.YELLOW,
                err=True,
            )
        render(
            without_setting(text),
            out,
            self.size,
            self.view,
            frames=1,
            seconds=self.seconds,
            environment=found.named if found else "meadow",
            environment_seed=self.seed,
            beside=list(self.beside) or None,
            min_confidence=self.min_confidence,
        )
