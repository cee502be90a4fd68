"""Big messages at full rate: numpy fills a message that was serialised once.

Building a Marker of 20,000 triangles from Point objects takes a third of a second; its serialised
form (CDR) is the same bytes every time except for the stamp, the points and the colors. A
`Template` serialises a real message whose changing fields hold marks, finds the marks, and hands
out those places as numpy arrays. The layout is thus whatever the installed ROS 2 makes it.
"""

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from rclpy.serialization import serialize_message
from rosidl_parser.definition import (
    AbstractNestedType,
    AbstractString,
    AbstractType,
    Array,
    BasicType,
    NamespacedType,
)

Number = type[np.float64] | type[np.float32] | type[np.uint8]
Words = npt.NDArray[np.float64] | npt.NDArray[np.float32] | npt.NDArray[np.uint8]

# CDR aligns numbers relative to the end of this header (encapsulation kind and options).
ENCAPSULATION = 4

WIDTHS = {"int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "float": 4} | dict.fromkeys(
    ("int64", "uint64", "double"), 8
)
"""Bytes of the numbers that take more than one."""

# Padding is left uninitialised by the serialiser and may hold remains of a mark. The low bytes of
# the marks are therefore none that a bool, an enumeration or a length would have.


def mark64(number: int = 0) -> float:
    """A float64 that means nothing, to mark a float64 field; one `number` per slot."""
    return struct.unpack("<d", struct.pack("<Q", 0x7E5A_C11D_AC70_A5C1 + number))[0]


def mark32(number: int = 0) -> float:
    """The same for float32 fields (exactly representable, so ROS's range check accepts it)."""
    return struct.unpack("<f", struct.pack("<I", 0x7E5A_A5C1 + number))[0]


def mark8(number: int = 0) -> int:
    """The same for the elements of uint8[] fields, of which there must be many."""
    return 0xA5 + number


TEXT = ord("#") - mark8()
"""Number of the mark in texts: it makes the slot's bytes those of `mark_text`."""


def mark_text(count: int) -> str:
    """Marks `count` characters of a text."""
    return chr(mark8(TEXT)) * count


STAMP = Time(sec=0x5EC5_1A3B, nanosec=0x1234_5678)
"""Marks every `stamp` in a message."""


def serialized(message: object) -> bytes:
    """A message as it goes over the wire.

    `serialize_message` hands out its whole buffer, up to eight bytes of remains behind the message;
    readers that are strict about the length refuse those.
    """
    kind = type(message)
    end = _end(message, NamespacedType(kind.__module__.split("."), kind.__name__), 0)
    return serialize_message(message)[: ENCAPSULATION + end]


def _end(value: Any, kind: AbstractType, at: int) -> int:
    """Where a value that begins at the `at`-th byte (padding included) ends, in plain CDR."""
    if isinstance(kind, BasicType):
        width = WIDTHS.get(kind.typename, 1)
        return _aligned(at, width) + width
    if isinstance(kind, AbstractString):
        return _aligned(at, 4) + 4 + len(value.encode()) + 1
    if isinstance(kind, NamespacedType):
        for name, part in zip(value.get_fields_and_field_types(), value.SLOT_TYPES, strict=True):
            at = _end(getattr(value, name), part, at)
        return at
    if not isinstance(kind, AbstractNestedType):
        raise TypeError(f"no length is known for a field of type {kind}")
    if not isinstance(kind, Array):
        at = _aligned(at, 4) + 4
    if isinstance(kind.value_type, BasicType):
        width = WIDTHS.get(kind.value_type.typename, 1)
        return _aligned(at, width) + width * len(value) if len(value) else at
    for element in value:
        at = _end(element, kind.value_type, at)
    return at


def _aligned(at: int, width: int) -> int:
    return -(-at // width) * width


def grown(make: Callable[[int], object], count: int, *marks: tuple[bytes, int]) -> bytes:
    """What `serialized(make(count))` gives, in a hundredth of the time.

    Two small messages are serialised, and their sequences stretched.

    Args:
        make: a message whose sequences of marks hold so many elements each.
        marks: for each sequence, in their order, one mark's bytes and how many of them an element has;
            an element takes a multiple of 8 bytes, so that what follows stays aligned.
    """
    fewer, more = 8, 9
    if count < fewer:
        return serialized(make(count))
    raw, other = serialized(make(fewer)), serialized(make(more))
    pieces, done = [], 0
    for mark, width in marks:
        element = mark * width
        if len(element) % 8:
            raise ValueError(f"elements of {len(element)} bytes given, expected a multiple of 8")
        start, start_in_other = raw.index(element * fewer), other.index(element * more)
        # The length stands right before the elements, or before four bytes of padding.
        lengths = [
            start - back
            for back in (4, 8)
            if raw[start - back :][:4] == struct.pack("<I", fewer)
            and other[start_in_other - back :][:4] == struct.pack("<I", more)
        ]
        length, end = lengths[0], start + len(element) * fewer
        pieces += [raw[done:length], struct.pack("<I", count), raw[length + 4 : start], element * count]
        done = end
    return b"".join([*pieces, raw[done:]])


class Template:
    """A serialised message, its stamps, and the places of it that change.

    Args:
        message: a ROS message, or its bytes; `STAMP` in its stamps, marks in the fields to fill.
        slots: for each slot, its mark's dtype (np.float64, np.float32 or np.uint8), number and how
            many marks there are: `points=(np.float64, 0, 3 * count)`.

    `template["points"]` is then a writable array of that dtype and length, if the places are
    contiguous; else `template.fill("points", values)` scatters.
    """

    def __init__(self, message: object, **slots: tuple[Number, int, int]) -> None:
        raw = message if isinstance(message, bytes) else serialized(message)
        # The payload is placed so that its 64-bit words are aligned in memory as they are in CDR.
        size = -(-(len(raw) - ENCAPSULATION) // 8) * 8
        self._memory = np.zeros(8 + size, np.uint8)
        self._message = self._memory[8 - ENCAPSULATION :][: len(raw)]
        self._message[:] = np.frombuffer(raw, np.uint8)
        payload = self._memory[8:]
        self._stamps = np.flatnonzero(payload.view(np.int32)[:-1] == STAMP.sec)
        self._seconds = payload.view(np.int32)
        self._nanoseconds = payload.view(np.uint32)
        self._places: dict[str, tuple[Words, slice | npt.NDArray[np.intp]]] = {}
        for name, (dtype, number, count) in slots.items():
            self._places[name] = self._find(name, dtype, number, count)

    def _find(
        self, name: str, dtype: Number, number: int, count: int
    ) -> tuple[Words, slice | npt.NDArray[np.intp]]:
        """The part of the message that a slot is in, as numbers of its type, and where in it."""
        payload = self._memory[8:]
        if dtype is np.uint8:
            return payload, self._find_bytes(name, number, count)
        words: Words = payload.view(np.float64) if dtype is np.float64 else payload.view(np.float32)
        mark = np.array(mark64(number) if dtype is np.float64 else mark32(number), dtype)
        whole = np.uint64 if dtype is np.float64 else np.uint32
        places = np.flatnonzero(words.view(whole) == mark.view(whole))
        if len(places) != count:
            raise ValueError(f"slot {name!r}: {len(places)} marks found, expected {count}")
        if count and places[-1] - places[0] == count - 1:
            return words, slice(int(places[0]), int(places[-1]) + 1)
        return words, places

    def _find_bytes(self, name: str, number: int, count: int) -> slice:
        start = self._memory[8:].tobytes().find(bytes([mark8(number)]) * count)
        if start < 0:
            raise ValueError(f"slot {name!r}: no {count} marks in a row found")
        return slice(start, start + count)

    def __getitem__(self, name: str) -> Words:
        """The slot as a writable array (n,) within the message; only for a contiguous slot."""
        words, places = self._places[name]
        if not isinstance(places, slice):
            raise ValueError(f"slot {name!r} is scattered over the message; use fill()")
        return words[places]

    def fill(self, name: str, values: npt.ArrayLike) -> None:
        """Write `values` (any shape, n elements in all) into the slot, in C order."""
        words, places = self._places[name]
        words[places] = np.asarray(values).reshape(-1)

    def stamp(self, stamp: Time) -> None:
        """Write one time into every stamp."""
        self._seconds[self._stamps] = stamp.sec
        self._nanoseconds[self._stamps + 1] = stamp.nanosec

    def serialized(self) -> bytes:
        """What `Publisher.publish` accepts in place of a message."""
        return self._message.tobytes()
