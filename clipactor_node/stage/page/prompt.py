"""The box that says what to do: history, suggestions, and the buttons that hold and stop."""

from collections.abc import Iterable

from clipactor_interfaces.srv import FindMotions
from nicegui import ui
from nicegui.events import GenericEventArguments

from clipactor_node.stage.node_client import Clip
from clipactor_node.stage.page.desk import Desk, card

EXAMPLE = "a person waves hello"
CONTROLS = (
    ("pause", "pause", "Hold still"),
    ("resume", "play_arrow", "Go on"),
    ("stop", "stop", "Stop and stand"),
    ("reset", "restart_alt", "Back to the beginning"),
)
_REMEMBERED = 50
_SUGGESTED = 4
_LONGEST = 200  # characters of a text that labels are looked up for
# The browser empties the box itself: told to by the server, it would lose what is typed meanwhile.
_ENTER = """(e) => {
    if (e.isComposing) return;
    e.preventDefault();
    emit(e.target.value);
    e.target.value = "";
    e.target.dispatchEvent(new Event("input", {bubbles: true}));
}"""
_ARROW = "(e) => { if (!e.isComposing) { e.preventDefault(); emit(e.target.value); } }"


def suggestions(typed: str, clips: Iterable[Clip], said: Iterable[str] = ()) -> list[str]:
    """Labels (and texts said before) that contain the beginning of every word typed; the shortest first."""
    words = set(typed.casefold().split())
    if not words or len(typed) > _LONGEST:
        return []
    labels = {label.strip() for clip in clips for label in clip.labels.split(";")}
    known = sorted({*labels, *said} - {"", typed}, key=lambda text: (len(text), text))
    fitting = [
        text
        for text in known
        if all(any(part.startswith(word) for part in text.casefold().split()) for word in words)
    ]
    return fitting[:_SUGGESTED]


class History:
    """Texts that were sent; up goes back, down forth, to what was being typed."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._at = 0
        self._draft = ""

    def add(self, text: str) -> None:
        """Remember a text, the same one only once."""
        self.said = [*(t for t in self.said if t != text), text][-_REMEMBERED:]
        self._at = len(self.said)

    def older(self, typed: str) -> str:
        """The text before; `typed` is kept for the way back."""
        if self._at == len(self.said):
            self._draft = typed
        self._at = max(self._at - 1, 0)
        return self.said[self._at] if self.said else typed

    def newer(self) -> str:
        """The text after; at the end what was being typed."""
        self._at = min(self._at + 1, len(self.said))
        return self.said[self._at] if self._at < len(self.said) else self._draft


class PromptBox:
    """Everything that is sent goes through `Desk.say`."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._history = desk, History()
        desk.on_say.append(self._history.add)
        with ui.column().classes("ca-prompt"):
            self._chips = ui.row().classes("ca-chips").props('aria-label="Suggestions"')
            with ui.row().classes("ca-say"):
                self._box = ui.input(placeholder=f"Say what to do: {EXAMPLE}", on_change=self._suggest)
                self._box.props('outlined dense rounded aria-label="Say what the avatar shall do"')
                self._box.props("autocomplete=off spellcheck=false maxlength=20000")
                self._box.classes("ca-box")
                self._box.on("keydown.enter", self._send, js_handler=_ENTER)
                self._box.on("keydown.up", self._older, js_handler=_ARROW)
                self._box.on("keydown.down", self._newer, js_handler=_ARROW)
                ui.button("Perform", icon="send", on_click=lambda: self._say(self._box.value)).props(
                    "rounded unelevated no-caps"
                ).classes("ca-perform")
            with ui.row().classes("ca-controls"):
                for word, icon, help_text in CONTROLS:
                    button = ui.button(icon=icon, on_click=lambda word=word: desk.say(word))
                    button.props(f'round flat dense aria-label="{word.capitalize()}"')
                    button.props["title"] = help_text

    def _send(self, event: GenericEventArguments) -> None:
        self._desk.say(str(event.args))

    def _say(self, text: str) -> None:
        self._desk.say(text)
        self._box.value = ""

    def _older(self, event: GenericEventArguments) -> None:
        self._box.value = self._history.older(str(event.args))

    def _newer(self, _: GenericEventArguments) -> None:
        self._box.value = self._history.newer()

    def _suggest(self) -> None:
        client = self._desk.client
        found = suggestions(self._box.value or "", client.clips if client else (), self._history.said)
        self._chips.clear()
        with self._chips:
            for text in found:
                ui.button(text, on_click=lambda text=text: self._say(text)).props(
                    "rounded unelevated dense no-caps size=sm"
                ).classes("ca-chip")


class Matches:
    """Which motions fit the last text, best first, with their scores."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._card = card("What fits what you said")
        self._card.set_visibility(False)
        with self._card:
            self._rows = ui.column().classes("ca-rows")
        desk.on_say.append(lambda text: ui.timer(0.0, lambda: self._find(text), once=True))

    async def _find(self, text: str) -> None:
        if text.strip().lower() in {word for word, _, _ in CONTROLS}:
            return
        answer = await self._desk.ask("find_motions", FindMotions.Request(text=text, top=5), quiet=True)
        matches = list(answer.matches) if answer is not None and answer.success else []
        self._card.set_visibility(bool(matches))
        self._rows.clear()
        with self._rows:
            for match in matches:
                with ui.element("button").classes("ca-match") as row:
                    ui.label(match.label)
                    ui.label(f"{match.score:.2f}").classes("ca-score")
                    ui.linear_progress(max(match.confidence, 0.0), show_value=False).props("instant-feedback")
                row.on("click", lambda label=match.label: self._desk.say(label))
                # Not a tooltip of Quasar's, which complains when the row is gone.
                row.props["title"] = f"clip {match.clip}, confidence {match.confidence:.0%}"
