"""The commands of one avatar on their way: prepared in the background, performed in their order."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rclpy.impl.rcutils_logger import RcutilsLogger

from clipactor_node.player import AvatarPlayer, Prepared, refused
from clipactor_node.ros.nodes.background import Background, Promise

Then = Callable[[bool, Prepared], None]
"""Told, at the moment in which a command is performed or refused, whether it is performed."""


@dataclass(eq=False)
class _Waiting:
    """A command that is still to come; ready: it only waits for its turn."""

    prepared: Prepared
    loop: bool | None
    then: Then | None
    ready: bool = False


class CommandQueue:
    """To be used from the node's thread.

    A control word acts at once, and again in its turn where commands before it are still prepared:
    the outcome is the same as if all had been performed on the spot.

    Args:
        name: of the avatar, for the log; "": the node's own.

    Fields:
        refusal: why no command is taken now; "": they are.
        on_refusal: called when a command was refused for that reason.
    """

    def __init__(
        self, player: AvatarPlayer, background: Background, log: RcutilsLogger, name: str = ""
    ) -> None:
        self._player, self._background, self._log = player, background, log
        self._who = f"{name}: " if name else ""
        self._waiting: deque[_Waiting] = deque()
        self._closed = False
        self.refusal = ""
        self.on_refusal: Callable[[], None] = lambda: None

    def submit(self, text: str, loop: bool | None = None, then: Then | None = None) -> None:
        """Perform a text as soon as it is prepared.

        Args:
            loop: see `Player.perform`.
        """
        if self.refusal:
            self._refuse(text, then)
            return
        parsed = self._player.preparer.parse(text)
        if parsed.control and self._waiting:
            self._perform(parsed, loop, then)
            self._waiting.append(_Waiting(parsed, loop, None, ready=True))
            return
        waiting = _Waiting(parsed, loop, then, ready=bool(parsed.control or parsed.error))
        self._waiting.append(waiting)
        if waiting.ready:
            self._go_on()
        else:
            self._improve(waiting, partial(self._player.preparer.complete, parsed))

    def prepare(self, text: str) -> Promise[Prepared]:
        """Only prepare a text; `put` then has it performed."""
        return self._background.submit(partial(self._player.preparer.prepare, text))

    def put(self, prepared: Prepared, key: str, loop: bool | None, then: Then | None) -> None:
        """Perform what was prepared.

        Args:
            key: of a finished style that is to be worn; "": there is none.
        """
        if self.refusal:
            self._refuse(prepared.echo, then)
            return
        waiting = _Waiting(prepared, loop, then, ready=not key)
        self._waiting.append(waiting)
        if key:
            self._improve(waiting, partial(self._player.preparer.renew, prepared, key))
        else:
            self._go_on()

    def _refuse(self, text: str, then: Then | None) -> None:
        self._perform(refused(text, self.refusal), None, then)
        self.on_refusal()

    def close(self) -> None:
        """Refuse what waits."""
        self._closed = True
        for waiting in self._waiting:
            if waiting.then is not None:
                waiting.then(False, refused(waiting.prepared.echo, "the avatar was removed"))
        self._waiting.clear()

    def _improve(self, waiting: _Waiting, work: Callable[[], Prepared]) -> None:
        waiting.ready = False
        self._background.submit(work, partial(self._improved, waiting))

    def _improved(self, waiting: _Waiting, future: Promise[Prepared]) -> None:
        if self._closed:
            return
        error = future.exception()
        waiting.prepared = (
            refused(waiting.prepared.echo, f"{type(error).__name__}: {error}") if error else future.result()
        )
        waiting.ready = True
        self._go_on()
        if error:
            raise error  # nobody foresaw it: whoever spins the node reports it

    def _go_on(self) -> None:
        """Perform what is ready, up to the first that is not."""
        while self._waiting and self._waiting[0].ready:
            first, preparer = self._waiting[0], self._player.preparer
            if first.prepared.outdated(preparer):  # the rate or the body changed meanwhile
                self._improve(first, partial(preparer.renew, first.prepared))
                return
            self._waiting.popleft()
            self._perform(first.prepared, first.loop, first.then)

    def _perform(self, prepared: Prepared, loop: bool | None, then: Then | None) -> None:
        accepted = self._player.perform(prepared, loop)
        status = self._player.status
        if accepted:
            self._log.info(f"{self._who}{status.command!r}: {'; '.join(status.plan)}")
        else:
            self._log.warning(f"{self._who}{status.command!r} refused: {status.error}")
        if then is not None:
            then(accepted, prepared)
