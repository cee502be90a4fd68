"""Words that a sentence wants printed on a garment: "number 10", a shirt that says "HELLO"."""

import re

WORD = "lettering"
"""What stands in their place in the sentence."""
MOST = 24
"""Letters that find room on a chest."""

_NUMBERS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        (str(n) for n in range(1, 13)),
        strict=True,
    )
)
_DIGITS = rf"\d{{1,3}}|(?:{'|'.join(_NUMBERS)})"
_NUMBER = re.compile(
    rf"(?:\bwith )?(?:\b(?:the |a )?(?:number|no\.|nr\.) ?|#)({_DIGITS})(?![0-9a-zA-Z])", re.I
)
_SAYS = (
    r"(?:that )?(?:says|saying|reads|reading)|with the (?:words?|text|slogan|letters?)|with the inscription"
)
_QUOTED = re.compile(
    rf"\b(?:{_SAYS}) +[\"\u201c\u201d\u2018']([^\"\u201c\u201d\u2019']+)[\"\u201c\u201d\u2019']", re.I
)
_BARE = re.compile(rf"\b(?:{_SAYS}) +([A-Z0-9][A-Z0-9!?&-]*(?: [A-Z0-9][A-Z0-9!?&-]*)*)(?![a-z])")


def taken_out(text: str) -> tuple[str, list[str]]:
    """The sentence with `WORD` in place of what is to be printed, and what that is, in order."""
    found: list[tuple[int, int, str]] = []
    for pattern in (_QUOTED, _BARE, _NUMBER):
        for match in pattern.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end, _ in found):
                said = match[1].strip()
                found.append((match.start(), match.end(), _NUMBERS.get(said.lower(), said)))
    found.sort()
    for start, end, _ in reversed(found):
        lead = (
            "with "
            if text[start:end].lower().startswith(("with", "says", "that", "saying", "reads", "reading"))
            else ""
        )
        text = f"{text[:start]}{lead}{WORD} {text[end:]}"
    return text, [said for _, _, said in found if said]
