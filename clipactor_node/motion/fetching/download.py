"""One file from a server: resumed where it was cut, checked, and there whole or not at all."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx

from clipactor_node.errors import LibraryError
from clipactor_node.files import complete

_TRIES = 4
_WAIT_S = 1.0
_TIMEOUT_S = 30.0
_AGAIN = "type the same again to go on"
T = TypeVar("T")


class NotThere(LibraryError):
    """The server says that it has no such file."""


class WrongHash(LibraryError):
    """What came is not what was published."""


class DiskFull(LibraryError):
    """What comes cannot be written."""


def connection() -> httpx.Client:
    """A client for downloads; one serves many threads."""
    headers = {"User-Agent": "clipactor_node", "Accept-Encoding": "identity"}
    return httpx.Client(timeout=_TIMEOUT_S, follow_redirects=True, headers=headers)


def size_of(client: httpx.Client, address: str) -> int:
    """Bytes that a download will take; 0 where the server does not say.

    Raises:
        NotThere: there is no such file.
        LibraryError: the server does not answer.
    """
    answer = _tried(address, lambda: _checked(client.head(address), address))
    return int(answer.headers.get("content-length") or 0)


def content(client: httpx.Client, address: str) -> bytes:
    """A small file.

    Raises:
        NotThere: there is no such file.
        LibraryError: the server does not answer.
    """
    return _tried(address, lambda: _checked(client.get(address), address)).content


def download(client: httpx.Client, address: str, target: Path, sha256: str = "") -> None:
    """Fetch a file; goes on where an earlier attempt was cut, and does nothing where it is there.

    Args:
        sha256: that it must have; "": not known.

    Raises:
        NotThere, WrongHash: nothing is kept.
        LibraryError: the server does not answer; what came so far is kept.
        DiskFull: likewise.
    """
    if target.exists():
        return
    part = target.with_name(f"{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    for again in (True, False):
        _tried(address, lambda: _append(client, address, part))
        if not sha256 or hashlib.sha256(part.read_bytes()).hexdigest() == sha256:
            complete(part, target)
            return
        part.unlink()  # a cut file was joined to another version's rest, or the server is wrong: once more
        if not again:
            raise WrongHash(f"{address} came with another hash than its publisher names; it was not used")


def _append(client: httpx.Client, address: str, part: Path) -> None:
    """What is missing of a file; raises where less comes than the server promised."""
    have = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with client.stream("GET", address, headers=headers) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            whole = answer.headers.get("content-range", "").rpartition("/")[2]
            if whole == str(have):
                return  # it was whole already
            part.unlink()
            raise httpx.ReadError("the file on the server has changed")
        _checked(answer, address)
        resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT
        with part.open("ab" if resumed else "wb") as file:
            for chunk in answer.iter_bytes():  # as they come: a cut loses none
                file.write(chunk)


def _checked(answer: httpx.Response, address: str) -> httpx.Response:
    if answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        raise NotThere(f"{address} is not there (the server says {answer.status_code})")
    return answer.raise_for_status()


def _tried(address: str, attempt: Callable[[], T]) -> T:
    for left in reversed(range(_TRIES)):
        try:
            return attempt()
        except httpx.HTTPError as error:
            lasting = isinstance(error, httpx.HTTPStatusError) and error.response.is_client_error
            if not left or lasting:
                why = str(error) or type(error).__name__
                raise LibraryError(f"{address} cannot be fetched: {why}; {_AGAIN}") from error
            time.sleep(_WAIT_S * 2 ** (_TRIES - 1 - left))
        except OSError as error:
            raise DiskFull(f"cannot write: {error.strerror or error}; free room, then {_AGAIN}") from error
    raise AssertionError("the loop returns or raises")
