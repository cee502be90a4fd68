"""Sentences that people wrote about shipped clips while they looked at them, by clip."""

import tomllib
from functools import lru_cache
from pathlib import Path

from clipactor_node.motion import swapped_sides

_FILE = Path(__file__).with_name("captions.toml")


@lru_cache
def written_captions() -> dict[str, tuple[str, ...]]:
    """Clip -> three sentences, left and right checked against its picture."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: tuple(sentences) for name, sentences in table["captions"].items()}


def captions_of(name: str, mirrored: bool = False) -> tuple[str, ...]:
    """What was written about a clip, with left and right exchanged in a mirror; () where nothing was."""
    found = written_captions().get(name, ())
    return tuple(map(swapped_sides, found)) if mirrored else found
