"""Turns of phrase that say in another order what a plain command says: rewritten before anything is read."""

# ruff: noqa: E501 - one line for each turn of phrase

import re

from clipactor_node.language import lexicon as lex
from clipactor_node.language.words import Form, split, verb_form

_ORDINAL = "first|second|third|fourth|fifth|next|last|final"
_DIGIT = "one|two|three|four|five|six|seven|eight|nine|ten"
_NUMBER = (
    rf"(?:\d+(?:\.\d+)?|an?|half an?|{_DIGIT}|(?:eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety)"
    rf"(?:[- ](?:{_DIGIT}))?)(?:\s+(?:and a half|couple of|few|more))?"
)
_TIME = rf"{_NUMBER}\s*(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|hours?)\b"
_TIMES = rf"(?:once|twice|thrice|{_NUMBER}\s*times|x\d+|\d+x)"
_OFTEN = "the|your|my|his|her|its|their|a|an"

_IN_ORDER = re.compile(
    rf"\b(?:the|your|my)\s+(?:very\s+)?(?:{_ORDINAL})(?:\s+(?:thing|move|step|action|task|one))?"
    r"(?:\s+(?:(?:that\s+)?(?:you|he|she|they)(?:\s+(?:should|must|will|has to|have to))?\s+)?(?:to\s+)?(?:do|does|is to do))?"
    r"(?:\s+(?:is|will\s+be|should\s+be)(?:\s+to)?\b|\s*:)"
    rf"|\b(?:step|move|task|action|number|no\.?)\s*(?:\d{{1,2}}|{_DIGIT})\s*[:.)]"
    r"|\b\d(?:st|nd|rd|th)\b(?=\s*[:,.]?\s*[a-z])",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"(?:^|(?<=[\s,;.]))\(?[a-h]\)\s+")
_SAID_OTHERWISE = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        # "replace the wave with a nod"
        (
            rf"^(?:please\s+)?(?:replace|swap|exchange)\s+(?:{_OFTEN}|that)\s+\w+\s+(?:with|by|for)\s+(.+)$",
            r"\1",
        ),
        # "sit ups x 12", "12 x squats"
        (r"\bx\s+(?=\d+\b(?!\s*[:.]))", "x"),
        (r"\b(\d+)\s+x(?=\s|$)", r"\1x"),
        # "do it ten times: squat"
        (rf"^(?:do|repeat|perform)\s+(?:it|this|that|the following)\s+({_TIMES})\s*[:,]\s*(?=\w)", r"\1, "),
        # "walk back to the start"
        (
            r"\b((?:walk|run|go|come|jog|march|crawl|head|sneak)(?:s|es|ing)?)\s+back\s+(?=to\s+(?:the|your|his|her|their|its|where)\b)",
            r"\1 ",
        ),
        # "spend ten seconds looking around"
        (
            rf"\bspend(?:s|ing)?\s+({_TIME})\s+(?:on\s+)?(\w+ing\b[^,.;]*?)(?=$|[,.;]|\s+(?:and|then|before)\b)",
            r"\2 for \1",
        ),
        (
            rf"\bfor\s+(?:the\s+(?:next|following|first|last)|a\s+total\s+of|exactly|about)\s+(?={_TIME})",
            "for ",
        ),
        # "use your left hand to wave"
        (
            rf"\b(?:use|uses|using)\s+((?:{_OFTEN}|both)\s+(?:\w+\s+)?(?:hand|arm|leg|foot|fist|thumb|finger|hands|arms|legs|feet))"
            r"\s+(?:to|and)\s+(\w+)",
            r"\2 with \1",
        ),
        # "after a short break of three seconds", "after two seconds", "two seconds later"
        (
            r"(?:\b(?:and|then)\s+)*\bafter\s+(?:an?\s+|the\s+)?(?:\w+\s+)?(?:break|pause|rest|wait|delay)"
            rf"(?:\s+(?:of|for)\s+({_TIME}))?\s*,?\s*(?=\w)",
            r", wait \1, then ",
        ),
        (
            rf"(?:\b(?:and|then)\s*,?\s*)*\b(?:after\s+({_TIME})|({_TIME})\s+later)\s*,?\s*(?=\w)",
            r", wait \1\2, then ",
        ),
        (rf"^([^,;.]+?)\s+after\s+({_TIME})\s*[.!]?$", r"wait \2, then \1"),
        (
            r"(?:\band\s*,?\s*)?\b(?:after\s+(?:a|some|a short|a little)\s+(?:while|moment|time|bit)|a\s+(?:moment|bit|little)\s+later)"
            r"\s*,?\s*(?=\w)",
            ", then ",
        ),
    )
)


_LIMBS = "hands?|arms?|legs?|palms|fists|fingers"
_HELD = {
    "cross": "crossed", "fold": "folded", "raise": "raised|lifted|up|up high|high|in the air|overhead",
    "spread": "spread|outstretched|stretched out|wide open", "clench": "clenched", "join": "clasped|joined",
}  # fmt: skip
_WHOSE = "(?:(?:your|his|her|their|its|my|both|one|a|the|all)\\s+)*"
_POSTURES = tuple(
    (re.compile(pattern, re.IGNORECASE), f"while {verb.removesuffix('e')}ing \\1\\2")
    for verb, forms in _HELD.items()
    for pattern in (
        rf"\bwith\s+({_WHOSE})((?:left\s+|right\s+)?(?:{_LIMBS}))\s+(?:{forms})\b",
        rf"\bwith\s+({_WHOSE})(?:{forms.split('|up')[0]})\s+({_LIMBS})\b",
    )
) + (
    (
        re.compile(
            rf"\bwith\s+({_WHOSE})((?:left\s+|right\s+)?(?:{_LIMBS})\s+(?:on|over|behind|against|in front of|above)\s+"
            r"(?:(?:your|his|her|their|its|my|the)\s+)?\w+)",
            re.IGNORECASE,
        ),
        r"while holding \1\2",
    ),
)
_STANCES = ("stand", "pose", "wait", "sit", "be", "pray", "plead", "beg", "worship")
"""After these a posture is a part of the action."""


def _with_postures(text: str) -> str:
    """What the arms do besides as an action of its own: "kneel *with folded hands*", of nobody's description."""
    for pattern, said in _POSTURES:
        found = pattern.search(text)
        if found is None:
            continue
        before = split(text[: found.start()])
        verbs = [w for w in before if w.lemma and w.low not in lex.AUXILIARIES]
        opens = not before and found.end() < len(text)
        if opens or (verbs and before[-1].low not in lex.PEOPLE and verbs[-1].lemma not in _STANCES):
            text = text[: found.start()] + found.expand(said) + text[found.end() :]
    return text


_CLOCK = re.compile(
    r"\b(\d{1,2})\s?m(?:in)?\s?(\d{1,2})\s?s(?:ec)?\b|(?<=\bfor )(\d{1,2}):(\d{2})(?=\s|[.,]|$)"
)


def _in_seconds(found: re.Match[str]) -> str:
    """ "90 seconds" of "1m30s"."""
    minutes, seconds = (int(part) for part in found.groups() if part is not None)
    return f"for {60 * minutes + seconds} seconds" if found[1] else f"{60 * minutes + seconds} seconds"


def rephrased(text: str) -> str:
    """A command whose parts stand in the order of what is done.

    "Step 1: wave, step 2: bow", "1st nod 2nd clap", "a) wave b) bow", "replace the wave with a nod",
    "after a break of two seconds, bow", "use your left hand to wave".
    """
    text = _CLOCK.sub(_in_seconds, text).replace("for for ", "for ")
    for pattern, said in _SAID_OTHERWISE:
        text = pattern.sub(said, text)
    if re.match(r"\(?a\)\s", text):
        text = _LETTERED.sub(", ", text)
    text = _tidy(_with_postures(_caused(text)))
    if (numbered := _IN_ORDER.search(text)) is None:
        return text
    return _tidy(_IN_ORDER.sub(lambda found: _numbered(found, numbered.start()), text)).removeprefix("then ")


_CAUSES = re.compile(
    r"^(?:please\s+)?(?:make|have|let|get|ask|tell|order|command)\s+(?P<who>(?:[A-Z][\w.-]*\s+){1,3}|(?:the|an?|that|this)\s+(?:\w+\s+){1,2}?)"
    r"(?:to\s+)?(?P<verb>[a-z]+)\b"
)


def _caused(text: str) -> str:
    """What somebody is made to do, as theirs: "make Usain Bolt run", "let the pirate dance"."""
    found = _CAUSES.match(text)
    if found is None or verb_form(found["verb"])[1] is not Form.BASE:
        return text
    anybody = all(word in lex.GENERIC | lex.DETERMINERS for word in found["who"].lower().split())
    return ("" if anybody else found["who"]) + text[found.start("verb") :]


def _numbered(found: re.Match[str], start: int) -> str:
    """The joint that a number stands for; a first thing that is named late comes first all the same."""
    late = found.start() > start and re.search(r"\bfirst\b", found[0], re.IGNORECASE)
    return ", but first " if late else ", then "


def _tidy(text: str) -> str:
    """Without commas that nothing stands before."""
    text = re.sub(r"\s+,", ",", re.sub(r"\s{2,}", " ", text))
    return re.sub(r"([,.;:!?])(?:\s*,)+", r"\1", text).lstrip(", ")
