"""Another level of detail while the avatars play: prepared in a thread, then taken over one by one."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from rclpy.node import Node

from clipactor_node.errors import ClipActorError
from clipactor_node.player import Appearance
from clipactor_node.ros.nodes.avatar import Avatar
from clipactor_node.ros.nodes.background import Background, Promise
from clipactor_node.ros.nodes.loading import Loaded, in_detail


@dataclass(frozen=True)
class _Refit:
    """What an avatar wears, on its way to another body; worn: its revision when that began."""

    avatar: Avatar
    worn: int
    loaded: Loaded
    appearance: Promise[Appearance]


class DetailSwitch:
    """To be used from the node's thread.

    Args:
        complain: told in a sentence where a level of detail cannot be had.

    Fields:
        loaded: what new avatars are made of, and the others will be before long.
    """

    def __init__(self, node: Node, loaded: Loaded, complain: Callable[[str], None]) -> None:
        self.loaded, self._complain = loaded, complain
        self._background = Background(node, "detail")
        self._wanted = 0  # counts requests
        self._refit: _Refit | None = None

    def request(self, detail: str) -> None:
        """Prepare a level of detail; of several requests the last one counts."""
        self._wanted += 1
        if self.loaded.body is not None:
            self._background.submit(
                partial(self._prepare, self._wanted, detail), partial(self._take, self._wanted)
            )

    def _prepare(self, wanted: int, detail: str) -> Loaded:
        return in_detail(self.loaded, detail) if wanted == self._wanted else self.loaded

    def _take(self, wanted: int, future: Promise[Loaded]) -> None:
        try:
            loaded = future.result()
        except (ClipActorError, OSError) as error:
            name = self.loaded.detail.name if self.loaded.detail else "none"
            self._complain(f"mesh_detail stays {name}: {error}")
            return
        if wanted == self._wanted:
            self.loaded = loaded

    def tick(self, avatars: Collection[Avatar]) -> None:
        """Hand what is ready to one avatar at most: each needs some milliseconds to change."""
        if self._refit is not None:
            if not self._refit.appearance.done():
                return
            refit, self._refit = self._refit, None
            worn = refit.avatar.player.appearance
            current = refit.loaded is self.loaded and worn is not None and worn.revision == refit.worn
            if current and refit.avatar in avatars:
                refit.avatar.take_over(refit.loaded, refit.appearance.result())
                return
        late = next((avatar for avatar in avatars if avatar.loaded is not self.loaded), None)
        if late is not None:
            self._change(late, self.loaded)

    def _change(self, avatar: Avatar, loaded: Loaded) -> None:
        player = avatar.embodied
        if player is None or loaded.selector is None or loaded.selector is avatar.loaded.selector:
            avatar.take_over(loaded, None)
            return
        refit = partial(player.refit, loaded.selector)
        self._refit = _Refit(avatar, player.appearance.revision, loaded, self._background.submit(refit))

    def close(self) -> None:
        """Finish what is under way."""
        self._background.close()
