"""The text of a URDF file: in whatever encoding it is, and plain, not a xacro that still has to run."""

import codecs
import re
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from clipactor_node.errors import RobotError

LARGEST_FILE = 50_000_000
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([\w.:-]+)["']""")
_TO_BE_RUN = re.compile(r"\$(\(|\{)")
_FOR_OTHERS = ("gazebo", "transmission", "ros2_control")
"""What simulators and controllers read; a body is not described there."""
_XACRO_TAG = re.compile(r"<\s*xacro:\w")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_text(path: Path) -> str:
    """The text of a file, decoded as its byte order mark or its XML declaration says, else as UTF-8, else
    as ISO-8859-1; zeros that some exporters leave at the end are dropped.

    Raises:
        RobotError: it cannot be read, is larger than a URDF, or is no text.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RobotError(f"{path} is larger than {LARGEST_FILE // 10**6} MB; expected a URDF file")
        data = path.read_bytes()
    except OSError as error:
        raise RobotError(f"{path} cannot be read: {error.strerror}; give the path of a URDF file") from error
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding).rstrip("\0 \t\r\n")
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text and "<" in text:
            return text
    raise RobotError(f"{path} is no text; expected a URDF file")


def _encodings(data: bytes) -> list[str]:
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    declared = _DECLARED.match(data[:400])
    said = [declared.group(1).decode("ascii")] if declared else []
    return [*marked, *said, "utf-8", "iso-8859-1"]


def parse(text: str, source: str = "the description") -> Element:
    """The <robot> element of a URDF's text; `source` is what messages call it.

    Raises:
        RobotError: it is not XML, not a URDF, or a xacro.
    """
    try:
        robot = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        if "unbound prefix" in str(error) and _XACRO_TAG.search(text):
            raise _is_xacro(source) from error
        raise RobotError(f"{source} is not XML: {error}; expected a URDF file") from error
    for element in robot.iter():
        if not _of_xacro(element.tag):
            element.tag = element.tag.rpartition("}")[2]  # a default namespace changes no meaning
    for ignored in [child for child in robot if child.tag in _FOR_OTHERS]:
        robot.remove(ignored)
    if any(map(_unfinished, robot.iter())):
        raise _is_xacro(source)
    if robot.tag != "robot":
        raise RobotError(f"{source} begins with <{robot.tag}>; expected the <robot> of a URDF")
    return robot


def _is_xacro(source: str) -> RobotError:
    return RobotError(f"{source} is xacro; make a URDF of it first: xacro {source} > robot.urdf")


def _unfinished(element: Element) -> bool:
    """Is it for xacro to run? Comments, which the parser drops, and a namespace without use are not."""
    if _of_xacro(element.tag):
        return True
    texts = (element.text or "", element.tail or "", *element.attrib, *element.attrib.values())
    return any(_TO_BE_RUN.search(text) for text in texts)


def _of_xacro(tag: str) -> bool:
    return tag.startswith("{") and "xacro" in tag.partition("}")[0]
