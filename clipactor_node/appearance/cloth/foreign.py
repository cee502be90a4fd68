"""Garments made by others, as they are worn: a mesh, and its maker's picture."""

from functools import lru_cache

import numpy as np
from scipy import sparse

from clipactor_node.appearance.cloth.atlas import charts_of
from clipactor_node.appearance.cloth.binding import Anchors, strongest, weights_of
from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.appearance.cloth.sheet import averages
from clipactor_node.appearance.garments import Piece
from clipactor_node.appearance.imported import kept_garment
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import Body
from clipactor_node.errors import ModelError
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX

_HELD = 10
_SMOOTHING = 3
_SINK_M = 0.006
_DEEP_M = 1.0
"""Metres from a panel's border everywhere: no seams are sewn on."""


@lru_cache(maxsize=8)
def _kept(key: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    return kept_garment(key)


def foreign_garment(piece: Piece, body: Body) -> GarmentMesh:
    """The mesh of a piece with a `source`.

    Raises:
        GarmentFileError: it is not there any more. ModelError: it was fitted to another body.
    """
    arrays, _ = _kept(piece.source)
    count, points = len(body.template), arrays["vertices"]
    if len(arrays["hides"]) != count:
        raise ModelError(f"the {piece.kind} was fitted to another body: add it again for this one")
    held = sparse.csr_array(
        (arrays["held_shares"], arrays["held_ids"], arrays["held_starts"]), (len(points), count)
    )
    step = 0.5 * sparse.eye_array(len(points), format="csr") + 0.5 * averages(len(points), arrays["faces"])
    for _ in range(_SMOOTHING):
        held = step @ held
    held = strongest(held, _HELD)
    weights = arrays.get("weights")
    if weights is None:
        weights = _on_head(len(points)) if piece.slot in _HEAD else weights_of(Anchors(held), body)
    uv = arrays["uv"].astype(float) * _metres(arrays)
    panel = np.zeros(len(uv), np.int32)
    for number, points_of in enumerate(charts_of(len(uv), arrays["uv_faces"])):
        panel[points_of] = number
    hides = arrays["hides"].astype(bool)
    if piece.slot == "headwear":
        hides = hides | _beneath_hat(points, body)
    return GarmentMesh(
        vertices=points,
        faces=arrays["faces"],
        weights=weights.astype(np.float32),
        anchor_starts=held.indptr.astype(np.int32),
        anchor_ids=held.indices.astype(np.int32),
        anchor_shares=held.data.astype(np.float32),
        freedom=np.zeros(len(points), np.float32),
        bends=np.zeros((0, len(points), 3, 9), np.float16),
        uv=uv.astype(np.float32),
        uv_faces=arrays["uv_faces"],
        panel=panel,
        depth=np.full(len(uv), _DEEP_M, np.float32),
        trim=np.zeros(len(uv), np.uint8),
        hides=hides,
        sinks=(_SINK_M * hides).astype(np.float32),
    )


def _beneath_hat(points: np.ndarray, body: Body) -> np.ndarray:
    """(B,) bool: the skull above a hat's rim, and with it the hair there, whatever its maker says."""
    surface, place = surface_coordinates(body), np.asarray(body.template)
    rim = max(float(points[:, 1].min()) + _RIM_M, surface.y_at(7))
    covers = float(points[:, 1].max()) > float(place[:, 1].max()) - _RIM_M  # no band around the head
    above = (place[:, 1] > rim) & (surface.head[:, 1] > 0.045)
    return (body.parts == 0) & surface.skull & above & covers


_RIM_M = 0.035
"""Metres above its lowest point, from where a hat covers the head."""
_HEAD = ("headwear", "eyewear", "mask")


def _on_head(count: int) -> np.ndarray:
    weights = np.zeros((count, JOINT_COUNT), np.float32)
    weights[:, JOINT_INDEX["head"]] = 1.0
    return weights


def _metres(arrays: dict[str, np.ndarray]) -> float:
    """Per unit of the maker's map."""
    corners, flat = arrays["vertices"][arrays["faces"]], arrays["uv"][arrays["uv_faces"]]
    area = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    ).sum()
    one, other = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    mapped = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]).sum()
    return float(np.clip(np.sqrt(area / max(mapped, 1e-9)), 0.05, 20.0))


def foreign_colors(piece: Piece, uv: np.ndarray) -> np.ndarray:
    """(N, 3), 0-255: the maker's picture at places (N, 2), metres; in the piece's color if one was said."""
    arrays, picture = _kept(piece.source)
    at = uv / _metres(arrays)
    high, wide = picture.shape[:2]
    x, y = at[:, 0] % 1.0 * wide - 0.5, (1.0 - at[:, 1] % 1.0) * high - 0.5
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    across, down = (x - left)[:, None], (y - top)[:, None]

    def texel(dx: int, dy: int) -> np.ndarray:
        return picture[(top + dy) % high, (left + dx) % wide].astype(float)

    upper = texel(0, 0) * (1 - across) + texel(1, 0) * across
    lower = texel(0, 1) * (1 - across) + texel(1, 1) * across
    colors = upper * (1 - down) + lower * down
    if piece.second is not None:  # a color was said: its shades instead of the maker's colors
        grey = colors.mean(1, keepdims=True) / max(float(picture.mean()), 1.0)
        colors = np.array(piece.second, float) * np.clip(grey, 0.2, 1.8)
    return np.clip(colors, 0, 255)
