"""The `clipactor` command. One file per sub-command; each imports what it needs when it runs."""

import sys

import typer

from clipactor_node import __version__
from clipactor_node.bench import EVALUATIONS, evaluation
from clipactor_node.cli import (
    bag,
    bench,
    body,
    demo,
    doctor,
    export,
    find,
    generate,
    jobs,
    library,
    mcp,
    models,
    motion_model,
    pose,
    pose_model,
    recover,
    render,
    report,
    robot,
    scene,
    style,
    wardrobe,
    warm,
)
from clipactor_node.errors import ClipActorError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="ClipActor: text in, a living avatar out.",
)
app.command("say")(demo.say)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("find")(find.find)
app.command("generate")(generate.generate)
app.command("pose")(pose.pose)
app.command("render")(render.render)
app.command("scene")(scene.scene)
app.command("recover")(recover.recover)
app.command("export")(export.export)
app.command("mcp")(mcp.mcp)
app.command("report")(report.report)
app.command("robot")(robot.robot)
app.command("warm")(warm.warm)
app.add_typer(bag.app, name="bag")
app.add_typer(bench.app, name="bench")
app.add_typer(body.app, name="body")
app.add_typer(jobs.app, name="jobs")
app.add_typer(library.app, name="library")
app.add_typer(models.app, name="models")
app.add_typer(motion_model.app, name="motion-model")
app.add_typer(pose_model.app, name="pose-model")
app.add_typer(style.app, name="style")
app.add_typer(wardrobe.app, name="wardrobe")
evaluations = typer.Typer(no_args_is_help=True, help="How good it is: figures on fixed tasks.")
for _name in EVALUATIONS:
    evaluations.command(_name)(evaluation(_name))
app.add_typer(evaluations, name="eval")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print it."
    ),
) -> None:
    pass


def main() -> None:
    """Run the command; what a user can repair is one line on stderr and exit code 1, no traceback."""
    try:
        app()
    except ClipActorError as error:
        typer.secho(f"clipactor: {error}", fg=typer.colors.RED, err=True)
        sys.exit(1)
