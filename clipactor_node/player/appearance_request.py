"""What a command asked the avatar to look like."""

from dataclasses import dataclass, field, replace

from clipactor_node.appearance.outfit import ProposedOutfit, by_name, propose_outfit
from clipactor_node.language import Prompt, tokens
from clipactor_node.retrieval import Plan


@dataclass(frozen=True)
class AppearanceRequest:
    """What somebody should look like, and the motion to dress.

    Fields:
        words: in one phrase, such as "a person wearing a red coat".
        text: the whole command, cleaned; "": there was none.
        clip: the motion they were first asked for in; "": none.
        start_s, end_s: the stretch of it, seconds.
        known: whether anything is worn for them.
        key: of the finished style that is; "": there was none.
        outfit: what the words say about clothes.
    """

    words: str
    text: str = ""
    clip: str = ""
    start_s: float = 0.0
    end_s: float = 0.0
    known: bool = False
    key: str = ""
    outfit: ProposedOutfit | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, prompt: Prompt) -> "AppearanceRequest | None":
        """What a prompt says about looks; None: nothing."""
        words = _described_in(prompt)
        return cls(words, prompt.text, outfit=propose_outfit(words)) if words else None

    def during(self, plan: Plan, surely: float = 0.0) -> "AppearanceRequest":
        """The same, to be seen in the motion that `motion_to_dress` takes of a plan."""
        stretch = motion_to_dress(plan, surely)
        if stretch is None:
            return self
        clip, start_s, end_s = stretch
        return replace(self, clip=clip, start_s=start_s, end_s=end_s)

    @property
    def proposed(self) -> ProposedOutfit:
        """The outfit that the words describe."""
        return self.outfit or propose_outfit(self.words)


def motion_to_dress(plan: Plan, surely: float = 0.0) -> tuple[str, float, float] | None:
    """The content of a style's optimization: clip, start and end in seconds, of the plan's first motion.

    Nodes and commands choose by this alone, so that the same prompt has the same frames everywhere.

    Args:
        surely: the confidence a match needs; below it would be another motion that is dressed.

    Returns:
        None: the prompt asks for no action, or nothing fits: standing poses are dressed.
    """
    if not plan.steps or plan.steps[0][0].pose or plan.steps[0][0].match.confidence < surely:
        return None
    match = plan.steps[0][0].match
    return match.clip, match.start_s, match.end_s


_AGES = {"baby", "child", "teenager", "old"}


def _described_in(prompt: Prompt) -> str:
    """What a prompt says of looks, in one phrase; "": nothing.

    Names of outfits ("ein Ninja tanzt") are known to the room of outfits alone, in every language the same.
    """
    if prompt.appearance:
        return prompt.appearance
    if prompt.english:  # "a child jumps": those who are not grown up have another body
        return prompt.subject if _AGES & set(propose_outfit(prompt.subject).outfit.figure) else ""
    return prompt.text if any(word in by_name() for word in tokens(prompt.text.lower())) else ""
