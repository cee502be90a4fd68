"""Shape parameters that are kept beside the open body: `models/body/figures.npz`.

Keys: `body`, the SHA-256 of the file they belong to; `names` (N,); `values` (V, 3, N) i2 times `scales` (N,)
f4 metres for one unit.
"""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from clipactor_node.body.model import Body
from clipactor_node.errors import ModelError
from clipactor_node.files import write_whole
from clipactor_node.home import shipped_models

FIGURES = "body/figures.npz"


def write_further(directions: dict[str, np.ndarray], body: Body, path: Path) -> None:
    """Name -> (V, 3) metres; the same directions give the same bytes.

    Raises:
        OSError: it cannot be written.
    """
    stacked = np.stack(list(directions.values()), -1)
    scales = np.maximum(np.abs(stacked).max((0, 1)), 1e-9).astype(np.float32) / 32767
    out = io.BytesIO()
    np.savez_compressed(
        out,
        body=np.array(body.sha256),
        names=np.array(list(directions), "U32"),
        values=np.round(stacked / scales).astype(np.int16),
        scales=scales,
    )
    write_whole(path, out.getvalue())


def with_further(body: Body, path: Path | None = None) -> Body:
    """The body with the parameters of a file, if that belongs to it; else as it is.

    Raises:
        ModelError: the file is damaged.
    """
    path = path or shipped_models() / FIGURES
    if not path.is_file():
        return body
    try:
        with np.load(path, allow_pickle=False) as archive:
            if str(archive["body"]) != body.sha256:
                return body
            names = tuple(map(str, archive["names"]))
            directions = archive["values"] * archive["scales"].astype(np.float32)
        new = [number for number, name in enumerate(names) if name not in body.shape_names]
        return replace(
            body,
            shape_directions=np.concatenate([body.shape_directions, directions[:, :, new]], axis=2),
            shape_names=(*body.shape_names, *(names[number] for number in new)),
        )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path}: damaged: {error}. Get it again, or remove it.") from error
