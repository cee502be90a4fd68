"""A command taken apart by rules: no model, no network, the same answer every time."""

from dataclasses import replace

from clipactor_node.language import lexicon as lex
from clipactor_node.language import modifiers
from clipactor_node.language.clauses import Clause, split_clauses
from clipactor_node.language.cleaning import clean, foreign_share
from clipactor_node.language.clothes import take_clothes
from clipactor_node.language.feelings import face_in, is_face_alone, manner_in, without_manner
from clipactor_node.language.foreign import in_english
from clipactor_node.language.phrases import (
    corrected,
    in_order,
    take_exclusions,
    without_asides,
    without_idioms,
    without_request,
)
from clipactor_node.language.prompt import Layer, Prompt
from clipactor_node.language.speech import take_speech
from clipactor_node.language.steps import aimed, facing_as_turning, felt, steps_of, unfelt
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
}
_FOREIGN = (
    "this does not look like one of the languages that are known (English, German, French, Spanish, Italian, "
    "Portuguese, Chinese); expect a poor match"
)
_POLITE = lex.word_set("please now immediately avatar clipactor it the everything all")
_ENGLISH = lex.DETERMINERS | lex.AUXILIARIES | lex.PREPOSITIONS | lex.PRONOUNS | lex.PEOPLE
_FORBIDS = lex.NEGATIONS | lex.ENDINGS | lex.NOBODY
_BETWEEN = (
    lex.ADVERBS
    | lex.AUXILIARIES
    | lex.ASPECTS
    | lex.word_set("to you ever need reason more any dare single way time")
)
"""What may stand between a negation and the verb it governs."""
_MANNERS = lex.FAST | lex.SLOW | lex.INTENSIFIERS
_NAME_ENDS = lex.PREPOSITIONS | lex.ADVERBS
_UNSAID = (
    lex.AUXILIARIES | lex.NEGATIONS | lex.SUBORDINATE | lex.ADVERBS | lex.ASPECTS | lex.ENDINGS | lex.ORDINALS
)
"""What says nothing about who acts."""
_TO_NOBODY = lex.word_set("you i me my if unless when what how why sorry please it it's there")
"""Who says one of these before the verb speaks to the avatar, and of nobody who acts."""
_BLOWS = lex.word_set("punch punches kick kicks jab jabs hook hooks uppercut uppercuts")
_PERFORMED = lex.LIGHT_VERBS | lex.word_set("done made taken given performed executed")


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
        prompt = _parsed(raw, text, split(in_order(translation)), warnings, translated=True)
        return replace(prompt, english=False, translation=translation)
    if _looks_foreign(text, words):
        warnings.append(_FOREIGN)
        return replace(_parsed(raw, text, words, warnings), english=False)
    return _parsed(raw, text, split(in_order(text)), warnings)


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
    if (target := verbless(_text(words))) is not None:
        layer = replace(_describe(split("walk"), "walk"), text=_text(words), target=target)
        return Prompt(raw, text, "", ((layer,),), "", clothes, tuple(warnings))
    if not clauses:
        return _without_known_verb(raw, text, rest, clothes, warnings)
    subject, first = _subject(clauses[0])
    layers = [(clause.link, _layer(clause, first if i == 0 else None)) for i, clause in enumerate(clauses)]
    layers = felt(layers, _text(clauses[0].words[: clauses[0].verb]), text)
    layers = [(link, aimed(layer)) for link, layer in layers]
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


def _without_known_verb(raw: str, text: str, rest: list[Word], clothes: str, warnings: list[str]) -> Prompt:
    """ "macarena", "tai chi": taken as the action as it stands. "In a red coat", "a red car": looks alone."""
    rest = [w for w in rest if not w.is_break]
    told = bool(rest) and (rest[0].low in _ENGLISH or rest[0].text[0].isupper())
    verb = next((i for i, w in enumerate(rest) if i > 0 and told and inflected(w.low)), None)
    subject, action = ("", rest) if verb is None else (_text(_bare(rest[:verb])), rest[verb:])
    if verb is None and (clothes or _names_somebody(rest)):
        return Prompt(raw, text, "", (), _text(_bare(rest)), clothes, tuple(warnings))
    if not action:
        return Prompt(raw, text, "", (), "", clothes, tuple(warnings))
    warnings = [*warnings, f"no action word is known in {_text(action)[:60]!r}; it is matched as it stands"]
    return Prompt(raw, text, "", ((_describe(action, ""),),), subject, clothes, tuple(warnings))


def _names_somebody(words: list[Word]) -> bool:
    """Whether this is somebody or something to look like: "a red car", "an astronaut"."""
    return (
        len(words) > 1
        and words[0].low in ("a", "an")
        and not any(w.lemma or w.low in lex.ACTION_NOUNS or w.low in lex.BODY_PARTS for w in words)
    )


def _subject(clause: Clause) -> tuple[str, list[Word]]:
    """Who acts in the first clause, and the words of the action."""
    before, action = clause.words[: clause.verb], clause.words[clause.verb :]
    if before and before[0].low in lex.PREPOSITIONS:  # "In the rain, a girl ..."
        comma = next((i for i, w in enumerate(before) if w.is_break), -1)
        before = before[comma + 1 :]
    if _is_passive(before, action):
        return _passive(before, action)
    subject = _bare(_who_acts(before, action[0]))
    participle = action[0].form is Form.ING and len(action) > 1
    named_after = participle and not subject and (action[1].text[0].isupper() or action[1].low in lex.PEOPLE)
    attributive = participle and before and before[-1].low in lex.DETERMINERS
    if named_after or attributive:  # "walking Steve Jobs", "a dancing robot"
        end = next((i for i in range(1, len(action)) if _ends_name(action[i])), len(action))
        subject = [*subject, *action[1:end]]
        action = [action[0], *action[end:]]
    return _text(subject), [*_adverbs(before), *action]


def _who_acts(before: list[Word], verb: Word) -> list[Word]:
    """What stands before a verb, where it is somebody who acts rather than something said to the avatar."""
    if (
        verb.form is Form.BASE or verb.low in lex.NUMBERS
    ):  # bare forms follow their subject at once: "two people dance"
        start = max((i + 1 for i, w in enumerate(before) if w.is_break), default=0)
        if start == len(before) and start > 1 and not _is_name(before[: start - 1]):
            return []
        before = before[start:] or before
        named = before and before[-1].low in lex.DETERMINERS
        if named or any(w.low in lex.PREPOSITIONS for w in before[:1]):
            return []
    if any(w.low in _TO_NOBODY for w in before):
        start = max((i + 1 for i, w in enumerate(before) if w.is_break), default=len(before))
        before = [] if any(w.low in _TO_NOBODY for w in before[start:]) else before[start:]
    return before


def _is_name(words: list[Word]) -> bool:
    """ "Elvis, dance", "the pirate, wave": one to three words that name somebody."""
    named = [w for w in words if w.low not in lex.DETERMINERS and not w.is_break]
    capital = len(named) > 1 and all(w.text[0].isupper() for w in named)
    return len(words) <= 3 and (
        capital
        or (len(words) > 1 and words[0].low in lex.DETERMINERS - {"no"})
        or (len(words) == 1 and words[0].text[0].isupper())
    )


def _is_passive(before: list[Word], action: list[Word]) -> bool:
    """ "The ball is *thrown*", "a bow is *performed* by the man"; not "he is *gone*"."""
    return (
        action[0].form is Form.PAST
        and len(before) > 1
        and before[-1].low in lex.word_set("is are was were be been being gets")
        and before[0].low not in lex.PRONOUNS
        and not any(w.low in lex.PEOPLE for w in before)
    )


def _passive(before: list[Word], action: list[Word]) -> tuple[str, list[Word]]:
    """Who acts in the passive, and the action as if it were active: "thrown the ball"."""
    by = next((i for i, w in enumerate(action) if w.low == "by"), len(action))
    what = _bare(before)
    while what and what[0].low in lex.DETERMINERS:
        what = what[1:]
    alone = action[0].low in _PERFORMED or (action[0].lemma == "throw" and any(w.low in _BLOWS for w in what))
    done = what if alone else [action[0], *what]
    return _text(_bare(action[by + 1 :])), [*done, *action[1:by]]


def _ends_name(word: Word) -> bool:
    return word.low in _NAME_ENDS or word.is_break


def _layer(clause: Clause, words: list[Word] | None) -> Layer:
    verb = _head(clause)
    before = clause.words[: clause.verb]
    words = words if words is not None else [*_adverbs(before), *clause.words[clause.verb :]]
    if not any(word is verb for word in words):  # the passive of "perform a bow"
        verb = next((w for w in words if w.lemma), verb)
    done = _what_is_done(clause.words[clause.verb :]) if verb is clause.words[clause.verb] else verb.lemma
    layer = _describe(_without_throwing(words, done), done, _negated(before, words))
    layer = replace(layer, manner=layer.manner or manner_in(_text(clause.words)))
    if verb.lemma in lex.STANDSTILL and _is_bare_stop(words):  # "walks, then stops": no gesture
        layer = replace(
            layer, text="stand still", bare="stand still", verb="stand", duration_s=layer.duration_s or 1.0
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
        and words[0].low != "on"
    )


def _what_is_done(action: list[Word]) -> str:
    """Base form of what is done: of "do ten squats" and "take a bow" the object, else the verb."""
    lemma = action[0].lemma
    if lemma not in lex.LIGHT_VERBS and not (lemma == "throw" and any(w.low in _BLOWS for w in action[1:4])):
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
    text, bare = _text(words), _text(modifiers.without_timing(words))
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


def _adverbs(words: list[Word]) -> list[Word]:
    """The manner uttered before the verb: "slowly walks"."""
    return [w for w in words if w.low in _MANNERS]


def _bare(words: list[Word]) -> list[Word]:
    kept = [w for w in words if w.low not in _UNSAID and not w.is_break]
    if kept and kept[-1].low in ("go", "goes", "come", "comes"):
        kept.pop()
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
