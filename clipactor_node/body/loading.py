"""`load`: the one door to every body file."""

import hashlib
import io
import zipfile
import zlib
from pathlib import Path

import numpy as np

from clipactor_node.body.further_shapes import with_further
from clipactor_node.body.model import Body
from clipactor_node.body.open_format import FORMAT, read_open_body
from clipactor_node.body.safe_pickle import read_pickle
from clipactor_node.body.smplx_format import WANTED, read_smplx
from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models

OPEN_BODY = "body/open_body.npz"


def load(path: str | Path | None = None) -> Body:
    """Reads a body model.

    Args:
        path: ClipActor's own `.npz`, or a licensed `SMPLX_*.npz` or `.pkl`; None: the open body that
            ships with ClipActor.

    Raises:
        ModelError: no such file, truncated, not a body, or a pickle that holds code; names the key,
            what was found and what was expected.
    """
    path = shipped_models() / OPEN_BODY if path is None else Path(path).expanduser()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"no body model at {path} ({error.strerror}); leave the path out for the body that is shipped"
        ) from error
    sha256 = hashlib.sha256(content).hexdigest()
    arrays = read_pickle(content, path) if path.suffix == ".pkl" else _arrays(content, path)
    try:
        if "v_template" in arrays:
            return read_smplx(arrays, path, sha256)
        if str(arrays.get("format")) == FORMAT:
            return with_further(read_open_body(arrays, path, sha256))
    except (ValueError, TypeError, IndexError) as error:
        raise ModelError(f"{path}: damaged: {error}. Fetch or build it again.") from error
    raise ModelError(
        f"{path}: not a body ClipActor knows; expected 'v_template' (SMPL-X) or 'format' {FORMAT!r}, "
        f"found: {', '.join(sorted(map(str, arrays))) or 'nothing'}"
    )


def _arrays(content: bytes, path: Path) -> dict[str, np.ndarray]:
    """All arrays of an archive; of an SMPL-X file only those that are used (some others are pickles)."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            wanted = WANTED if "v_template" in archive.files else archive.files
            return {key: archive[key] for key in wanted if key in archive.files}
    except (ValueError, OSError, EOFError, KeyError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(
            f"{path}: unreadable as .npz ({error}); truncated? Fetch or build it again."
        ) from error
