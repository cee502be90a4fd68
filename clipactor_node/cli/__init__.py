"""The `clipactor` command. Sub-commands live one file per room and import lazily."""

import typer

app = typer.Typer(no_args_is_help=True, help="ClipActor: text in, a living avatar out.")


def main() -> None:
    app()
