"""What cloth looks like from near: threads, knit, grain, stitches; a factor for its color per texel."""

from functools import cache

import numpy as np
from scipy.ndimage import gaussian_filter

from clipactor_node.appearance.garments import Piece

_KNIT = {"sweater", "cardigan", "beanie", "scarf", "turtleneck"}
_DENIM = {"jeans", "bib", "denim jacket"}
_LEATHER = {"boots", "cowboy boots", "shoes", "oxfords", "belt", "leather jacket"}
_METAL = {"breastplate", "greaves", "crown", "tiara", "necklace", "knight helmet"}
_BY_KIND = {
    **dict.fromkeys(_KNIT, "knit"),
    **dict.fromkeys(_DENIM, "denim"),
    **dict.fromkeys(_LEATHER, "leather"),
    **dict.fromkeys(_METAL, "metal"),
    **dict.fromkeys(
        ("tie", "bow tie", "heels", "ballet shoes", "sash", "helmet", "hard hat", "fire helmet"), "satin"
    ),
    **dict.fromkeys(("hair", "beard", "moustache"), "hair"),
    "chainmail": "mail",
}
_ROUGHNESS = {"leather": 0.48, "metal": 0.3, "mail": 0.45, "satin": 0.4, "hair": 0.6}
_RIBBED = {"sweater", "cardigan", "hoodie", "sweatpants", "bomber jacket"}


def material_of(piece: Piece) -> str:
    """ "knit", "denim", "leather", "metal", "satin", "hair", "mail"; "cotton": everything else."""
    return _BY_KIND.get(piece.kind, "cotton")


def roughness_of(piece: Piece) -> float:
    """Of its surface, 0 a mirror, 1 chalk."""
    return _ROUGHNESS.get(material_of(piece), 0.9)


@cache
def _noise(blur: float) -> np.ndarray:
    """(512, 512) periodic noise of unit deviation."""
    values = gaussian_filter(np.random.default_rng(7).normal(size=(512, 512)), blur, mode="wrap")
    return (values / values.std()).astype(np.float32)


def noise(u: np.ndarray, v: np.ndarray, blur: float, per_metre: float) -> np.ndarray:
    """Periodic noise at places in metres, (N,)."""
    column = np.floor(u * per_metre).astype(np.int64) % 512
    row = np.floor(v * per_metre).astype(np.int64) % 512
    return _noise(blur)[row, column]


def lightness(piece: Piece) -> float:
    """Of hair, 0 up to brown, 1 white: light hair with the shine and the locks of dark hair is metal."""
    return float(np.clip((sum(piece.color) / 765 - 0.4) / 0.5, 0, 1))


def woven(piece: Piece, u: np.ndarray, v: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """(N, 1) factors of the color of cloth at metres u, v of its panel, `depth` metres from the panel's
    border."""
    shade = 1.0 + 0.012 * noise(u, v, 3.0, 900.0) + 0.014 * noise(u, v, 22.0, 420.0)
    turn = 2.0 * np.pi
    if material_of(piece) == "mail":
        row = np.floor(v / 0.0085)
        ring = np.hypot(((u / 0.0095 + 0.5 * (row % 2)) % 1.0 - 0.5) * 0.0095, v - (row + 0.5) * 0.0085)
        return (0.55 + 0.6 * np.exp(-(((ring - 0.0034) / 0.0014) ** 2)))[:, None].astype(np.float32)
    if material_of(piece) == "hair":
        lock = noise(u, 0.10 * v, 1.2, 900.0) + 0.7 * noise(u, 0.06 * v, 4.0, 700.0)
        return (1.0 + (0.13 - 0.09 * lightness(piece)) * lock)[:, None].astype(np.float32)
    if piece.kind in _DENIM:
        shade += 0.06 * np.sin((u + v) * turn / 0.004) + 0.05 * noise(u, v, 1.0, 700.0)
    elif piece.kind in _KNIT:
        shade += (
            0.07
            * np.sin(u * turn / 0.008)
            * np.cos(v * turn / 0.006 + 2.0 * np.abs(np.sin(u * turn / 0.016)))
        )
    elif piece.kind not in _LEATHER:
        shade += 0.012 * np.sin((u - v) * turn / 0.004)
    if piece.kind in _RIBBED:
        shade += np.where(depth < 0.05, 0.07 * np.sin(u * turn / 0.009), 0.0) * (depth > 0)
    if piece.shape.slot not in ("shoes", "headwear"):
        shade -= 0.16 * np.exp(-((np.maximum(depth, 0.0) / 0.0025) ** 2))
    shade -= np.where(depth < 0, 0.22, 0.0)
    return shade[:, None].astype(np.float32)


def stitched(piece: Piece, colors: np.ndarray, u: np.ndarray, v: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Rows of stitches beside the seams; (N, 3) colors 0-255."""
    if piece.kind in _KNIT or piece.shape.slot in ("hair", "shoes", "headwear"):
        return colors
    rows = (0.006, 0.011) if piece.kind in _DENIM else (0.012,)
    thread = np.array((196, 140, 70), np.float32) if piece.kind in _DENIM else None
    for at in rows:
        on = (np.abs(depth - at) < 0.0009) & (((u + v) / 0.0045) % 1.0 < 0.72)
        colors[on] = colors[on] * 0.80 if thread is None else 0.25 * colors[on] + 0.75 * thread
    return colors
