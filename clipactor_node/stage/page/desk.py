"""What one open page knows: whom it talks to, and what is to be refreshed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nicegui import ui

from clipactor_node.stage.avatar_feed import AvatarFeed
from clipactor_node.stage.node_client import NodeAway, NodeClient
from clipactor_node.stage.page.canvas import StageCanvas
from clipactor_node.stage.page.scene import Scene

PATIENCE_S = 20.0


@dataclass(eq=False)
class Desk:
    """One per open page.

    Fields:
        chosen: name of the avatar that commands go to; "": the node's own.
        parts: called a few times a second, each refreshes its part of the page.
        on_say: called with every text that is sent.
    """

    scene: Scene
    canvas: StageCanvas
    chosen: str = ""
    parts: list[Callable[[], None]] = field(default_factory=list)
    on_say: list[Callable[[str], object]] = field(default_factory=list)

    @property
    def client(self) -> NodeClient | None:
        """Of the avatar node; None: not yet."""
        return self.scene.client

    @property
    def feed(self) -> AvatarFeed | None:
        """What is heard of the avatar that is chosen."""
        if self.client is None:
            return None
        avatars = self.client.avatars
        if self.chosen not in avatars:
            self.chosen = ""
        return avatars[self.chosen]

    def refresh(self) -> None:
        """Bring the page up to date."""
        for part in self.parts:
            part()

    def say(self, text: str) -> None:
        """Send a command to the avatar that is chosen; nothing but spaces is not sent."""
        if not text.strip():
            return
        if self.client is None:
            ui.notify("The page is getting ready; try again in a moment.", type="warning")
            return
        self.client.say(self.chosen, text)
        for told in self.on_say:
            told(text)

    def choose(self, name: str) -> None:
        """Talk to this avatar from now on, and look at it."""
        self.chosen = name
        if self.feed is not None:
            self.canvas.call("choose", self.feed.number)
        self.refresh()

    async def ask(self, service: str, request: Any, quiet: bool = False) -> Any:
        """The answer of a service; None when there is none, which is said unless `quiet`."""
        try:
            if self.client is None:
                raise NodeAway("the page is getting ready")
            promise = asyncio.wrap_future(self.client.ask(service, request))
            return await asyncio.wait_for(promise, PATIENCE_S)
        except NodeAway as error:
            why = str(error)
        except TimeoutError:
            why = f"the avatar node did not answer within {PATIENCE_S:g} s"
        if not quiet:
            ui.notify(why, type="warning")
        return None


def card(title: str) -> ui.column:
    """A titled section of the panel."""
    column = ui.column().classes("ca-card")
    with column:
        ui.label(title).classes("ca-title").props('role="heading" aria-level="2"')
    return column
