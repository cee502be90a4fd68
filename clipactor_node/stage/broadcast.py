"""Frames to all browsers: each gets the latest, and a slow one loses some instead of falling behind."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable, Mapping

from starlette.websockets import WebSocket, WebSocketDisconnect

from clipactor_node.stage.frames import Bones, Links, packed
from clipactor_node.stage.node_client import NodeClient

log = logging.getLogger(__name__)

_PERIOD_S = 1.0 / 60.0
_MOST_BROWSERS = 32
_REFUSED, _FULL = 1003, 1013  # codes of RFC 6455 and IANA's registry


class Broadcast:
    """Sends to the browsers what there is to see.

    Binary: `frames.packed`, of those that moved. Text: {"avatars": [{"id", "kind", "name", "appearance"}]} at
    the beginning and whenever it changes; kinds are "avatar" and "robot". Browsers have nothing to say here:
    one that speaks is sent away.

    Args:
        client: gives it once the node is made; None before.
    """

    def __init__(self, client: Callable[[], NodeClient | None]) -> None:
        self._client = client
        self._browsers: dict[WebSocket, _Outbox] = {}
        self._sent: dict[int, Bones | Links] = {}
        self._roster = ""

    async def serve(self, websocket: WebSocket) -> None:
        """One browser, from its greeting to its goodbye."""
        await websocket.accept()
        if len(self._browsers) >= _MOST_BROWSERS:
            await websocket.close(_FULL)
            return
        outbox = self._browsers[websocket] = _Outbox()
        if self._roster:
            outbox.tell(self._roster)
        if self._sent:
            outbox.move(self._sent)
        sending = asyncio.create_task(outbox.send(websocket))
        try:
            message = await websocket.receive()
            if message["type"] == "websocket.receive":
                await websocket.close(_REFUSED, "nothing is expected from browsers here")
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._browsers.pop(websocket, None)
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await sending

    async def run(self) -> None:
        """Look again and again; for ever."""
        while True:
            started = time.monotonic()
            client = self._client()
            if client is not None and self._browsers:
                try:
                    self._tell(client, started)
                except Exception:  # one frame; the next one is tried
                    log.exception("a frame was not sent")
                    await asyncio.sleep(1.0)
            await asyncio.sleep(max(_PERIOD_S - (time.monotonic() - started), 0.001))

    def _tell(self, client: NodeClient, now_s: float) -> None:
        seen = client.seen
        roster = json.dumps(
            {"avatars": [
                {"id": one.number, "kind": one.kind, "name": one.name, "appearance": one.appearance}
                for one in seen
            ]}
        )  # fmt: skip
        if roster != self._roster:
            self._roster = roster
            self._sent = {one.number: self._sent[one.number] for one in seen if one.number in self._sent}
            for outbox in self._browsers.values():
                outbox.tell(roster)
        moved: dict[int, Bones | Links] = {}
        for one in seen:
            pose = one.bones(now_s)
            if pose is not None and pose is not self._sent.get(one.number):
                moved[one.number] = pose
        self._sent |= moved
        if moved:
            for outbox in self._browsers.values():
                outbox.move(moved)


class _Outbox:
    """What a browser is still to get: the latest roster, then the latest pose of everybody who moved."""

    def __init__(self) -> None:
        self._text: str | None = None
        self._poses: dict[int, Bones | Links] = {}
        self._filled = asyncio.Event()

    def tell(self, roster: str) -> None:
        self._text = roster
        self._filled.set()

    def move(self, poses: Mapping[int, Bones | Links]) -> None:
        self._poses |= poses  # who stood still since keeps the last pose, which was not sent yet
        self._filled.set()

    async def send(self, websocket: WebSocket) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            text, poses, self._text, self._poses = self._text, self._poses, None, {}
            if text is not None:
                await websocket.send_text(text)
            if poses:
                await websocket.send_bytes(packed(poses))
