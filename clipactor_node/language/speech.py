"""What is to be said aloud: `say: "hello"`, `waves and says 'how are you'`."""

import re

_QUOTED = r"(?:\"(?P<double>[^\"]*)\"?|'(?P<single>(?:[^']|'(?=\w))*)'|[«„](?P<other>[^»”\"]*)[»”\"]?)"
_SAID = re.compile(
    r"(?:(?:^|[,;.]|\b(?:and|then|while|also))\s*)*"
    r"\b(?:say|says|saying|said|speak|speaks|tell|tells)\b"
    r"(?:\s+(?:aloud|out loud|loudly|quietly|softly|to \w+))?"
    rf"\s*[:,]?\s*{_QUOTED}",
    re.IGNORECASE,
)
_AFTER_COLON = re.compile(
    r"(?:(?:^|[,;.]|\b(?:and|then|while|also))\s*)*\bsays?\s*:\s*(?P<rest>[^\"'].*)$", re.I
)
_NOBODY = re.compile(r"(?:he|she|it|they|you|please|and|then|a person|the avatar|somebody)*[\s,.;:]*", re.I)
_LOOSE = re.compile(
    r"^(?P<who>(?:(?:he|she|it|they|you|a person|the person|a man|a woman)\s)?)(?:and|then|while|,)\s+",
    re.IGNORECASE,
)
"""What joined the speech to the rest."""


def take_speech(text: str) -> tuple[str, str]:
    """A command without what is to be said, and that: ("waves", "hello"); "": nothing is."""
    found = _SAID.search(text) or _AFTER_COLON.search(text)
    if found is None:
        return text, ""
    said = next((words for words in found.groupdict().values() if words is not None), "").strip()
    if not said:
        return text, ""
    left = f"{text[: found.start()]} {text[found.end() :]}".strip(" ,.;:")
    left = _LOOSE.sub(r"\g<who>", " ".join(left.split()))
    return ("" if _NOBODY.fullmatch(left) else left), said
