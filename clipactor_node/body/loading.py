"""`load`: the one door to every body file."""

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

from clipactor_node.body.model import Body
from clipactor_node.body.open_format import FORMAT, read_open_body
from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models

OPEN_BODY = "body/open_body.npz"


def load(path: str | Path | None = None) -> Body:
    """Reads a body model.

    Args:
        path: a body file; None: the open body that ships with ClipActor.

    Raises:
        ModelError: no such file, truncated, or not a body; names the key, what was found and expected.
    """
    path = shipped_models() / OPEN_BODY if path is None else Path(path).expanduser()
    if not path.is_file():
        raise ModelError(
            f"no body model at {path}; leave the path out to use the body that ships with ClipActor"
        )
    content = path.read_bytes()
    arrays = _arrays(content, path)
    if str(arrays.get("format")) != FORMAT:
        raise ModelError(
            f"{path}: not a body ClipActor knows: 'format' is {arrays.get('format')}, expected {FORMAT}"
        )
    return read_open_body(arrays, path, hashlib.sha256(content).hexdigest())


def _arrays(content: bytes, path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files}
    except (ValueError, OSError, EOFError, KeyError, AttributeError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"{path}: unreadable as .npz ({error}); truncated? Fetch or build it again."
        ) from error
