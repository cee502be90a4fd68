"""An outfit painted on a body: its colors, how far the cloth stands off, and the shape that it has."""

from dataclasses import replace

import numpy as np

from clipactor_node.appearance.garments import Outfit, piece
from clipactor_node.appearance.painting import head, rest_offsets
from clipactor_node.appearance.painting.arrays import Doubles, Floats, Ids, Mask
from clipactor_node.appearance.painting.layers import layers
from clipactor_node.appearance.painting.per_body import PerBody, on_disk
from clipactor_node.appearance.painting.proposal import Proposal
from clipactor_node.appearance.painting.surface import Surface, surface_coordinates
from clipactor_node.body import Body

_LAST = piece("sneakers")  # its shape is that of every shoe
_ANKLE, _OVERLAP = 1.05, 0.03  # heights, see `garments`


def paint(outfit: Outfit, body: Body, note: str = "") -> Proposal:
    """The outfit on that body, at once: borders blended over an edge of the mesh, shoes with a shape."""
    surface = surface_coordinates(body)
    colors, displacement = head.person(outfit, surface)
    for worn in outfit.pieces:
        for distance, color, thickness in layers(worn, outfit, surface):
            share = coverage(distance, surface)
            colors += (color - colors) * share[:, None]
            stand = np.clip(0.5 + distance / (1.6 * surface.edge + 0.004), 0, 1) * thickness
            displacement = np.maximum(displacement, stand)
    displacement = np.where(surface.eyes | surface.inside, 0.0, displacement)
    displacement -= head.ears(surface) * np.maximum(displacement - head.EAR_M, 0.0)
    colors = head.finish(colors, outfit, surface)
    offsets = rest_offsets_of(outfit, body)
    return Proposal(np.clip(colors / 255.0, 0, 1), np.clip(displacement, -0.1, 0.1), note, offsets)


def rest_offsets_of(outfit: Outfit, body: Body) -> Floats | None:
    """(V, 3) float32 metres that `paint` adds to the T-pose: without their shape shoes show toes."""
    return None if outfit.get("shoes") is None else shoe_offsets(body)


def paint_with_shape(outfit: Outfit, body: Body) -> Proposal:
    """The same with a shape for every garment that can have one, and borders that are seams.

    Takes half a second. A garment with a shape has its thickness in `rest_offsets`, and no displacement.
    """
    owner, fields, colors = _covered(outfit, body)
    place = rest_offsets.onto_seams(body, fields)
    surface = surface_coordinates(body)
    offsets, shaped = _shaped(outfit, owner, place, body, surface)
    return Proposal(
        np.clip(head.finish(colors, outfit, surface) / 255.0, 0, 1),
        np.where(shaped, 0.0, paint(outfit, body).displacement),
        rest_offsets=offsets,
    )


def regions(outfit: Outfit, body: Body) -> tuple[Ids, Floats]:
    """Which of `outfit.pieces` covers each vertex, (V,), -1: none; and how far inside each layer it lies.

    The second is (L, V), metres, positive inside, the skin first, in the order layers are put on.
    """
    owner, fields, _ = _covered(outfit, body)
    return owner, fields


def _covered(outfit: Outfit, body: Body) -> tuple[Ids, Floats, Floats]:
    """`regions`, and the colors (V, 3), 0-255, of what covers each vertex."""
    surface = surface_coordinates(body)
    colors, _ = head.person(outfit, surface)
    fields, owners = [np.ones(len(colors))], [-1]
    for number, worn in enumerate(_over_shoes(outfit).pieces):
        for distance, color, _ in layers(worn, outfit, surface):
            field = np.where(surface.eyes | surface.inside, -1.0, distance)
            colors = np.where((field > 0)[:, None], color, colors)
            fields.append(field)
            owners.append(number)
    stacked = np.stack(fields)
    return np.array(owners)[rest_offsets.uppermost(stacked)], stacked, colors


def _shaped(outfit: Outfit, owner: Ids, place: Doubles, body: Body, surface: Surface) -> tuple[Floats, Mask]:
    """Rest offsets (V, 3) of what lies on `place` (V, 3), and which vertices they are all that moves.

    owner: (V,) which piece covers each vertex; -1: none.
    """
    cloth, shaped = place.copy(), owner < 0
    for number, worn in enumerate(outfit.pieces):
        own = owner == number
        if rest_offsets.has_shape(worn) and own.any():
            cloth[own] = rest_offsets.shape(worn, place, own, body, surface)[own]
            shaped |= own
    return (cloth - body.template).astype(np.float32), shaped


def _over_shoes(outfit: Outfit) -> Outfit:
    """With long trousers that end on the shoes: no skin between."""
    bottom, shoes = outfit.get("bottom"), outfit.get("shoes")
    if bottom is None or shoes is None or bottom.hem is None or shoes.hem is None:
        return outfit
    near = shoes.hem - 0.05 < bottom.hem < _ANKLE
    return outfit.with_piece(replace(bottom, hem=shoes.hem - _OVERLAP)) if near else outfit


def coverage(distance: Floats, surface: Surface) -> Floats:
    """How much of each vertex a garment covers, (V,) in [0, 1], from its signed distance."""
    return np.clip(0.5 + distance / surface.edge, 0.0, 1.0)


def _shoe_offsets(body: Body) -> Floats:
    """(V, 3) float32 metres: the feet in shoes."""

    def make() -> dict[str, Floats]:
        surface = surface_coordinates(body)
        distance, _, _ = next(layers(_LAST, Outfit(), surface))
        own, points = np.asarray(distance > 0), body.template.astype(np.float64)
        away = rest_offsets.shape(_LAST, points, own, body, surface) - points
        return {"rest_offsets": (own[:, None] * away).astype(np.float32)}

    return on_disk("shoes", body, make)["rest_offsets"]


shoe_offsets = PerBody(_shoe_offsets)
