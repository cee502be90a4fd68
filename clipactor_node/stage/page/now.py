"""What is happening, in plain words; what only experts want to know is folded away."""

from clipactor_interfaces.msg import AvatarState
from nicegui import ui

from clipactor_node.stage.page.desk import Desk, card

MOST_SHOWN = 240  # characters of a text from outside
_DOING = {
    "idle": "Standing, ready for a prompt",
    "playing": "Performing",
    "blending": "Going over into the next motion",
    "paused": "Paused",
    "stopped": "Stopped",
}


def short(text: str) -> str:
    """A text from outside on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_SHOWN else line[:MOST_SHOWN] + " ..."


class Status:
    """The line over the picture: whether all is well, and what is being prepared or waited for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connected = True
        with ui.row().classes("ca-status").props('role="status" aria-live="polite"'):
            self._light = ui.element("span").classes("ca-light")
            self._text = ui.label("Connecting ...")
        desk.canvas.on("connected", self._on_connected)
        desk.canvas.on("failed", self._on_failed)
        desk.parts.append(self._refresh)
        self._failure = ""

    def _on_connected(self, event) -> None:  # type: ignore[no-untyped-def]
        self._connected = bool(event.args)
        self._refresh()

    def _on_failed(self, event) -> None:  # type: ignore[no-untyped-def]
        self._failure = f"This browser cannot draw the picture (WebGL 2): {short(str(event.args))}"

    def _refresh(self) -> None:
        text = self._problem()
        feed = self._desk.feed
        state = feed.state if feed is not None else None
        if not text and state is not None:
            text = _DOING.get(state.activity, state.activity)
            text = f"{text}: {short(state.label or state.clip)}" if state.activity == "playing" else text
        self._text.text = text or "Ready"
        self._light.classes(
            add="ca-wait" if self._problem() else "ca-good",
            remove="ca-good" if self._problem() else "ca-wait",
        )

    def _problem(self) -> str:
        scene = self._desk.scene
        if self._failure:
            return self._failure
        if scene.client is None or scene.preparing:
            return scene.preparing
        return scene.client.situation


class Now:
    """Command, plan, clip, label, score, time, clothes; warnings below."""

    _ROWS = ("Said", "Understood", "Clip", "Label", "Time", "Wears")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with card("Now"):
            self._rows: dict[str, tuple[ui.row, ui.label]] = {}
            for name in self._ROWS:
                with ui.row().classes("ca-fact") as row:
                    ui.label(name).classes("ca-name")
                    self._rows[name] = row, ui.label("")
            self._error = ui.label("").classes("ca-error").props('role="alert"')
            with ui.expansion("For experts", icon="info").props("dense") as self._folded:
                self._folded.classes("ca-folded")
                self._warnings = ui.column().classes("ca-rows")
        self._shown: tuple[str, ...] = ()
        desk.parts.append(self._refresh)

    def _refresh(self) -> None:
        feed = self._desk.feed
        state = (feed.state if feed is not None else None) or AvatarState()
        for name, value in zip(self._ROWS, _values(state), strict=True):
            row, label = self._rows[name]
            row.set_visibility(bool(value))
            label.text = short(value)
        self._error.text = short(state.last_error)
        self._error.set_visibility(bool(state.last_error))
        warnings = tuple(dict.fromkeys(short(text) for text in (*state.warnings, *self._foreign(state))))
        if warnings != self._shown:
            self._shown = warnings
            self._warnings.clear()
            with self._warnings:
                for text in warnings:
                    ui.label(text).classes("ca-note")
        self._folded.set_visibility(bool(warnings))

    def _foreign(self, state: AvatarState) -> tuple[str, ...]:
        ours = self._desk.scene.body_sha256
        if not state.body_sha256 or not ours or state.body_sha256 == ours:
            return ()
        return (
            f"the avatar wears another body (sha256 {state.body_sha256[:12]}) than this viewer "
            f"({ours[:12]}): start the viewer with -p body:=FILE",
        )


def _values(state: AvatarState) -> tuple[str, ...]:
    time = f"{state.index / state.rate_hz:.0f} of {state.clip_duration:.0f} s" if state.rate_hz else ""
    label = f"{state.label} (score {state.score:.2f})" if state.label else ""
    return state.command, state.plan, state.clip, label, time, state.style
