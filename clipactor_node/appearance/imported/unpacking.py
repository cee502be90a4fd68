"""The files of a garment out of a folder or a ZIP, without trusting the ZIP."""

import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from clipactor_node.appearance.imported.raw import GarmentFileError, require

GARMENTS = (".mhclo", ".glb")
_WANTED = {*GARMENTS, ".obj", ".mhmat", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"}
MOST_BYTES = 1_000_000_000
"""Of what is taken out of a ZIP; a garment with its pictures has some ten megabytes."""
MOST_FILES = 20_000


@contextmanager
def garment_files(source: Path) -> Iterator[list[Path]]:
    """The `.mhclo` and `.glb` files of a file, a folder or a ZIP, in order; those of a ZIP for a while.

    Raises:
        GarmentFileError: there is nothing, no garment among it, or the ZIP is damaged, too large, or wants to
            write elsewhere.
    """
    require(source.exists(), f"there is no {source}: name a .mhclo or .glb file, a folder, or a .zip")
    if source.is_dir():
        yield _found(source, source)
    elif source.suffix.lower() == ".zip":
        with TemporaryDirectory(prefix="clipactor-garment-") as folder:
            _unpack(source, Path(folder))
            yield _found(Path(folder), source)
    else:
        require(
            source.suffix.lower() in GARMENTS,
            f"{source.name} is no garment; a .mhclo, a .glb, a folder or a .zip of them was expected",
        )
        yield [source]


def _found(folder: Path, source: Path) -> list[Path]:
    files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in GARMENTS and path.is_file()]
    require(bool(files), f"{source} holds no garment: a .mhclo or .glb file was expected in it")
    return files


def _unpack(source: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            for member in members:
                _check_place(member, source)
            wanted = [m for m in members if PurePosixPath(m.filename).suffix.lower() in _WANTED]
            size = sum(member.file_size for member in wanted)
            require(
                size <= MOST_BYTES and len(wanted) <= MOST_FILES,
                f"{source.name} unpacks to {len(wanted)} files of {size / 1e9:.1f} GB; at most "
                f"{MOST_BYTES / 1e9:.0f} GB are taken: unpack it yourself, and add the folders you want",
            )
            left = MOST_BYTES
            for member in wanted:
                left -= _extract(archive, member, folder, left)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise GarmentFileError(f"{source.name} is no ZIP that can be read ({error}): get it again") from error


def _check_place(member: zipfile.ZipInfo, source: Path) -> None:
    name = member.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    outside = name.startswith("/") or ".." in parts or (bool(parts) and parts[0].endswith(":"))
    link = stat.S_ISLNK(member.external_attr >> 16)
    require(
        not (outside or link),
        f"{source.name} wants to write outside its folder ({member.filename!r}); nothing of it was taken",
    )


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, most: int) -> int:
    """Bytes written: at most `most`, whatever the archive says of its size."""
    path = folder / member.filename.replace("\\", "/")
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as content, path.open("wb") as out:
        shutil.copyfileobj(_Limited(content, most), out)
    return path.stat().st_size


class _Limited:
    """Reads so many bytes, and refuses more."""

    def __init__(self, content: IO[bytes], most: int) -> None:
        self._content, self._left = content, most

    def read(self, size: int = -1) -> bytes:
        part = self._content.read(size)
        self._left -= len(part)
        require(self._left >= 0, "a file of the ZIP is larger than the archive says; nothing of it was taken")
        return part
