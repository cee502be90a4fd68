"""`clipactor mcp`: a language model drives the avatar."""

from typing import Annotated

import typer


def mcp(
    namespace: Annotated[str, typer.Option(help="Namespace of the avatar.")] = "/clipactor",
    http: Annotated[
        bool, typer.Option("--http", help="Serve HTTP on this machine alone, at /mcp; else stdin and stdout.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="For --http.")] = 8765,
) -> None:
    """Serve the avatar's tools over the Model Context Protocol, to an avatar that runs."""
    from clipactor_node.errors import needing

    with needing("mcp", "clipactor mcp"):
        import mcp.server  # noqa: F401
    from clipactor_node.ros.mcp import serve

    if http:
        typer.echo(f"serving {namespace} on http://127.0.0.1:{port}/mcp until Ctrl-C", err=True)
    serve(namespace, port if http else None)
