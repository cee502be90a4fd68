"""What a command asks for, as data."""

from dataclasses import dataclass

from clipactor_node.language import lexicon as lex
from clipactor_node.language.foreign import names_clothes, without_excluded
from clipactor_node.language.lexicon import Control, Direction, Side
from clipactor_node.language.targets import Target


def is_generic(subject: str) -> bool:
    """Whether the subject names nobody in particular: "", "a person", "the man"."""
    return all(word in lex.GENERIC | lex.DETERMINERS for word in subject.lower().split())


@dataclass(frozen=True)
class Layer:
    """One thing the body does.

    Attributes:
        text: the words of the action, such as "waves hello twice with the left hand".
        bare: the same without counts and durations, which say nothing about which motion it is.
        verb: base form of its verb; "" where none was recognised.
        negated: "does not run": this must not be what is performed.
        speed: as a factor, 1.0 if nothing was said; below 1 is slower.
        side: of the body that acts; "": none is named, or both.
        direction: of the motion; "": none is named, or several.
        repeat: how often; 0 if not said.
        counts_steps: `repeat` counts steps, of which a cycle of walking has two.
        duration_s: how long, seconds; 0 if not said.
        without: base forms of actions that must not be part of it: "turn left without walking".
        manner: how it is done, one of `feelings.MANNERS`: "angrily", "like an old man"; "": as it is.
        plain: `bare` without the words of the manner; "" where nothing else is said: "he is angry".
        face: the expression that is named, such as "smile" of "walks with a smile"; "": none.
        face_alone: nothing is asked of the body: "she smiles".
        target: the place or thing it is aimed at: "to the door"; None: none is said.
    """

    text: str
    bare: str = ""
    verb: str = ""
    negated: bool = False
    speed: float = 1.0
    side: Side = ""
    direction: Direction = ""
    repeat: int = 0
    counts_steps: bool = False
    duration_s: float = 0.0
    without: tuple[str, ...] = ()
    manner: str = ""
    plain: str = ""
    face: str = ""
    face_alone: bool = False
    target: Target | None = None

    @property
    def aimed(self) -> bool:
        """Whether it has a target whose place is known."""
        return self.target is not None and self.target.found

    def __post_init__(self) -> None:
        object.__setattr__(self, "bare", self.bare or self.text)


Step = tuple[Layer, ...]
"""What happens at one time: the base action first, then what the upper body does on top of it."""


@dataclass(frozen=True)
class Prompt:
    """A command taken apart.

    Attributes:
        raw: as given.
        text: cleaned, one line.
        control: a control word; then `plan` and the rest are empty. "": this is a description.
        plan: steps in order; empty where the command describes only looks ("in a red coat").
        subject: who, such as "Freddie Mercury"; "" if not said.
        clothes: what they wear, such as "a yellow jacket"; "" if not said.
        warnings: what was dropped or not understood, for the user to read.
        speech: what is to be said aloud: `say: "hello"`; "": nothing.
        english: False: it is, or looks like, another language.
        translation: of another language that is known, word by word; "": there is none.
    """

    raw: str
    text: str
    control: Control = ""
    plan: tuple[Step, ...] = ()
    subject: str = ""
    clothes: str = ""
    warnings: tuple[str, ...] = ()
    speech: str = ""
    english: bool = True
    translation: str = ""

    @property
    def actions(self) -> tuple[str, ...]:
        """The text of every layer, in order."""
        return tuple(layer.text for step in self.plan for layer in step)

    @property
    def appearance(self) -> str:
        """Subject and clothes in one phrase, what a picture of the person would be called.

        "" where nobody in particular wears nothing in particular: "a person walks". A sentence in
        another language that names clothes is the phrase as it stands.
        """
        if not self.english and names_clothes(worn := without_excluded(self.text)):
            return worn
        if not self.english and is_generic(self.subject.split(" with ")[0]):
            return ""
        if self.clothes:
            return f"{self.subject or 'a person'} wearing {self.clothes}"
        return "" if is_generic(self.subject) else self.subject

    @property
    def is_compound(self) -> bool:
        """Whether more than one layer is asked for."""
        return len(self.actions) > 1
