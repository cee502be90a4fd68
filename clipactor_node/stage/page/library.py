"""The motion library: clips with their labels, searched while typing, performed with a click."""

from html import escape
from urllib.parse import quote

from nicegui import ui

from clipactor_node.stage.node_client import Clip
from clipactor_node.stage.page.desk import Desk

_MOST = 60  # rows; whoever wants others searches


def found(clips: tuple[Clip, ...], text: str) -> list[Clip]:
    """Clips whose name or labels contain every word."""
    words = text.casefold().split()
    return [clip for clip in clips if all(word in f"{clip.name} {clip.labels}".casefold() for word in words)]


class Library:
    """A search box and a list."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._shown = desk, ((), "")  # type: tuple[Desk, tuple[tuple[Clip, ...], str]]
        self._search = ui.input(placeholder="Search the motions", on_change=self._refresh)
        self._search.props('dense outlined rounded clearable aria-label="Search the motions"')
        self._search.classes("ca-search")
        self._count = ui.label("").classes("ca-note")
        self._rows = ui.column().classes("ca-rows ca-scroll")
        desk.parts.append(self._refresh)

    def _refresh(self) -> None:
        clips = self._desk.client.clips if self._desk.client else ()
        text = self._search.value or ""
        if (clips, text) == self._shown and self._count.text:
            return
        self._shown = clips, text
        fitting = found(clips, text)
        self._count.text = (
            f"{len(fitting)} of {len(clips)} motions" if clips else "The motions come with the avatar node."
        )
        self._rows.clear()
        with self._rows:
            for clip in fitting[:_MOST]:
                with ui.element("button").classes("ca-clip") as row:
                    film = escape(quote(f"/stage/clip/{clip.name}"), quote=True)
                    # Hidden where the clip is of a library that this machine does not have.
                    picture = ui.element("img").props(f'src="{film}" loading=lazy alt="" width=72 height=72')
                    picture.classes("ca-film").on("error", js_handler="(e) => { e.target.hidden = true; }")
                    with ui.column().classes("ca-words"):
                        ui.label(clip.labels.split(";")[0].strip() or clip.name)
                        ui.label(
                            f"{clip.name} · {clip.seconds:.0f} s{' · repeats' if clip.loops else ''}"
                        ).classes("ca-note")
                row.on("click", lambda name=clip.name: self._desk.say(name))  # a name is a command too
