"""One spelling for the many ways to say the same action."""

from clipactor_node.errors import PromptError
from clipactor_node.language import lexicon as lex
from clipactor_node.language.parse import as_prompt, parse
from clipactor_node.language.prompt import Layer, Prompt, is_generic
from clipactor_node.language.words import split

_ARTICLES = (lex.DETERMINERS - lex.NUMBERS.keys()) | {"a", "an"}
_DROPPED = _ARTICLES | {"and"}


def normal_form(text: str) -> str:
    """The action in base forms, without an unnamed subject: "A person is walking." -> "walk".

    Two labels of one normal form are paraphrases. "" only for a text without letters or digits.
    """
    words = [w for w in split(text) if not w.is_break]
    start = 0
    while start < len(words) and words[start].low in lex.GENERIC | _ARTICLES | lex.AUXILIARIES:
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
    if prompt.actions and not prompt.clothes and is_generic(prompt.subject):
        return tuple(dict.fromkeys((text, f"a person {' and '.join(prompt.actions)}")))
    return (text, f"a person {text}")


def label_layers(text: str) -> tuple[Layer, ...]:
    """Every action of a label; none where it cannot be read."""
    try:
        prompt = parse(text)
    except PromptError:
        return ()
    return tuple(layer for step in prompt.plan for layer in step)
