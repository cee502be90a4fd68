"""Message types by their names, and their definitions as MCAP readers want them."""

import importlib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from clipactor_node.errors import ClipActorError

if TYPE_CHECKING:
    from rclpy.type_support import Msg

    class Message(Msg, Protocol):
        """What is needed of a generated message."""

        @classmethod
        def get_fields_and_field_types(cls) -> dict[str, str]: ...


_NESTED = re.compile(r"\b(\w+)/(\w+)")


def message_class(kind: str) -> "type[Message]":
    """`"sensor_msgs/msg/JointState"` -> the Python class.

    Raises:
        ImportError, AttributeError, ValueError: it is not installed, or no such name.
    """
    package, _, name = kind.split("/")
    return getattr(importlib.import_module(f"{package}.msg"), name)


def definition(kind: str) -> str:
    """The text of a message type followed by those of all types within it, as MCAP readers want it."""
    texts: dict[str, str] = {}
    waiting = [kind]
    while waiting:
        package, _, name = waiting.pop(0).split("/")
        if f"{package}/{name}" not in texts:
            texts[f"{package}/{name}"] = _file(package, name).read_text()
            fields = message_class(f"{package}/msg/{name}").get_fields_and_field_types().values()
            waiting += [f"{p}/msg/{n}" for p, n in _NESTED.findall(" ".join(fields))]
    (_, first), *others = texts.items()
    return "".join([first, *(f"\n{'=' * 80}\nMSG: {name}\n{text}" for name, text in others)])


def _file(package: str, name: str) -> Path:
    prefixes = [p for p in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if p]
    for prefix in (*prefixes, sys.prefix):
        path = Path(prefix) / "share" / package / "msg" / f"{name}.msg"
        if path.is_file():
            return path
    raise ClipActorError(f"the definition of {package}/{name} is not installed; looked in {prefixes}")
