"""The address that the page is served on: exactly the one that was asked for."""

import errno
import socket

from clipactor_node.errors import ClipActorError


class PortInUse(ClipActorError):
    """Another program listens where the viewer should."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"port {port} on {host} is in use by another program; stop that one, or choose another port: "
            f"viewer --ros-args -p port:={port + 1}"
        )


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        PortInUse: somebody else does.
        ClipActorError: the host's name or address is not this machine's, or the port needs privileges.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise ClipActorError(f"host {host!r} is not a name or address: {error}; try 127.0.0.1") from None
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(host, port) from None
        if isinstance(error, PermissionError):
            raise ClipActorError(f"port {port} needs privileges; choose one above 1023, like 8080") from None
        raise ClipActorError(f"cannot listen on {host}:{port}: {error}; try host 127.0.0.1") from None
    return listening
