"""One garment on one body: made once, kept on disk, worn in any color."""

import contextlib
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file
from scipy import sparse

from clipactor_node.appearance.cloth.binding import Anchors
from clipactor_node.body import Body
from clipactor_node.files import replacing
from clipactor_node.home import user_home

TRIMS = ("cloth", "collar", "button", "sole", "band", "metal", "lens", "dark")
"""What a part of a garment is: cloth itself, or what is sewn or glued on."""

_LOOKS = (
    "atlas",
    "bumps",
    "cuts",
    "dressing",
    "fabrics",
    "finishing",
    "fit",
    "layout",
    "look_files",
    "packing",
    "printing",
    "relief",
    "shipped",
    "stitching",
    "texture",
    "common",
)
"""Modules that change no garment."""
_SEWING = (
    "binding",
    "body_field",
    "cage",
    "cutting",
    "evening",
    "folds",
    "forms",
    "garment",
    "hems",
    "pattern_lines",
    "pose_shapes",
    "sewing",
    "sheet",
    "smooth_noise",
    "spec",
    "surface_nets",
    "tailoring",
    "trims",
    "unwrapping",
)
COLLAR, SOLE, METAL, LENS, DARK = (TRIMS.index(t) for t in ("collar", "sole", "metal", "lens", "dark"))

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GarmentMesh:
    """Cloth in the T-pose of a body's mean shape.

    Fields:
        vertices: (V, 3) float32 metres. faces: (F, 3) int32.
        weights: (V, 55) float32, rows sum to 1.
        anchor_starts (V + 1,), anchor_ids, anchor_shares: the body vertices that each vertex is held to.
        freedom: (V,) float32, how little the body's pose correctives move it: 0 all of them, 1 none.
        bends: (4, V, 3, 9) float16 metres per unit of R - I of `pose_shapes.JOINTS`; (0, V, 3, 9): it
            does not hang.
        uv: (U, 2) float32 metres in the plane of each panel; uv_faces: (F, 3); panel: (U,).
        depth: (U,) float32 metres from the panel's border, negative on the folded edge.
        trim: (U,) uint8 into `TRIMS`: what is sewn on.
        hides: (B,) bool, the body's vertices that are out of sight beneath it.
        sinks: (B,) float32 metres by which skin beneath its edges draws back, so that it does not show.
    """

    vertices: np.ndarray
    faces: np.ndarray
    weights: np.ndarray
    anchor_starts: np.ndarray
    anchor_ids: np.ndarray
    anchor_shares: np.ndarray
    freedom: np.ndarray
    bends: np.ndarray
    uv: np.ndarray
    uv_faces: np.ndarray
    panel: np.ndarray
    depth: np.ndarray
    trim: np.ndarray
    hides: np.ndarray
    sinks: np.ndarray

    @property
    def anchors(self) -> Anchors:
        """As a matrix."""
        shape = (len(self.vertices), len(self.hides))
        return Anchors(sparse.csr_array((self.anchor_shares, self.anchor_ids, self.anchor_starts), shape))


def kept_file(body: Body, name: str) -> Path:
    """Where what is made for a body is kept; the name changes with the code that makes it."""
    return user_home() / "cache" / "garments" / f"{body.sha256[:12]}-{_recipe()}-{name}.safetensors"


def read_garment(path: Path) -> GarmentMesh | None:
    """A garment from a file; None if there is none or it is damaged."""
    try:
        arrays = load_file(path)
        garment = GarmentMesh(**{f.name: arrays[f.name] for f in fields(GarmentMesh)})
    except Exception as error:  # noqa: BLE001 - not there yet or damaged: safetensors raises its own kinds
        log.debug("%s is not kept: %s", path, error)
        return None
    return garment if np.isfinite(garment.vertices).all() else None


def write_garment(path: Path, garment: GarmentMesh) -> None:
    """A home that cannot be written costs the time of making it again."""
    arrays = {f.name: np.ascontiguousarray(getattr(garment, f.name)) for f in fields(GarmentMesh)}
    with contextlib.suppress(OSError), replacing(path) as part:
        save_file(arrays, part)


def merged(parts: list[GarmentMesh]) -> GarmentMesh:
    """Several sheets as one garment; they hide the same skin."""
    if len(parts) == 1:
        return parts[0]
    points = np.cumsum([0, *(len(p.vertices) for p in parts)])
    flats = np.cumsum([0, *(len(p.uv) for p in parts)])
    panels = np.cumsum([0, *(int(p.panel.max()) + 1 for p in parts)])
    entries = np.cumsum([0, *(p.anchor_starts[-1] for p in parts)])

    def all_of(name: str, starts: np.ndarray | None = None) -> np.ndarray:
        moved = [
            getattr(p, name) + (0 if starts is None else int(start))
            for p, start in zip(parts, starts if starts is not None else points, strict=False)
        ]
        return np.concatenate(moved)

    firsts = [p.anchor_starts[:-1] + int(start) for p, start in zip(parts, entries, strict=False)]
    same = {name: all_of(name) for name in ("vertices", "weights", "anchor_ids", "anchor_shares", "freedom")}
    same |= {name: all_of(name) for name in ("uv", "depth", "trim")}
    hanging = max(len(p.bends) for p in parts)
    still = [
        p.bends if len(p.bends) else np.zeros((hanging, len(p.vertices), 3, 9), np.float16) for p in parts
    ]
    return GarmentMesh(
        **same,
        bends=np.concatenate(still, axis=1),
        faces=all_of("faces", points).astype(np.int32),
        anchor_starts=np.concatenate([*firsts, entries[-1:]]).astype(np.int32),
        uv_faces=all_of("uv_faces", flats).astype(np.int32),
        panel=all_of("panel", panels).astype(np.int32),
        hides=np.logical_or.reduce([p.hides for p in parts]),
        sinks=np.maximum.reduce([p.sinks for p in parts]),
    )


@cache
def _recipe() -> str:
    return _digest(path for path in Path(__file__).parent.glob("*.py") if path.stem not in _LOOKS)


@cache
def sewing_recipe() -> str:
    """Name of the code that makes garments of a `GarmentSpec`."""
    return _digest(Path(__file__).with_name(f"{name}.py") for name in _SEWING)


def _digest(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:8]
