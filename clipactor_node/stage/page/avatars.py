"""Everybody on the stage: choose whom to talk to, put one more there, take one off."""

import math

import numpy as np
from clipactor_interfaces.srv import CreateAvatar, RemoveAvatar
from nicegui import ui
from nicegui.events import GenericEventArguments

from clipactor_node.geometry import floor_to_ros
from clipactor_node.stage.page.desk import Desk, card
from clipactor_node.stage.page.now import short

_OWN = "The first one"
_APART_M = 1.2
_FARTHEST_M = 1000.0


class Avatars:
    """A list, and a form for one more."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown: object = None
        self._rows = ui.column().classes("ca-rows")
        with card("One more"):
            self._name = ui.input(placeholder="a name, such as alice").props(
                'dense outlined rounded aria-label="Name of the new avatar"'
            )
            self._does = ui.input(placeholder="what it does: a person dances").props(
                'dense outlined rounded aria-label="What the new avatar does"'
            )
            ui.button("Put on stage", icon="person_add", on_click=self._create).props(
                "rounded unelevated no-caps"
            )
        self._move = ui.switch("Place by dragging").props('aria-label="Place avatars by dragging them"')
        self._move.on_value_change(lambda event: desk.canvas.call("place", bool(event.value)))
        desk.canvas.on("placed", self._place)
        desk.canvas.on("chosen", lambda event: desk.choose(str(event.args)))
        desk.parts.append(self._refresh)

    def _refresh(self) -> None:
        client = self._desk.client
        if client is None:
            return
        doing = tuple(
            (name, feed.state.activity if feed.state else "", feed.state.clip if feed.state else "")
            for name, feed in client.avatars.items()
        )
        if (doing, self._desk.chosen) == self._shown:
            return
        self._shown = doing, self._desk.chosen
        self._rows.clear()
        with self._rows:
            for name, activity, clip in doing:
                self._row(name, f"{activity} {clip}".strip())

    def _row(self, name: str, doing: str) -> None:
        with ui.row().classes("ca-avatar"):
            chosen = name == self._desk.chosen
            with ui.element("button").classes("ca-clip" + (" ca-chosen" if chosen else "")) as choose:
                ui.icon("person")
                with ui.column().classes("ca-words"):
                    ui.label(name or _OWN)
                    ui.label(short(doing)).classes("ca-note")
            choose.props(f'aria-pressed="{str(chosen).lower()}"')
            choose.on("click", lambda: self._desk.choose(name))
            if name:
                ui.button(icon="close", on_click=lambda: self._remove(name)).props(
                    f'round flat dense aria-label="Take {name} off the stage"'
                )

    async def _create(self) -> None:
        client = self._desk.client
        count = len(client.avatars) if client else 1
        angle = 2.4 * count  # the golden angle: nobody stands in front of another for long
        radius = _APART_M * math.sqrt(count)
        request = CreateAvatar.Request(
            name=(self._name.value or "").strip() or f"avatar{count + 1}",
            command=(self._does.value or "").strip(),
            x=radius * math.cos(angle),
            y=radius * math.sin(angle),
        )
        answer = await self._desk.ask("create_avatar", request)
        if answer is not None:
            told = f"{request.name}: {answer.message}" if answer.success else answer.message
            ui.notify(short(told), type="positive" if answer.success else "warning")
            if answer.success:
                self._name.value = self._does.value = ""

    async def _place(self, event: GenericEventArguments) -> None:
        """Somebody was dragged: it leaves, and comes again where it was put, doing what it did."""
        name, x, y = _placed(event.args)
        feed = self._desk.client.avatars.get(name) if self._desk.client else None
        if feed is None:
            return
        if not name:
            ui.notify("The first one stands where its node puts it; others can be placed.", type="warning")
            return
        command = feed.state.command if feed.state else ""
        removed = await self._desk.ask("remove_avatar", RemoveAvatar.Request(name=name))
        if removed is None or not removed.success:
            ui.notify(short(removed.message if removed else "It was not moved."), type="warning")
            return
        request = CreateAvatar.Request(name=name, command=command, x=x, y=y)
        answer = await self._desk.ask("create_avatar", request)
        if answer is not None and not answer.success:
            ui.notify(short(answer.message), type="warning")

    async def _remove(self, name: str) -> None:
        answer = await self._desk.ask("remove_avatar", RemoveAvatar.Request(name=name))
        if answer is not None and not answer.success:
            ui.notify(short(answer.message), type="warning")


def _placed(said: object) -> tuple[str, float, float]:
    """Name and place (x, y in the map, metres) of who was dragged; what browsers say is not trusted."""
    told = said if isinstance(said, dict) else {}
    try:
        place = np.array([float(told["x"]), float(told["z"])])
    except (KeyError, TypeError, ValueError):
        return "", 0.0, 0.0
    if not np.isfinite(place).all():
        return "", 0.0, 0.0
    x, y = floor_to_ros(np.clip(place, -_FARTHEST_M, _FARTHEST_M))
    return str(told.get("name", "")), float(x), float(y)
