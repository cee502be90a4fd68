"""An outfit on a body, in cloth: one mesh with one picture on it."""

import logging
import threading
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy import sparse

from clipactor_node.appearance.cloth.accessories import ACCESSORIES, accessory_of
from clipactor_node.appearance.cloth.bumps import normals_painted
from clipactor_node.appearance.cloth.cuts import cut_of, rank
from clipactor_node.appearance.cloth.fabrics import roughness_of
from clipactor_node.appearance.cloth.footwear import LASTS
from clipactor_node.appearance.cloth.foreign import foreign_garment
from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.appearance.cloth.hair import STYLES
from clipactor_node.appearance.cloth.hats import HATS
from clipactor_node.appearance.cloth.layout import drawn_back, faces_left, layered, one_body, owners
from clipactor_node.appearance.cloth.look_files import keep_look, kept_look, look_key
from clipactor_node.appearance.cloth.swinging import swinging
from clipactor_node.appearance.cloth.tailoring import SINK_M, garment_of, hair_of, hat_of, shod
from clipactor_node.appearance.cloth.texture import atlas_of, painted
from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.body import Body, Correctives, Skinner
from clipactor_node.body.export import Part, Picture
from clipactor_node.errors import ModelError

TEXTURE = 2048
_OWN = ("offsets", "texture", "normal", "owner", "folded", "covered", "swing")
_OF_BODY = (
    "template",
    "faces",
    "weights",
    "uv",
    "uv_faces",
    "shape_directions",
    "expression_directions",
    "parts",
)
_OF_CORRECTIVES = ("starts", "vertices", "directions")
_REMEMBERED = 4
_RECENT: dict[str, "DressedBody"] = {}
"""The looks that were asked for last, the latest last."""
_LOCK = threading.Lock()
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DressedBody:
    """A body in clothes.

    Fields:
        body: every vertex of the bare body, then those of the garments; faces of what is seen alone;
            UVs in one
            atlas. `glb` and `write_obj_sequence` take it like any other.
        offsets: (V, 3) float32 metres that are added to its T-pose (`Skinner(body, offsets=...)`).
        texture: (size, size, 3) uint8, sRGB; v = 1 is the first row.
        normal: (n, n, 3) uint8, tangent space (red along u, green up along v), laid out like `texture`.
        owner: (F,) of every face: -1 skin, else an index into `pieces`.
        folded: (F,) bool, faces of hems that are turned inwards.
        covered: (G, B) bool, vertices of the bare body beneath each garment, 12 mm or more from its edge.
        swing: (V,) uint8, 0 where it moves with the body, 255 where it hangs free (`body.Swing`).
        pieces: what is worn in cloth, from the skin outwards.
    """

    body: Body
    offsets: np.ndarray
    texture: np.ndarray
    normal: np.ndarray
    owner: np.ndarray
    folded: np.ndarray
    covered: np.ndarray
    swing: np.ndarray
    pieces: tuple[Piece, ...]

    def picture(self) -> Picture:
        """For files: the texture, skin and every garment a part of its own."""
        parts = [Part("skin", self.owner < 0, 0.6)]
        parts += [
            Part(piece.kind, self.owner == number, roughness_of(piece), True)
            for number, piece in enumerate(self.pieces)
        ]
        return Picture(self.texture, tuple(part for part in parts if part.faces.any()), self.normal)

    @property
    def seen(self) -> np.ndarray:
        """(n,) the vertices that faces use."""
        used = np.zeros(len(self.body.template), bool)
        used[self.body.faces] = True
        return np.flatnonzero(used)

    def whole(self, betas: npt.ArrayLike | None = None, expression: npt.ArrayLike | None = None) -> Skinner:
        """What poses every vertex of `body`, in a shape: for files."""
        return Skinner(self.body, betas, expression, self.offsets)

    def skinner(self, betas: npt.ArrayLike | None = None, expression: npt.ArrayLike | None = None) -> Skinner:
        """What poses the seen vertices, in a shape; its faces are between them."""
        seen = self.seen
        number = np.zeros(len(self.body.template), np.int32)
        number[seen] = np.arange(len(seen), dtype=np.int32)
        return self.whole(betas, expression).picking(seen, number[self.body.faces])


def dressed(outfit: Outfit, body: Body, texture: int = TEXTURE) -> DressedBody:
    """The outfit on that body: from the last few, from `CLIPACTOR_HOME/cache/looks`, or made now.

    Safe to call in a worker thread: what takes long lets other threads run.

    Args:
        texture: texels along a side of the picture.
    """
    if not body.sha256:  # a body of no file has no name to keep its looks by
        return made(outfit, body, texture)
    key = look_key(outfit, body, texture)
    with _LOCK:
        found = _RECENT.pop(key, None)
    found = found or _read(kept_look(key), outfit, body)
    if found is None:
        found = made(outfit, body, texture)
        keep_look(key, _arrays(found, outfit))
    with _LOCK:
        _RECENT[key] = found
        while len(_RECENT) > _REMEMBERED:
            _RECENT.pop(next(iter(_RECENT)))
    return found


def forget_recent() -> None:
    """Forget the looks in memory; those on disk stay."""
    with _LOCK:
        _RECENT.clear()


def _arrays(look: DressedBody, outfit: Outfit) -> dict[str, np.ndarray]:
    """What of a look the outfit and the bare body do not tell."""
    own = {name: getattr(look, name) for name in _OWN}
    own |= {name: getattr(look.body, name) for name in _OF_BODY}
    if look.body.correctives is not None:
        own |= {name: getattr(look.body.correctives, name) for name in _OF_CORRECTIVES}
    own["numbers"] = np.array([outfit.pieces.index(piece) for piece in look.pieces], np.int32)
    return own


def _read(arrays: dict[str, np.ndarray] | None, outfit: Outfit, body: Body) -> DressedBody | None:
    """A look from its arrays; None: there are none, or they are damaged."""
    if arrays is None:
        return None
    try:
        regressor = sparse.csr_array(body.joint_regressor)
        regressor.resize((regressor.shape[0], len(arrays["template"])))
        correctives = None
        if body.correctives is not None:
            correctives = Correctives(**{name: arrays[name] for name in _OF_CORRECTIVES})
        whole = replace(
            body,
            **cast(dict[str, Any], {name: arrays[name] for name in _OF_BODY}),
            name=f"{body.name}, dressed",
            joint_regressor=regressor,
            correctives=correctives,
            sha256="",
            path=None,
        )
        pieces = tuple(outfit.pieces[number] for number in arrays["numbers"])
        return DressedBody(body=whole, pieces=pieces, **{name: arrays[name] for name in _OWN})
    except (ModelError, KeyError, IndexError, ValueError) as error:
        log.warning("A kept look is damaged and is made again: %s", error)
        return None


def made(outfit: Outfit, body: Body, texture: int = TEXTURE) -> DressedBody:
    """`dressed`, made now. Cloth is made once per cut and body, and kept in `CLIPACTOR_HOME/cache`."""
    pieces, meshes = garments(outfit, body)
    hidden, sinks, worn = layered(meshes)
    if not meshes:
        hidden, sinks = np.zeros(len(body.template), bool), np.zeros(len(body.template), np.float32)
    skin = faces_left(body.faces, hidden)
    atlas = atlas_of(body, skin, worn, texture)
    whole = one_body(body, skin, worn, atlas.uv)
    owner = owners(skin, worn)
    picture = painted(whole, owner, atlas, body, outfit, pieces, worn)
    folded = np.concatenate(
        [np.zeros(int(skin.sum()), bool)]
        + [(w.mesh.depth[w.mesh.uv_faces] < 0).any(1)[faces_left(w.mesh.faces, w.vertices)] for w in worn]
    )
    beneath = [mesh.sinks >= 0.99 * SINK_M for mesh in meshes]
    return DressedBody(
        body=whole,
        offsets=drawn_back(body, sinks, worn),
        texture=picture,
        normal=normals_painted(whole, owner, atlas, body, outfit, pieces, worn),
        owner=owner,
        folded=folded,
        covered=np.array(beneath, bool).reshape(len(meshes), len(body.template)),
        swing=swinging(len(body.template), pieces, meshes),
        pieces=tuple(pieces),
    )


def garments(outfit: Outfit, body: Body) -> tuple[list[Piece], list[GarmentMesh]]:
    """What of an outfit is made of cloth, from the skin outwards."""
    found = []
    for piece in outfit.pieces:
        cut = cut_of(piece, outfit)
        if piece.source:
            found.append((rank(piece, outfit), piece, foreign_garment(piece, body)))
        elif cut is not None:
            found.append((rank(piece, outfit), piece, garment_of(cut, body)))
        elif piece.kind in LASTS:
            found.append((rank(piece, outfit), piece, shod(piece.kind, piece.hem_height, body)))
        elif piece.kind == "hair" and outfit.hair in STYLES:
            found.append((rank(piece, outfit), piece, hair_of(outfit.hair, body)))
        elif piece.kind in ACCESSORIES:
            found.append((rank(piece, outfit), piece, accessory_of(piece, outfit, body)))
        elif piece.kind in HATS:
            found.append((rank(piece, outfit), piece, hat_of(piece.kind, body)))
    found.sort(key=lambda entry: entry[0])
    return [piece for _, piece, _ in found], [mesh for _, _, mesh in found]
