"""Whatever was typed, as words the parser can read; the one tokenizer."""

import html
import re
import unicodedata

from clipactor_node.errors import PromptError

MAX_CHARACTERS = 1000
"""A command longer than this is cut here, with a warning; no sentence is as long."""

_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": ",", "—": ",", "…": "."})


_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|\b(?:https?://|www\.)\S+")
_ARROW = re.compile(
    r"\s*(?:-+>|=+>|[\u2192\u21d2\u2794\u279c])\s*|^[ ]*[\u2022\u2023\u25e6*-][ ]+", re.MULTILINE
)
_HEADING = re.compile(r"^#+[ ].*\n(?=\s*\S)", re.MULTILINE)
_NUMBERED = re.compile(r"(?:^|(?<=[\s,.;]))\(?\d{1,2}[.):]\s+(?=\D)")
_TOKEN = re.compile(r"#[0-9a-fA-F]{6}\b|\d+\.\d+[^\W_]*|[^\W_]+(?:['-][^\W_]+)*|[,.;:!?&/+]")


def tokens(text: str) -> list[str]:
    """Words ("t-shirt", "isn't", "#ff8000", "1.5") and punctuation marks, in order, as typed."""
    return _TOKEN.findall(text)


def checked_words(text: str, limit: int, such_as: str) -> str:
    """The one check of texts that are kept and shown: single spaces, something said, not too much.

    Args:
        limit: characters, at most.
        such_as: an example of what would do, for the message.

    Raises:
        PromptError: it is no text, says nothing, or is longer.
    """
    words = " ".join(_text(text).split())
    if not any(letter.isalnum() for letter in words):
        what = f"the prompt {_shown(words)} says nothing" if words else "the prompt is empty"
        raise PromptError(f"{what}; say something such as {such_as!r}")
    if len(words) > limit:
        raise PromptError(
            f"the prompt has {len(words)} characters, at most {limit} are allowed; "
            f"shorten it to something such as {such_as!r}"
        )
    return words


def clean(raw: str) -> tuple[str, list[str]]:
    """The command on one line without markup, control characters and emoji, and what was changed.

    Lines and the numbers of a list become commas.

    Raises:
        PromptError: no letter is left.
    """
    warnings = []
    text = _text(raw)
    if "<" in text or "&" in text or "://" in text or "www." in text:
        text = _MARKUP.sub(" ", _SCRIPT.sub(" ", html.unescape(text)))
    if len(text) > MAX_CHARACTERS:
        warnings.append(f"the command has {len(text)} characters; only the first {MAX_CHARACTERS} are used")
        text = text[:MAX_CHARACTERS]
    text = _HEADING.sub("", text).replace("\u00d7", "x")
    text = unicodedata.normalize("NFKC", _ARROW.sub(", ", text).translate(_QUOTES))
    kept = "".join(c if _readable(c) or c == "\n" else " " for c in text)
    if "\ufffd" in raw or any(
        unicodedata.category(c) in ("Cc", "Cs", "Co") and not c.isspace() for c in text
    ):
        warnings.append("control or undecodable characters were dropped")
    text = re.sub(r"(?<=[^\s.,;:!?])[ ]*\n+(?=\s*\S)", ", ", kept.strip())
    text = re.sub(r"\s+", " ", text).strip()
    if re.match(r"\(?1[.):]\s", text):
        text = _NUMBERED.sub(", ", text).strip(" ,")
    if not any(c.isalpha() for c in text):
        raise PromptError(
            f"nothing to perform in {_shown(raw)}: it holds no words; "
            "say what to do, such as 'a person waves hello'"
        )
    return text, warnings


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise PromptError(f"a prompt is text, got {type(given).__name__}; give a str")
    return given


def _shown(text: str) -> str:
    return repr(text[:40]) + ("..." if len(text) > 40 else "")


def _readable(character: str) -> bool:
    # Letters, marks, numbers, punctuation; no controls, surrogates, symbols (emoji are "So").
    return unicodedata.category(character)[0] in "LMNP" and character != "\ufffd"


def foreign_share(text: str) -> float:
    """Share of letters outside the Latin alphabet, 0 to 1."""
    letters = [c for c in text if c.isalpha()]
    return sum("LATIN" not in unicodedata.name(c, "") for c in letters) / max(len(letters), 1)
