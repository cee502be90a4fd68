"""What a command asked the avatar to look like."""

from dataclasses import dataclass

from clipactor_node.prompts import Prompt
from clipactor_node.retrieval import Plan


@dataclass(frozen=True, eq=False)
class Looks:
    """Looks on stage; told apart by identity, so that every command counts.

    Fields:
        words: in one phrase, such as "a person wearing a red coat".
        clip: the motion they were first asked for in; "": none.
        start_s, end_s: the stretch of it.
        known: whether anything is worn for them.
        key: of the finished style that is; "": there was none.
    """

    words: str
    clip: str = ""
    start_s: float = 0.0
    end_s: float = 0.0
    known: bool = False
    key: str = ""

    @classmethod
    def of(cls, prompt: Prompt, plan: Plan) -> "Looks | None":
        """None where a prompt says nothing about looks."""
        if not prompt.style:
            return None
        if not plan.steps:
            return cls(prompt.style)
        match = plan.steps[0][0].match
        return cls(prompt.style, match.clip, match.start_s, match.end_s)
