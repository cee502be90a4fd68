"""Clothes of cloth while an avatar plays: sewn aside, put on when everything about them is ready."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rclpy.node import Node

from clipactor_node.body import Body, Stature
from clipactor_node.body.export import SkinnedMesh
from clipactor_node.errors import ClipActorError
from clipactor_node.player import (
    CLOTH,
    NONE,
    Appearance,
    AppearanceRequest,
    AppearanceSelector,
    DressingProcess,
    Order,
    Player,
    shipped_plain_look,
)
from clipactor_node.ros.nodes.background import Background, Promise
from clipactor_node.ros.publishers.appearance import AppearanceMessage
from clipactor_node.ros.publishers.body import BodyOutputs
from clipactor_node.ros.publishers.worn_mesh import WornMesh

KEPT = 4
"""Dressed meshes that are kept in memory, of 15 MB each."""
SEWING = "the new clothes are being sewn; what is worn stays on until they are done"

Dressed = tuple[Appearance, WornMesh | None, AppearanceMessage | None]
"""What is worn next, and what was made ready for it."""


class ClothDresser:
    """One for all avatars of a node: they share the process that sews, and a thread that waits for it.

    Args:
        body: of the avatars.
        body_file: the parameter `body`; the file is only named where `body` came from it.
    """

    def __init__(self, node: Node, body: Body, body_file: str) -> None:
        self.body = body
        own = Path(body_file).expanduser() if body_file else None
        self._file = str(own) if own is not None and body.path == own else ""
        self._background = Background(node, "clothes")
        self._process = DressingProcess()
        self._kept: OrderedDict[Order, SkinnedMesh] = OrderedDict()  # for the thread alone

    def submit(self, work: Callable[[], Dressed], then: Callable[[Promise[Dressed]], None]) -> None:
        """Have work done in the thread; `then` is called on the node's."""
        self._background.submit(work, then)

    def mesh(self, words: str, person: int = 0) -> SkinnedMesh:
        """The clothes that words describe, on that `person`; waits, for the thread.

        Raises:
            DressingError: they cannot be made.
        """
        plain = None if words or self._file else shipped_plain_look(self.body)
        if plain is not None:
            return plain
        order = Order(words, self._file, person=person)
        if order not in self._kept:
            self._kept[order] = self._process.dressed(order)
        self._kept.move_to_end(order)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[order]

    def close(self) -> None:
        """End what is under way."""
        self._process.stop()
        self._background.close()


class ClothesController:
    """Of one avatar: sees to it that it wears what the parameter `clothes` says. To be ticked with it.

    Args:
        clothes: one of `CLOTHES`.

    Fields:
        person: which of the people whom words describe, see `ProposedOutfit.betas`.
    """

    def __init__(
        self, player: Player, outputs: BodyOutputs, dresser: ClothDresser, clothes: str, person: int = 0
    ) -> None:
        self._player, self._outputs, self._dresser = player, outputs, dresser
        self._clothes = ""  # is what the parameter says once it was heard
        self._requests = player.requests
        self._wanted = 0  # counts what was asked for: the last counts
        self._pending = False
        self._problem = ""
        self.person = person
        self.messages: dict[int, AppearanceMessage] = {}
        if clothes != player.preparer.clothes:
            self.change(clothes)
        self._clothes = clothes

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know."""
        return tuple(filter(None, (SEWING if self._pending else "", self._problem)))

    def change(self, clothes: str) -> None:
        """Wear the other kind of clothes from now on."""
        self._clothes = clothes
        self._player.change_clothes(clothes)
        self._dress()

    def again(self) -> None:
        """Make ready anew what is worn, because messages are to be written in another way."""
        if self._clothes == CLOTH:
            self._dress()

    def tick(self) -> None:
        """Notice what was asked for."""
        if self._player.requests != self._requests:
            self._requests = self._player.requests
            request = self._player.request
            if self._clothes == CLOTH and not (request and request.key):
                self._dress()

    def _dress(self) -> None:
        self._wanted += 1
        wanted, worn = self._wanted, self._player.appearance.revision
        request, selector = self._player.request, self._player.preparer.selector
        clothes, self._pending = self._clothes, self._clothes == CLOTH

        def work() -> Dressed:
            if wanted != self._wanted:  # something else was asked for while others were dressed
                return self._player.appearance, None, None
            paint = _painted(selector, request if clothes != NONE else None) or self._player.appearance
            if clothes != CLOTH:
                return paint, None, None
            words = request.words if request else ""
            mesh = self._dresser.mesh(words, self.person)
            betas = request.proposed.betas(self._dresser.body, self.person) if request else ()
            stature = Stature(self._dresser.body, betas) if betas else None
            dressed = replace(paint, name=words or paint.name, mesh=mesh, key="", score=0.0, stature=stature)
            ready = WornMesh.of(mesh, self._outputs.formats)
            return dressed, ready, AppearanceMessage.of(dressed, self._dresser.body)

        def take(done: "Promise[Dressed]") -> None:
            if wanted != self._wanted:
                return
            if self._player.preparer.selector is not selector:  # another level of detail meanwhile
                self._dress()
                return
            self._take(worn, done)

        self._dresser.submit(work, take)

    def _take(self, worn: int, done: "Promise[Dressed]") -> None:
        self._pending, self._problem = False, ""
        try:
            appearance, ready, message = done.result()
        except ClipActorError as error:
            self._fall_back(str(error))
            return
        now = self._player.appearance
        if now.revision != worn and (now.key or now.live):  # a style that was asked for came meanwhile
            return
        if ready is not None and ready.formats == self._outputs.formats:
            self._outputs.expect(appearance.revision, ready)
        if message is not None:
            self.messages = {appearance.revision: message}
        if appearance.revision != now.revision:
            self._player.wear(appearance)

    def _fall_back(self, why: str) -> None:
        """Paint instead of cloth that cannot be made."""
        self._problem = f"clothes are painted: {why}"
        wanted = self._wanted
        selector, request = self._player.preparer.selector, self._player.request

        def work() -> Dressed:
            return _painted(selector, request) or self._player.appearance, None, None

        def take(done: "Promise[Dressed]") -> None:
            if wanted == self._wanted:
                self._player.wear(done.result()[0])

        self._dresser.submit(work, take)


def _painted(selector: AppearanceSelector | None, request: AppearanceRequest | None) -> Appearance | None:
    """The paint of what was asked for; None: there is nobody who paints."""
    if selector is None:
        return None
    return selector.plain if request is None else selector.choose(request)[0]
