"""`clipactor demo` and `clipactor say`: for machines without `ros2 launch` and `ros2 topic pub`."""

from typing import Annotated

import typer

Text = Annotated[str, typer.Argument(help="What the avatar should do, in plain words.")]


def say(
    text: Text,
    namespace: Annotated[str, typer.Option(help="Namespace of the avatar.")] = "/clipactor",
    timeout_s: Annotated[float, typer.Option(help="How long to wait for an avatar to listen.")] = 5.0,
) -> None:
    """Publish one command to a running avatar and show what it makes of it."""
    from clipactor_node.cli.waiting import waiting
    from clipactor_node.ros.client import say as publish

    with waiting() as status:
        state = publish(
            text,
            namespace=namespace,
            timeout_s=timeout_s,
            waiting=lambda what: status.update(f"waiting for {what}"),
        )
    if state.last_error:
        typer.echo(state.last_error, err=True)
        raise typer.Exit(1)
    typer.echo(state.plan or state.activity)


def demo(
    prompt: Text = "a person walks forward",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the browser viewer.")] = 8080,
) -> None:
    """Start the avatar node and the browser viewer, perform PROMPT, run until Ctrl-C."""
    from clipactor_node.ros.client import run_demo

    raise typer.Exit(run_demo(prompt, port=port))
