"""Text -> label -> clip -> plan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from clipactor_node.errors import LibraryError, PromptError
from clipactor_node.motion import ClipLabel
from clipactor_node.prompts import Layer, Prompt, normal_form, parse
from clipactor_node.retrieval.match import Match
from clipactor_node.retrieval.plan import Plan, PlannedLayer
from clipactor_node.retrieval.vectors import embed, load_vectors
from clipactor_node.retrieval.wording import first_layer, fit, is_other_side, remaining_speed, swap_sides
from clipactor_node.text import Encoder

STILL = Layer("stands still", verb="stand")
"""What is performed when everything asked for was negated."""


class Labels(Protocol):
    """What the retriever needs of a library."""

    @property
    def labels(self) -> Sequence[ClipLabel]: ...


class Retriever:
    """Finds the labels whose meaning is nearest to a text (CLIP-Actor, Eq. 1).

    Args:
        library: its labels are encoded once and kept on disk.
        encoder: of the first stage.

    Raises:
        LibraryError: the library has no labels.
    """

    def __init__(self, library: Labels, encoder: Encoder) -> None:
        self._labels = [label for label in library.labels if label.text.strip()]
        if not self._labels:
            raise LibraryError("the library has no labels to find; add clips with labels, or reinstall")
        self._encoder = encoder
        groups: dict[str, list[int]] = {}
        for row, label in enumerate(self._labels):
            groups.setdefault(normal_form(label.text), []).append(row)
        self._groups = list(groups.values())
        self._texts = [self._labels[group[0]].text for group in self._groups]
        self._vectors = load_vectors(encoder, self._texts)

    def find(self, text: str, top: int = 5) -> list[Match]:
        """The `top` best labels, best first.

        Raises:
            PromptError: the text holds no words.
        """
        prompt = parse(text)
        wish = prompt.plan[0][0] if prompt.plan else Layer(prompt.text)
        return self._find(text, wish, top)

    def _find(self, text: str, wish: Layer, top: int) -> list[Match]:
        cosines = self._vectors @ embed(self._encoder, [text])[0]
        near = np.argsort(-cosines, kind="stable")[: 4 * max(top, 5)]
        scored = [(float(cosines[g]) + fit(wish, first_layer(self._texts[g])), int(g)) for g in near]
        scored.sort(key=lambda pair: -pair[0])
        return [self._match(group, score, float(cosines[group])) for score, group in scored[: max(top, 0)]]

    def plan(self, prompt: Prompt | str) -> Plan:
        """The clips that perform a prompt, in steps and layers.

        Raises:
            PromptError: the text holds no words.
        """
        prompt = parse(prompt) if isinstance(prompt, str) else prompt
        if prompt.control or not prompt.plan:
            said = () if prompt.control else ("no action was asked for; the motion goes on",)
            return Plan(warnings=said)
        steps, warnings = [], []
        for step in prompt.plan:
            wanted = tuple(layer for layer in step if not layer.negated)
            warnings += [f"not performed, as asked: {layer.text}" for layer in step if layer.negated]
            if wanted:
                steps.append(tuple(self._resolve(layer) for layer in wanted))
        if not steps:
            steps = [(self._resolve(STILL),)]
        return self._as_one_clip(prompt, Plan(tuple(steps), tuple(warnings)))

    def _resolve(self, layer: Layer) -> PlannedLayer:
        match = self._find(f"a person {layer.text}", layer, 1)[0]
        mirror = False
        if layer.side or layer.direction in ("left", "right"):
            match, mirror = self._either_side(layer, match)
        label = first_layer(match.label)
        return PlannedLayer(replace(layer, speed=remaining_speed(layer, label)), match, mirror)

    def _either_side(self, layer: Layer, straight: Match) -> tuple[Match, bool]:
        """The label itself, or its mirror image where only the other side is in the library."""
        text = swap_sides(layer.text)
        swapped = self._find(f"a person {text}", layer, 1)[0]
        if is_other_side(layer, first_layer(straight.label)):
            return straight, True
        better = swapped.score > straight.score + 0.05
        if better and is_other_side(layer, first_layer(swapped.label)):
            return swapped, True
        return straight, False

    def _as_one_clip(self, prompt: Prompt, plan: Plan) -> Plan:
        """One clip instead of several, where a label says the whole sentence."""
        layers = [planned for step in plan.steps for planned in step]
        if len(layers) < 2:
            return plan
        whole = self.find(prompt.text, 1)[0]
        try:
            described = len(parse(whole.label).actions)
        except PromptError:
            return plan
        if described < len(layers) or whole.score < np.mean([p.match.score for p in layers]):
            return plan
        layer = Layer(" and ".join(p.layer.text for p in layers), layers[0].layer.verb)
        return Plan(((PlannedLayer(layer, whole),),), plan.warnings)

    def _match(self, group: int, score: float, cosine: float) -> Match:
        label = self._labels[self._groups[group][0]]
        return Match(
            label=label.text,
            clip=label.clip,
            start_s=label.start_s,
            end_s=label.end_s,
            score=score,
            first_score=cosine,
            alternatives=len(self._groups[group]),
        )
