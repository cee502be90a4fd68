"""Everything heavy, loaded before the clock starts; what is missing is reported, not fatal."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from clipactor_node import body as bodies
from clipactor_node.errors import ClipActorError
from clipactor_node.motion import Library, open_library
from clipactor_node.player import AppearanceSelector, GeneratedMotions, open_generated_motions, plain
from clipactor_node.retrieval import Retriever, open_retriever
from clipactor_node.style import further_folders, open_cache

DEFAULT_PROFILE = "offline"

T = TypeVar("T")


@dataclass(frozen=True)
class Loaded:
    """What could be loaded (None where not), and one line for each thing that could not."""

    body: bodies.Body | None
    detail: bodies.Detail | None
    """The body in the detail that `mesh_detail` asks for."""
    skinner: bodies.Skinner | None
    """Of `detail.body`."""
    selector: AppearanceSelector | None
    """Dresses `detail.body`."""
    library: Library | None
    retriever: Retriever | None
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    """What it does without, and need not have."""
    generated: GeneratedMotions | None = None
    """Makes motions that no clip shows, where `motion_source` asks for it."""


def load(settings: Mapping[str, Any], say: Callable[[str], object] = lambda line: None) -> Loaded:
    """Load what the parameters `body`, `mesh_detail`, `library` and `retrieval` name.

    What cannot be used gives way to what ships.

    Args:
        say: told in a few words what is loaded next.
    """
    problems: list[str] = []

    def first_that_works(*ways: Callable[[], T]) -> T | None:
        for way in ways:
            try:
                return way()
            except (ClipActorError, OSError) as error:
                problems.append(str(error))
        return None

    say("loading the body")
    body_file = settings["body"]
    own_body = [lambda: bodies.load(Path(body_file).expanduser())] if body_file else []
    body = first_that_works(*own_body, bodies.load)

    detail = None
    if body is not None:
        wanted = dict.fromkeys((settings["mesh_detail"], "plain"))
        detail = first_that_works(*(partial(bodies.detail_of, body, name) for name in wanted))

    say("loading the motion clips")
    packs = [Path(place).expanduser() for place in settings["library"].split(os.pathsep) if place]
    own_library = [lambda: open_library(packs)] if packs else []
    library = first_that_works(*own_library, open_library)
    if library is not None:
        problems.extend(library.problems)

    retriever: Retriever | None = None
    notes: tuple[str, ...] = ()
    if library is not None:
        say(f"loading the text encoder, and vectors of {len(library.labels)} labels (computed once)")
        profiles = dict.fromkeys((settings["retrieval"], DEFAULT_PROFILE))
        least = settings["min_confidence"]
        opened = first_that_works(*(partial(open_retriever, library, profile, least) for profile in profiles))
        retriever, notes = opened or (None, ())
    problems.extend(_missing_styles())
    say("measuring the body for clothes")
    skinner, selector = (None, None) if detail is None else _for_body(detail)
    generated = None
    if skinner is not None and settings["motion_source"] != "library":
        say("loading the generator of motions")
        source, steps = settings["motion_source"], settings["generation_steps"]
        generated = first_that_works(partial(open_generated_motions, source, skinner, steps))
    return Loaded(body, detail, skinner, selector, library, retriever, tuple(problems), notes, generated)


def _missing_styles() -> list[str]:
    """A line for each folder of styles that is named and not there."""
    return [
        f"CLIPACTOR_STYLES names {place}, which is no folder; its styles are not worn"
        for place in further_folders()
        if not place.expanduser().is_dir()
    ]


def in_detail(loaded: Loaded, name: str) -> Loaded:
    """The same with another level of detail. Needs half a second where there are other vertices to dress.

    Raises:
        ModelError, OSError: more vertices cannot be kept on disk.
    """
    if loaded.body is None:
        return loaded
    detail = bodies.detail_of(loaded.body, name, plain(loaded.body).colors)
    if loaded.detail is not None and detail.body is loaded.detail.body:
        return replace(loaded, detail=detail)
    skinner, selector = _for_body(detail)
    return replace(loaded, detail=detail, skinner=skinner, selector=selector)


def _for_body(detail: bodies.Detail) -> tuple[bodies.Skinner, AppearanceSelector]:
    selector = AppearanceSelector(detail.body, open_cache())
    selector.warm_up()
    return bodies.Skinner(detail.body), selector
