"""The picture on the page: NiceGUI's component around the JavaScript in `stage/browser`."""

from pathlib import Path

import nicegui.elements.scene  # noqa: F401  # registers `nicegui-scene`: three.js with what loads glTF
from nicegui.element import Element

_BROWSER = Path(__file__).resolve().parent.parent / "browser"


class StageCanvas(Element, component="stage_canvas.js", esm={"clipactor-stage": str(_BROWSER)}):  # type: ignore[call-arg]  # NiceGUI is not typed
    """Draws all avatars. Its events: connected, worn, chosen, placed, recording, failed."""

    def call(self, method: str, *values: object) -> None:
        """Call a method of `index.js`'s Stage."""
        self.run_method("call", method, *values)
