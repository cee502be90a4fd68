"""The controls beside the picture: a text box, buttons, the clips, and what is happening."""

from collections.abc import Callable, Sequence

import viser

EXAMPLE = "a person waves hello"
CONTROLS = (("Pause", "Resume"), ("Stop", "Reset"))
_NO_CLIPS = "(no clips known yet)"
_MOST_SHOWN = 200  # characters of a text from outside


class Panel:
    """Builds the controls; every command a user gives goes to `perform`.

    Args:
        server: viser server.
        perform: called with the text of a command, from viser's threads.
        follow: called with whether the view shall follow the avatar.
    """

    def __init__(
        self, server: viser.ViserServer, perform: Callable[[str], None], follow: Callable[[bool], None]
    ) -> None:
        gui = server.gui
        gui.configure_theme(show_logo=False, show_share_button=False, brand_color=(46, 92, 148))
        gui.set_panel_label("ClipActor")
        self._perform = perform
        self._names: tuple[str, ...] = ()

        form = gui.add_form("Command")
        with form:
            self._text = gui.add_text("Say", EXAMPLE, hint="What the avatar shall do; Enter sends it.")
            send = gui.add_button("Perform", hint="Publish the text to /clipactor/command.")
        form.on_submit(lambda _: self._send(self._text.value))
        send.on_click(lambda _: form.submit())
        for row in CONTROLS:
            buttons = gui.add_button_group("", row)
            buttons.on_click(lambda event: perform(event.target.value.lower()))

        with gui.add_folder("Clips"):
            self._clips = gui.add_dropdown("Clip", (_NO_CLIPS,))
            play = gui.add_button("Play clip", hint="Perform this very clip.")
        play.on_click(lambda _: self._play())

        followed = gui.add_checkbox("Follow the avatar", True)
        followed.on_update(lambda _: follow(followed.value))
        self._state = gui.add_markdown("Looking for an avatar node ...")
        self._notice = gui.add_markdown("", visible=False)

    def show_clips(self, names: tuple[str, ...]) -> None:
        """Offer the clips of these names; none changes nothing."""
        if names and names != self._names:
            self._names = names
            self._clips.options = names

    def show_state(self, markdown: str) -> None:
        if self._state.content != markdown:
            self._state.content = markdown

    def show_notice(self, text: str) -> None:
        """Say something that needs attention; an empty text takes it away."""
        content = f"**Please note:** {escaped(text)}"
        if not text:
            self._notice.visible = False
        elif not self._notice.visible or self._notice.content != content:
            self._notice.content = content
            self._notice.visible = True

    def _send(self, text: str) -> None:
        if text.strip():
            self._perform(text)

    def _play(self) -> None:
        if self._clips.value in self._names:
            self._perform(self._clips.value)  # the name of a clip is a command too


def described(rows: Sequence[tuple[str, str]]) -> str:
    """Name-value pairs as lines of markdown; pairs with an empty value are left out."""
    return "  \n".join(f"**{name}:** {escaped(value)}" for name, value in rows if value)


def escaped(text: str) -> str:
    """Text from outside, harmless in markdown, on one line, and not too long."""
    line = " ".join(text.split())
    if len(line) > _MOST_SHOWN:
        line = line[:_MOST_SHOWN] + " ..."
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-.!|~$&" else c for c in line)
