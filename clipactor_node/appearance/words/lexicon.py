"""Every phrase that the grammar of clothes knows, and what it says."""

from collections.abc import Callable, Iterable

from clipactor_node.appearance.colors import NAMED, SAME, SHADES
from clipactor_node.appearance.words import body_words, look_words, small_words
from clipactor_node.appearance.words.entries import Item, ItemKind
from clipactor_node.appearance.words.garment_words import CLOTHES, GARMENTS


def _person(word: str) -> Item:
    figure = body_words.OF_PEOPLE.get(word, ())
    return Item(ItemKind.PERSON, word, traits=look_words.PEOPLE[word], figure=figure)


def _phrases() -> dict[str, Item]:
    """Every phrase of the lexicon, later ones winning over earlier ones."""
    found: dict[str, Item] = {}

    def plain(kind: ItemKind, words: Iterable[str]) -> None:
        add(words, lambda word: Item(kind, word))

    def add(words: Iterable[str], item: Callable[[str], Item]) -> None:
        found.update({word.lower(): item(word) for word in words})

    plain(ItemKind.FILLER, small_words.FILLERS)
    plain(ItemKind.MATERIAL, small_words.MATERIALS)
    add(small_words.THINGS, lambda word: Item(ItemKind.THING, word, small_words.THINGS[word]))
    plain(ItemKind.ARTICLE, small_words.ARTICLES)
    plain(ItemKind.JOINER, small_words.JOINERS)
    plain(ItemKind.BREAK, small_words.BREAKS)
    plain(ItemKind.OVER, small_words.OVER)
    plain(ItemKind.UNDER, small_words.UNDER)
    plain(ItemKind.NO, small_words.NO)
    plain(ItemKind.ALL, small_words.ALL)
    plain(ItemKind.SHADE, SHADES)
    add((*NAMED, *SAME), lambda word: Item(ItemKind.COLOR, word, word))
    add(look_words.PEOPLE, _person)
    add(body_words.FIGURE, lambda word: Item(ItemKind.MATERIAL, word, figure=body_words.FIGURE[word]))
    add(body_words.PARTS, lambda word: Item(ItemKind.THING, word, body_words.PARTS[word]))
    add(look_words.SKINS, lambda word: Item(ItemKind.SKIN, word, look_words.SKINS[word]))
    add(look_words.BARE, lambda word: Item(ItemKind.BARE, word, slots=look_words.BARE[word]))
    plain(ItemKind.NAKED, look_words.NAKED)
    add(look_words.CHANGES, lambda word: Item(ItemKind.CHANGE, word, changes=look_words.CHANGES[word]))
    add(look_words.FIGURES, lambda word: Item(ItemKind.FIGURE, word, look_words.FIGURES[word]))
    plain(ItemKind.CLOTHES, CLOTHES)
    add(GARMENTS, lambda word: Item(ItemKind.GARMENT, word, wears=GARMENTS[word]))
    return found


PHRASES: dict[str, Item] = _phrases()
LONGEST = max(len(phrase.split()) for phrase in PHRASES)
