"""Another level of detail while the avatars play: prepared in a thread, then taken over one by one."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.nodes.loading import Loaded, in_detail

if TYPE_CHECKING:
    from clipactor_node.ros.nodes.avatar import Avatar


class DetailSwitch:
    """Fields: loaded: what new avatars are made of, and the others will be before long.

    Args:
        complain: told in a sentence where a level of detail cannot be had.
    """

    def __init__(self, loaded: Loaded, complain: Callable[[str], None]) -> None:
        self.loaded, self._complain = loaded, complain
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="refit")
        self._order: Future | None = None

    def order(self, detail: str) -> None:
        """Prepare a level of detail; of several orders the last one counts."""
        if self.loaded.body is None:
            return
        if self._order is not None:
            self._order.cancel()
        self._order = self._thread.submit(in_detail, self.loaded, detail)

    def tick(self, avatars: Iterable["Avatar"]) -> None:
        """Hand what is ready to one avatar at most: each needs some milliseconds to change."""
        if self._order is not None and self._order.done():
            order, self._order = self._order, None
            try:
                self.loaded = order.result()
            except (ClipActorError, OSError) as error:
                self._complain(f"mesh_detail stays {self.loaded.detail.name}: {error}")
        late = (avatar for avatar in avatars if avatar.loaded is not self.loaded)
        if (avatar := next(late, None)) is not None:
            avatar.take_over(self.loaded)

    def close(self) -> None:
        """Finish what is under way."""
        self._thread.shutdown(wait=True, cancel_futures=True)
