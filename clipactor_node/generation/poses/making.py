"""A pose for a text: named, or by the diffusion; arms, head and hands that are said; on the floor."""

from dataclasses import dataclass, field

import numpy as np

from clipactor_node.body import LIMITS, Skinner, joint_positions
from clipactor_node.errors import ModelError
from clipactor_node.generation.model_folder import MANIFEST
from clipactor_node.generation.poses.asking import Asked, asked, describes_body
from clipactor_node.generation.poses.contact import FEET, Floor
from clipactor_node.generation.poses.graphs import GUIDANCE, STEPS, PoseDiffusion, PoseSpace, poses_folder
from clipactor_node.generation.poses.layout import poses_of
from clipactor_node.generation.poses.named import joints_of_part, named_pose, posed
from clipactor_node.geometry import LEFT_HAND, RIGHT_HAND
from clipactor_node.motion import hand_pose, mirrored_pose
from clipactor_node.text import Encoder

SAMPLES = 5
_RELAXED = "relaxed"
_LONGEST_TEXT = 300


@dataclass(frozen=True)
class PoseMade:
    """A pose that can be shown.

    Fields:
        pose: (55, 3) float32 axis-angle; translation: (3,) float32 metres, on the floor y = 0.
        how: in words, what it was made of.
        named: the named poses it was made of; "": none.
        touches: what rests on the floor, see `Floor.settled`.
        similarity: of the text and the pose, by the pose-words space; nan where it was not asked.
        notes: what the user should know.
    """

    pose: np.ndarray
    translation: np.ndarray
    how: str
    named: str = ""
    touches: str = FEET
    similarity: float = float("nan")
    notes: tuple[str, ...] = field(default=())


class PoseMaker:
    """Makes poses for texts; for one thread at a time.

    Args:
        skinner: the body. encoder: of captions; None: named poses alone.
    """

    def __init__(self, skinner: Skinner, encoder: Encoder | None = None) -> None:
        self._skinner, self._encoder = skinner, encoder
        self.floor = Floor(skinner)
        self._diffusion: PoseDiffusion | None = None
        self._space: PoseSpace | None = None

    def make(self, text: str, samples: int = SAMPLES, seed: int = 7) -> PoseMade:
        """The pose for a text; of the diffusion's samples the one that is most like the text.

        Raises:
            PromptError: it asks for no pose, or for two at once.
            ModelError: words are left that no named pose stands for, and there is no diffusion.
        """
        return self.several(text, 1, samples, seed)[0]

    def several(self, text: str, count: int, samples: int = SAMPLES, seed: int = 7) -> list[PoseMade]:
        """So many poses for a text, each the best of `samples`; a named pose is the same every time."""
        what = asked(text)
        known = bool(what.base or what.parts or what.hands)
        if not what.wants_diffusion or (known and not has_diffusion()):
            return [self._finished(what, None, float("nan"))] * count
        rows, likes = self.sampled(text, count * samples, seed)
        best = [max(range(i, len(rows), count), key=lambda k: likes[k]) for i in range(count)]
        return [self._finished(what, poses_of(rows[k : k + 1])[0], float(likes[k])) for k in best]

    def sampled(
        self, text: str, count: int, seed: int, steps: int = STEPS, guidance: float = GUIDANCE
    ) -> tuple[np.ndarray, np.ndarray]:
        """Rows (count, 132) of the diffusion alone, and how like the text each is, (count,).

        Raises:
            ModelError: there is no diffusion.
        """
        diffusion, space, encoder = self._opened()
        said = caption_of(text)
        vector = encoder.encode([said])[0]
        rows = diffusion.sample(said, vector, count, seed, steps, guidance)
        likes = space.poses(rows) @ space.texts([said], vector[None])[0]
        return rows, likes

    def _opened(self) -> tuple[PoseDiffusion, PoseSpace, Encoder]:
        if self._encoder is None:
            raise ModelError("there is no text encoder to read these words with")
        if self._diffusion is None or self._space is None:
            folder = poses_folder()
            self._diffusion, self._space = PoseDiffusion(folder), PoseSpace(folder)
            if not self._diffusion.manifest.reads(self._encoder.id, self._encoder.dimension):
                raise ModelError(
                    f"the pose models were trained on {self._diffusion.manifest.encoder}, the text encoder "
                    f"is {self._encoder.id}; train them on it: clipactor pose-model"
                )
        return self._diffusion, self._space, self._encoder

    def _finished(self, what: Asked, sampled: np.ndarray | None, similarity: float) -> PoseMade:
        rest, sole = self._skinner.rest_joints, self.floor.sole
        notes = list(what.notes)
        if sampled is not None:
            pose, touches = np.array(sampled, np.float64), ""
            for side in ("left", "right"):
                self._shape(pose, side, _RELAXED)
            how = f"by the diffusion, the best of its samples (similarity {similarity:.2f})"
            named = " + ".join(part.title for part, _ in what.parts)
            how += f", with {named}" if named else ""
        else:
            base = what.base or named_pose("stand")
            pose, touches = np.array(posed(base, rest, sole)[0], np.float64), base.touches
            pose = mirrored_pose(pose).astype(np.float64) if what.mirrored else pose
            named = what.title or base.title
            how = f"the named pose {named}"
            if what.rest:
                notes.append(f"not in the pose: {', '.join(what.rest)}")
        for part, sides in what.parts:
            over = posed(part, rest, sole)[0]
            joints = joints_of_part(part.part, sides)
            pose[joints] = over[joints]
        for side, shape in what.hands.items():
            self._shape(pose, side, shape)
        settled, translation, found = self.floor.settled(pose, touches)
        return PoseMade(settled, translation, how, named, found, similarity, tuple(notes))

    def _shape(self, pose: np.ndarray, side: str, shape: str) -> None:
        hand = LEFT_HAND if side == "left" else RIGHT_HAND
        pose[hand] = hand_pose(side, shape, self._skinner.rest_joints)


def has_diffusion() -> bool:
    """Whether pose models are there."""
    return (poses_folder() / MANIFEST).is_file()


def caption_of(text: str) -> str:
    """Words as the captions of training: "a person ..."."""
    words = " ".join(text.split())[:_LONGEST_TEXT]
    return (
        words
        if words.lower().startswith(("a ", "an ", "the ", "somebody", "someone"))
        else f"a person {words}"
    )


def refused_reason(text: str, acts: bool) -> str:
    """Why no pose can be made of a text; "": one can.

    Args:
        acts: whether a verb of the text is known.
    """
    what = asked(text)
    if what.named or what.base is not None or what.parts or what.hands or acts or describes_body(text):
        return ""
    return (
        f"{text!r} names no pose; say how somebody stands, sits or lies, or holds the arms, such as 'stands "
        "like a superhero' or 'sits cross-legged'"
    )


def beyond_limits(pose: np.ndarray, skinner: Skinner) -> float:
    """Radians by which the worst joint of the body leaves its limits; 0: none does. Hands do not count."""
    transforms = skinner.transforms(np.asarray(pose, np.float32), np.zeros(3, np.float32))
    angles = joint_positions(transforms)[1:].reshape(LIMITS.shape[:2])[1:22]
    over = np.maximum(LIMITS[1:22, :, 0] - angles, angles - LIMITS[1:22, :, 1])
    return max(float(over.max()), 0.0)
