"""What open_clip does to a text before it is split into tokens, under open_clip's own names."""

import html
import string
from collections.abc import Callable

_PUNCTUATION = str.maketrans("", "", string.punctuation)


def _repaired(text: str) -> str:
    import ftfy  # only for CLIP; the sentence models clean inside their tokenizers

    return html.unescape(html.unescape(ftfy.fix_text(text))).strip()


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _whitespace(text: str) -> str:
    return _squeezed(_repaired(text))


def _lower(text: str) -> str:
    return _whitespace(text).lower()


def _canonicalize(text: str) -> str:
    return _squeezed(_repaired(text).replace("_", " ").translate(_PUNCTUATION).lower())


CLEANINGS: dict[str, Callable[[str], str]] = {
    "none": str,
    "whitespace": _whitespace,
    "lower": _lower,
    "canonicalize": _canonicalize,
}
