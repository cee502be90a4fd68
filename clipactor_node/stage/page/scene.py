"""What all pages show alike."""

from dataclasses import dataclass

from clipactor_node.stage.node_client import NodeClient


@dataclass(eq=False)
class Scene:
    """Filled in by the viewer's node while pages are open already.

    Fields:
        client: of the avatar node; None: it is being made.
        preparing: what is being prepared, in words; "": nothing.
        body_sha256: of the body that is shown.
    """

    client: NodeClient | None = None
    preparing: str = "The page is getting ready."
    body_sha256: str = ""
