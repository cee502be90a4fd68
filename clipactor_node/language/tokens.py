"""The one tokenizer: a text as words and marks."""

import re

_TOKEN = re.compile(r"#[0-9a-fA-F]{6}\b|[^\W_]+(?:['-][^\W_]+)*|[,.;:!?&/+]")


def tokens(text: str) -> list[str]:
    """Words ("t-shirt", "isn't", "#ff8000") and punctuation marks, in order, as typed."""
    return _TOKEN.findall(text)
