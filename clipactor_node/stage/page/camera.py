"""How the stage is looked at: camera, surroundings, dark or light, films, stills and the body as a file."""

from nicegui import ui

from clipactor_node.stage.page.desk import Desk, card

MODES = {"follow": "Follow", "front": "Front", "orbit": "Orbit", "free": "Free"}
ENVIRONMENTS = {"studio": "Studio", "meadow": "Meadow", "dusk": "Dusk", "night": "Night"}


class CameraCard:
    """Everything about looking."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        dark = ui.dark_mode(None)
        with card("Camera"):
            ui.toggle(
                MODES, value="follow", on_change=lambda event: desk.canvas.call("camera", event.value)
            ).props('no-caps rounded unelevated spread aria-label="Camera"')
            ui.label(
                "Drag or arrow keys to turn, wheel or + and - to come closer, double-click somebody to look "
                "at them. Free: W A S D or the arrows walk."
            ).classes("ca-note")
        with card("Surroundings"):
            ui.toggle(
                ENVIRONMENTS, value="studio", on_change=lambda event: self._surround(dark, event.value)
            ).props('no-caps rounded unelevated spread aria-label="Surroundings"')
            ui.switch("Dark page", on_change=lambda event: dark.set_value(bool(event.value)))
        with card("Keep it"), ui.row().classes("ca-keep"):
            ui.button("Still", icon="photo_camera", on_click=lambda: desk.canvas.call("still")).props(
                "rounded unelevated no-caps"
            )
            self._film = ui.button(
                "Film", icon="videocam", on_click=lambda: desk.canvas.call("record")
            ).props("rounded unelevated no-caps")
            ui.button("Body (GLB)", icon="download", on_click=self._download).props(
                "rounded unelevated no-caps"
            )
        desk.canvas.on("recording", self._on_recording)

    def _surround(self, dark: ui.dark_mode, name: str) -> None:
        self._desk.canvas.call("environment", name)
        dark.set_value(name in ("dusk", "night"))

    def _on_recording(self, event) -> None:  # type: ignore[no-untyped-def]
        running = bool(event.args)
        self._film.text = "End the film" if running else "Film"
        self._film.icon = "stop_circle" if running else "videocam"

    def _download(self) -> None:
        feed = self._desk.feed
        if feed is None or not feed.appearance:
            ui.notify("The body is being dressed; try again in a moment.", type="warning")
            return
        ui.download(f"/stage/appearance/{feed.appearance}.glb", "clipactor.glb")
