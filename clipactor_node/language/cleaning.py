"""Whatever was typed, as words the parser can read."""

import re
import unicodedata

from clipactor_node.errors import PromptError

MAX_CHARACTERS = 1000
"""A command longer than this is cut here, with a warning; no sentence is as long."""

_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": ",", "—": ",", "…": "."})


def clean(raw: str) -> tuple[str, list[str]]:
    """The command on one line without control characters and emoji, and what was changed.

    Raises:
        PromptError: no letter is left.
    """
    if not isinstance(raw, str):
        raise PromptError(f"a command is text, got {type(raw).__name__}")
    warnings = []
    text = raw
    if len(text) > MAX_CHARACTERS:
        warnings.append(f"the command has {len(text)} characters; only the first {MAX_CHARACTERS} are used")
        text = text[:MAX_CHARACTERS]
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES))
    kept = "".join(c if _readable(c) else " " for c in text)
    if "\ufffd" in raw or any(
        unicodedata.category(c) in ("Cc", "Cs", "Co") and not c.isspace() for c in text
    ):
        warnings.append("control or undecodable characters were dropped")
    text = re.sub(r"\s+", " ", kept).strip()
    if not any(c.isalpha() for c in text):
        shown = repr(raw[:40]) + ("..." if len(raw) > 40 else "")
        raise PromptError(
            f"nothing to perform in {shown}: it holds no words; "
            "say what to do, such as 'a person waves hello'"
        )
    return text, warnings


def _readable(character: str) -> bool:
    # Letters, marks, numbers, punctuation; no controls, surrogates, symbols (emoji are "So").
    return unicodedata.category(character)[0] in "LMNP" and character != "\ufffd"


def foreign_share(text: str) -> float:
    """Share of letters outside the Latin alphabet, 0 to 1."""
    letters = [c for c in text if c.isalpha()]
    return sum("LATIN" not in unicodedata.name(c, "") for c in letters) / max(len(letters), 1)
