"""Actions in steps, whose feeling a sentence tells, and what of it is shown at once."""

from dataclasses import replace

from clipactor_node.language import lexicon as lex
from clipactor_node.language.clauses import Link
from clipactor_node.language.feelings import face_in, manner_in, without_feeling
from clipactor_node.language.partners import him_as, partner_of
from clipactor_node.language.prompt import Layer, Step, is_generic
from clipactor_node.language.targets import target_of
from clipactor_node.language.words import Word, split


def steps_of(layers: list[tuple[Link, Layer]]) -> tuple[Step, ...]:
    """What is done one after another, and in each step at one time."""
    steps: list[list[Layer]] = []
    for link, layer in layers:
        if link is Link.WHILE and steps:
            steps[-1].append(layer)
        elif link is Link.AFTER and steps:
            steps.insert(len(steps) - 1, [layer])
        else:
            steps.append([layer])
    return tuple(tuple(_base_first(step)) for step in steps)


def _base_first(step: list[Layer]) -> list[Layer]:
    """What the legs do comes first; within it, the order as uttered."""
    return sorted(step, key=lambda layer: layer.verb not in lex.WHOLE_BODY)


def felt(layers: list[tuple[Link, Layer]], before: str, text: str) -> list[tuple[Link, Layer]]:
    """Layers in the manner of who acts: an angry man does everything angrily, unless something else is said.

    Args:
        before: the words before the first verb.
        text: the whole command; "waves and smiles" is done at once, "waves, then smiles" is not.
    """
    manner, face = manner_in(before), face_in(before)
    return [
        (
            _link(layers, i, text),
            replace(layer, manner=layer.manner or manner, face=layer.face or face),
        )
        for i, (_, layer) in enumerate(layers)
    ]


def _link(layers: list[tuple[Link, Layer]], i: int, text: str) -> Link:
    link, layer = layers[i]
    if i == 0 or link is not Link.THEN or layer.face_alone == layers[i - 1][1].face_alone:
        return link
    before = text.partition(layer.text)[0].lower().split()
    return Link.WHILE if before and before[-1] == "and" else link


def unfelt(subject: str) -> str:
    """Who acts, where "an angry man" is nobody in particular: feelings are shown, and not worn."""
    plain = without_feeling(subject)
    return plain if plain != subject and is_generic(plain) else subject


def aimed_in_turn(layers: list[tuple[Link, Layer]]) -> list[tuple[Link, Layer]]:
    """Each with what its words are aimed at; "him" is whoever was named before."""
    named, found = "", []
    for link, layer in layers:
        layer = _aimed(layer, named)
        named = layer.target.name if layer.target is not None and layer.target.name else named
        found.append((link, layer))
    return found


def _aimed(layer: Layer, named: str) -> Layer:
    first = split(layer.text)[:1]  # "go to the charging station" is no charge
    verb = next((word.lemma for word in first if word.lemma), layer.verb)
    target = (
        None if layer.negated else target_of(layer.text, verb) or partner_of(him_as(named, layer.text), verb)
    )
    if target is None:
        return layer
    if layer.repeat > 1 and not layer.counts_steps and (target.forward_m or target.left_m):
        ahead, aside = layer.repeat * target.forward_m, layer.repeat * target.left_m
        target = replace(target, forward_m=ahead, left_m=aside)
    return replace(layer, target=target)


def facing_as_turning(words: list[Word]) -> list[Word]:
    """ "Face the door" as "turn to the door": as a word, a face is a part of the body."""
    kept: list[Word] = []
    for i, word in enumerate(words):
        begins = i == 0 or words[i - 1].is_break or words[i - 1].low in ("and", "then")
        named = i + 1 < len(words) and (words[i + 1].low in ("the", "that", "this") or len(words) == 2)
        kept += split("turn to") if word.low in ("face", "faces") and begins and named else [word]
    return kept
