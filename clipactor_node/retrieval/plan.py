"""Answers of the retriever, and what is going to be performed: every layer of a prompt with its clip."""

from dataclasses import dataclass, field

from clipactor_node.language import Layer


@dataclass(frozen=True)
class Match:
    """A stretch of a clip that answers a text.

    Attributes:
        label: its words in the library.
        clip: name of the clip.
        start_s, end_s: where in the clip, seconds.
        score: what the order is by: cosine of the stage that decided, plus what left and right,
            forward and backward, fast and slow say for or against it.
        first_score: cosine of the first stage (CLIP-Actor, Eq. 1).
        second_score: cosine of the second stage (Eq. 2); None where it did not look at this label.
        confidence: calibrated chance, 0 to 1, that the label is what was asked for.
        alternatives: how many stretches of clips mean the same.
    """

    label: str
    clip: str
    start_s: float
    end_s: float
    score: float
    first_score: float
    second_score: float | None = None
    confidence: float = 0.0
    alternatives: int = 1


@dataclass(frozen=True)
class Answer:
    """Everything there is to say about one search.

    Attributes:
        matches: best first.
        stages: ids of the encoders that took part, first stage first.
        timings_s: seconds per stage, by name.
        warnings: what the user should know.
    """

    matches: tuple[Match, ...]
    stages: tuple[str, ...]
    timings_s: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


STILL = Layer("stands still", verb="stand")
"""What is performed when everything asked for was negated, or nothing fits."""


@dataclass(frozen=True)
class PoseChoice:
    """A pose that is held instead of a clip: its words, the names in them ("": none), and why."""

    text: str
    title: str
    why: str

    @property
    def label(self) -> str:
        """What it is called in `state`."""
        return f"pose: {self.title or self.text}"


@dataclass(frozen=True)
class PlannedLayer:
    """One layer of a step, resolved.

    Attributes:
        layer: what was asked; its `speed` is what is still to be done to the clip (a clip called
            "walk slowly" is not slowed down again).
        match: the clip.
        mirror: whether left and right of the clip are to be exchanged.
        only_face: the clip stands still, and only the face shows what was asked.
        pose: is held instead of the clip, which is only the nearest; None: the clip is played.
    """

    layer: Layer
    match: Match
    mirror: bool = False
    only_face: bool = False
    pose: PoseChoice | None = None

    @property
    def line(self) -> str:
        """In words: 'waves with the left hand' -> wave right hand, mirrored (0.87)."""
        notes = [
            "mirrored" if self.mirror else "",
            f"{self.layer.speed:g} x speed" if self.layer.speed != 1.0 else "",
            f"{self.layer.repeat} times" if self.layer.repeat else "",
            f"for {self.layer.duration_s:g} s" if self.layer.duration_s else "",
            f"in manner {self.layer.manner!r}" if self.layer.manner else "",
            f"face {self.layer.face!r}" if self.layer.face else "",
            self.layer.target.line if self.layer.target and self.layer.aimed else "",
        ]
        extra = "".join(f", {note}" for note in notes if note)
        if self.pose is not None:
            return f"{self.layer.text!r} -> {self.pose.label}{extra}, held ({self.pose.why})"
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
