"""Texts to token ids, without torch or transformers."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.text.cleaning import CLEANINGS

log = logging.getLogger(__name__)

# Far longer than any encoder reads, far shorter than what makes a tokenizer slow.
MAX_CHARACTERS = 20_000


class Tokens:
    """A tokenizer with a fixed greatest length.

    Args:
        path: a `tokenizer.json` of the `tokenizers` library.
        max_tokens: longer texts are cut, with a warning.
        cleaning: one of `cleaning.CLEANINGS`.

    Raises:
        ModelError: the file cannot be read.
    """

    def __init__(self, path: Path, max_tokens: int, cleaning: str = "none") -> None:
        if cleaning not in CLEANINGS:
            raise InvalidChoice("cleaning", cleaning, CLEANINGS)
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise ModelError(f"cannot read the tokenizer {path}: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._clean = CLEANINGS[cleaning]
        self.max_tokens = max_tokens

    def is_cut(self, text: str) -> bool:
        """Whether the text is longer than `max_tokens`, so that its end is not read."""
        return bool(self._encodings([text])[0].overflowing)

    def encode(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Token ids of each text, (L_i,) int64 with special tokens; L_i <= max_tokens."""
        encodings = self._encodings(texts)
        for text in (t for t, encoding in zip(texts, encodings, strict=True) if encoding.overflowing):
            log.warning(
                "text of %d characters is longer than the encoder's %d tokens and was cut: %.60r...",
                len(text),
                self.max_tokens,
                text,
            )
        return [np.asarray(encoding.ids, dtype=np.int64) for encoding in encodings]

    def _encodings(self, texts: Sequence[str]) -> list[Encoding]:
        return self._tokenizer.encode_batch([self._clean(_speakable(t[:MAX_CHARACTERS])) for t in texts])


def _speakable(text: str) -> str:
    """Without lone surrogates, which have no UTF-8 form."""
    return text.encode("utf-8", "replace").decode("utf-8")
