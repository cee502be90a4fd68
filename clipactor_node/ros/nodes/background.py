"""Work that may wait, in a thread of its own; what comes of it arrives on the node's thread."""

import contextlib
from collections.abc import Callable, Generator
from concurrent import futures
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar, cast

from rclpy.node import Node
from rclpy.task import Future

T = TypeVar("T")


class Promise(Future, Generic[T]):  # type: ignore[type-arg]  # in some distributions Future has no argument
    """What a thread is going to bring; done on the node's thread. A coroutine may await it."""

    def __await__(self) -> Generator[None, None, T]:
        yield from super().__await__()
        return self.result()

    def result(self) -> T:
        """What was brought.

        Raises:
            Exception: whatever the work raised.
        """
        return cast(T, super().result())


class Background:
    """One thread: what is submitted first is done first. To be used from the node's thread.

    Args:
        node: its executor is woken when something is done.
        name: of the thread.
    """

    def __init__(self, node: Node, name: str) -> None:
        self._node = node
        self._thread = futures.ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._arrived: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._guard = node.create_guard_condition(self.deliver)
        self._closed = False

    def submit(self, work: Callable[[], T], then: Callable[[Promise[T]], None] | None = None) -> Promise[T]:
        """Have something done.

        Args:
            work: must touch nothing that the node's thread changes.
            then: called on the node's thread with the future, once that is done.

        Returns:
            Never done if the node is taken down before.
        """
        promised: Promise[T] = Promise()

        def arrive(done: "futures.Future[T]") -> None:
            if not done.cancelled() and not self._closed:
                self._arrived.put(lambda: _hand_over(done, promised, then))
                with contextlib.suppress(Exception):  # the node is being destroyed
                    self._guard.trigger()

        self._thread.submit(work).add_done_callback(arrive)
        return promised

    def deliver(self) -> None:
        """Hand over what is done by now."""
        while True:
            try:
                hand_over = self._arrived.get_nowait()
            except Empty:
                return
            hand_over()

    def close(self, finish: bool = False) -> None:
        """Finish what is under way; nothing is handed over any more.

        Args:
            finish: what waits, too; else it is not begun.
        """
        self._closed = True
        self._thread.shutdown(wait=True, cancel_futures=not finish)
        self._node.destroy_guard_condition(self._guard)


def _hand_over(
    done: "futures.Future[T]", promised: Promise[T], then: Callable[[Promise[T]], None] | None
) -> None:
    error = done.exception()
    if error is None:
        promised.set_result(done.result())
    elif isinstance(error, Exception):
        promised.set_exception(error)
        promised.exception()  # else rclpy prints it where nobody awaits it
    else:
        raise error
    if then is not None:
        then(promised)
