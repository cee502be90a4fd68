"""What is asked of an optimization, its words checked. Needs no torch."""

from dataclasses import asdict, dataclass

from clipactor_node.errors import StyleError
from clipactor_node.style.entry import style_key
from clipactor_node.style.frames import Frames
from clipactor_node.style.presets import preset as named_preset
from clipactor_node.style.schedule import Schedule

LONGEST_PROMPT = 400
"""Characters."""


@dataclass(frozen=True)
class Request:
    """What is asked of `optimize`, its words checked.

    preset: a name, or "custom" with a schedule of one's own.
    clip: name of the motion the frames came from, for the record.
    """

    prompt: str
    frames: Frames
    preset: str = "cpu-preview"
    seed: int = 0
    schedule: Schedule | None = None
    clip: str = ""

    def __post_init__(self) -> None:
        prompt = " ".join(self.prompt.split())
        if not prompt or not any(letter.isalnum() for letter in prompt):
            raise StyleError(
                "the prompt is empty; say what the avatar should look like, such as 'a firefighter'"
            )
        if len(prompt) > LONGEST_PROMPT:
            raise StyleError(
                f"the prompt has {len(prompt)} characters, at most {LONGEST_PROMPT} are allowed; "
                "keep what the clothes look like"
            )
        if not 0 <= self.seed < 2**31:
            raise StyleError(f"seed {self.seed} must lie in [0, 2^31)")
        object.__setattr__(self, "prompt", prompt)
        if self.schedule is None:
            object.__setattr__(self, "schedule", named_preset(self.preset))

    def key(self, model_id: str) -> str:
        """The name of the result in the cache."""
        schedule = asdict(self.schedule)
        body = self.frames.body.sha256
        return style_key(self.prompt, self.seed, schedule, model_id, body, self.frames.digest)
