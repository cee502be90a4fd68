"""viser's page with our scripts in it, served on exactly the port that was asked for."""

import errno
import hashlib
import socket
import tempfile
from importlib.resources import files
from pathlib import Path

import viser
import viser.infra

from clipactor_node.errors import ClipActorError
from clipactor_node.files import write_whole
from clipactor_node.home import user_home


class PortInUse(ClipActorError):
    """Another program listens where the viewer should."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"port {port} on {host} is in use by another program; stop that one, or choose another port: "
            f"viewer --ros-args -p port:={port + 1}"
        )


def serve(host: str, port: int) -> viser.ViserServer:
    """Start a viser server whose page can paint skinned meshes by vertex (`head.html`).

    Raises:
        PortInUse: viser itself would silently take another port.
        ClipActorError: the host's name or address is not this machine's.
    """
    _require_free(host, port)
    # viser has no option for its page's folder; everything else about its server stays as it is.
    original = viser.infra.WebsockServer
    page = _page()

    class PageServer(original):  # type: ignore[misc, valid-type]  # viser's class, whatever it is by then
        def __init__(self, **options: object) -> None:
            super().__init__(**{**options, "http_server_root": page})

    try:
        viser.infra.WebsockServer = PageServer  # type: ignore[misc, assignment]  # put in the place of viser's
        server = viser.ViserServer(host=host, port=port, label="ClipActor", verbose=False)
    finally:
        viser.infra.WebsockServer = original  # type: ignore[misc]
    if server.get_port() != port:  # taken in the meantime
        server.stop()
        raise PortInUse(host, port)
    return server


def _page() -> Path:
    """A folder with viser's page and our scripts in its head."""
    html = (Path(viser.__file__).parent / "client" / "build" / "index.html").read_text()
    script = files("clipactor_node.stage").joinpath("head.html").read_text()
    html = html.replace("<title>Viser</title>", "<title>ClipActor</title>")
    start = html.index("<head>") + len("<head>")
    html = html[:start] + script + html[start:]
    folder = user_home() / "cache" / f"page-{hashlib.sha256(html.encode()).hexdigest()[:12]}"
    try:
        write_whole(folder / "index.html", html.encode())
    except OSError:  # a read-only home: the page is small and the folder ours alone
        folder = Path(tempfile.mkdtemp(prefix="clipactor-viewer-"))
        (folder / "index.html").write_text(html)
    return folder


def _require_free(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise ClipActorError(f"host {host!r} is not a name or address: {error}; try 127.0.0.1") from None
    except PermissionError:
        raise ClipActorError(f"port {port} needs privileges; choose one above 1023, like 8080") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(host, port) from None
        raise ClipActorError(f"cannot listen on {host}:{port}: {error}; try host 127.0.0.1") from None
