"""One spelling for the many ways to say the same action."""

from collections.abc import Sequence
from functools import lru_cache

from clipactor_node.errors import PromptError
from clipactor_node.language import lexicon as lex
from clipactor_node.language.parse import as_prompt, parse
from clipactor_node.language.prompt import Layer, Prompt, is_generic
from clipactor_node.language.words import split

_KIN = {
    verb: family.split()[0]
    for family in """
    walk stroll wander amble saunter pace hike trudge stride advance
    run jog sprint dash race rush hurry
    jump leap hop spring bounce vault hurdle
    throw toss hurl fling pitch lob cast pass sling
    pick lift raise grab take collect fetch gather scoop snatch grasp
    punch hit strike jab box pound uppercut
    look glance peek gaze stare watch scan search
    crawl creep
    spin turn rotate twirl whirl pivot pirouette circle swing
    squat crouch duck stoop
    clap applaud
    cheer celebrate rejoice
    drink sip swallow
    think ponder wonder
    bow curtsey curtsy
    cross fold
    scratch stroke rub
    """.strip().splitlines()
    for verb in family.split()
}
"""Verbs that are done alike -> the first of them."""
_GENERAL = lex.LIGHT_VERBS | lex.word_set(
    "put place hold keep stand set use move lay bring press cover open be"
)
"""What they mean depends on their object."""
_NO_THINGS = (
    lex.DETERMINERS
    | lex.PREPOSITIONS
    | lex.ADVERBS
    | lex.PRONOUNS
    | lex.AUXILIARIES
    | lex.QUALITIES
    | lex.PEOPLE
    | lex.NEGATIONS
    | lex.DIRECTIONS.keys()
    | lex.word_set("and then but while up down out off something someone")
)
_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("up upwards upward", "down downwards downward"),
        ("forward forwards ahead", "backward backwards back"),
        ("open", "close shut"),
        ("raise lift", "lower drop"),
        ("cross", "uncross"),
        ("fold", "unfold"),
        ("push", "pull"),
        ("pick", "drop"),
        ("put", "take"),
        ("indoors", "outdoors"),
        ("belly", "back"),
        ("on", "off"),
    )
)

_ARTICLES = (lex.DETERMINERS - lex.NUMBERS.keys() - {"no"}) | {"a", "an"}
_UNNAMED = lex.GENERIC | _ARTICLES | lex.AUXILIARIES
_DROPPED = _ARTICLES | {"and"}
_JOINTS = lex.word_set("and then while after before throw throws")


@lru_cache(maxsize=65536)
def normal_form(text: str) -> str:
    """The action in base forms, without an unnamed subject: "A person is walking." -> "walk".

    Two labels of one normal form are paraphrases. "" only for a text without letters or digits.
    """
    words = [w for w in split(text) if not w.is_break]
    start = 0
    while start < len(words) and words[start].low in _UNNAMED:
        start += 1
    kept = words[start:] or words
    bases = [w.lemma or w.low.removesuffix("s") if w.low != "backwards" else "backward" for w in kept]
    return " ".join(b for b in bases if b not in _DROPPED) or " ".join(w.low for w in words)


def query_sentences(command: str | Prompt) -> tuple[str, ...]:
    """The sentences that stand for a command when meanings are compared; their mean is its vector.

    Always "a person ..." with the actions alone; beside it the command itself where no named subject
    and no clothes could drown them.
    """
    try:
        prompt = as_prompt(command)
    except PromptError:
        return (str(command),)
    wanted = [layer.bare for step in prompt.plan for layer in step if not layer.negated]
    if not wanted:
        return (prompt.raw,)
    action = f"a person {' and '.join(wanted)}"
    if prompt.clothes or not is_generic(prompt.subject):
        return (action,)
    return tuple(dict.fromkeys((action, prompt.text)))


def label_sentences(text: str) -> tuple[str, ...]:
    """The same for a label of the library, of which no word is left out: itself, and of a person."""
    try:
        prompt = parse(text)
    except PromptError:
        return (text,)
    if prompt.actions and is_generic(prompt.subject) and not _unsaid(text, prompt.actions):
        return tuple(dict.fromkeys((text, f"a person {' and '.join(prompt.actions)}")))
    return (text, f"a person {text}")


def _unsaid(text: str, actions: Sequence[str]) -> set[str]:
    """The words of a text that its actions leave out, and that are more than grammar."""
    said = {w.low for action in actions for w in split(action)}
    grammar = lex.GENERIC | _ARTICLES | lex.AUXILIARIES | lex.LIGHT_VERBS | lex.DETERMINERS | _JOINTS
    words = (w for w in split(text) if not w.is_break and w.lemma not in lex.LIGHT_VERBS)
    return {w.low for w in words} - said - grammar


@lru_cache(maxsize=65536)
def label_layers(text: str) -> tuple[Layer, ...]:
    """Every action of a label; none where it cannot be read."""
    try:
        prompt = parse(text)
    except PromptError:
        return ()
    return tuple(layer for step in prompt.plan for layer in step)


def is_same_action(one: Layer, other: Layer) -> bool | None:
    """Whether two layers are done alike; None: their verbs do not tell ("put", "make", none)."""
    verbs = one.verb, other.verb
    if not all(verbs) or any(verb in _GENERAL for verb in verbs):
        return None
    return _KIN.get(verbs[0], verbs[0]) == _KIN.get(verbs[1], verbs[1])


def is_bare(label: Layer) -> bool:
    """Whether a label says the action and nothing else: "walk", "a person walks"."""
    return bool(label.verb) and label.verb not in _GENERAL and normal_form(label.text) == label.verb


def is_vague(label: Layer, asked: Layer) -> bool:
    """Whether a label leaves open what a command names: "carry something heavy" and "carry a suitcase"."""
    if not label.verb or label.verb in _GENERAL:
        return False
    rest = set(normal_form(label.text).split()) - {label.verb} - lex.QUALITIES
    things = _things(asked.text, asked.verb)
    return rest == {"something"} and bool(things) and not {w.low for w in split(asked.text)} & lex.BODY_PARTS


def names_other_thing(one: Layer, other: Layer) -> bool:
    """Whether one action is done to different things: "play the piano" and "play the guitar"."""
    things = _things(one.text, one.verb), _things(other.text, other.verb)
    return one.verb == other.verb and all(things) and not things[0] & things[1]


def is_opposite(one: str, other: str) -> bool:
    """Whether one text says "up", "open" ... where the other says "down", "close"."""
    words, others = _bases(one), _bases(other)
    return any(
        (words & a and others & b and not (words & b or others & a))
        or (words & b and others & a and not (words & a or others & b))
        for a, b in _OPPOSITES
    )


def is_only_object(one: Layer, other: Layer) -> bool:
    """Whether two different actions share nothing but things: "kick the ball" and "throw the ball"."""
    vague = (
        bool(one.verb)
        and one.verb not in _GENERAL
        and (other.verb in _GENERAL or other.text.startswith("be "))
    )
    if not (vague or is_same_action(one, other) is False):
        return False
    things, others = _things(one.text, one.verb), _things(other.text, other.verb)
    return any(_names_same(thing, another) for thing in things for another in others)


def _names_same(one: str, other: str) -> bool:
    """ "Violin" and "violinist"."""
    short, long = sorted((one, other), key=len)
    return long == short or (len(short) > 3 and long.startswith(short) and long.endswith(("ist", "er")))


def is_action_as_object(asked: Layer, label: Layer) -> bool:
    """Whether what the label does is but a thing in what was asked: "carry a box" and "box"."""
    return (
        bool(label.verb)
        and asked.verb not in ("", label.verb)
        and label.verb in _things(asked.text, asked.verb)
    )


@lru_cache(maxsize=65536)
def _bases(text: str) -> frozenset[str]:
    return frozenset(part for word in split(text) for part in (word.low, word.lemma) if part)


@lru_cache(maxsize=65536)
def _things(text: str, verb: str) -> frozenset[str]:
    named = (
        w
        for w in split(text)
        if w.low not in _NO_THINGS and not w.is_break and not (verb and w.lemma == verb)
    )
    return frozenset(w.low if w.low.endswith("ss") else w.low.removesuffix("s") for w in named)
