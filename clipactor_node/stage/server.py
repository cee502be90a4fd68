"""The web server of the page, in a thread of its own."""

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from nicegui import ui
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.websockets import WebSocket

from clipactor_node.errors import StyleError
from clipactor_node.stage.appearance import AppearanceBuilder
from clipactor_node.stage.broadcast import Broadcast
from clipactor_node.stage.guard import Guard
from clipactor_node.stage.page import Scene, add_page
from clipactor_node.stage.thumbnails import Thumbnails
from clipactor_node.style import open_cache

_PREVIEW = "preview.webp"
_KEY = re.compile(r"[0-9a-f]{8,64}")
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_STOP_S = 5.0


class StageServer:
    """Serves from the moment it is made; `close` ends it.

    Args:
        listening: socket that listens where the page is to be served; it is closed at the end.
        token: of `guard.Guard`.
        scene: what pages show.
        appearances: where browsers get bodies.
    """

    def __init__(
        self, listening: socket.socket, token: str, scene: Scene, appearances: AppearanceBuilder
    ) -> None:
        self._scene, self._appearances = scene, appearances
        self._broadcast = Broadcast(lambda: scene.client)
        self._thumbnails = Thumbnails()
        app = FastAPI(lifespan=self._lifespan, openapi_url=None)
        app.add_api_route("/stage/appearance/{key}.{kind}", self._appearance)
        app.add_api_route("/stage/preview/{key}", self._preview)
        app.add_api_route("/stage/clip/{name:path}", self._clip)
        app.add_api_websocket_route("/stage/frames", self._frames)
        add_page(scene)
        # A page of a phone that slept, or of a busy machine, goes on where it was.
        ui.run_with(app, title="ClipActor", dark=None, show_welcome_message=False, reconnect_timeout=60.0)
        config = uvicorn.Config(
            Guard(app, token),
            log_level="warning",
            access_log=False,
            ws_max_size=1 << 20,
            timeout_graceful_shutdown=1,
            lifespan="on",
        )
        self._server = uvicorn.Server(config)
        self._listening = listening
        self._thread = threading.Thread(
            target=self._server.run, args=([listening],), name="page", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Send browsers away and stop listening."""
        self._server.should_exit = True
        self._thread.join(_STOP_S)
        self._listening.close()
        self._thumbnails.close()

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        looking = asyncio.create_task(self._broadcast.run())
        yield
        looking.cancel()

    async def _frames(self, websocket: WebSocket) -> None:
        await self._broadcast.serve(websocket)

    async def _appearance(self, key: str, kind: str) -> Response:
        made = self._appearances.get(key)
        if made is None or kind not in ("glb", "bin"):
            return PlainTextResponse("no such appearance", 404)
        if kind == "glb":
            return Response(made.glb, media_type="model/gltf-binary", headers=_FOR_EVER)
        return Response(made.correctives, media_type="application/octet-stream", headers=_FOR_EVER)

    async def _preview(self, key: str) -> Response:
        try:
            path = open_cache().path(key) / _PREVIEW if _KEY.fullmatch(key) else Path()
        except StyleError:
            path = Path()
        if not path.is_file():
            return PlainTextResponse("no such picture", 404)
        return FileResponse(path, media_type="image/webp", headers={"Cache-Control": "max-age=3600"})

    async def _clip(self, name: str) -> Response:
        film = await asyncio.wrap_future(self._thumbnails.of(name))
        if film is None:
            return PlainTextResponse("no such clip", 404)
        return Response(film, media_type="image/webp", headers={"Cache-Control": "max-age=3600"})
