"""What a text asks of a pose: which named pose, which parts, which hands; what is left; what cannot be."""

import re
from dataclasses import dataclass

from clipactor_node.errors import PromptError
from clipactor_node.generation.poses.named import ARMS, HEAD, SIDES, STANDING, WHOLE, NamedPose, named_poses
from clipactor_node.language import tokens

_HANDS = (
    ("fist", r"(?:clenched |closed |both )*fists?"),
    (
        "open",
        r"open (?:hands?|palms?)|hands? (?:wide )?open|(?:spread|splayed) fingers|fingers (?:spread|splayed)",
    ),
    ("point", r"point(?:s|ing)(?: (?:a|the|an index) ?finger)?|index finger"),
    ("thumb_up", r"thumbs?[- ]up"),
    ("two", r"(?:peace|v|victory)[- ]sign"),
    ("ring", r"ok(?:ay)?[- ]sign"),
    ("horns", r"(?:devil )?horns|rock on"),
    ("claw", r"claws?"),
    ("flat", r"flat hands?|hands? flat"),
)
_SIDE_BEFORE = r"(?:(?P<side>left|right|both)(?: hand)?(?: in a| as a| making a| with a| with)? )?"
_STATES = frozenset({
    "adopt", "assume", "balance", "be", "crouch", "do", "flex", "freeze", "give", "hold", "keep", "kneel",
    "lean", "lie", "lounge", "make", "meditate", "perch", "perform", "pose", "recline", "remain", "rest",
    "show", "sit", "squat", "stand", "stay", "strike", "take",
})  # fmt: skip
"""Verbs of staying as one is."""
_POSE_WORDS = re.compile(r"\b(pose|poses|posing|posture|stance|statue)\b", re.IGNORECASE)
_BODY_WORDS = re.compile(
    r"\b(arms?|legs?|hands?|knees?|foot|feet|heads?|elbows?|fists?|palms?|fingers?|hips?|shoulders?|back|belly|"
    r"stomach|chin|chest|toes?|heels?|upside)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:(?:two|three|four|five|several|many|some|a (?:couple|group|crowd|pair) of) "
    r"(?:people|persons|men|women|friends|dancers|soldiers|children|girls|boys|kids|guys|ladies|"
    r"fighters|firefighters|players|workers|others|zombies|heroes|superheroes)|people|"
    r"(?:with|and) (?:a|another|his|her|the) (?:friend|partner|man|woman|person|wife|husband|child)|"
    r"each other)\b",
    re.IGNORECASE,
)
_WITH_HAND = re.compile(
    r"\bwith (?:the |his |her |a |an |one )?(?P<side>left|right|both) "
    r"(?:hands?|arms?|fingers?|index finger|thumb)\b"
)
_SMALL = frozenset({
    "a", "an", "and", "are", "as", "assume", "assumes", "at", "be", "both", "by", "do", "does", "doing",
    "down", "freeze", "freezes", "frozen", "he", "her", "his", "hold", "holding", "holds", "in", "is", "it",
    "its", "keep", "keeps", "like", "make", "makes", "making", "man", "now", "of", "on", "one", "perform",
    "performs", "person", "pose", "poses", "posing", "position", "posture", "remain", "remains", "she",
    "somebody", "someone", "stance", "stand", "standing", "stands", "stay", "stays", "still", "strike",
    "strikes", "striking", "take", "takes", "taking", "the", "their", "then", "there", "they", "to", "up",
    "very", "was", "while", "with", "woman",
})  # fmt: skip
_MAY_DIFFER = {("kneeling", "sitting"), ("low", STANDING), ("upside", STANDING), ("kneeling", STANDING)}
"""Stances whose words may come together: one sits on one's heels, stands on the hands."""


@dataclass(frozen=True)
class Asked:
    """What a text asks of a pose.

    Fields:
        text: the words.
        base: the named pose of the whole body; None: none is named.
        parts: named poses of arms or head, each with the sides it is for.
        hands: side -> shape.
        rest: words of content that nothing of that stands for.
        notes: what the user should know.
        mirrored: whether the base is on its other side.
    """

    text: str
    base: NamedPose | None
    parts: tuple[tuple[NamedPose, tuple[str, ...]], ...]
    hands: dict[str, str]
    rest: tuple[str, ...]
    notes: tuple[str, ...] = ()
    mirrored: bool = False

    @property
    def named(self) -> bool:
        """Whether the words name a pose, and not only that somebody stands, sits, kneels or lies."""
        arms = any(part.part != HEAD for part, _ in self.parts)
        return (self.base is not None and not self.base.weak) or arms

    @property
    def wants_diffusion(self) -> bool:
        """Whether words about the body are left that no named pose stands for."""
        strong = self.base is not None and not self.base.weak
        return not strong and (bool(self.rest) or not (self.base or self.parts or self.hands))

    @property
    def title(self) -> str:
        """The named poses in words."""
        names = [self.base.title] if self.base is not None else []
        return " + ".join([*names, *(part.title for part, _ in self.parts)])


def asked(text: str) -> Asked:
    """A text taken apart.

    Raises:
        PromptError: it asks for two poses at once.
    """
    left = _plain(text)
    wholes: list[NamedPose] = []
    mirrored = False
    parts: list[tuple[NamedPose, tuple[str, ...]]] = []
    while True:
        found = [(match, one) for one in named_poses() if (match := one.found_in(left))]
        if not found:
            break
        match, one = max(found, key=lambda pair: (not pair[1].weak, pair[0].end() - pair[0].start()))
        left = f"{left[: match.start()]} ; {left[match.end() :]}"
        if one.part == WHOLE:
            wholes += [] if one in wholes else [one]
            if one.sides == "said" and match.groupdict().get("side") == "right":
                mirrored = True
        elif all(one is not other for other, _ in parts):
            parts.append((one, _sides(one, match, _plain(text))))
    base = _one_of(text, wholes)
    hands = _hands(_plain(text))
    for _, pattern in _HANDS:
        left = re.sub(rf"\b{_SIDE_BEFORE}(?:{pattern})\b", " ", left)
    left = _WITH_HAND.sub(" ", left) if parts or hands else left
    rest = tuple(word for word in tokens(left) if word[0].isalnum() and word.lower() not in _SMALL)
    notes = []
    if _SEVERAL.search(text):
        notes.append("several people are asked for; the first one is shown")
    return Asked(text, base, _compatible(text, parts), hands, rest, tuple(notes), mirrored)


def is_state(verb: str, text: str) -> bool:
    """Whether words ask to be in a pose, rather than to move."""
    return verb in _STATES or not verb or bool(_POSE_WORDS.search(text))


def describes_body(text: str) -> bool:
    """Whether words say how limbs are, or that a pose is wanted."""
    return bool(_BODY_WORDS.search(text) or _POSE_WORDS.search(text))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' -]", " ; ", text.lower()).replace("t-pose", "t pose").split())


def _sides(one: NamedPose, match: re.Match[str], text: str) -> tuple[str, ...]:
    """The sides of a part: those in its words, or the hand that the text says it is done with."""
    if one.sides == "both":
        return SIDES
    said = match.groupdict().get("side") if one.sides == "said" else one.sides
    if said is None and (hand := _WITH_HAND.search(text)):
        said = hand["side"]
    if said == "both":
        return SIDES
    return ("left",) if said == "left" else ("right",)


def _one_of(text: str, wholes: list[NamedPose]) -> NamedPose | None:
    """The one pose of the whole body.

    Raises:
        PromptError: two stances that cannot be at once.
    """
    names = {one.name for one in wholes}
    wholes = [one for one in wholes if names.isdisjoint(one.covers)]
    strong = [one for one in wholes if not one.weak]
    for a in wholes:
        for b in wholes:
            differ = a.stance != b.stance and (a.stance, b.stance) not in _MAY_DIFFER | {
                (second, first) for first, second in _MAY_DIFFER
            }
            if differ or (len(strong) > 1 and a in strong and b in strong and a is not b):
                raise PromptError(
                    f"{text!r} asks for two poses at once: {a.title} and {b.title}; say one, or one after "
                    "the other with 'then'"
                )
    first = strong or wholes
    return first[0] if first else None


def _compatible(
    text: str, parts: list[tuple[NamedPose, tuple[str, ...]]]
) -> tuple[tuple[NamedPose, tuple[str, ...]], ...]:
    """Parts in the order in which they are laid over each other.

    Raises:
        PromptError: one arm, or the head, is to be in two places.
    """
    taken: dict[str, NamedPose] = {}
    kept = []
    for one, sides in sorted(parts, key=lambda pair: pair[0].gentle):
        places = [HEAD] if one.part == HEAD else [f"{side} arm" for side in sides]
        free = [place for place in places if place not in taken]
        if len(free) < len(places) and not one.gentle:
            place = next(place for place in places if place in taken)
            raise PromptError(
                f"{text!r} asks for two poses of the {place}: {taken[place].title} and {one.title}; say one"
            )
        taken |= dict.fromkeys(free, one)
        if one.part == ARMS:
            sides = tuple(side for side in sides if f"{side} arm" in free)
        if free:
            kept.append((one, sides))
    return tuple(kept)


def _hands(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for shape, pattern in _HANDS:
        for match in re.finditer(rf"\b{_SIDE_BEFORE}(?:{pattern})\b", text):
            one_hand = shape in ("point", "thumb_up", "two", "ring")
            default = ("right",) if one_hand else SIDES
            if one_hand and (hand := _WITH_HAND.search(text)):
                default = SIDES if hand["side"] == "both" else (hand["side"],)
            sides = {"left": ("left",), "right": ("right",), "both": SIDES}.get(match["side"] or "", default)
            found |= dict.fromkeys(sides, shape)
    return found
