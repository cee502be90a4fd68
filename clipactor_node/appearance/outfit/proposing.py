"""An outfit proposed from a sentence, and what was understood of it."""

import logging
from dataclasses import dataclass, replace

from clipactor_node.appearance.outfit.garments import PLAIN, Outfit
from clipactor_node.appearance.outfit.named_outfits import Named, by_name
from clipactor_node.appearance.outfit.outfit_builder import dress
from clipactor_node.appearance.words.outfit_parser import read
from clipactor_node.appearance.words.parsed_outfit import ParsedOutfit
from clipactor_node.appearance.words.phrases import MAX_WORDS, items, split

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProposedOutfit:
    """What became of a sentence.

    outfit: what to wear; wishes: what was read; name: the named outfit it starts from, if any;
    notes: what was not taken literally, in sentences for the operator.
    """

    outfit: Outfit
    wishes: ParsedOutfit
    name: str | None
    notes: tuple[str, ...]


def understand(text: str, nearest=None) -> ProposedOutfit:
    """The outfit that a sentence asks for; never raises, never naked.

    Args:
        text: in English; anything else becomes plain clothes, and `notes` say so.
        nearest: callable, subject -> `neighbours.Neighbour` or None, asked about names that are not
            known; None: such names are plain clothes.
    """
    names = by_name()
    found = items(text, names)
    wishes = read(found)
    notes = list(wishes.notes) + [f"'{typed}' read as '{meant}'" for typed, meant in wishes.typos]
    base, name = PLAIN, None
    if isinstance(wishes.name, Named):
        base, name = wishes.name.outfit, wishes.name.name
    elif wishes.subject and nearest is not None:
        near = nearest(wishes.subject)
        if near is not None:
            base, name = near.named.outfit, near.named.name
            notes.append(f"'{wishes.subject}' understood as '{name}' (similarity {near.score:.2f})")
    notes += _warnings(text, wishes, name)
    if wishes.naked:
        wishes = replace(wishes, bare=[])
    return ProposedOutfit(_decent(dress(wishes, base), wishes), wishes, name, tuple(notes))


def _warnings(text: str, wishes: ParsedOutfit, name: str | None) -> list[str]:
    warnings = []
    for mention in wishes.mentions:
        if mention.contradicts:
            warnings.append(f"'{mention.word}' was given several colors; it gets all of them")
    if wishes.naked:
        warnings.append("avatars are always dressed; the text names no clothes for that, so they are plain")
    if len(split(text)) >= MAX_WORDS:
        warnings.append(f"only the first {MAX_WORDS} words were read")
    if name is None and wishes.empty:
        heard = f"'{text.strip()[:60]}'" if text.strip() else "the empty text"
        warnings.append(f"no clothes known in {heard}: plain clothes")
    elif name is None and wishes.overall and not wishes.mentions:
        warnings.append("colors but no garment: plain clothes in these colors")
    elif name is None and wishes.subject:
        warnings.append(f"'{wishes.subject}' is not known: only the garments named are taken over")
    return warnings


def _decent(outfit: Outfit, wishes: ParsedOutfit) -> Outfit:
    """The outfit, with trousers if it has nothing there, and a shirt unless the text takes that off."""
    worn = {p.slot for p in outfit.pieces}
    if "dress" in worn:
        return outfit
    swims = outfit.get("top") is not None and outfit.get("top").kind == "swimsuit"
    if not worn & {"bottom", "briefs"} and not swims:
        outfit = outfit.with_piece(PLAIN.get("bottom"))
    bare = not worn & {"top", "outer", "plate", "vest", "bib"}
    if bare and ("top" not in wishes.bare or "bottom" not in worn):
        outfit = outfit.with_piece(PLAIN.get("top"))
    return outfit


def propose_outfit(text: str) -> ProposedOutfit:
    """`understand`, with the nearest known outfit for names that are not known."""
    from clipactor_node.appearance.outfit.nearest_name import nearest

    return understand(text, nearest)
