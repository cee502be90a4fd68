"""Reading model pickles without running what is in them.

A pickle can name any function of any module and have it called. This reader knows numpy arrays and
scipy's sparse matrices, and refuses everything else before anything is called.
"""

import io
import pickle
from pathlib import Path

import numpy as np

from clipactor_node.errors import ModelError

_NUMPY = ("numpy.core.multiarray", "numpy._core.multiarray")
_SCIPY = tuple(f"scipy.sparse{tail}" for tail in ("", ".csc", "._csc", ".csr", "._csr", ".coo", "._coo"))
_KNOWN = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("collections", "OrderedDict"),
    ("_codecs", "encode"),
    *((module, name) for module in _NUMPY for name in ("_reconstruct", "scalar")),
    *((module, f"{kind}_matrix") for module in _SCIPY for kind in ("csc", "csr", "coo")),
    *((module, f"{kind}_array") for module in _SCIPY for kind in ("csc", "csr", "coo")),
}
_CONVERT = """python - <<'PY'
import pickle, numpy
d = pickle.load(open('IN.pkl', 'rb'), encoding='latin1')
d = {k: numpy.asarray(v.todense() if hasattr(v, 'todense') else v) for k, v in d.items()}
numpy.savez('OUT.npz', **d)
PY"""


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _KNOWN:
            raise pickle.UnpicklingError(f"it would call {module}.{name}")
        return super().find_class(module, name)


def read_pickle(content: bytes, path: Path) -> dict[str, np.ndarray]:
    """The dictionary of arrays in a pickle.

    Raises:
        ModelError: damaged, not a dictionary, or holding more than arrays; says how to convert.
    """
    try:
        value = _Reader(io.BytesIO(content), encoding="latin1").load()
    except Exception as error:  # damaged pickles fail in every way there is
        raise ModelError(
            f"{path}: refused as a pickle ({error}); expected numpy arrays alone. "
            f"If you trust where it comes from, convert it once and load OUT.npz:\n{_CONVERT}"
        ) from error
    if not isinstance(value, dict):
        raise ModelError(f"{path}: holds a {type(value).__name__}; expected a dictionary of arrays")
    return value
