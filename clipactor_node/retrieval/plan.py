"""What is going to be performed: every layer of a prompt with the clip that answers it."""

from dataclasses import dataclass

from clipactor_node.language import Layer
from clipactor_node.retrieval.match import Match

STILL = Layer("stands still", verb="stand")
"""What is performed when everything asked for was negated, or nothing fits."""


@dataclass(frozen=True)
class PlannedLayer:
    """One layer of a step, resolved.

    Attributes:
        layer: what was asked; its `speed` is what is still to be done to the clip (a clip called
            "walk slowly" is not slowed down again).
        match: the clip.
        mirror: whether left and right of the clip are to be exchanged.
    """

    layer: Layer
    match: Match
    mirror: bool = False

    @property
    def line(self) -> str:
        """In words: 'waves with the left hand' -> wave right hand, mirrored (0.87)."""
        notes = [
            "mirrored" if self.mirror else "",
            f"{self.layer.speed:g} x speed" if self.layer.speed != 1.0 else "",
            f"{self.layer.repeat} times" if self.layer.repeat else "",
            f"for {self.layer.duration_s:g} s" if self.layer.duration_s else "",
        ]
        extra = "".join(f", {note}" for note in notes if note)
        return f"{self.layer.text!r} -> {self.match.label}{extra} ({self.match.score:.2f})"


@dataclass(frozen=True)
class Plan:
    """Steps in order; each is a base layer followed by what the upper body does on top.

    Attributes:
        steps: empty where the prompt describes only looks.
        warnings: what the user should know: weak matches, actions that were negated.
    """

    steps: tuple[tuple[PlannedLayer, ...], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def layers(self) -> tuple[PlannedLayer, ...]:
        """Every layer of every step, in order."""
        return tuple(planned for step in self.steps for planned in step)

    @property
    def lines(self) -> tuple[str, ...]:
        """One line per step, layers joined by "+"."""
        return tuple(" + ".join(planned.line for planned in step) for step in self.steps)
