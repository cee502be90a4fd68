"""From a prompt or a clip's name to the motion that a style is optimized on. Needs no torch."""

from collections.abc import Callable
from dataclasses import replace

import typer

from clipactor_node.errors import ClipActorError
from clipactor_node.motion import open_library
from clipactor_node.player import motion_to_dress
from clipactor_node.retrieval import PROFILES, open_retriever, plan_prompt
from clipactor_node.style import STANDING, Job

OFFLINE, PAPER = (name for name in PROFILES if name in ("offline", "paper"))
AUTO = "auto"
"""The paper's encoders for the paper's preset, if they are here; else those that need no internet."""
OWN = ""
"""In the place of a clip: the motion that the prompt names."""


def content_chooser(clip: str = OWN, profile: str = AUTO, preset: str = "") -> Callable[[Job], Job]:
    """What gives a job its motion: the clip of that name, or what the prompt asks for.

    A prompt is planned as the node plans a command: in two stages, Eq. 1 and 2, where both encoders are
    prepared. Where it asks for no action, or for one that no clip shows, four standing poses are dressed.

    Args:
        profile: of the encoders, or "auto". preset: which one "auto" is for.

    Raises:
        LibraryError: no clip of that name. InvalidChoice: no such profile.
    """
    if clip:
        if clip != STANDING:
            open_library().load(clip)  # a wrong name is told before models are loaded
        return lambda job: replace(job, clip=clip, start_s=0.0, end_s=0.0)
    library = open_library()
    wanted = (PAPER if preset == "paper" else OFFLINE) if profile == AUTO else profile
    try:
        retriever, notes = open_retriever(library, wanted)
    except ClipActorError as error:
        if profile != AUTO:
            raise
        note(f"{error}")
        try:
            retriever, notes = open_retriever(library, OFFLINE)
        except ClipActorError as second:
            note(f"no motion is looked up ({second}); dressing standing poses")
            return lambda job: replace(job, clip=STANDING, start_s=0.0, end_s=0.0)
    for sentence in notes:
        note(sentence)

    def choose(job: Job) -> Job:
        try:
            plan = plan_prompt(retriever, job.prompt)
        except ClipActorError as error:  # what the planner refuses is still a look
            note(f"{error}; dressing standing poses")
            return replace(job, clip=STANDING, start_s=0.0, end_s=0.0)
        stretch = motion_to_dress(plan, retriever.threshold)
        if stretch is None and plan.steps:
            note(f"no action in {job.prompt!r} that a clip surely shows; dressing standing poses")
        name, start_s, end_s = stretch or (STANDING, 0.0, 0.0)
        return replace(job, clip=name, start_s=start_s, end_s=end_s)

    return choose


def note(sentence: str) -> None:
    """Something that the user should know, on the standard error."""
    typer.secho(f"note: {sentence}", fg="yellow", err=True)
