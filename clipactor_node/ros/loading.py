"""Everything heavy, loaded before the clock starts; what is missing is reported, not fatal."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from clipactor_node import body as bodies
from clipactor_node.errors import ClipActorError
from clipactor_node.motion import Library, open_library
from clipactor_node.retrieval import Retriever
from clipactor_node.text import load_encoder

DEFAULT_ENCODER = "minilm"

T = TypeVar("T")


@dataclass(frozen=True)
class Loaded:
    """What could be loaded (None where not), and one line for each thing that could not."""

    body: bodies.Body | None
    library: Library | None
    retriever: Retriever | None
    problems: tuple[str, ...]


def load(settings: Mapping[str, object]) -> Loaded:
    """Load what the parameters `body`, `library` and `encoder` name.

    What cannot be used gives way to what ships.
    """
    problems: list[str] = []

    def first_that_works(*ways: Callable[[], T]) -> T | None:
        for way in ways:
            try:
                return way()
            except ClipActorError as error:
                problems.append(str(error))
        return None

    body_file = settings["body"]
    own_body = [lambda: bodies.load(Path(body_file).expanduser())] if body_file else []
    body = first_that_works(*own_body, bodies.load)

    packs = [Path(place).expanduser() for place in settings["library"].split(os.pathsep) if place]
    own_library = [lambda: open_library(packs)] if packs else []
    library = first_that_works(*own_library, open_library)
    if library is not None:
        problems.extend(library.problems)

    encoder_names = dict.fromkeys((settings["encoder"], DEFAULT_ENCODER))
    encoder = first_that_works(*(partial(load_encoder, name) for name in encoder_names))
    retriever = None
    if library is not None and encoder is not None:
        retriever = first_that_works(lambda: Retriever(library, encoder))
    return Loaded(body, library, retriever, tuple(problems))
