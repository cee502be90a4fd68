"""An outfit proposed from a sentence, and what was understood of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from clipactor_node.appearance.figure import betas_of, seed_of
from clipactor_node.appearance.garments import PLAIN, Outfit
from clipactor_node.appearance.imported import by_words
from clipactor_node.appearance.outfit.named_outfits import by_name
from clipactor_node.appearance.outfit.nearest_name import OF_PERSON, Neighbour, nearest
from clipactor_node.appearance.outfit.outfit_builder import build_outfit, left_out
from clipactor_node.appearance.words.entries import Item, ItemKind, Wear
from clipactor_node.appearance.words.outfit_parser import parse_outfit
from clipactor_node.appearance.words.parsed_outfit import ParsedOutfit
from clipactor_node.appearance.words.phrases import MAX_WORDS, items, split
from clipactor_node.appearance.words.small_words import ARTICLES, BREAKS, JOINERS
from clipactor_node.body import Body
from clipactor_node.errors import PromptError
from clipactor_node.language import parse

OF_PERSONS = ("people", "screen", "comics", "games")
"""Groups of names that are one person's."""


@dataclass(frozen=True)
class ProposedOutfit:
    """What became of a sentence.

    Fields:
        outfit: what to wear.
        parsed: what the sentence says.
        name: of the named outfit it starts from; None: plain clothes.
        notes: what was not taken literally, in sentences for the operator.
        named_person: its unknown subject is the name of a person.
    """

    outfit: Outfit
    parsed: ParsedOutfit
    name: str | None
    notes: tuple[str, ...]
    named_person: bool = False

    def betas(self, body: Body, person: int = 0) -> tuple[float, ...]:
        """The shape of who wears it, as `Skinner` takes it; empty: the mean shape.

        Args:
            person: which of the people of whom that is said; 0: the mean of them. A name is always the same
                person, whatever the number.
        """
        return betas_of(self.outfit.figure, body, seed_of(self.person_name, person))

    @property
    def person_name(self) -> str:
        """The name of the one who is meant; "": anybody."""
        if self.name is not None:
            named = by_name().get(self.name)
            return self.name if named is not None and named.group in OF_PERSONS else ""
        return self.parsed.subject if self.named_person else ""

    @property
    def known(self) -> bool:
        """Whether the text says anything about clothes, or names somebody known."""
        return self.name is not None or not self.parsed.empty


def propose(text: str, neighbour: Callable[[str], Neighbour | None] | None = None) -> ProposedOutfit:
    """The outfit that a sentence asks for; never raises, never naked.

    Args:
        text: in English; anything else becomes plain clothes, and `notes` say so.
        neighbour: subject -> the most similar known outfit or None, asked about names that are not
            known; None: such names are plain clothes. For the name of a person it must be very similar.
    """
    names = by_name()
    parsed = parse_outfit(items(text, names, _made_by_others()))
    notes = list(parsed.notes) + [f"'{typed}' read as '{meant}'" for typed, meant in parsed.typos]
    base, name = PLAIN, None
    if parsed.name:
        base, name = names[parsed.name].outfit, names[parsed.name].name
    elif parsed.subject and neighbour is not None:
        near = neighbour(parsed.subject)
        if near is not None and (near.score >= OF_PERSON or not is_persons_name(parsed.subject, text)):
            base, name = near.named.outfit, near.named.name
            notes.append(f"'{parsed.subject}' understood as '{name}' (similarity {near.score:.2f})")
    notes += _warnings(text, parsed, name)
    if parsed.naked:
        parsed = replace(parsed, bare=[])
    outfit = _decent(build_outfit(parsed, base), parsed)
    notes += left_out(parsed, outfit)
    somebody = bool(parsed.subject) and is_persons_name(parsed.subject, text)
    return ProposedOutfit(outfit, parsed, name, tuple(notes), somebody)


def is_persons_name(subject: str, text: str) -> bool:
    """Whether a subject is somebody's name rather than what somebody is.

    A name has no article before it ("Gandhi", "neymar"; but "a diver"), or a capital inside a sentence.
    """
    words, name = split(text), subject.split()
    at = words.index(name[0]) if name[0] in words else 0
    for before in reversed(words[:at]):
        if before in ARTICLES or before in _NUMBERS:
            break
        if before in BREAKS or before in JOINERS or before in ("as", "like"):
            return True
    else:
        return True
    capital = any(f" {word.capitalize()}" in text for word in name)
    return at > 0 and capital and not text.istitle()


def _made_by_others() -> dict[str, Item]:
    """Phrases for the garments in the user's wardrobe."""
    return {
        word: Item(
            ItemKind.GARMENT,
            word,
            wears=(Wear(card.kind, own=f"#{bytes(card.color).hex()}", source=card.key),),
        )
        for word, card in by_words().items()
    }


_NUMBERS = ("one", "two", "three", "four", "five", "several", "many")


def _left_out(text: str, parsed: ParsedOutfit) -> list[str]:
    """Unknown words about looks that nothing was made of; those of the motion say nothing about looks."""
    subject = parsed.subject.split()
    words = [word for word in dict.fromkeys(parsed.unknown) if word not in subject]
    if not words:
        return []
    try:
        about = split(parse(text).appearance)
    except PromptError:
        about = []
    return [word for word in words if word in about] if about else words


def _warnings(text: str, parsed: ParsedOutfit, name: str | None) -> list[str]:
    warnings = []
    for mention in parsed.mentions:
        if mention.contradicts:
            warnings.append(f"'{mention.word}' was given several colors; it gets all of them")
    if parsed.naked:
        warnings.append("avatars are always dressed; the text names no clothes for that, so they are plain")
    if len(split(text)) >= MAX_WORDS:
        warnings.append(f"only the first {MAX_WORDS} words were read")
    if name is None and parsed.empty:
        heard = f"'{text.strip()[:60]}'" if text.strip() else "the empty text"
        warnings.append(f"no clothes known in {heard}: plain clothes")
    elif name is None and parsed.overall and not parsed.mentions:
        warnings.append("colors but no garment: plain clothes in these colors")
    elif name is None and parsed.subject:
        warnings.append(f"'{parsed.subject}' is not known: only the garments named are taken over")
    left = [] if name is None and parsed.empty else _left_out(text, parsed)
    if left:
        warnings.append(f"nothing was made of: {', '.join(left[:8])}")
    return warnings


def _decent(outfit: Outfit, parsed: ParsedOutfit) -> Outfit:
    """The outfit, with trousers if it has nothing there, and a shirt unless the text takes that off."""
    worn = {p.slot for p in outfit.pieces}
    if "dress" in worn:
        return outfit
    top = outfit.get("top")
    swims = top is not None and top.kind == "swimsuit"
    if not worn & {"bottom", "briefs"} and not swims:
        outfit = outfit.with_piece(PLAIN["bottom"])
    bare = not worn & {"top", "outer", "plate", "vest", "bib"}
    if bare and ("top" not in parsed.bare or "bottom" not in worn):
        outfit = outfit.with_piece(PLAIN["top"])
    return outfit


def propose_outfit(text: str) -> ProposedOutfit:
    """`propose`, with the nearest known outfit for unknown names; the last texts are remembered."""
    return _proposed(text, tuple(card.key for card in by_words().values()))


@lru_cache(maxsize=64)
def _proposed(text: str, wardrobe: tuple[str, ...]) -> ProposedOutfit:
    """The `wardrobe` changes what words mean."""
    return propose(text, nearest)
