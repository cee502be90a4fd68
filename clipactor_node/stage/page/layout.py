"""Where everything is: the picture behind all, panels beside or below it, never over the avatar."""

from pathlib import Path

from nicegui import ui

from clipactor_node.stage.page.avatars import Avatars
from clipactor_node.stage.page.camera import CameraCard
from clipactor_node.stage.page.canvas import StageCanvas
from clipactor_node.stage.page.desk import Desk
from clipactor_node.stage.page.library import Library
from clipactor_node.stage.page.looks import Looks
from clipactor_node.stage.page.now import Now, Status
from clipactor_node.stage.page.prompt import Matches, PromptBox
from clipactor_node.stage.page.scene import Scene

_STYLE = Path(__file__).resolve().parent / "page.css"
_REFRESH_S = 0.25
TABS = (
    ("now", "Now", "directions_run"),
    ("moves", "Moves", "search"),
    ("looks", "Looks", "checkroom"),
    ("avatars", "Avatars", "group"),
    ("view", "View", "videocam"),
)


def add_page(scene: Scene) -> None:
    """The page `/`, made anew for everybody who opens it."""

    @ui.page("/", title="ClipActor")
    def page() -> None:
        ui.colors(primary="#2e5c94")
        ui.add_css(_STYLE)
        with ui.element("main").classes("ca-shell"):
            with ui.element("div").classes("ca-free").props('aria-hidden="true"'):
                pass
            desk = Desk(scene, StageCanvas())
            with ui.element("header").classes("ca-top"):
                ui.label("ClipActor").classes("ca-brand").props('role="heading" aria-level="1"')
                Status(desk)
            with ui.element("aside").classes("ca-panel").props('aria-label="Controls"') as panel:
                _tabs(desk, panel)
            PromptBox(desk)
        desk.refresh()
        ui.timer(_REFRESH_S, desk.refresh)


def _tabs(desk: Desk, panel: ui.element) -> None:
    with ui.row().classes("ca-tabs"):
        with ui.tabs().props("dense no-caps inline-label=false narrow-indicator") as tabs:
            for name, title, icon in TABS:
                ui.tab(name, title, icon)
        fold = ui.button(icon="expand_more").props('round flat dense aria-label="Fold the controls"')
        fold.classes("ca-fold")

    def fold_or_unfold() -> None:
        panel.classes(toggle="ca-folded-panel")
        fold.icon = "expand_less" if "ca-folded-panel" in panel.classes else "expand_more"

    def unfold() -> None:
        if "ca-folded-panel" in panel.classes:
            fold_or_unfold()

    fold.on_click(fold_or_unfold)
    tabs.on("click", unfold)
    with ui.tab_panels(tabs, value="now").props("keep-alive").classes("ca-pages"):
        with ui.tab_panel("now"):
            Now(desk)
            Matches(desk)
        with ui.tab_panel("moves"):
            Library(desk)
        with ui.tab_panel("looks"):
            Looks(desk)
        with ui.tab_panel("avatars"):
            Avatars(desk)
        with ui.tab_panel("view"):
            CameraCard(desk)
