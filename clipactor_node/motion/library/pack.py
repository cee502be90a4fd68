"""One file of clips: packed, memory-mapped, versioned, checksummed, written once and never changed.

    header   64 bytes: magic, version, counts, where the index lies, checksums
    payloads one per clip (codec.py), each with its own CRC-32
    index    clip records | label records | text ends | texts (UTF-8)

The header goes in last and the file gets its name only when it is complete, so that an interrupted
write leaves nothing behind but a temporary file. Opening reads the header and the index alone.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.files import replacing
from clipactor_node.motion.clip import ClipLabel, Label, MotionClip
from clipactor_node.motion.library import codec

SUFFIX = ".clips"
VERSION = 1
_MAGIC = b"CLIPPACK"
_HEADER = struct.Struct("<8sIIIIQQQII")  # ..., index offset, index size, text bytes, index crc, header crc
_HEADER_SIZE = 64
_CLIP = np.dtype(
    [
        ("offset", "<u8"),
        ("size", "<u8"),
        ("frames", "<u4"),
        ("crc", "<u4"),
        ("rate_hz", "<f8"),
        ("loop", "<f8", 2),
        ("name", "<u4"),
        ("source", "<u4"),
        ("licence", "<u4"),
        ("captions", "<u4"),
        ("quality", "<u4"),
        ("first_label", "<u4"),
        ("labels", "<u4"),
        ("unused", "<u4"),
    ]
)
_CLIP_FIELDS = _CLIP.names or ()
_LABEL = np.dtype([("clip", "<u4"), ("text", "<u4"), ("start_s", "<f8"), ("end_s", "<f8")])
_NO_LOOP = (-1.0, -1.0)


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What a pack says about a clip without reading its frames. `bytes` is its size on disk."""

    name: str
    rate_hz: float
    frames: int
    loop: tuple[float, float] | None
    source: str
    licence: str
    captions: tuple[str, ...]
    quality: dict[str, float]
    labels: tuple[Label, ...]
    bytes: int

    @property
    def duration_s(self) -> float:
        """Time of the last frame."""
        return (self.frames - 1) / self.rate_hz


class Pack:
    """A pack opened for reading. Payload checksums are verified when a clip is loaded.

    Raises (on opening):
        LibraryError: the file is missing, truncated, damaged, or of another version.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        try:
            with open(self.path, "rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
            raise self._damaged(f"cannot be read ({error})") from error
        self._open_index()

    def _open_index(self) -> None:
        if len(self._data) < _HEADER_SIZE:
            raise self._damaged(f"is truncated: {len(self._data)} bytes")
        fields = _HEADER.unpack_from(self._data)
        magic, version, clips, labels, texts, offset, size, text_size, index_crc, header_crc = fields
        if magic != _MAGIC:
            raise self._damaged("is not a pack of clips (it starts with other bytes)")
        if version != VERSION:
            raise LibraryError(
                f"{self.path} has format version {version}, this program reads version {VERSION}; "
                "import its clips again, or use the version of clipactor_node that wrote it"
            )
        if zlib.crc32(self._data[: _HEADER.size - 4]) != header_crc:
            raise self._damaged("has a damaged header")
        if len(self._data) != offset + size:
            raise self._damaged(f"is truncated: {len(self._data)} bytes of {offset + size}")
        index = memoryview(self._data)[offset:]
        if zlib.crc32(index) != index_crc:
            raise self._damaged("has a damaged index")
        self.clips = np.frombuffer(index, _CLIP, clips)
        at = clips * _CLIP.itemsize
        self._labels = np.frombuffer(index, _LABEL, labels, at)
        at += labels * _LABEL.itemsize
        self._text_ends = np.frombuffer(index, "<u4", texts, at)
        at += texts * 4
        self._texts = index[at : at + text_size]

    def _damaged(self, what: str) -> LibraryError:
        return LibraryError(f"{self.path} {what}; delete it and import its clips again")

    def _text(self, index: int) -> str:
        start = int(self._text_ends[index - 1]) if index else 0
        return bytes(self._texts[start : int(self._text_ends[index])]).decode()

    @cached_property
    def _all_texts(self) -> list[str]:
        ends = self._text_ends.tolist()
        whole = bytes(self._texts)
        spans = zip([0, *ends[:-1]], ends, strict=True)
        if whole.isascii():  # bytes are characters: one decoding serves all
            text = whole.decode()
            return [text[a:b] for a, b in spans]
        return [whole[a:b].decode() for a, b in spans]

    def __len__(self) -> int:
        return len(self.clips)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Clip names in the order in which they were written."""
        return tuple(self._all_texts[i] for i in self.clips["name"].tolist())

    def clip_labels(self) -> list[tuple[int, ClipLabel]]:
        """Every label with the index of its clip, in order."""
        texts, names = self._all_texts, self.names
        columns = (self._labels[field].tolist() for field in ("clip", "text", "start_s", "end_s"))
        make = ClipLabel._make
        return [(c, make((names[c], texts[t], a, b))) for c, t, a, b in zip(*columns, strict=True)]

    def info(self, index: int) -> ClipInfo:
        """What is known about clip number `index` without its frames."""
        row = self.clips[index]
        first, count = int(row["first_label"]), int(row["labels"])
        labels = tuple(
            Label(self._text(int(r["text"])), float(r["start_s"]), float(r["end_s"]))
            for r in self._labels[first : first + count]
        )
        start, end = (float(t) for t in row["loop"])
        return ClipInfo(
            name=self._text(int(row["name"])),
            rate_hz=float(row["rate_hz"]),
            frames=int(row["frames"]),
            loop=None if start < 0 else (start, end),
            source=self._text(int(row["source"])),
            licence=self._text(int(row["licence"])),
            captions=tuple(json.loads(self._text(int(row["captions"])))),
            quality=json.loads(self._text(int(row["quality"]))),
            labels=labels,
            bytes=int(row["size"]),
        )

    def load(self, index: int) -> MotionClip:
        """Read clip number `index`.

        Raises:
            LibraryError: its payload does not match its checksum.
        """
        row, info = self.clips[index], self.info(index)
        start, size = int(row["offset"]), int(row["size"])
        payload = memoryview(self._data)[start : start + size]
        if zlib.crc32(payload) != row["crc"]:
            raise self._damaged(f"holds a damaged clip {info.name!r}")
        poses, translation = codec.decode(payload, info.frames)
        return MotionClip(
            info.name,
            info.rate_hz,
            poses,
            translation,
            labels=info.labels,
            captions=info.captions,
            source=info.source,
            licence=info.licence,
            loop=info.loop,
            quality=info.quality,
            face=codec.decode_face(payload, info.frames),
        )


class PackWriter:
    """Writes a pack clip by clip; use as a context manager.

    Clips stream to a file beside `path`, which takes its place when the `with` block ends without an
    exception (see `files.replacing`). A pack without clips is not written.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._opened = ExitStack()
        self._file: BinaryIO | None = None  # made for the first clip
        self._clips: list[tuple[object, ...]] = []
        self._labels: list[tuple[int, int, float, float]] = []
        self._texts: dict[str, int] = {}
        self._names: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.__exit__(kind, error, trace)

    def add(self, clip: MotionClip) -> None:
        """Append a clip.

        Raises:
            LibraryError: this pack already has a clip of that name.
        """
        if clip.name in self._names:
            raise LibraryError(f"{self.path.name} already has a clip {clip.name!r}; give it another name")
        self._names.add(clip.name)
        payload = codec.encode(clip.poses, clip.translation)
        if clip.face is not None:
            payload += codec.encode_face(clip.face)
        file = self._file or self._open()
        file.write(bytes(-file.tell() % 8))
        row = {
            "offset": file.tell(),
            "size": len(payload),
            "frames": len(clip),
            "crc": zlib.crc32(payload),
            "rate_hz": clip.rate_hz,
            "loop": clip.loop or _NO_LOOP,
            "name": self._intern(clip.name),
            "source": self._intern(clip.source),
            "licence": self._intern(clip.licence),
            "captions": self._intern(json.dumps(clip.captions, ensure_ascii=False)),
            "quality": self._intern(json.dumps(dict(clip.quality))),
            "first_label": len(self._labels),
            "labels": len(clip.labels),
            "unused": 0,
        }
        file.write(payload)
        here = len(self._clips)
        self._labels += [(here, self._intern(one.text), one.start_s, one.end_s) for one in clip.labels]
        self._clips.append(tuple(row[field] for field in _CLIP_FIELDS))

    def __len__(self) -> int:
        return len(self._clips)

    def _intern(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))

    def _open(self) -> BinaryIO:
        part = self._opened.enter_context(replacing(self.path))
        self._file = self._opened.enter_context(part.open("wb"))
        self._file.write(bytes(_HEADER_SIZE))
        self._opened.push(self._finish)  # before the file is closed and takes its place
        return self._file

    def _finish(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self._file is not None:
            self._write_index(self._file)

    def _write_index(self, file: BinaryIO) -> None:
        offset = file.tell()
        texts = [text.encode() for text in self._texts]
        parts = (
            np.array(self._clips, _CLIP).tobytes(),
            np.array(self._labels, _LABEL).tobytes(),
            np.cumsum([len(text) for text in texts], dtype="<u4").tobytes(),
            b"".join(texts),
        )
        index = b"".join(parts)
        counts = (len(self._clips), len(self._labels), len(texts))
        head = _HEADER.pack(
            _MAGIC, VERSION, *counts, offset, len(index), len(parts[3]), zlib.crc32(index), 0
        )[:-4]
        file.write(index)
        file.seek(0)
        file.write(head + struct.pack("<I", zlib.crc32(head)))
        file.flush()
        os.fsync(file.fileno())


def write_pack(path: Path, clips: Iterable[MotionClip]) -> None:
    """Write clips into a pack at `path`, replacing what was there in one step."""
    with PackWriter(path) as writer:
        for clip in clips:
            writer.add(clip)
