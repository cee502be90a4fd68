"""What a command asked the avatar to look like."""

from dataclasses import dataclass

from clipactor_node.appearance.outfit import by_name
from clipactor_node.language import Prompt, tokens
from clipactor_node.retrieval import Plan


def described_in(prompt: Prompt) -> str:
    """What a prompt says of looks, in one phrase; "": nothing.

    Names of outfits ("ein Ninja tanzt") are known to the wardrobe alone, in every language the same.
    """
    if prompt.appearance or prompt.english:
        return prompt.appearance
    return prompt.text if any(word in by_name() for word in tokens(prompt.text.lower())) else ""


@dataclass(frozen=True, eq=False)
class AppearanceRequest:
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
    def of(cls, prompt: Prompt, plan: Plan) -> "AppearanceRequest | None":
        """None where a prompt says nothing about looks."""
        words = described_in(prompt)
        if not words:
            return None
        if not plan.steps:
            return cls(words)
        match = plan.steps[0][0].match
        return cls(words, match.clip, match.start_s, match.end_s)
