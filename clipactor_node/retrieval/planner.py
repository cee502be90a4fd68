"""From a prompt to a plan: a clip for every layer, one clip for all where one says it all."""

from dataclasses import replace

from clipactor_node.errors import PromptError
from clipactor_node.language import Layer, Prompt, Step, as_prompt, label_layers, manner_in, normal_form
from clipactor_node.retrieval.plan import STILL, Match, Plan, PlannedLayer
from clipactor_node.retrieval.posing import pose_for
from clipactor_node.retrieval.retriever import Retriever
from clipactor_node.retrieval.wording import (
    acting_limb,
    first_layer,
    is_other_side,
    moving_side,
    remaining_speed,
    swap_sides,
)

_MIRROR_GAIN = 0.05
"""How much better the mirror image must fit than a label that does not say its side."""


FACE_S = 3.0
"""Seconds that a face is shown before the next step of a plan."""
_SHOWN = 3
"""How many labels a refusal names."""

_NAMED_ALLOWANCE = 0.15
"""How much less a label of the whole sentence may score than labels of its parts, if it names every verb."""


def plan_prompt(retriever: Retriever, command: Prompt | str) -> Plan:
    """The clips that perform a command. Asking changes nothing: see `Retriever.performed`.

    Args:
        retriever: finds the clips; says what is doubtful, and whether to stand still then.
        command: parsed, or a text to be parsed here.

    Returns:
        No steps for control words and for prompts about looks alone.

    Raises:
        PromptError: the text holds no words, or nothing in the library is like any of its actions.
    """
    prompt = as_prompt(command)
    if prompt.control:
        return Plan()
    if not prompt.plan and prompt.speech:
        return Plan()
    prompt = _literal(retriever, prompt)
    if not prompt.plan:
        return Plan(warnings=("no action was asked for; the motion goes on",))
    steps, warnings = [], retriever.cuts(prompt.text)
    for step in map(_with_face, prompt.plan):
        warnings += [f"not performed, as asked: {layer.text}" for layer in step if layer.negated]
        wanted = tuple(_resolved(retriever, layer) for layer in step if not layer.negated)
        if wanted:
            steps.append(wanted)
    if not steps:
        return Plan(((_resolved(retriever, STILL),),), tuple(warnings))
    steps = [*(tuple(map(_shown_for_a_while, step)) for step in steps[:-1]), steps[-1]]
    plan = _as_one_clip(retriever, Plan(tuple(steps), tuple(warnings)))
    return _without_doubt(retriever, _without_hopeless(retriever, plan, prompt))


def _literal(retriever: Retriever, prompt: Prompt) -> Prompt:
    """The command as one action, where a name says it word for word and taking it apart lost a part.

    "Robot dance" is no robot that dances, if a clip is called so; a name of a missing action is a name, too.
    """
    layers = [layer for step in prompt.plan for layer in step]
    if (
        len(layers) > 1
        or any(layer.negated or layer.aimed for layer in layers)
        or not retriever.knows_by_name(prompt.text)
    ):
        return prompt
    if layers and normal_form(layers[0].text) == normal_form(prompt.text):
        return prompt
    whole = replace(layers[0] if layers else Layer(""), text=prompt.text, bare=prompt.text)
    return replace(prompt, plan=((whole,),))


def _with_face(step: Step) -> Step:
    """A step whose faces belong to what the body does; faces alone where it does nothing."""
    done = tuple(layer for layer in step if not layer.face_alone)
    face = next((layer.face for layer in step if layer.face_alone and layer.face), "")
    return (replace(done[0], face=face or done[0].face), *done[1:]) if done else step[:1]


def _shown_for_a_while(planned: PlannedLayer) -> PlannedLayer:
    """A face, or a pose, that another step follows."""
    layer = planned.layer
    if (planned.only_face or planned.pose) and not layer.duration_s:
        return replace(planned, layer=replace(layer, duration_s=FACE_S))
    return planned


def _resolved(retriever: Retriever, layer: Layer) -> PlannedLayer:
    if layer.face_alone and layer.face:
        return replace(_resolved(retriever, STILL), layer=layer, only_face=True)
    match = retriever.rank_layer(layer, 1)[0]
    if (pose := pose_for(retriever, layer, match)) is not None:
        return PlannedLayer(layer, replace(match, confidence=1.0), pose=pose)
    if layer.manner and manner_in(match.label) == layer.manner:  # a clip that is done so already
        layer = replace(layer, manner="", face=layer.face or layer.manner)
    elif layer.manner and layer.plain:
        layer = replace(layer, bare=layer.plain)
        match = retriever.rank_layer(layer, 1)[0]
    if (layer.face or not layer.plain) and match.confidence < retriever.threshold:
        return replace(_resolved(retriever, STILL), layer=layer, only_face=True)
    mirror = False
    if layer.side or layer.direction in ("left", "right"):
        match, mirror = _either_side(retriever, layer, match)
    remaining = remaining_speed(layer, first_layer(match.label))
    duration_s = layer.duration_s
    if layer.counts_steps and not duration_s:
        duration_s = round(layer.repeat * retriever.step_s(match), 2)
    return PlannedLayer(replace(layer, speed=remaining, duration_s=duration_s), match, mirror)


def _either_side(retriever: Retriever, layer: Layer, straight: Match) -> tuple[Match, bool]:
    """The label itself, or the mirror image of one that does it on the other side.

    Where no label names a side, the motion itself shows which hand waves and which leg kicks.
    """
    if is_other_side(layer, first_layer(straight.label)):
        return straight, True
    swapped = retriever.rank((f"a person {swap_sides(layer.bare)}",), layer, 1)[0]
    better = swapped.score > straight.score + _MIRROR_GAIN
    if better and is_other_side(layer, first_layer(swapped.label)):
        return swapped, True
    wanted = moving_side(layer)
    if wanted and not first_layer(straight.label).side:
        acting = retriever.acting_side(straight, acting_limb(layer))
        return straight, acting not in ("", wanted)
    return straight, False


def _as_one_clip(retriever: Retriever, plan: Plan) -> Plan:
    """One clip instead of several, where a label says the whole sentence."""
    layers = plan.layers
    if len(layers) < 2 or any(planned.layer.aimed or planned.pose for planned in layers):
        return plan
    text = " and ".join(planned.layer.text for planned in layers)
    bare = " and ".join(planned.layer.bare for planned in layers)
    sentences = dict.fromkeys((f"a person {bare}", f"a person {text}"))
    whole = retriever.rank(tuple(sentences), layers[0].layer, 1)[0]
    described = label_layers(whole.label)
    if len(described) < len(layers):
        return plan
    named = {planned.layer.verb for planned in layers} <= {layer.verb for layer in described}
    single = sum(planned.match.score for planned in layers) / len(layers)
    if whole.score < single - (_NAMED_ALLOWANCE if named else 0.0):
        return plan
    return Plan(((PlannedLayer(Layer(text, verb=layers[0].layer.verb), whole),),), plan.warnings)


def _without_hopeless(retriever: Retriever, plan: Plan, prompt: Prompt) -> Plan:
    """What is like something in the library; the rest is left out and said.

    Raises:
        PromptError: nothing is.
    """
    hopeless = [p for p in plan.layers if p.match.confidence < _least(retriever, p.layer)]
    if not hopeless:
        return plan
    missing = [_what_is_missing(retriever, planned) for planned in hopeless]
    if len(hopeless) == len(plan.layers):
        language = "" if prompt.english or prompt.translation else f" ({prompt.warnings[-1]})"
        raise PromptError(
            f"{missing[0]}{language}; say one of these, or add clips with `clipactor library add`"
        )
    steps = (tuple(p for p in step if p not in hopeless) for step in plan.steps)
    return Plan(tuple(step for step in steps if step), (*plan.warnings, *(f"left out: {m}" for m in missing)))


def _least(retriever: Retriever, layer: Layer) -> float:
    """The confidence that a layer needs: without a known verb there is nothing but likeness, so no doubt."""
    least = retriever.min_confidence
    return least if layer.verb or not least else max(least, retriever.threshold)


def _what_is_missing(retriever: Retriever, planned: PlannedLayer) -> str:
    nearest = retriever.rank_layer(planned.layer, _SHOWN)
    shown = ", ".join(f"{match.label!r} ({match.confidence:.0%})" for match in nearest)
    return f"{planned.layer.text[:60]!r} is like nothing in the library; the nearest are {shown}"


def _without_doubt(retriever: Retriever, plan: Plan) -> Plan:
    """Say what is doubtful, and stand still in its place if that is wanted."""
    doubtful = [p for p in plan.layers if p.match.confidence < retriever.threshold]
    if not doubtful:
        return plan
    warnings = (*plan.warnings, *(retriever.doubt(p.layer.text, p.match) for p in doubtful))
    if not retriever.idle_in_doubt:
        return replace(plan, warnings=warnings)
    still = _resolved(retriever, STILL)
    steps = []
    for step in plan.steps:
        kept = tuple(p for p in step if p not in doubtful)
        # An overlay that is in doubt is left out; a step without a base stands still.
        steps.append(kept if step[0] not in doubtful else (replace(still, layer=step[0].layer), *kept))
    return Plan(tuple(steps), warnings)
