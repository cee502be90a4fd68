"""What an outfit looks like, as numbers: the targets of the model's readout, and the measure of a mesh.

The same R numbers are read from a painted body, from a picture (by the trained readout) and from a
sentence; parts x RGB, then `CUTS`.
"""

# ruff: noqa: E501 - the tables of names

import numpy as np

from clipactor_node.appearance import Outfit
from clipactor_node.appearance.painting import Surface

PARTS = (
    "hair", "face", "neck", "placket", "chest", "back", "belly", "upper arm", "forearm", "hand", "hips",
    "thigh", "shin", "foot",
)  # fmt: skip
CUTS = ("sleeve", "hem", "open", "long hair", "headwear", "beard", "mask", "gloves", "skirt", "plain", "stripes", "checks", "dots")  # fmt: skip
SIZE = 3 * len(PARTS) + len(CUTS)
SLOTS = ("top", "bottom", "dress", "outer", "shoes", "socks", "headwear", "gloves", "hair", "beard", "mask", "belt", "vest", "cape")  # fmt: skip


def part_masks(s: Surface) -> np.ndarray:
    """Which vertices each of `PARTS` is made of: (P, V) bool. Borders of usual garments are left out."""
    x, up, forward = s.head.T
    trunk = ~s.arm & ~s.leg

    def between(low: float, high: float) -> np.ndarray:
        return (s.y > s.y_at(low)) & (s.y < s.y_at(high))

    def on_arm(low: float, high: float) -> np.ndarray:
        return s.arm & (s.side > s.x_at(low)) & (s.side < s.x_at(high))

    in_front = s.front > 0.02
    masks = {
        "hair": s.skull & (up > 0.045) & (forward < -0.05),
        "face": s.skull & (forward > -0.03) & (np.abs(up + 0.03) < 0.03) & ~s.eyes & ~s.inside & (x < 0.055),
        "neck": (s.y > s.neck[1] + 0.02) & (s.y < s.neck[1] + 0.05) & (s.side < 0.1) & ~s.skull,
        "placket": trunk & in_front & between(4.5, 5.6) & (s.side < 0.025),
        "chest": trunk & in_front & between(4.7, 5.7) & (s.side > 0.075) & (s.side < 0.15),
        "back": trunk & (s.front < -0.02) & between(4.4, 5.5) & (s.side < 0.13),
        "belly": trunk & in_front & between(4.1, 4.5) & (s.side > 0.07) & (s.side < 0.14),
        "upper arm": on_arm(0.12, 0.48),
        "forearm": on_arm(1.15, 1.8),
        "hand": on_arm(2.1, 3.0),
        "hips": trunk & between(3.1, 3.4),
        "thigh": s.leg & between(2.72, 2.95),
        "shin": s.leg & between(1.25, 1.75),
        "foot": s.leg & (s.y < s.y_at(0.6)) & (s.y > s.y_at(0) + 0.02),
    }
    found = np.stack([masks[part] for part in PARTS])
    found[found.sum(1) == 0] = True
    return found


def cuts(outfit: Outfit) -> np.ndarray:
    """The `CUTS` of an outfit, (C,) float32 in [0, 1]."""
    dress, top, outer = outfit.get("dress"), outfit.get("top"), outfit.get("outer")
    bottom = outfit.get("bottom")
    sleeve = max([p.sleeve_end for p in (dress, top, outer) if p is not None], default=-0.3)
    low = outer if outer is not None and outer.hem_height < 3 else None
    hems = [p.hem_height for p in (bottom, dress, low) if p is not None]
    main = outer if outer is not None and not outer.open else dress or top
    pattern = main.pattern if main is not None and main.second is not None else "plain"
    pattern = {"pinstripes": "stripes", "hoops": "stripes", "camouflage": "checks"}.get(pattern, pattern)
    skirt = dress is not None or (bottom is not None and bottom.kind in ("skirt", "kilt", "tutu"))
    values = {
        "sleeve": np.clip((sleeve + 0.3) / 2.3, 0, 1),
        "hem": min(hems, default=3.0) / 3.0,
        "open": float(outer is not None and bool(outer.open)),
        "long hair": float(outfit.hair in ("long", "bob")),
        "headwear": float(outfit.get("headwear") is not None),
        "beard": float(outfit.get("beard") is not None),
        "mask": float(outfit.get("mask") is not None),
        "gloves": float(outfit.get("gloves") is not None),
        "skirt": float(skirt),
    }
    values |= {name: float(name == pattern) for name in ("plain", "stripes", "checks", "dots")}
    return np.array([values[name] for name in CUTS], np.float32)


def read_mesh(colors: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Mean color of each part: (V, 3) in [0, 1], (P, V) bool -> (P, 3) float32."""
    return np.stack([colors[mask].mean(0) for mask in masks]).astype(np.float32)


def readout(outfit: Outfit, colors: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """All R numbers of an outfit painted in `colors` (V, 3): parts x RGB, then `CUTS`; (R,) float32."""
    return np.concatenate([read_mesh(colors, masks).ravel(), cuts(outfit)])


def worn(outfit: Outfit) -> np.ndarray:
    """Which of `SLOTS` are filled, (len(SLOTS),) float32."""
    return np.array([outfit.get(slot) is not None for slot in SLOTS], np.float32)
