"""Which garments are worn most, made for the file that is shipped."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from clipactor_node.appearance.cloth.body_field import kept_distances
from clipactor_node.appearance.cloth.cuts import cut_of
from clipactor_node.appearance.cloth.packing import packed, packed_distances
from clipactor_node.appearance.cloth.shipped import write_shipped
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.cloth.tailoring import kept_garment
from clipactor_node.appearance.garments import PLAIN, Outfit, piece
from clipactor_node.appearance.kinds import KINDS
from clipactor_node.body import Body


def common_cuts(outfits: Iterable[Outfit]) -> list[GarmentSpec]:
    """The cuts of these outfits and of every kind of garment as it is worn by itself, the most worn first."""
    worn: Counter[GarmentSpec] = Counter()
    alone = [PLAIN.with_piece(piece(kind)) for kind in KINDS if KINDS[kind].slot != "hair"]
    for outfit in (*outfits, PLAIN, *alone):
        worn.update(cut for cut in (cut_of(own, outfit) for own in outfit.pieces) if cut is not None)
    return sorted(worn, key=lambda cut: (-worn[cut], cut.key))


def pack_garments(path: Path, cuts: Iterable[GarmentSpec], body: Body) -> None:
    """Write the file of shipped garments; what the same code made before is taken from the
    cache, so that an interrupted run goes on.

    Raises:
        OSError: it cannot be written.
    """
    around = packed_distances(kept_distances(body))
    write_shipped(path, {cut.key: packed(kept_garment(cut, body)) for cut in cuts}, around, body)
