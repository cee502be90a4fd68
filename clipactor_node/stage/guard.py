"""Who may see the page: this machine, or whoever has the token; never another site's scripts."""

import hmac
import ipaddress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

_COOKIE = "clipactor_token"
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' blob: data:; "
    "font-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there (or what is asked for by that name)."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


class Guard:
    """ASGI middleware around everything the page consists of.

    Args:
        app: what is guarded.
        token: whoever shows it is let in: once as `?token=`, from then on as a cookie. "": everybody who
            asks for this machine by a loopback name (so that no other site's name leads here).
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        refusal = self._refusal(connection)
        if refusal is None:
            await self._app(scope, receive, _with_policy(send) if scope["type"] == "http" else send)
        elif scope["type"] == "http":
            await refusal(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": "not allowed"})

    def _refusal(self, connection: HTTPConnection) -> Response | None:
        host = connection.headers.get("host", "")
        origin = connection.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return PlainTextResponse("scripts of other pages are not served", 403)
        if not self._token:
            if is_loopback(urlsplit(f"//{host}").hostname or ""):
                return None
            return PlainTextResponse("this page is served to this machine only: ask for localhost", 403)
        shown = connection.query_params.get("token", "")
        if shown and self._fits(shown):
            return None if connection.scope["type"] == "websocket" else self._welcome(connection)
        if self._fits(_cookie(connection)):
            return None
        return PlainTextResponse("a token is needed: open the link that the viewer printed", 401)

    def _fits(self, shown: str) -> bool:
        return hmac.compare_digest(shown.encode(), self._token.encode())

    def _welcome(self, connection: HTTPConnection) -> Response:
        """To the same page without the token in its address, where others could read it."""
        query = parse_qs(connection.url.query)
        query.pop("token")
        rest = f"?{urlencode(query, doseq=True)}" if query else ""
        answer = RedirectResponse(connection.url.path + rest, 303)
        answer.set_cookie(_COOKIE, self._token, httponly=True, samesite="strict")
        return answer


def _cookie(connection: HTTPConnection) -> str:
    try:
        cookies = SimpleCookie(connection.headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[_COOKIE].value if _COOKIE in cookies else ""


def _with_policy(send: Send) -> Send:
    async def sending(message):  # type: ignore[no-untyped-def]
        if message["type"] == "http.response.start":
            headers = [
                (b"content-security-policy", _POLICY.encode()),
                (b"x-content-type-options", b"nosniff"),
                (b"referrer-policy", b"no-referrer"),
            ]
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return sending
