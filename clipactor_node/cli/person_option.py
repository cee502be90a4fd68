"""The option that `render` and `export` share: which of the people whom the words describe."""

from typing import Annotated

import typer

Person = Annotated[
    int,
    typer.Option(
        min=0, help="Which of the people whom the words describe: others have other builds and faces."
    ),
]
