"""A command taken apart by rules: no model, no network, the same answer every time."""

from dataclasses import replace

from clipactor_node.language import lexicon as lex
from clipactor_node.language import modifiers
from clipactor_node.language.clauses import Clause, Link, split_clauses
from clipactor_node.language.cleaning import clean, foreign_share
from clipactor_node.language.clothes import take_clothes
from clipactor_node.language.prompt import Layer, Prompt, Step
from clipactor_node.language.words import Form, Word, inflected, split

MAX_STEPS = 20

_CONTROL_WORDS: dict[str, lex.Control] = {
    "stop": "stop",
    "halt": "stop",
    "pause": "pause",
    "resume": "resume",
    "continue": "resume",
    "reset": "reset",
}
_STANDSTILL = {"stop", "halt"}
_FOREIGN = "this does not look like English, the only language the sentence model knows; expect a poor match"
_POLITE = lex.word_set("please now immediately avatar clipactor it the everything all")
_ENGLISH = lex.DETERMINERS | lex.AUXILIARIES | lex.PREPOSITIONS | lex.PRONOUNS | lex.PEOPLE
_FORBIDS = lex.NEGATIONS | lex.ENDINGS | lex.NOBODY
_MANNERS = lex.FAST | lex.SLOW | lex.INTENSIFIERS
_NAME_ENDS = lex.PREPOSITIONS | lex.ADVERBS
_UNSAID = lex.AUXILIARIES | lex.NEGATIONS | lex.SUBORDINATE | lex.ADVERBS | lex.ASPECTS | lex.ENDINGS
"""What says nothing about who acts."""


def parse(raw: str) -> Prompt:
    """Take a command apart.

    Raises:
        PromptError: it holds no words (empty, blanks, control characters, emoji only).
    """
    text, warnings = clean(raw)
    words = split(text)
    control = _control(words)
    if control:
        return Prompt(raw, text, control, warnings=tuple(warnings))
    if _looks_foreign(text, words):
        warnings.append(_FOREIGN)
        return replace(_parsed(raw, text, words, warnings), english=False)
    return _parsed(raw, text, words, warnings)


def as_prompt(command: str | Prompt) -> Prompt:
    """A command that may be parsed already.

    Raises:
        PromptError: it holds no words.
    """
    return command if isinstance(command, Prompt) else parse(command)


def _parsed(raw: str, text: str, words: list[Word], warnings: list[str]) -> Prompt:
    rest, clothes = take_clothes(_without_request(words))
    clauses = split_clauses(rest)
    if not clauses:
        return _without_known_verb(raw, text, rest, clothes, warnings)
    subject, first = _subject(clauses[0])
    layers = [(clause.link, _layer(clause, first if i == 0 else None)) for i, clause in enumerate(clauses)]
    plan = _plan(layers)
    if len(plan) > MAX_STEPS:
        warnings.append(f"the command has {len(plan)} steps; only the first {MAX_STEPS} are performed")
    return Prompt(raw, text, "", plan[:MAX_STEPS], subject, clothes, tuple(warnings))


def _control(words: list[Word]) -> lex.Control:
    spoken = [w for w in words if not w.is_break and w.low not in _POLITE]
    if not spoken:
        return ""
    alone = len(spoken) == 1 or (len(spoken) == 2 and spoken[0].low == "stop" and spoken[1].form is Form.ING)
    return _CONTROL_WORDS.get(spoken[0].low, "") if alone else ""


def _without_request(words: list[Word]) -> list[Word]:
    """The command after "could you please" and the like."""
    for phrase in lex.REQUESTS:
        if len(words) > len(phrase) and tuple(w.low for w in words[: len(phrase)]) == phrase:
            return _without_request(words[len(phrase) :])
    return words


def _looks_foreign(text: str, words: list[Word]) -> bool:
    foreign = sum(w.low in lex.FOREIGN for w in words)
    english = sum(w.low in _ENGLISH or bool(w.lemma) for w in words)
    return foreign_share(text) > 0.3 or foreign > english


def _without_known_verb(raw: str, text: str, rest: list[Word], clothes: str, warnings: list[str]) -> Prompt:
    """ "macarena", "tai chi": taken as the action as it stands. "In a red coat": looks alone."""
    rest = [w for w in rest if not w.is_break]
    verb = next((i for i, w in enumerate(rest) if i > 0 and inflected(w.low)), None)
    subject, action = ("", rest) if verb is None else (_text(_bare(rest[:verb])), rest[verb:])
    if clothes and verb is None:
        return Prompt(raw, text, "", (), _text(_bare(rest)), clothes, tuple(warnings))
    if not action:
        return Prompt(raw, text, "", (), "", clothes, tuple(warnings))
    warnings = [*warnings, f"no action word is known in {_text(action)[:60]!r}; it is matched as it stands"]
    return Prompt(raw, text, "", ((_describe(action, ""),),), subject, clothes, tuple(warnings))


def _subject(clause: Clause) -> tuple[str, list[Word]]:
    """Who acts in the first clause, and the words of the action."""
    before, action = clause.words[: clause.verb], clause.words[clause.verb :]
    if before and before[0].low in lex.PREPOSITIONS:  # "In the rain, a girl ..."
        comma = next((i for i, w in enumerate(before) if w.is_break), -1)
        before = before[comma + 1 :]
    subject = _bare(before)
    participle = action[0].form is Form.ING and len(action) > 1
    named_after = participle and not subject and (action[1].text[0].isupper() or action[1].low in lex.PEOPLE)
    attributive = participle and before and before[-1].low in lex.DETERMINERS
    if named_after or attributive:  # "walking Steve Jobs", "a dancing robot"
        end = next((i for i in range(1, len(action)) if _ends_name(action[i])), len(action))
        subject = [*subject, *action[1:end]]
        action = [action[0], *action[end:]]
    return _text(subject), [*_adverbs(before), *action]


def _ends_name(word: Word) -> bool:
    return word.low in _NAME_ENDS or word.is_break


def _layer(clause: Clause, words: list[Word] | None) -> Layer:
    verb = clause.words[clause.verb]
    before = clause.words[: clause.verb]
    words = words if words is not None else [*_adverbs(before), *clause.words[clause.verb :]]
    layer = _describe(words, verb.lemma, _negated(before))
    if len(words) == 1 and verb.lemma in _STANDSTILL:  # "walks, then stops": no gesture
        layer = replace(layer, text="stand still", bare="stand still", duration_s=layer.duration_s or 1.0)
    return layer


def _negated(before: list[Word]) -> bool:
    """Whether an odd number of words forbids the action: "never dance", not "never stop dancing"."""
    return sum(w.low in _FORBIDS or w.low.endswith("n't") for w in before) % 2 == 1


def _describe(words: list[Word], verb: str, negated: bool = False) -> Layer:
    return Layer(
        text=_text(words),
        bare=_text(modifiers.without_timing(words)),
        verb=verb,
        negated=negated,
        speed=modifiers.speed(words),
        side=modifiers.side(words),
        direction=modifiers.direction(words),
        repeat=modifiers.repeat(words),
        duration_s=modifiers.duration_s(words),
    )


def _plan(layers: list[tuple[Link, Layer]]) -> tuple[Step, ...]:
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


def _adverbs(words: list[Word]) -> list[Word]:
    """The manner uttered before the verb: "slowly walks"."""
    return [w for w in words if w.low in _MANNERS]


def _bare(words: list[Word]) -> list[Word]:
    kept = [w for w in words if w.low not in _UNSAID and not w.is_break]
    while kept and kept[-1].low in lex.DETERMINERS | {"to"}:
        kept.pop()
    if len(kept) > 1 and kept[0].low in lex.PRONOUNS:
        kept = kept[1:]  # "He is a firefighter who waves"
    return kept


def _text(words: list[Word]) -> str:
    joined = " ".join(w.text for w in words)
    for mark in ",.;:!?":
        joined = joined.replace(f" {mark}", mark)
    return joined.strip(" ,.;:!?")
