"""What a face shows from tick to tick: an expression, what a clip says, speech, and eyes that live."""

import math
from dataclasses import dataclass, replace

import numba
import numpy as np

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.errors import InvalidChoice
from clipactor_node.face.expressions import EXPRESSIONS, LARGEST_JAW, Expression, face_of
from clipactor_node.face.eyes import Eyes
from clipactor_node.face.speech import KEEPS, Mouth, Speech
from clipactor_node.geometry import JOINT_INDEX

FADE_S = 0.35
"""How long one expression takes to become another."""
_QUICK_FADE_S = 0.12  # of one that lasts less than a second
_HEARD_S, _SPEAKS = 0.5, 0.06  # after which a voice that says nothing more is over; the quietest speech
_LEVEL_S = 0.04  # in which the mouth follows a voice
_HUSH_S, _HANDS_S = 0.15, 0.4  # in which who is interrupted falls silent; in which beats come and go
_LONGEST_EYE = 0.6  # radians that eyes turn at most
_JAW, _LEFT, _RIGHT, _HEAD, _NECK = (
    JOINT_INDEX[name] for name in ("jaw", "left_eye_smplhf", "right_eye_smplhf", "head", "neck")
)
_BLINK, _WIDE, _LEFT_LID, _RIGHT_LID = (
    FACE_CHANNELS.index(name) for name in ("blink", "eyes_wide", "blink_left", "blink_right")
)
_EXTRAS = 5  # jaw, gaze left and down, head forward and to the shoulder
_SHOWN = len(FACE_CHANNELS) + _EXTRAS


@dataclass(frozen=True)
class ClipFace:
    """What a clip says about the face at one moment.

    Fields:
        row: (12,) coefficients of the clip's own track; None: it has none.
        lead: radians left and down that the head is about to turn.
    """

    row: np.ndarray | None = None
    lead: tuple[float, float] = (0.0, 0.0)


_SILENT = ClipFace()


class FaceLayer:
    """A face that goes on from tick to tick without a jump. For one thread; deterministic.

    Args:
        seed: others blink and look at other moments.

    Fields:
        alive: whether eyes blink and look around by themselves.
        beats: whether hands beat time with speech; they come and go without a jump.
        name: of the expression that is shown or comes.
    """

    def __init__(self, seed: int = 0, alive: bool = True) -> None:
        self.alive, self.beats = alive, False
        self.name = "neutral"
        self._seed = seed
        self._eyes = Eyes(seed)
        self._expression = EXPRESSIONS["neutral"]
        self._still = _vector(self._expression)
        self._before, self._shown = np.zeros(_SHOWN, np.float32), np.zeros(_SHOWN, np.float32)
        self._since_s = self._fade_s = 1.0
        self._speech: Speech | None = None
        self._next: Speech | None = None
        self._silenced = False
        self._spoken = self._hands = 0.0
        self._voice = 1.0
        self._heard, self._heard_ago, self._level = 0.0, _HEARD_S, 0.0

    def show(self, name: str) -> None:
        """Begin to show an expression, from whatever is shown now.

        Raises:
            InvalidChoice: there is none of that name.
        """
        if name not in EXPRESSIONS:
            raise InvalidChoice("expression", name, EXPRESSIONS)
        if name == self.name and not self._expression.lasts_s:
            return
        self.name, self._expression = name, EXPRESSIONS[name]
        self._still = _vector(self._expression)
        self._before = self._shown.copy()
        self._since_s = 0.0
        lasts = self._expression.lasts_s
        self._fade_s = _QUICK_FADE_S if 0.0 < lasts < 1.0 else FADE_S

    def say(self, speech: Speech | None) -> None:
        """Begin to speak, or be silent: who speaks closes the mouth first."""
        if self._speech is None:
            self._speech, self._spoken, self._voice = speech, 0.0, 1.0
        else:
            self._next, self._silenced = speech, True

    def hear(self, level: float) -> None:
        """How loud the voice is that speaks for this face, in [0, 1]: the mouth follows for half a second.

        A text that is spoken goes on only while it is loud; without one the jaw opens and closes.
        """
        self._heard, self._heard_ago = min(max(level, 0.0), 1.0), 0.0

    @property
    def speaking(self) -> str:
        """What is being said; "": nothing."""
        speech = self._next if self._silenced else self._speech
        return speech.text if speech else ""

    def reset(self) -> None:
        """At rest at once, as in the beginning."""
        self.__init__(self._seed, self.alive)  # type: ignore[misc]  # the beginning, in one place

    def tick(
        self, period_s: float, pose: np.ndarray, clip: ClipFace = _SILENT
    ) -> tuple[np.ndarray, np.ndarray]:
        """Go on by a period.

        Args:
            period_s: seconds since the last tick.
            pose: (55, 3) axis-angle that the body shows; it is not changed.
            clip: what the clip says that plays.

        Returns:
            the pose with jaw, eyes, neck and head of this face, and (12,) coefficients; float32.
        """
        self._since_s += period_s
        shown = self._shown
        self._mix(clip)
        out = np.array(pose, np.float32)
        jaw, left, down, forward, aside = shown[_COUNT:].tolist()
        face = shown[:_COUNT].copy()
        mouth = self._spoken_face(period_s)
        if mouth is not None:
            jaw += self._voice * (max(0.5 * jaw, mouth.jaw) - jaw)
            forward += self._voice * mouth.nod
            _speak(face, mouth.keeps, mouth.face, self._voice)
            if self._hands > 0.0:
                out[mouth.joints] += np.float32(self._voice * self._hands) * mouth.turns
        asleep = self._expression.hri == "asleep"
        closed = self._eyes.tick(period_s, clip.lead, self.alive and not asleep)
        _limit(face, closed)
        out[_JAW, 0] = min(float(out[_JAW, 0]) + jaw, LARGEST_JAW)
        yaw, pitch = _within(left + self._eyes.yaw), _within(down + self._eyes.pitch)
        _turn(out, yaw, pitch, forward, aside)
        return out, face

    def _spoken_face(self, period_s: float) -> Mouth | None:
        """Go on with what is spoken; None: nothing is."""
        self._heard_ago += period_s
        heard = self._heard if self._heard_ago < _HEARD_S else 0.0
        self._level += (heard - self._level) * min(1.0, period_s / _LEVEL_S)
        if self._speech is None:
            return _voiced(self._level) if self._level > 0.01 else None
        self._hands = min(max(self._hands + (1.0 if self.beats else -1.0) * period_s / _HANDS_S, 0.0), 1.0)
        if self._silenced:
            self._voice -= period_s / _HUSH_S
        elif self._heard_ago >= _HEARD_S or heard > _SPEAKS:
            self._spoken += period_s
        mouth = self._speech.at(self._spoken)
        if mouth is None or self._voice <= 0.0:
            self._speech, self._next, self._silenced = self._next, None, False
            self._spoken, self._voice, self._hands = 0.0, 1.0, 0.0
            return None
        if self._heard_ago < _HEARD_S:
            return replace(mouth, jaw=mouth.jaw * (0.2 + self._level))
        return mouth

    def _mix(self, clip: ClipFace) -> None:
        """What is shown without speech and blinks: jumps of neither value nor, at both ends, speed."""
        expression = self._expression
        if expression.lasts_s and self._since_s > expression.lasts_s:
            self.show("neutral")
            expression = self._expression
        beat = 0.0
        if expression.beat_hz:
            phase = math.cos(2.0 * math.pi * expression.beat_hz * self._since_s)
            beat = expression.beat * (0.5 - 0.5 * phase)
        share = min(self._since_s / self._fade_s, 1.0)
        share = share * share * (3.0 - 2.0 * share)
        _blend(
            self._before,
            self._still,
            1.0 - beat,
            _NO_ROW if clip.row is None else clip.row,
            share,
            self._shown,
        )


_VOICED = face_of({"mouth_open": 0.3, "pucker": 0.1})
_NO_TURNS = (np.zeros(0, np.int64), np.zeros((0, 3), np.float32))


def _voiced(level: float) -> Mouth:
    """A mouth of which only the voice is known."""
    return Mouth(0.2 * level, level * _VOICED, KEEPS, 0.0, *_NO_TURNS)


_NO_ROW = np.zeros(len(FACE_CHANNELS), np.float32)
_COUNT = len(FACE_CHANNELS)
_BEATEN = _COUNT + 1  # coefficients and jaw


def _vector(expression: Expression) -> np.ndarray:
    extras = (expression.jaw, *expression.gaze, *expression.head)
    return np.concatenate([expression.face, np.array(extras, np.float32)])


def _within(angle: float) -> float:
    return min(max(angle, -_LONGEST_EYE), _LONGEST_EYE)


@numba.njit(cache=True)
def _blend(
    before: np.ndarray, still: np.ndarray, beat: float, row: np.ndarray, share: float, out: np.ndarray
) -> None:
    """From `before` to `still` with its beat, or the clip's own face where that is stronger."""
    for k in range(len(still)):
        target = still[k] * (beat if k < _BEATEN else 1.0)
        if k < _COUNT:
            target = max(target, row[k])
        out[k] = before[k] + share * (target - before[k])


@numba.njit(cache=True)
def _speak(face: np.ndarray, keeps: np.ndarray, mouth: np.ndarray, voice: float) -> None:
    for k in range(len(face)):
        face[k] += voice * (max(face[k] * keeps[k], mouth[k]) - face[k])


@numba.njit(cache=True)
def _limit(face: np.ndarray, closed: float) -> None:
    """`body.clipped_face`, in place, with lids that are closed at least that far."""
    for k in range(len(face)):
        face[k] = min(max(face[k], 0.0), 1.0)
    face[_BLINK] = max(face[_BLINK], closed)
    face[_LEFT_LID] = min(face[_LEFT_LID], 1.0 - face[_BLINK])
    face[_RIGHT_LID] = min(face[_RIGHT_LID], 1.0 - face[_BLINK])
    face[_WIDE] *= 1.0 - max(face[_BLINK], face[_LEFT_LID], face[_RIGHT_LID])


@numba.njit(cache=True)
def _turn(pose: np.ndarray, yaw: float, pitch: float, forward: float, aside: float) -> None:
    for eye in (_LEFT, _RIGHT):
        pose[eye, 0] += pitch
        pose[eye, 1] += yaw
    pose[_NECK, 0] += 0.5 * forward
    pose[_HEAD, 0] += 0.5 * forward
    pose[_HEAD, 2] -= aside
