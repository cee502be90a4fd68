"""When a step of a command is a pose that is held, and not a clip: one rule.

1. A pose whose name the words say (generation/poses/named.toml) wins, if they ask to be in it: they have a
   verb of staying (stands, sits, holds, strikes...) or none, or the word "pose". Unless the pose is a moment
   of a clip, it gives way to a label of the library that says the same words, and, where only arms or head
   are named, to a clip that is sure.
2. A clip that is sure.
3. Where none is, and the words say how the body is (a verb of staying, and limbs): one by the diffusion.
4. Else the nearest clip.
"""

from clipactor_node.errors import PromptError
from clipactor_node.generation.poses import asked, describes_body, has_diffusion, is_state
from clipactor_node.language import Layer
from clipactor_node.retrieval.plan import Match, PoseChoice
from clipactor_node.retrieval.retriever import Retriever


def pose_for(retriever: Retriever, layer: Layer, match: Match) -> PoseChoice | None:
    """The pose to hold in a layer; None: a clip is played.

    Args:
        match: the best clip.
    """
    text = layer.text
    if layer.target or layer.repeat or layer.direction or layer.negated or not is_state(layer.verb, text):
        return None
    try:
        what = asked(text)
    except PromptError:
        return None
    sure = match.confidence >= retriever.threshold
    if what.named:
        taken = any(one.clip for one in (what.base, *(part for part, _ in what.parts)) if one)
        whole = what.base is not None and not what.base.weak
        if not taken and (retriever.knows_by_name(text) or (sure and not whole)):
            return None
        return PoseChoice(text, what.title, "its words name it")
    if sure or not layer.verb or not describes_body(text) or not has_diffusion():
        return None
    nearest = f"{match.label!r} {match.confidence:.0%}"
    why = f"by the diffusion: the words say how the body is, and no clip is sure ({nearest})"
    return PoseChoice(text, "", why)
