"""The face as twelve coefficients: the ten expressions of the open body, and each eye's own lid.

The first ten are the expression coefficients of the SMPL-X schema, in the order of the body file; the last
two close one eye each, which the ten cannot: they are the left and the right half of `blink`.
"""

import numba
import numpy as np

from clipactor_node.body.model import Body

FACE_CHANNELS = (
    "smile",
    "frown",
    "mouth_open",
    "pucker",
    "blink",
    "eyes_wide",
    "brows_up",
    "brows_down",
    "cheeks_puffed",
    "sneer",
    "blink_left",
    "blink_right",
)
"""What each coefficient does; 0 is the face at rest, 1 the expression in full."""

_INDEX = {name: index for index, name in enumerate(FACE_CHANNELS)}
_BLINK, _WIDE = _INDEX["blink"], _INDEX["eyes_wide"]
_LIDS = [_INDEX["blink_left"], _INDEX["blink_right"]]
_SMALLEST_M = 2e-6  # what moves a vertex less is left out
_SEAM_M = 0.004  # about the middle of the face, over which one half fades into the other
_AT_REST = 1e-4


def clipped_face(face: np.ndarray) -> np.ndarray:
    """A face without what no face can do: (..., 12) -> (..., 12) float32.

    Every coefficient lies in [0, 1] (what is not finite becomes 0), no lid closes more than wholly, and
    an eye that is closed is not wide.
    """
    face = np.clip(np.nan_to_num(np.asarray(face, np.float32), nan=0.0, posinf=0.0, neginf=0.0), 0.0, 1.0)
    face[..., _LIDS] = np.minimum(face[..., _LIDS], 1.0 - face[..., _BLINK, None])
    face[..., _WIDE] *= 1.0 - np.maximum(face[..., _BLINK], face[..., _LIDS].max(-1))
    return face


def mirrored_face(face: np.ndarray) -> np.ndarray:
    """Left and right exchanged: (..., 12) -> (..., 12)."""
    face = np.array(face, np.float32)
    face[..., _LIDS] = face[..., _LIDS[::-1]]
    return face


def face_directions(body: Body) -> np.ndarray:
    """(V, 3, 12) float32 metres per unit; zeros for what the body has no expression of that name for."""
    return _directions(body, np.arange(len(body.template)))


def _directions(body: Body, vertices: np.ndarray) -> np.ndarray:
    """Those of the vertices (n,): (n, 3, 12)."""
    out = np.zeros((len(vertices), 3, len(FACE_CHANNELS)), np.float32)
    for index, name in enumerate(body.expression_names):
        if name in _INDEX:
            out[:, :, _INDEX[name]] = body.expression_directions[vertices, :, index]
    left = np.clip(0.5 + body.template[vertices, 0] / (2.0 * _SEAM_M), 0.0, 1.0)  # x points to the left
    for lid, share in zip(_LIDS, (left, 1.0 - left), strict=True):
        out[:, :, lid] = out[:, :, _BLINK] * share[:, None]
    return out


class FaceKernel:
    """Face directions laid out for speed: for each coefficient the vertices that it moves.

    Args:
        body: whose face it is.
        picked: (n,) the vertices that are posed, in their order; None: all.
    """

    def __init__(self, body: Body, picked: np.ndarray | None = None) -> None:
        own = np.arange(len(body.template)) if picked is None else picked
        known = [index for index, name in enumerate(body.expression_names) if name in _INDEX]
        moving = np.zeros(len(own), bool)
        for index in known:
            moving |= np.abs(body.expression_directions[own, :, index]).max(1) > _SMALLEST_M
        places = np.flatnonzero(moving)
        blocks = _directions(body, own[places]).transpose(2, 0, 1)
        moved = [np.flatnonzero(np.abs(block).max(1) > _SMALLEST_M) for block in blocks]
        self._starts = np.cumsum([0, *map(len, moved)]).astype(np.int64)
        self._vertices = places[np.concatenate(moved)].astype(np.int32)
        rows = [block[vertices] for block, vertices in zip(blocks, moved, strict=True)]
        self._rows = np.ascontiguousarray(np.concatenate(rows), np.float32)

    def add(self, face: np.ndarray, vertices: np.ndarray) -> None:
        """Adds a face (12,) float32 to (V, 3) T-pose vertices, in place."""
        _add(face, self._starts, self._vertices, self._rows, vertices)


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _add(
    face: np.ndarray, starts: np.ndarray, indices: np.ndarray, rows: np.ndarray, out: np.ndarray
) -> None:
    for k in range(len(face)):
        amount = face[k]
        if abs(amount) < _AT_REST:
            continue
        for i in range(starts[k], starts[k + 1]):
            v = indices[i]
            out[v, 0] += amount * rows[i, 0]
            out[v, 1] += amount * rows[i, 1]
            out[v, 2] += amount * rows[i, 2]
