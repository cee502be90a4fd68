"""Arrays in pickles, without running what is in them: .pkl of numpy and joblib, .pt and .pth of torch.

A pickle can name any function of any module and have it called. This reader knows how numpy and torch write
arrays, rebuilds those itself, and refuses every other name before anything is called.
"""

import io
import pickle
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.formats import file_limits

_NUMPY = ("numpy.core.multiarray", "numpy._core.multiarray")
_STORAGES = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
    "BFloat16Storage": "bfloat16",
}
NOTHING_RUN = "nothing in it was run: load it where it was written and save its arrays with numpy.savez"
_LEGACY = 0x1950A86A20F9469CFC6C  # what files of torch.save from before 2020 begin with


def read(path: Path) -> object:
    """What a pickle holds: dictionaries, lists, numbers, text and numpy arrays; tensors become arrays.

    Raises:
        LibraryError: it is damaged, or holds anything else; says what.
    """
    file_limits.check_file(path)
    if path.stat().st_size > file_limits.LARGEST_ARRAY:
        raise LibraryError(f"{path.name}: is larger than {file_limits.LARGEST_ARRAY / 1e6:.0f} MB")
    try:
        if zipfile.is_zipfile(path):
            return _read_torch(path)
        content = io.BytesIO(path.read_bytes())
        try:
            value = _Unpickler(content).load()
        except _IsJoblib:
            content.seek(0)
            value = _JoblibUnpickler(content).load()
        return _read_old_torch(content) if isinstance(value, int) and value == _LEGACY else value
    except Exception as error:  # damaged pickles fail in every way there is
        raise LibraryError(f"{path.name}: is no pickle of plain arrays ({error}); {NOTHING_RUN}") from error


def load(content: bytes) -> object:
    """As `read`, of the bytes of a pickle without torch; raises what pickle raises."""
    return _Unpickler(io.BytesIO(content)).load()


class _Allowed:
    """The few names that a pickle may say, and what stands for them here."""

    _storage: Callable[[str, str, int], bytes] | None = None

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("joblib.numpy_pickle", "NumpyArrayWrapper"):
            raise _IsJoblib
        if module in _NUMPY and name == "_reconstruct":
            return _empty_array
        if module in _NUMPY and name == "scalar":
            return _scalar
        if module in ("numpy.core.numeric", "numpy._core.numeric") and name == "_frombuffer":
            return _from_buffer
        if (module, name) == ("numpy", "ndarray"):
            return np.ndarray
        if (module, name) == ("numpy", "dtype") or module == "numpy.dtypes":
            return np.dtype if name == "dtype" else _refused(module, name)
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("_codecs", "encode"):
            return _encode
        if self._storage is not None and module in ("torch", "torch.storage") and name in _STORAGES:
            return name
        if self._storage is not None and module == "torch._utils":
            if name == "_rebuild_tensor_v2":
                return _tensor
            if name == "_rebuild_parameter":
                return _parameter
        return _refused(module, name)


class _Unpickler(_Allowed, pickle.Unpickler):
    """Numpy arrays and plain values; with `storage`, torch tensors too."""

    def __init__(self, file: io.BytesIO, storage: Callable[[str, str, int], bytes] | None = None) -> None:
        super().__init__(file, encoding="latin1")
        self._storage = storage

    def persistent_load(self, pid: Any) -> np.ndarray:
        if self._storage is None or not isinstance(pid, tuple) or len(pid) < 5 or pid[0] != "storage":
            raise pickle.UnpicklingError("it refers to something outside of it")
        kind = _STORAGES[pid[1]]
        raw = "<u2" if kind == "bfloat16" else kind
        content = self._storage(str(pid[2]), raw, int(pid[4]))
        if kind == "bfloat16":
            return (np.frombuffer(content, "<u2").astype("<u4") << 16).view("<f4")
        return np.frombuffer(content, kind)


class _IsJoblib(pickle.UnpicklingError):
    """The pickle is one of joblib, whose arrays lie between the pickled words."""


class _JoblibArray:
    """What joblib writes before the bytes of an array: its `dtype`, `shape`, `order`."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.state = state

    def read(self, file: io.BytesIO) -> np.ndarray:
        """The array, from the bytes that follow."""
        kind, shape = self.state["dtype"], tuple(map(int, self.state["shape"]))
        if not isinstance(kind, np.dtype) or kind.hasobject or min((*shape, 0)) < 0:
            raise pickle.UnpicklingError("it would make an object")
        if self.state.get("numpy_array_alignment_bytes") is not None:
            file.read(int.from_bytes(file.read(1), "little"))
        content = file.read(int(np.prod(shape, dtype=object)) * kind.itemsize)
        return np.frombuffer(content, kind).reshape(shape, order="F" if self.state["order"] == "F" else "C")


class _JoblibUnpickler(_Allowed, pickle._Unpickler):
    """Reads byte by byte, so that the bytes of an array can be taken from between the words."""

    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, encoding="latin1")
        self._file = file

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("joblib.numpy_pickle", "NumpyArrayWrapper"):
            return _JoblibArray
        return super().find_class(module, name)

    def load_build(self) -> None:
        """The state of an object; an array is read there and then."""
        super().load_build()  # type: ignore[misc]
        stack = self.stack  # type: ignore[attr-defined]
        if isinstance(stack[-1], _JoblibArray):
            stack[-1] = stack[-1].read(self._file)

    dispatch[pickle.BUILD[0]] = load_build


def _refused(module: str, name: str) -> Any:
    raise pickle.UnpicklingError(f"it would call {module}.{name}")


def _empty_array(kind: object, shape: object, code: object) -> np.ndarray:
    """What numpy's own `_reconstruct` makes before the state is set; only an empty array."""
    if kind is not np.ndarray or shape not in ((0,), [0]):
        raise pickle.UnpicklingError("it would make something else than an array")
    return np.ndarray.__new__(np.ndarray, (0,), "b")


def _scalar(kind: np.dtype, content: str | bytes = b"") -> object:
    if not isinstance(kind, np.dtype) or kind.hasobject:
        raise pickle.UnpicklingError("it would make an object")
    raw = content.encode("latin1") if isinstance(content, str) else content
    return np.frombuffer(raw, kind)[0]


def _from_buffer(
    content: bytes, kind: np.dtype, shape: tuple[int, ...], order: str, *_: object
) -> np.ndarray:
    if not isinstance(kind, np.dtype) or kind.hasobject:
        raise pickle.UnpicklingError("it would make an object")
    return np.frombuffer(content, kind).reshape(shape, order="F" if order == "F" else "C")


def _encode(text: str, encoding: str = "latin1") -> bytes:
    return text.encode("latin1" if encoding != "utf-8" else "utf-8")


def _tensor(
    storage: np.ndarray, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: object
) -> np.ndarray:
    """A torch tensor as an array, checked to lie within its storage."""
    size, stride = tuple(map(int, size)), tuple(map(int, stride))
    if min((*size, *stride, offset, 0)) < 0 or len(size) != len(stride):
        raise pickle.UnpicklingError("a tensor has an impossible shape")
    count = int(np.prod(size, dtype=object)) if size else 1
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    if count and (last >= len(storage) or count * storage.itemsize > file_limits.LARGEST_ARRAY):
        raise pickle.UnpicklingError("a tensor is larger than its storage")
    steps = tuple(step * storage.itemsize for step in stride)
    view = np.lib.stride_tricks.as_strided(storage[offset:], size, steps, writeable=False)
    return view.copy()


def _parameter(data: np.ndarray, *_: object) -> np.ndarray:
    return data


def _read_torch(path: Path) -> object:
    """A file of torch.save: a zip with data.pkl and one member per storage."""
    with zipfile.ZipFile(path) as archive:
        pickled = [name for name in archive.namelist() if name.endswith("/data.pkl") or name == "data.pkl"]
        if len(pickled) != 1:
            raise pickle.UnpicklingError("it is a zip file, but not one of torch.save")
        folder = pickled[0].removesuffix("data.pkl")

        def storage(key: str, kind: str, count: int) -> bytes:
            member = f"{folder}data/{key}"
            size = archive.getinfo(member).file_size
            if size > file_limits.LARGEST_ARRAY:
                raise pickle.UnpicklingError(f"{member} unpacks to {size / 1e6:.0f} MB")
            return archive.read(member)

        return _Unpickler(io.BytesIO(archive.read(pickled[0])), storage).load()


def _read_old_torch(file: io.BytesIO) -> object:
    """A file of torch.save from before 2020, after its first number: pickles, then the storages' bytes.

    The value is built twice: once to learn which storages there are, then with what is in them.
    """
    _Unpickler(file).load()  # version
    _Unpickler(file).load()  # of the machine
    start = file.tell()
    needed: dict[str, tuple[str, int]] = {}

    def empty(key: str, kind: str, count: int) -> bytes:
        needed[key] = kind, count
        if count * np.dtype(kind).itemsize > file_limits.LARGEST_ARRAY:
            raise pickle.UnpicklingError(f"a storage has {count} numbers")
        return bytes(count * np.dtype(kind).itemsize)

    _Unpickler(file, empty).load()
    storages = {}
    for key in map(str, _Unpickler(file).load()):
        kind, count = needed[key]
        if int.from_bytes(file.read(8), "little") != count:
            raise pickle.UnpicklingError(f"storage {key} has another size than its tensor says")
        storages[key] = file.read(count * np.dtype(kind).itemsize)
    file.seek(start)
    return _Unpickler(file, lambda key, kind, count: storages[key]).load()


ERRORS = (pickle.UnpicklingError, zipfile.BadZipFile, zlib.error, ValueError, EOFError, IndexError, TypeError)
