"""Frames to all browsers: each gets the latest, and a slow one loses some instead of falling behind."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from clipactor_node.stage.frames import Bones, packed
from clipactor_node.stage.node_client import NodeClient

log = logging.getLogger(__name__)

_PERIOD_S = 1.0 / 60.0
_MOST_BROWSERS = 32
_REFUSED, _FULL = 1003, 1013  # codes of RFC 6455 and IANA's registry


class Broadcast:
    """Sends to the browsers what there is to see.

    Binary: `frames.packed`, of avatars that moved. Text: {"avatars": [{"id", "name", "appearance"}]} at the
    beginning and whenever it changes. Browsers have nothing to say here: one that speaks is sent away.

    Args:
        client: gives it once the node is made; None before.
    """

    def __init__(self, client: Callable[[], NodeClient | None]) -> None:
        self._client = client
        self._browsers: dict[WebSocket, _Outbox] = {}
        self._sent: dict[int, Bones] = {}
        self._roster = ""

    async def serve(self, websocket: WebSocket) -> None:
        """One browser, from its greeting to its goodbye."""
        await websocket.accept()
        if len(self._browsers) >= _MOST_BROWSERS:
            await websocket.close(_FULL)
            return
        outbox = self._browsers[websocket] = _Outbox()
        if self._roster:
            outbox.put(self._roster)
        if self._sent:
            outbox.put(packed(list(self._sent.items())))
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
        avatars = list(client.avatars.values())
        roster = json.dumps(
            {"avatars": [{"id": a.number, "name": a.name, "appearance": a.appearance} for a in avatars]}
        )
        if roster != self._roster:
            self._roster = roster
            self._sent = {a.number: self._sent[a.number] for a in avatars if a.number in self._sent}
            self._put(roster)
        moved = []
        for avatar in avatars:
            pose = avatar.bones(now_s)
            if pose is not None and pose is not self._sent.get(avatar.number):
                self._sent[avatar.number] = pose
                moved.append((avatar.number, pose))
        if moved:
            self._put(packed(moved))

    def _put(self, message: str | bytes) -> None:
        for outbox in self._browsers.values():
            outbox.put(message)


class _Outbox:
    """What a browser is still to get: the latest roster, then the latest frame."""

    def __init__(self) -> None:
        self._text: str | None = None
        self._frame: bytes | None = None
        self._filled = asyncio.Event()

    def put(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self._text = message
        else:
            self._frame = message
        self._filled.set()

    async def send(self, websocket: WebSocket) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            text, frame, self._text, self._frame = self._text, self._frame, None, None
            if text is not None:
                await websocket.send_text(text)
            if frame is not None:
                await websocket.send_bytes(frame)
