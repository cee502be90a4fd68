"""From a prompt or a clip's name to posed frames. Needs no torch."""

import typer

from clipactor_node import body as bodies
from clipactor_node.errors import ClipActorError, LibraryError
from clipactor_node.jobs import frames_of_clip
from clipactor_node.motion import open_library
from clipactor_node.style import STANDING, Frames, standing_frames


def frames_of(prompt: str, clip: str = "") -> tuple[Frames, str]:
    """Frames of the clip of that name, or of the motion that fits the prompt -> frames, what they are.

    Without a clip and without a library or text encoder, four standing poses are dressed.

    Raises:
        LibraryError: no clip of that name.
    """
    body = bodies.load()
    if clip == STANDING:
        return standing_frames(body), STANDING
    library = open_library()
    if clip:
        return frames_of_clip(body, library.load(clip)), clip
    try:
        from clipactor_node.retrieval import Retriever
        from clipactor_node.text import load_encoder

        match = Retriever(library, load_encoder()).find(prompt, 1)[0]
        return frames_of_clip(body, library.load(match.clip), match.start_s, match.end_s), match.clip
    except (ClipActorError, IndexError) as error:
        if isinstance(error, LibraryError):
            raise
        typer.secho(f"note: no motion retrieved ({error}); dressing standing poses", fg="yellow", err=True)
        return standing_frames(body), STANDING
