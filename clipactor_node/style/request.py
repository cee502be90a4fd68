"""A style that is asked for, from the words to the card. Needs no torch."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from clipactor_node.errors import JobError, PromptError
from clipactor_node.language import checked_words
from clipactor_node.style.entry import same_look, style_key
from clipactor_node.style.frames import Frames
from clipactor_node.style.presets import PRESETS
from clipactor_node.style.presets import preset as named_preset
from clipactor_node.style.schedule import Schedule

AUTO = "auto"
"""The preset that suits the machine which makes the style."""
STANDING = "standing"
"""In the place of a clip: four standing poses, which need no library."""
LONGEST_PROMPT = 400
"""Characters."""


def checked_prompt(text: str) -> str:
    """The words of a prompt with single spaces between them.

    Raises:
        JobError: it says nothing, or more than `LONGEST_PROMPT` characters.
    """
    try:
        return checked_words(text, LONGEST_PROMPT, "a firefighter in a red helmet")
    except PromptError as error:
        raise JobError(f"{error}, which is how the avatar looks") from error


@dataclass(frozen=True)
class Job:
    """A style to be made. The one record of what was asked: queue, worker, optimizer and card hold it.

    Fields:
        prompt: what the avatar looks like.
        preset: a name of `PRESETS`, or "auto".
        seed: 0 to 2^31 - 1.
        clip: the motion to dress, by name; "standing" needs no library.
        start_s, end_s: a stretch of it, seconds; end_s 0: to its end.
        body: path of a body file; "": the shipped one.
        at_most: iterations of a preset that has any; 0: as many as the preset says.
        library: motion packs or folders of them, separated by ":"; "": the shipped clips and the user's.

    Raises:
        JobError: nothing to look like, or a value that cannot be.
    """

    prompt: str
    preset: str = AUTO
    seed: int = 0
    clip: str = STANDING
    start_s: float = 0.0
    end_s: float = 0.0
    body: str = ""
    at_most: int = 0
    library: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "prompt", checked_prompt(self.prompt))
        if self.preset != AUTO and self.preset not in PRESETS:
            raise JobError(f"preset {self.preset!r} is unknown; choose one of: {', '.join((AUTO, *PRESETS))}")
        if not 0 <= self.seed < 2**31:
            raise JobError(f"seed {self.seed} must lie in [0, 2^31)")
        if self.at_most < 0:
            raise JobError(f"at most {self.at_most} iterations are none; 0 means the preset's")
        if self.start_s < 0 or (self.end_s and self.end_s <= self.start_s):
            raise JobError(f"the stretch {self.start_s} to {self.end_s} s of {self.clip!r} is empty")

    @property
    def id(self) -> str:
        """16 hex digits: the same for the same job, whoever submits it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]

    @property
    def look(self) -> str:
        """The words that count, see `same_look`."""
        return same_look(self.prompt)


@dataclass(frozen=True)
class Request:
    """A job with its motion posed and its schedule decided: what `optimize` is asked for.

    Fields:
        job: what was asked.
        frames: its motion on its body.
        preset: the schedule's name, for the record.
        schedule: what is done.
    """

    job: Job
    frames: Frames
    preset: str
    schedule: Schedule

    @classmethod
    def of(cls, job: Job, frames: Frames, preset: str = "") -> "Request":
        """With the schedule of a preset (of the job's, if none is named), cut to the job's iterations.

        Raises:
            InvalidChoice: no such preset; "auto" is none, whoever knows the machine decides it.
        """
        name = preset or job.preset
        schedule = named_preset(name)
        if job.at_most and schedule.iterations:
            schedule = replace(schedule, iterations=job.at_most)
        return cls(job, frames, name, schedule)

    def key(self, model_id: str) -> str:
        """The name of the result in the cache."""
        asked = self.facts(model_id)
        del asked["preset"], asked["clip"]  # names; what they stand for is in the schedule and the frames
        return style_key(**asked)

    def facts(self, model_id: str) -> dict[str, Any]:
        """What a style's card says of the request, by the card's names."""
        return {
            "prompt": self.job.prompt,
            "seed": self.job.seed,
            "preset": self.preset,
            "schedule": self.schedule.facts(),
            "model": model_id,
            "body": self.frames.body.sha256,
            "frames": self.frames.digest,
            "clip": self.job.clip,
        }
