"""Named arrays from .npz, .npy, .pkl, .pt and .pth, without running anything that is in them.

A file may hold the arrays of one motion, or of several, in dictionaries within dictionaries.
"""

import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.formats import file_limits, unpickling

SUFFIXES = (".npz", ".npy", ".pkl", ".pickle", ".pt", ".pth")
_MOST_FRAMES = int(file_limits.LONGEST_S * file_limits.RATES_HZ[1])
_DEEPEST = 4
_UNNAMED = re.compile(r"arr_\d+")  # what numpy.savez calls arrays without a name
ALONE = "array"
"""The name of an array that has none."""
Arrays = dict[str, np.ndarray]


def read(path: Path, wanted: Collection[str]) -> dict[str, Arrays]:
    """Group -> its arrays by name; the group of a plain file is "".

    Args:
        wanted: names of arrays that are read; others are not even unpacked.

    Raises:
        LibraryError: damaged, larger than any motion, or not to be read without running it.
    """
    file_limits.check_file(path)
    if path.suffix.lower() == ".npz":
        return _npz(path, wanted)
    if path.suffix.lower() == ".npy":
        return _npy(path, wanted)
    return dict(_groups(unpickling.read(path), wanted))


def held(path: Path) -> str:
    """What a file holds, name by name, for messages."""
    if path.suffix.lower() == ".npz":
        with zipfile.ZipFile(path) as archive:
            names = [member.removesuffix(".npy") for member in archive.namelist()]
    elif path.suffix.lower() == ".npy":
        names = [f"one array of shape {np.load(path, mmap_mode='r').shape}"]
    else:
        value = unpickling.read(path)
        names = list(map(str, value)) if isinstance(value, dict) else [type(value).__name__]
    return ", ".join(names[:20]) or "nothing"


def _groups(
    value: object, wanted: Collection[str], name: str = "", depth: int = 0
) -> Iterator[tuple[str, Arrays]]:
    """Every dictionary in a value that holds wanted arrays."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        yield name, {ALONE: value}
    elif isinstance(value, np.ndarray) and value.size == 1:
        yield from _groups(value.reshape(-1)[0], wanted, name, depth)
    elif isinstance(value, dict):
        numbers = {str(key): np.asarray(item) for key, item in value.items() if _is_number(item)}
        own = {key: item for key, item in numbers.items() if key in wanted}
        if own:
            yield name, own
        elif depth < _DEEPEST:
            for key, item in value.items():
                if isinstance(item, dict | list | tuple) or (
                    isinstance(item, np.ndarray) and item.dtype == object
                ):
                    yield from _groups(item, wanted, f"{name} {key}".strip(), depth + 1)
    elif isinstance(value, list | tuple) and depth < _DEEPEST:
        for number, item in enumerate(value, 1):
            if isinstance(item, dict):
                yield from _groups(item, wanted, f"{name} {number}".strip(), depth + 1)


def _is_number(item: object) -> bool:
    if isinstance(item, np.ndarray | np.generic):
        return item.dtype.kind in "fiub"
    if isinstance(item, list) and item and not isinstance(item[0], dict | str):
        try:
            return np.asarray(item).dtype.kind in "fiub"
        except ValueError:  # rows of different length
            return False
    return isinstance(item, int | float)


def _npy(path: Path, wanted: Collection[str]) -> dict[str, Arrays]:
    with open(path, "rb") as file:
        try:
            shape, kind = _header(file)
            _check_size(path.name, "it", path.stat().st_size)
            if kind.hasobject:  # numpy.save of a dictionary, as MDM writes its results
                return dict(_groups(unpickling.load(file.read()), wanted))
            _check_frames(path.name, "it", shape)
            file.seek(0)
            return {"": {ALONE: np.lib.format.read_array(file, allow_pickle=False)}}
        except (OSError, *unpickling.ERRORS) as error:
            raise LibraryError(
                f"{path.name}: is not a whole .npy file of plain arrays ({error}); {unpickling.NOTHING_RUN}"
            ) from error


def _npz(path: Path, wanted: Collection[str]) -> dict[str, Arrays]:
    """How large arrays are is read from their headers first: what does not fit is never unpacked."""
    try:
        groups: dict[str, Arrays] = {"": {}}
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                key = member.removesuffix(".npy")
                if key not in wanted and not _UNNAMED.fullmatch(key):
                    continue
                _check_size(path.name, key, archive.getinfo(member).file_size)
                with archive.open(member) as file:
                    shape, kind = _header(file)
                _check_frames(path.name, key, shape)
                if kind.kind not in "fiuO":
                    continue  # text
                with archive.open(member) as file:
                    if kind.kind == "O":
                        _header(file)
                        value = _plain(unpickling.load(file.read()))
                        for name, group in _groups({key: value} if key in wanted else value, wanted):
                            groups.setdefault(name, {}).update(group)
                    else:
                        array = np.lib.format.read_array(file, allow_pickle=False)
                        groups[""].setdefault(key if key in wanted else ALONE, array)
        return groups
    except (OSError, NotImplementedError, *unpickling.ERRORS) as error:
        raise LibraryError(
            f"{path.name}: is not a whole .npz file of plain arrays ({error}); {unpickling.NOTHING_RUN}"
        ) from error


def _plain(value: object) -> object:
    """What an array of Python objects holds, as numbers if it can be."""
    if not (isinstance(value, np.ndarray) and value.dtype == object):
        return value
    if value.size == 1:
        return value.reshape(-1)[0]
    try:
        return np.asarray(value.tolist(), float)
    except (ValueError, TypeError):
        return value.tolist()


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and kind of an array, from its first bytes."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, kind = read(file)
    return shape, kind


def _check_size(name: str, key: str, size: int) -> None:
    if size > file_limits.LARGEST_ARRAY:
        raise LibraryError(
            f"{name}: {key} unpacks to {size / 1e6:.0f} MB; at most "
            f"{file_limits.LARGEST_ARRAY / 1e6:.0f} MB are read, cut it into shorter clips"
        )


def _check_frames(name: str, key: str, shape: tuple[int, ...]) -> None:
    if len(shape) > 1 and shape[0] > _MOST_FRAMES:
        raise LibraryError(
            f"{name}: {key} has {shape[0]} frames; at most "
            f"{file_limits.LONGEST_S / 60:.0f} minutes are read, cut it into shorter clips"
        )
