"""What to wear: a finished style if there is one, else an outfit painted from the words at once."""

from dataclasses import replace

import numpy as np

from clipactor_node.appearance.outfit import nearest_of, propose_outfit
from clipactor_node.appearance.painting import paint, plain_clothes, rest_offsets_of
from clipactor_node.body import Body
from clipactor_node.errors import ClipActorError
from clipactor_node.language import tokens
from clipactor_node.player.appearance import Appearance
from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.style import Snapshot, Style, StyleCache, StyleCard, fitted, transfer

PLAIN = "plain"

_FILLERS = frozenset(
    {"a", "an", "the", "in", "of", "with", "and", "wearing", "wears", "dressed", "who", "is", "person"}
)
_JOINTS = str.maketrans("-'", "  ")
"""A t-shirt is a t shirt."""


def plain(body: Body) -> Appearance:
    """What everybody wears until told otherwise."""
    clothes = plain_clothes(body)
    return Appearance(PLAIN, clothes.srgb, clothes.displacement, clothes.rest_offsets)


def of_style(style: Style, body: Body) -> Appearance:
    """A finished style, fitted to a body."""
    ours, card = transfer(style, body.template), style.card
    displacement = ours.displacement.astype(np.float32)
    return Appearance(card.prompt, ours.colors, displacement, key=card.key, score=card.score)


class AppearanceSelector:
    """Chooses what to wear, for one body. Needs no torch; reads the disk; for any thread.

    Args:
        body: who is dressed.
        styles: finished styles.
    """

    def __init__(self, body: Body, styles: StyleCache) -> None:
        self._body, self._styles = body, styles
        self.plain = plain(body)
        # Measures the body once, before anybody waits for it; all shoes have the same rest offsets.
        self._shoes = paint(propose_outfit("").outfit, body).rest_offsets

    def choose(self, request: AppearanceRequest) -> tuple[Appearance, tuple[str, ...]]:
        """What to wear for a request, and what the user should know about it."""
        cards = self._cards(request)
        if not cards:
            return self._proposed(request, ())
        try:
            return self.finished(_best(cards).key, request), ()
        except ClipActorError as error:
            return self._proposed(request, (str(error),))

    def optimized(self, request: AppearanceRequest) -> Appearance | None:
        """The style that the user had optimized for a request, which goes before cloth; None: there is none.

        Shipped styles do not count: they are refined paint, and cloth is nearer to clothes than paint.
        """
        cards = [card for card in self._cards(request) if self._styles.own(card.key)]
        try:
            return self.finished(_best(cards).key, request) if cards else None
        except ClipActorError:
            return None

    def _cards(self, request: AppearanceRequest) -> list[StyleCard]:
        wanted = (_words(request.words), _words(request.text or request.words))
        return [card for card in self._styles.cards() if _words(card.prompt) in wanted]

    def warm_up(self) -> None:
        """Read now what somebody nobody knows is going to be compared with."""
        nearest_of("somebody", [card.prompt for card in self._styles.cards()])

    def finished(self, key: str, request: AppearanceRequest | None = None) -> Appearance:
        """A style of the cache.

        Args:
            request: what the style was made for; None: what its prompt says.

        Raises:
            StyleError: missing or damaged.
        """
        style = self._styles.load(key)
        proposed = request.proposed if request else propose_outfit(style.card.prompt)
        shod = rest_offsets_of(proposed.outfit, self._body)
        return replace(of_style(style, self._body), rest_offsets=shod)

    def live(self, request: AppearanceRequest, snapshot: Snapshot) -> Appearance:
        """Clothes that are being optimized, on this body or on the one it refines."""
        template = self._body.template
        own = template[: len(snapshot.colors)]  # a base comes first in its subdivisions
        if len(own) == len(snapshot.colors):
            colors, displacement = fitted(snapshot.colors, snapshot.displacement, own, template)
        else:
            colors, displacement = snapshot.colors[: len(own)], snapshot.displacement[: len(own)]
        return Appearance(
            f"{request.words} (iteration {snapshot.iteration})",
            colors,
            displacement.astype(np.float32),
            rest_offsets_of(request.proposed.outfit, self._body),
            score=snapshot.score,
            live=True,
        )

    def refit(
        self, worn: Appearance, request: AppearanceRequest | None, other: "AppearanceSelector"
    ) -> Appearance:
        """For this body what is worn by the body of another selector.

        Args:
            request: what it is worn for; None: nothing was asked for.
        """
        if worn.revision == other.plain.revision:
            return self.plain
        if worn.mesh is not None:  # cloth is made for the body file, whatever the level of detail
            paint = self._proposed(request, ())[0] if request else self.plain
            return replace(paint, name=worn.name, mesh=worn.mesh)
        try:
            chosen = self._again(worn, request)
        except ClipActorError:
            chosen = None
        if chosen is not None and chosen.name == worn.name:
            return chosen
        colors, displacement = fitted(
            worn.colors, worn.displacement, other._body.template, self._body.template
        )
        rest_offsets = None if worn.rest_offsets is None else self._shoes
        return replace(
            worn, colors=colors, displacement=displacement.astype(np.float32), rest_offsets=rest_offsets
        )

    def _again(self, worn: Appearance, request: AppearanceRequest | None) -> Appearance | None:
        if worn.key:
            return self.finished(worn.key)
        return self._proposed(request, ())[0] if request else None

    def _proposed(
        self, request: AppearanceRequest, notes: tuple[str, ...]
    ) -> tuple[Appearance, tuple[str, ...]]:
        proposed = request.proposed
        notes += proposed.notes
        if proposed.name is None and proposed.parsed.empty:
            return self._nearest(request.words, notes)
        painted = paint(proposed.outfit, self._body)
        name = f"{request.words} (proposed)"
        return Appearance(name, painted.srgb, painted.displacement, painted.rest_offsets), notes

    def _nearest(self, words: str, notes: tuple[str, ...]) -> tuple[Appearance, tuple[str, ...]]:
        """The style of the most similar prompt, for words that say nothing about clothes; else plain ones.

        Where words do, an outfit painted from them is nearer than another prompt's style.
        """
        cards = self._styles.cards()
        found = nearest_of(words, [card.prompt for card in cards])
        if found is None:
            return self.plain, notes  # nobody knows how they look: better nothing than a guess
        index, similarity = found
        near = cards[index]
        try:
            worn = replace(self.finished(near.key), name=f"{near.prompt} (nearest)", key="", score=0.0)
        except ClipActorError as error:
            return self.plain, (*notes, str(error))
        return worn, (f"{words!r} is not known; dressed as {near.prompt!r} (similarity {similarity:.2f})",)


def _best(cards: list[StyleCard]) -> StyleCard:
    return max(cards, key=lambda card: (card.status != "cancelled", card.created))


def _words(text: str) -> tuple[str, ...]:
    """The words that matter, in their order: the order says which color belongs to which garment."""
    plain = text.casefold().translate(_JOINTS)
    return tuple(word for word in tokens(plain) if word[-1].isalnum() and word not in _FILLERS)
