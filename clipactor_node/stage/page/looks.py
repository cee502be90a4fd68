"""What can be worn: finished styles with pictures, outfits in words, and styles that are made to order."""

from nicegui import ui

from clipactor_node.stage.node_client import StyleEntry
from clipactor_node.stage.page.desk import Desk, card
from clipactor_node.stage.page.now import short

OUTFITS = (
    "a red suit with a white shirt",
    "a blue denim jacket and black jeans",
    "a yellow raincoat and green boots",
    "a white dress with a wide skirt",
    "a striped sweater and grey trousers",
    "a knight in armour",
)


class Looks:
    """A gallery: one click wears it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown: tuple[StyleEntry, ...] | None = None
        self._gallery = ui.element("div").classes("ca-gallery")
        with card("In your own words"), ui.row().classes("ca-say"):
            words = ui.input(placeholder="a red suit and brown shoes").props(
                'dense outlined rounded aria-label="What to wear"'
            )
            words.classes("ca-box")
            words.on(
                "keydown.enter",
                lambda event: self._wear(str(event.args)),
                js_handler="(e) => emit(e.target.value)",
            )
            ui.button("Wear", on_click=lambda: self._wear(words.value)).props("rounded unelevated no-caps")
        with ui.row().classes("ca-chips ca-outfits"):
            for outfit in OUTFITS:
                ui.button(outfit, on_click=lambda outfit=outfit: self._wear(outfit)).props(
                    "rounded unelevated dense no-caps size=sm"
                ).classes("ca-chip")
        self._stylize()
        desk.parts.append(self._refresh)

    def _wear(self, words: str) -> None:
        if words and words.strip():
            self._desk.say(f"wear {words.strip()}")

    def _stylize(self) -> None:
        with card("Make a better one"):
            ui.label(
                "Optimizes what is worn, or what you write. It takes minutes on a graphics card."
            ).classes("ca-note")
            with ui.row().classes("ca-say"):
                prompt = ui.input(placeholder="empty: what is worn now").props(
                    'dense outlined rounded aria-label="What to optimize"'
                )
                prompt.classes("ca-box")
                self._go = ui.button("Stylize", on_click=lambda: self._start(prompt.value)).props(
                    "rounded unelevated no-caps"
                )
                self._cancel = ui.button("Cancel", on_click=self._stop).props("rounded flat no-caps")
            self._bar = ui.linear_progress(0.0, show_value=False).props('aria-label="Progress"')
            self._told = ui.label("").classes("ca-note")

    def _start(self, prompt: str) -> None:
        if self._desk.client is not None:
            self._desk.client.styling.start((prompt or "").strip())
            self._refresh()

    def _stop(self) -> None:
        if self._desk.client is not None:
            self._desk.client.styling.cancel()

    def _refresh(self) -> None:
        client = self._desk.client
        if client is None:
            return
        progress = client.styling.progress
        self._cancel.set_visibility(progress.running)
        self._go.set_enabled(not progress.running)
        self._bar.set_visibility(progress.running)
        self._bar.value = progress.iteration / progress.iterations if progress.iterations else 0.0
        left = f", {progress.seconds_left:.0f} s left" if progress.seconds_left else ""
        score = f", score {progress.score:.2f}" if progress.score and progress.running else ""
        self._told.text = short(progress.message) + score + left
        if client.styles != self._shown:
            self._shown = client.styles
            self._gallery.clear()
            with self._gallery:
                for style in client.styles:
                    self._tile(style)

    def _tile(self, style: StyleEntry) -> None:
        with ui.element("button").classes("ca-tile") as tile:
            with ui.element("div").classes("ca-portrait"):
                ui.element("img").props(f'src="/stage/preview/{style.key}" loading=lazy alt=""')
            ui.label(short(style.prompt))
        tile.on("click", lambda: self._wear(style.prompt))
