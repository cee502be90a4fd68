"""What to wear: a finished style if there is one, else an outfit painted from the words at once."""

from dataclasses import dataclass, replace

import numpy as np

from clipactor_node.appearance.outfit import nearest_of, propose_outfit
from clipactor_node.appearance.painting import paint, plain_clothes, rest_offsets_of
from clipactor_node.body import Body
from clipactor_node.errors import ClipActorError
from clipactor_node.language import Prompt, tokens
from clipactor_node.player.appearance_request import described_in
from clipactor_node.style import Snapshot, Style, StyleCache, fitted, transfer

PLAIN = "plain"

_FILLERS = frozenset(
    {"a", "an", "the", "in", "of", "with", "and", "wearing", "wears", "dressed", "who", "is", "person"}
)
_JOINTS = str.maketrans("-'", "  ")
"""A t-shirt is a t shirt."""


@dataclass(frozen=True, eq=False)
class Appearance:
    """What the avatar wears; told apart by identity.

    Fields:
        name: what `state` shows.
        colors: (V, 3) uint8, sRGB.
        displacement: (V,) float32, metres along the posed vertex normal.
        cut: (V, 3) float32, metres added to the T-pose, or None.
        key: of the finished style in the cache; "": none, they can still be optimized.
        score: cosine of its pictures with its text; 0 where nobody computed it.
        live: worn while they are being optimized; others come soon.
    """

    name: str
    colors: np.ndarray
    displacement: np.ndarray
    cut: np.ndarray | None = None
    key: str = ""
    score: float = 0.0
    live: bool = False


def plain(body: Body) -> Appearance:
    """What everybody wears until told otherwise."""
    clothes = plain_clothes(body)
    return Appearance(PLAIN, clothes.srgb, clothes.displacement, clothes.rest_offsets)


def of_style(style: Style, body: Body) -> Appearance:
    """A finished style, fitted to a body."""
    ours, card = transfer(style, body.template), style.card
    relief = ours.displacement.astype(np.float32)
    return Appearance(card.prompt, ours.colors, relief, key=card.key, score=card.score)


class AppearanceSelector:
    """Chooses clothes for a prompt, for one body. Needs no torch.

    Args:
        body: who is dressed.
        styles: finished styles.
    """

    def __init__(self, body: Body, styles: StyleCache) -> None:
        self._body, self._styles = body, styles
        self.plain = plain(body)
        # Measures the body once, before anybody waits for it; all shoes have the same rest offsets.
        self._shoes = paint(propose_outfit("").outfit, body).rest_offsets

    def choose(self, prompt: Prompt) -> tuple[Appearance | None, tuple[str, ...]]:
        """Clothes for the looks that a prompt describes, and what the user should know about them.

        Returns:
            None where the prompt says nothing about looks: what is worn stays on.
        """
        looks = described_in(prompt)
        if not looks:
            return None, ()
        wanted = (_words(looks), _words(prompt.text))
        cards = [card for card in self._styles.cards() if _words(card.prompt) in wanted]
        if not cards:
            return self._proposed(looks, ())
        best = max(cards, key=lambda card: (card.status != "cancelled", card.created))
        try:
            return self.finished(best.key), ()
        except ClipActorError as error:
            return self._proposed(looks, (str(error),))

    def warm_up(self) -> None:
        """Read now what somebody nobody knows is going to be compared with."""
        nearest_of("somebody", [card.prompt for card in self._styles.cards()])

    def finished(self, key: str) -> Appearance:
        """A style of the cache.

        Raises:
            StyleError: missing or damaged.
        """
        style = self._styles.load(key)
        return replace(of_style(style, self._body), cut=self._cut(style.card.prompt))

    def live(self, looks: str, fitting: Snapshot) -> Appearance:
        """Clothes that are being optimized, on this body or on the one it refines."""
        template = self._body.template
        own = template[: len(fitting.colors)]  # a base comes first in its subdivisions
        if len(own) == len(fitting.colors):
            colors, relief = fitted(fitting.colors, fitting.displacement, own, template)
        else:
            colors, relief = fitting.colors[: len(own)], fitting.displacement[: len(own)]
        name, relief = f"{looks} (iteration {fitting.iteration})", relief.astype(np.float32)
        return Appearance(name, colors, relief, self._cut(looks), score=fitting.score, live=True)

    def again(self, worn: Appearance, looks: str, other: "AppearanceSelector") -> Appearance:
        """For this body what is worn out of the closet of another, for the looks that were asked for."""
        if worn is other.plain:
            return self.plain
        try:
            chosen = self.finished(worn.key) if worn.key else self._proposed(looks, ())[0]
        except ClipActorError:
            chosen = None
        if chosen is not None and chosen.name == worn.name:
            return chosen
        colors, relief = fitted(worn.colors, worn.displacement, other._body.template, self._body.template)
        cut = None if worn.cut is None else self._shoes
        return replace(worn, colors=colors, displacement=relief.astype(np.float32), cut=cut)

    def _cut(self, looks: str) -> np.ndarray | None:
        return rest_offsets_of(propose_outfit(looks).outfit, self._body)

    def _proposed(self, looks: str, notes: tuple[str, ...]) -> tuple[Appearance, tuple[str, ...]]:
        understood = propose_outfit(looks)
        notes += understood.notes
        if understood.name is None and understood.parsed.empty:
            return self._nearest(looks, notes)
        proposal = paint(understood.outfit, self._body)
        name = f"{looks} (proposed)"
        return Appearance(name, proposal.srgb, proposal.displacement, proposal.rest_offsets), notes

    def _nearest(self, looks: str, notes: tuple[str, ...]) -> tuple[Appearance, tuple[str, ...]]:
        """The style of the most similar prompt, for words that say nothing about clothes; else plain ones.

        Where words do, an outfit painted from them is nearer than another prompt's style.
        """
        cards = self._styles.cards()
        found = nearest_of(looks, [card.prompt for card in cards])
        if found is None:
            return self.plain, notes  # nobody knows how they look: better nothing than a guess
        index, similarity = found
        near = cards[index]
        try:
            worn = replace(self.finished(near.key), name=f"{near.prompt} (nearest)", key="", score=0.0)
        except ClipActorError as error:
            return self.plain, (*notes, str(error))
        return worn, (f"{looks!r} is not known; dressed as {near.prompt!r} (similarity {similarity:.2f})",)


class CrossFade:
    """What is worn from tick to tick: new clothes fade in over the old ones."""

    def __init__(self, clothes: Appearance, fade_ticks: int) -> None:
        self._from = self.clothes = clothes
        self.fade_ticks = max(fade_ticks, 1)
        self._ticks = self.fade_ticks

    def put_on(self, clothes: Appearance) -> None:
        """Begin to change into `clothes`, from whatever is visible now."""
        self._from, self.clothes, self._ticks = self.visible(), clothes, 0

    def tick(self) -> Appearance:
        """What is visible in this tick; the same object as long as nothing changes."""
        self._ticks = min(self._ticks + 1, self.fade_ticks)
        return self.visible()

    def visible(self) -> Appearance:
        """What can be seen now, between the old clothes and the new."""
        share = self._ticks / self.fade_ticks
        if share >= 1.0:
            return self.clothes
        old, new = self._from, self.clothes
        colors = old.colors + share * (new.colors.astype(np.float32) - old.colors)
        displacement = old.displacement + np.float32(share) * (new.displacement - old.displacement)
        cut = _between(old.cut, new.cut, np.float32(share))
        return Appearance(new.name, np.rint(colors).astype(np.uint8), displacement, cut)


def _between(old: np.ndarray | None, new: np.ndarray | None, share: np.float32) -> np.ndarray | None:
    if old is None:
        return None if new is None else share * new
    return (1 - share) * old if new is None else old + share * (new - old)


def _words(text: str) -> tuple[str, ...]:
    """The words that matter, in their order: the order says which color belongs to which garment."""
    plain = text.casefold().translate(_JOINTS)
    return tuple(word for word in tokens(plain) if word[-1].isalnum() and word not in _FILLERS)
