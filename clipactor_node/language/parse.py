"""A command taken apart by rules: no model, no network, the same answer every time."""

from dataclasses import replace

from clipactor_node.language import lexicon as lex
from clipactor_node.language import modifiers
from clipactor_node.language.asides import without_asides
from clipactor_node.language.clauses import Clause, split_clauses
from clipactor_node.language.cleaning import clean, foreign_share
from clipactor_node.language.clothes import take_clothes
from clipactor_node.language.feelings import face_in, is_face_alone, manner_in, without_manner
from clipactor_node.language.foreign import in_english
from clipactor_node.language.partners import pair_named
from clipactor_node.language.phrases import (
    corrected,
    take_exclusions,
    without_idioms,
    without_request,
)
from clipactor_node.language.prompt import Layer, Prompt
from clipactor_node.language.referents import refer
from clipactor_node.language.rephrase import rephrased
from clipactor_node.language.speech import take_speech
from clipactor_node.language.steps import aimed_in_turn, facing_as_turning, felt, steps_of, unfelt
from clipactor_node.language.subjects import BLOWS, adverbs, bare, limb, subject_of, text_of
from clipactor_node.language.targets import verbless
from clipactor_node.language.words import Form, Word, inflected, spelled, split

MAX_STEPS = 20

_CONTROL_WORDS: dict[str, lex.Control] = {
    "stop": "stop",
    "halt": "stop",
    "pause": "pause",
    "resume": "resume",
    "continue": "resume",
    "reset": "reset",
    "mirror": "mirror",
}
_FOREIGN = (
    "this does not look like one of the languages that are known (English, German, French, Spanish, Italian, "
    "Portuguese, Chinese); expect a poor match"
)
_POLITE = lex.word_set("please now immediately avatar clipactor it the everything all me")
_ENGLISH = lex.DETERMINERS | lex.AUXILIARIES | lex.PREPOSITIONS | lex.PRONOUNS | lex.PEOPLE
_FORBIDS = lex.NEGATIONS | lex.ENDINGS | lex.NOBODY
_BETWEEN = (
    lex.ADVERBS
    | lex.AUXILIARIES
    | lex.ASPECTS
    | lex.word_set("to you ever need reason more any dare single way time")
)
"""What may stand between a negation and the verb it governs."""
_POSTURE = lex.word_set("up back down again over on")
"""After "stand" these say that somebody gets up, or where."""


def parse(raw: str) -> Prompt:
    """Take a command apart.

    Raises:
        PromptError: it holds no words (empty, blanks, control characters, emoji, markup only).
    """
    text, warnings = clean(raw)
    text, speech = take_speech(text)
    if speech and not any(word.text.isalnum() for word in split(text)):
        return Prompt(raw, text, speech=speech, warnings=tuple(warnings))
    return replace(_understood(raw, text, warnings), speech=speech)


def _understood(raw: str, text: str, warnings: list[str]) -> Prompt:
    words = split(text)
    control = _control(words)
    if control:
        return Prompt(raw, text, control, warnings=tuple(warnings))
    translation = in_english(text)
    if translation is not None:
        warnings.append(f"read in English as {translation[:80]!r}")
        prompt = _parsed(raw, text, split(rephrased(translation)), warnings, translated=True)
        return replace(prompt, english=False, translation=translation)
    if _looks_foreign(text, words):
        warnings.append(_FOREIGN)
        return replace(_parsed(raw, text, words, warnings), english=False)
    return _parsed(raw, text, split(rephrased(text)), warnings)


def as_prompt(command: str | Prompt) -> Prompt:
    """A command that may be parsed already.

    Raises:
        PromptError: it holds no words.
    """
    return command if isinstance(command, Prompt) else parse(command)


def _parsed(raw: str, text: str, words: list[Word], warnings: list[str], translated: bool = False) -> Prompt:
    words = without_request(without_idioms(facing_as_turning(words)))
    words = corrected(words if translated else spelled(words))
    excluded = take_exclusions(without_asides(without_request(words)))
    rest, clothes = take_clothes(excluded.words)
    clauses = split_clauses(rest)
    refer(clauses)
    if (target := verbless(text_of(words))) is not None:
        layer = replace(_describe(split("walk"), "walk"), text=text_of(words), target=target)
        return Prompt(raw, text, "", ((layer,),), "", clothes, tuple(warnings))
    if (pair := pair_named(text_of(words))) is not None:
        layer = replace(_describe(split(text_of(words)), split(pair.gait)[0].low), target=pair)
        subject = text_of(words)[: len(pair.first)]
        return Prompt(raw, text, "", ((layer,),), subject, clothes, tuple(warnings))
    if not clauses:
        return _without_known_verb(raw, text, rest, clothes, warnings)
    subject, first = subject_of(clauses[0])
    layers = [(clause.link, _layer(clause, first if i == 0 else None)) for i, clause in enumerate(clauses)]
    layers = felt(layers, text_of(clauses[0].words[: clauses[0].verb]), text)
    layers = aimed_in_turn(layers)
    subject = unfelt(subject)
    plan = steps_of([(link, replace(layer, without=excluded.verbs)) for link, layer in layers])
    if len(plan) > MAX_STEPS:
        warnings.append(f"the command has {len(plan)} steps; only the first {MAX_STEPS} are performed")
    return Prompt(raw, text, "", plan[:MAX_STEPS], subject, clothes, tuple(warnings))


def _control(words: list[Word]) -> lex.Control:
    spoken = [w for w in words if not w.is_break and w.low not in _POLITE]
    if not spoken:
        return ""
    alone = len(spoken) == 1 or (len(spoken) == 2 and spoken[0].low == "stop" and spoken[1].form is Form.ING)
    return _CONTROL_WORDS.get(spoken[0].low, "") if alone else ""


def _looks_foreign(text: str, words: list[Word]) -> bool:
    foreign = sum(w.low in lex.FOREIGN for w in words)
    english = sum(w.low in _ENGLISH or bool(w.lemma) for w in words)
    return foreign_share(text) > 0.3 or foreign > english


_UNITS = lex.word_set("times seconds minutes hours")  # "be angry three times": nobody times
"""Words that look like verbs and count something."""


def _without_known_verb(raw: str, text: str, rest: list[Word], clothes: str, warnings: list[str]) -> Prompt:
    """ "macarena", "tai chi": taken as the action as it stands. "In a red coat", "a red car": looks alone."""
    rest = [w for w in rest if not w.is_break]
    told = bool(rest) and (rest[0].low in _ENGLISH or rest[0].text[0].isupper())
    verb = next(
        (i for i, w in enumerate(rest) if i > 0 and told and inflected(w.low) and w.low not in _UNITS), None
    )
    subject, action = ("", rest) if verb is None else (text_of(bare(rest[:verb])), rest[verb:])
    if verb is None and (clothes or _names_somebody(rest)):
        return Prompt(raw, text, "", (), text_of(bare(rest)), clothes, tuple(warnings))
    if not action:
        return Prompt(raw, text, "", (), "", clothes, tuple(warnings))
    warnings = [*warnings, f"no action word is known in {text_of(action)[:60]!r}; it is matched as it stands"]
    return Prompt(raw, text, "", ((_describe(action, ""),),), subject, clothes, tuple(warnings))


def _names_somebody(words: list[Word]) -> bool:
    """Whether this is somebody or something to look like: "a red car", "an astronaut"."""
    return (
        len(words) > 1
        and words[0].low in ("a", "an")
        and not any(w.lemma or w.low in lex.ACTION_NOUNS or w.low in lex.BODY_PARTS for w in words)
    )


def _layer(clause: Clause, words: list[Word] | None) -> Layer:
    verb = _head(clause)
    before = clause.words[: clause.verb]
    words = words if words is not None else [*adverbs(before), *clause.words[clause.verb :], *limb(before)]
    if not any(word is verb for word in words):  # the passive of "perform a bow"
        verb = next((w for w in words if w.lemma), verb)
    done = _what_is_done(clause.words[clause.verb :]) if verb is clause.words[clause.verb] else verb.lemma
    layer = _describe(_without_throwing(words, done), done, _negated(before, words))
    layer = replace(layer, manner=layer.manner or manner_in(text_of(clause.words)))
    still = lex.MOVING if layer.negated else lex.STANDSTILL
    if verb.lemma in still and _is_bare_stop(words):  # "walks, then stops": no gesture; "do not move"
        layer = replace(
            layer,
            text="stand still",
            bare="stand still",
            verb="stand",
            negated=False,
            duration_s=layer.duration_s or 1.0,
        )
    return layer


def _without_throwing(words: list[Word], done: str) -> list[Word]:
    """ "Hook" of "throw a hook"."""
    at = next((i for i, w in enumerate(words) if w.lemma == "throw"), None)
    if at is None or done == "throw":
        return words
    return [*words[:at], *(w for w in words[at + 1 :] if w.low not in ("a", "an"))]


def _head(clause: Clause) -> Word:
    """The verb, or the head of the noun that names the action: "jumps" of "ten star jumps"."""
    first = clause.words[clause.verb]
    if first.lemma and first.form is not Form.ING:
        return first
    return next((w for w in clause.words[clause.verb :] if w.lemma and w.form is not Form.ING), first)


def _is_bare_stop(words: list[Word]) -> bool:
    still = lex.word_set(
        "still there here quiet quietly standing motionless where you are for a on up please"
    )
    return (
        all(w.low in still | lex.ADVERBS for w in modifiers.without_timing(words)[1:])
        and not (words[0].lemma == "stand" and (len(words) < 2 or {w.low for w in words} & _POSTURE))
        and words[0].low != "on"
    )


def _what_is_done(action: list[Word]) -> str:
    """Base form of what is done: of "do ten squats" and "take a bow" the object, else the verb."""
    lemma = action[0].lemma
    if lemma not in lex.LIGHT_VERBS and not (lemma == "throw" and any(w.low in BLOWS for w in action[1:4])):
        return lemma
    found = lemma
    if lemma == "throw":
        return "kick" if any(w.low in ("kick", "kicks") for w in action) else "punch"
    for i, word in enumerate(action[1:], 1):
        opens_phrase = (
            word.low in lex.PREPOSITIONS and not (word.low == "for" and i == 1) and word.low != "of"
        )
        if word.is_break or opens_phrase:
            break
        if word.lemma and word.low not in lex.AUXILIARIES:
            found = word.lemma
    return found


def _negated(before: list[Word], words: list[Word]) -> bool:
    """Whether an odd number of words forbids the action: "never dance", not "never stop dancing".

    A negation reaches the verb it stands before, over auxiliaries and adverbs, and no further.
    """
    count = 0
    for i in range(len(before) - 1, -1, -1):
        low = before[i].low
        nobody = low in lex.PEOPLE and i > 0 and before[i - 1].low == "no"
        if low in _FORBIDS or low.endswith("n't"):
            count += 1
        elif not (low in _BETWEEN or nobody or before[i].form is Form.ING):
            break
    lows = [w.low for w in words]
    after = "never" in lows[1:] or "anymore" in lows[1:] and not count
    return (count + after) % 2 == 1


def _describe(words: list[Word], verb: str, negated: bool = False) -> Layer:
    text, bare = text_of(words), text_of(modifiers.without_timing(words))
    return Layer(
        text=text,
        bare=bare,
        manner=manner_in(text),
        plain=without_manner(bare),
        face="" if negated else face_in(text),
        face_alone=is_face_alone(bare),
        verb=verb,
        negated=negated,
        speed=modifiers.speed(words),
        side=modifiers.side(words),
        direction=modifiers.direction(words),
        repeat=modifiers.repeat(words),
        counts_steps=modifiers.counts_steps(words),
        duration_s=modifiers.duration_s(words),
    )
