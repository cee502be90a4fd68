"""Dressing in cloth, in a process of its own: it computes for seconds, and no tick is to wait for that."""

import json
import os
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from clipactor_node.body.export import SkinnedMesh
from clipactor_node.errors import ClipActorError

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
NICENESS = 5
"""Of the process: the avatar's clock goes first."""
_LENGTH = struct.Struct("<BQ")
DRESSED, REFUSED = 0, 1


class DressingError(ClipActorError):
    """Clothes that could not be made of cloth."""


@dataclass(frozen=True)
class Order:
    """What is to be dressed.

    Fields:
        words: that describe clothes; "": everyday ones.
        body: path of the body file; "": the shipped one.
        texture: texels along a side of the picture; 0: as many as usual.
        person: which of the people whom the words describe, see `ProposedOutfit.betas`.
    """

    words: str
    body: str = ""
    texture: int = 0
    person: int = 0


class DressingProcess:
    """Starts when it is first needed, and ends with its parent, whose pipe it reads. For one thread.

    `stop` may be called in any thread: who waits for an answer gets an error.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def dressed(self, order: Order) -> SkinnedMesh:
        """Waits for the clothes, for seconds where they were never made before.

        Raises:
            DressingError: they cannot be made, or the process cannot be started, or has ended.
        """
        try:
            process = self._running()
            assert process.stdin is not None and process.stdout is not None  # pipes, see below
            process.stdin.write(json.dumps(vars(order)).encode() + b"\n")
            process.stdin.flush()
            kind, length = _LENGTH.unpack(_exactly(process.stdout, _LENGTH.size))
            content = _exactly(process.stdout, length)
        except (OSError, EOFError, ValueError) as error:
            raise DressingError(self._why_it_ended(error)) from error
        if kind == REFUSED:
            raise DressingError(content.decode())
        return SkinnedMesh.unpacked(content)

    def stop(self) -> None:
        """End it, whatever it is doing."""
        self._closed = True
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._closed:
            raise OSError("it was stopped")
        if self._process is None or self._process.poll() is not None:
            paths = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(PACKAGE_ROOT))))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "clipactor_node.player.dressing_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": paths, "NUMBA_NUM_THREADS": "1"},
                cwd="/",  # not the source tree, which `python -m` would put on the path
                start_new_session=True,  # Ctrl-C is for the node, which then ends this
            )
        return self._process

    def _why_it_ended(self, error: Exception) -> str:
        status = self._process.poll() if self._process is not None else None
        ended = f" with status {status}" if status is not None else ""
        return f"the process that sews ended{ended} ({error}); the next clothes start it again"


def send(out: IO[bytes], kind: int, content: bytes) -> None:
    """An answer, as `DressingProcess.dressed` reads it."""
    out.write(_LENGTH.pack(kind, len(content)))
    out.write(content)
    out.flush()


def _exactly(source: IO[bytes], count: int) -> bytes:
    content = source.read(count)
    if len(content) < count:
        raise EOFError(f"{len(content)} of {count} bytes came")
    return content
