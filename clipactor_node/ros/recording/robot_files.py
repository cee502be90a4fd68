"""The files that a recorded `robot_description` refers to: attachments of the recording, taken out again."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from mcap.exceptions import McapError
from mcap.reader import make_reader

from clipactor_node.errors import ClipActorError
from clipactor_node.files import write_whole

SHAPES = {".glb", ".gltf", ".bin", ".stl", ".dae", ".obj", ".mtl", ".png", ".jpg", ".jpeg"}
"""What is attached: a description comes from whoever publishes it, and may name any file."""
LARGEST = 100_000_000


def robot_files(topic: str, text: str) -> list[tuple[str, bytes]]:
    """A description that refers to its meshes by relative names, and these meshes.

    The message itself is recorded as it came over the wire.

    Args:
        topic: `/clipactor/robot_description`; text: what was said on it.

    Returns:
        names such as `clipactor_robot_description/head.glb`, and contents; nothing for a text that is no XML
        or refers to no file of this machine.
    """
    folder = topic.strip("/").replace("/", "_")
    try:
        robot = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return []
    found: dict[Path, str] = {}
    files: list[tuple[str, bytes]] = []
    for mesh in robot.iter("mesh"):
        source = _file_of(mesh.get("filename", ""))
        if source is None:
            continue
        if source not in found:
            taken = source.name in found.values()
            found[source] = f"{len(found)}-{source.name}" if taken else source.name
            files.append((f"{folder}/{found[source]}", source.read_bytes()))
        mesh.set("filename", found[source])
    described = ElementTree.tostring(robot, encoding="utf-8", xml_declaration=True)
    return [(f"{folder}/robot.urdf", described), *files] if files else []


def _file_of(uri: str) -> Path | None:
    """A shape on this machine; None: it is none, or too large."""
    parts = urlsplit(uri)
    path = Path(unquote(parts.path))
    if parts.scheme != "file" or path.suffix.lower() not in SHAPES or not path.is_file():
        return None
    return path if path.stat().st_size <= LARGEST else None


def unpack_robots(recording: Path, out: Path) -> list[Path]:
    """Write the robots of a recording into a folder, each with its meshes in a folder of its own.

    Args:
        recording: an MCAP file; out: the folder, made if need be.

    Returns:
        the URDF files.

    Raises:
        ClipActorError: it is no MCAP file, or holds no robot.
    """
    try:
        with open(recording, "rb") as file:
            found = [(one.name, one.data) for one in make_reader(file).iter_attachments()]
    except (OSError, ValueError, McapError) as error:
        raise ClipActorError(f"{recording} cannot be read: {error}; is it an MCAP file?") from error
    written = list(_written(found, out))
    if not written:
        raise ClipActorError(f"{recording} holds no robot with meshes; `clipactor bag record` attaches them")
    return written


def _written(attachments: Iterable[tuple[str, bytes]], out: Path) -> Iterable[Path]:
    for name, content in attachments:
        parts = Path(name).parts
        if len(parts) == 2 and not {"..", "/"} & set(parts):  # of other recorders there may be anything
            path = out.joinpath(*parts)
            write_whole(path, content)
            if path.suffix == ".urdf":
                yield path
