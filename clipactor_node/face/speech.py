"""Speech as motion: from letters to the shapes of lips, in time, with nods and beats of the hands.

No sound is made. One viseme for each sound that the letters of a word stand for, about a dozen a second,
as in calm English; the table is that of letters and pairs of letters, so a foreign word moves the lips too.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.errors import PromptError
from clipactor_node.face.expressions import face_of
from clipactor_node.face.loudness import RATE_HZ, spread
from clipactor_node.geometry import JOINT_INDEX

LONGEST = 2000
"""Letters that are spoken of one text: some three minutes."""
SOUND_S, WORD_GAP_S, PHRASE_GAP_S = 0.075, 0.04, 0.32
_SMOOTHED_S = 0.035  # lips are on their way to the next sound before the last is over
_NOD, _NOD_S = 0.075, 0.42  # radians, seconds
_BEAT_S = 0.7
_VOWEL_STRETCH = 1.5
_QUIETEST = 0.3  # of the jaw, in the quietest moment of a sound

# viseme: jaw in radians, then coefficients of the face
_SHAPES: dict[str, tuple[float, dict[str, float]]] = {
    "rest": (0.0, {}),
    "closed": (0.0, {"pucker": 0.12}),
    "a": (0.17, {"mouth_open": 0.22}),
    "e": (0.09, {"mouth_open": 0.12, "smile": 0.3}),
    "i": (0.05, {"mouth_open": 0.06, "smile": 0.45}),
    "o": (0.12, {"mouth_open": 0.16, "pucker": 0.6}),
    "u": (0.05, {"pucker": 0.9}),
    "lip": (0.02, {"sneer": 0.3, "frown": 0.15}),
    "tongue": (0.07, {"mouth_open": 0.08}),
    "teeth": (0.025, {"smile": 0.25, "sneer": 0.15}),
    "hush": (0.035, {"pucker": 0.5, "mouth_open": 0.05}),
    "back": (0.08, {"mouth_open": 0.08}),
    "round": (0.05, {"pucker": 0.4}),
}
_SOUNDS = {
    sound: viseme
    for viseme, sounds in {
        "closed": "m b p mm pp bb",
        "a": "a ah ar ai ay au aw",
        "e": "e eh er ea ei ey",
        "i": "i y ee ie",
        "o": "o oh ow oa oi oy",
        "u": "u oo ou ue w wh qu",
        "lip": "f v ff ph",
        "tongue": "l t d n th ll tt dd nn",
        "teeth": "s z x c ss zz ce ci",
        "hush": "sh ch j sch tch zh",
        "back": "k g h ng ck q gg kh gh",
        "round": "r rr rh",
    }.items()
    for sound in sounds.split()
}
_VOWELS = ("a", "e", "i", "o", "u")
_SILENT_ENDS = ("e",)  # "make", "have"
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d|[.,;:!?\u2026\n-]+")
_WEAK = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "is",
        "are",
        "was",
        "were",
        "and",
        "or",
        "but",
        "it",
        "its",
        "i",
        "you",
        "he",
        "she",
        "we",
        "they",
        "for",
        "with",
        "as",
        "that",
        "this",
        "have",
        "from",
        "your",
        "what",
        "when",
        "than",
        "then",
        "them",
        "there",
        "here",
        "were",
        "will",
        "would",
    ]
)


@dataclass(frozen=True)
class Mouth:
    """A speaking face at one moment.

    Fields:
        jaw: radians; face: (12,) coefficients; keeps: (12,) how much of the expression stays below them.
        nod: radians that the head is bent forward.
        joints, turns: (n,) joints that beat time, and (n, 3) what is added to their axis-angle.
    """

    jaw: float
    face: np.ndarray
    keeps: np.ndarray
    nod: float
    joints: np.ndarray
    turns: np.ndarray


KEEPS = np.ones(len(FACE_CHANNELS), np.float32)
for _name, _share in (
    ("mouth_open", 0.2),
    ("pucker", 0.2),
    ("smile", 0.6),
    ("frown", 0.6),
    ("cheeks_puffed", 0.0),
):
    KEEPS[FACE_CHANNELS.index(_name)] = _share
_BROWS = FACE_CHANNELS.index("brows_up")

# A beat lifts the forearms a little; arms that hang are brought before the body while one speaks.
_BEATING = np.array(
    [JOINT_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("shoulder", "elbow")]
)
_RAISED = np.array([[0.0, 0.05, 0.06], [0.0, -0.75, 0.1], [0.0, -0.05, -0.06], [0.0, 0.75, -0.1]], np.float32)
_STRUCK = np.array([[0.0, 0.0, 0.03], [0.0, -0.30, 0.0], [0.0, 0.0, -0.03], [0.0, 0.30, 0.0]], np.float32)


class Speech:
    """A text as it is spoken: everything is computed here, and looked up while it plays.

    Args:
        text: to be spoken.
        loudness: (N,) of the sound that is heard with it, see `loudness_of`: sounds come while it is loud,
            and the jaw opens as far; None: at the pace of calm English.

    Fields:
        text: what is spoken; warnings: what is not.
        visemes: (name, start in seconds) one after another.
        duration_s: of all.

    Raises:
        PromptError: there is nothing in the text that can be spoken.
    """

    def __init__(self, text: str, loudness: np.ndarray | None = None) -> None:
        self.text, self.warnings = _speakable(text)
        self.visemes, stresses, self.duration_s = _timed(self.text)
        if loudness is not None:
            names, starts = zip(*self.visemes, strict=True)
            self.visemes = list(
                zip(names, spread(np.array(starts), self.duration_s, loudness).tolist(), strict=True)
            )
            stresses = spread(np.array(stresses), self.duration_s, loudness).tolist()
            self.duration_s = len(loudness) / RATE_HZ
        count = int(np.ceil((self.duration_s + 0.4) * RATE_HZ))
        jaws, faces = _curves(self.visemes, count)
        if loudness is not None:
            heard = np.interp(np.arange(count), np.arange(len(loudness)), loudness, right=0.0)
            jaws = jaws * (_QUIETEST + (1.0 - _QUIETEST) * heard)
        times = np.arange(count) / RATE_HZ
        pulses, strikes = np.zeros(count), np.zeros(count)
        last = -_BEAT_S
        for stress in stresses:
            pulses = np.maximum(pulses, _bump(times, stress, _NOD_S))
            if stress - last >= _BEAT_S:
                strikes, last = np.maximum(strikes, _bump(times, stress, 0.5)), stress
        self._jaws, self._nods = jaws, _NOD * pulses
        faces[:, _BROWS] = np.maximum(faces[:, _BROWS], 0.3 * pulses)
        self._faces = faces.astype(np.float32)
        held = np.clip(np.minimum(times / 0.5, (self.duration_s + 0.4 - times) / 0.5), 0.0, 1.0)
        held = held * held * (3.0 - 2.0 * held)
        turns = held[:, None, None] * _RAISED + (held * strikes)[:, None, None] * _STRUCK
        self._turns = turns.astype(np.float32)

    def at(self, since_s: float) -> Mouth | None:
        """The face `since_s` seconds after the first sound began; None: it is over."""
        index = int(since_s * RATE_HZ)
        if index >= len(self._jaws):
            return None
        jaw, nod = float(self._jaws[index]), float(self._nods[index])
        return Mouth(jaw, self._faces[index], KEEPS, nod, _BEATING, self._turns[index])


def sounds_of(word: str) -> list[str]:
    """The visemes of a word, in their order; letters of other alphabets by what they are called."""
    letters = latin(word)
    if len(letters) > 3 and letters.endswith(_SILENT_ENDS) and letters[-2] not in "aeiou":
        letters = letters[:-1]
    found, at = [], 0
    while at < len(letters):
        size = next((n for n in (3, 2, 1) if letters[at : at + n] in _SOUNDS), 0)
        if size:
            found.append(_SOUNDS[letters[at : at + size]])
        at += max(size, 1)
    return found


def latin(word: str) -> str:
    """Letters a to z that sound like those of a word: without accents, other alphabets by Unicode's names."""
    return "".join(_latin(letter) for letter in word.lower())


def _latin(letter: str) -> str:
    if "a" <= letter <= "z":
        return letter
    if not letter.isalpha():
        return ""
    plain = unicodedata.normalize("NFKD", letter)
    if "a" <= plain[0] <= "z":
        return "".join(one for one in plain if "a" <= one <= "z")
    name = unicodedata.name(letter, "")
    if "CJK" in name or not name:
        return "ta"  # one syllable each; how it sounds is not to be seen
    sound = name.replace("SMALL ", "").replace("FINAL ", "").split(" WITH ")[0].rpartition(" ")[2].lower()
    if any(kind in name for kind in ("HANGUL", "HIRAGANA", "KATAKANA", "DEVANAGARI")):
        return sound
    return sound[0] if sound[:1] in "aeiou" or len(sound) < 2 else sound.rstrip("aeiou")[:2] or sound[0]


def _speakable(text: str) -> tuple[str, tuple[str, ...]]:
    spoken, warnings = " ".join(text.split()), []
    if sum(map(str.isalnum, spoken)) > LONGEST:
        at = spoken.rfind(" ", 0, LONGEST)
        spoken, length = spoken[: at if at > 0 else LONGEST], len(spoken)
        warnings.append(f"the speech has {length} characters; only the first {len(spoken)} are spoken")
    if not any(sounds_of(word) or word.isdigit() for word in _TOKEN.findall(spoken)):
        raise PromptError(
            f'{spoken[:60]!r} holds no letters that could be spoken; give words, like say: "good morning"'
        )
    left = {c for c in spoken if unicodedata.category(c) in ("So", "Sk", "Cn", "Co") or ord(c) > 0x1F000}
    if left:
        warnings.append(f"not spoken, as they are no letters: {' '.join(sorted(left)[:10])}")
    return spoken, tuple(warnings)


def _timed(text: str) -> tuple[list[tuple[str, float]], list[float], float]:
    """Visemes with their starts, the moments of stressed words, and when all is over; seconds."""
    visemes: list[tuple[str, float]] = []
    stresses: list[float] = []
    now = 0.0
    for token in _TOKEN.findall(text):
        if not token[0].isalnum():
            visemes.append(("rest", now))
            now += PHRASE_GAP_S if token.strip("-") else 0.0
            continue
        word = _DIGITS[unicodedata.digit(token, 0)] if token.isdigit() else token
        if len(word) > 3 and word.lower() not in _WEAK:
            stresses.append(now)
        for viseme in sounds_of(word):
            visemes.append((viseme, now))
            now += SOUND_S * (_VOWEL_STRETCH if viseme in _VOWELS else 1.0)
        visemes.append(("rest", now))
        now += WORD_GAP_S
    return visemes, stresses, now


def _curves(visemes: list[tuple[str, float]], count: int) -> tuple[np.ndarray, np.ndarray]:
    """Jaw (count,) and face (count, 12), smoothed."""
    from scipy.ndimage import gaussian_filter1d

    starts = np.array([start for _, start in visemes] or [0.0])
    jaws = np.array([_SHAPES[name][0] for name, _ in visemes] or [0.0])
    faces = np.array([face_of(_SHAPES[name][1]) for name, _ in visemes] or [np.zeros(len(FACE_CHANNELS))])
    at = np.maximum(np.searchsorted(starts, np.arange(count) / RATE_HZ, side="right") - 1, 0)
    over = np.arange(count) / RATE_HZ >= starts[-1]
    jaw, face = np.where(over, 0.0, jaws[at]), np.where(over[:, None], 0.0, faces[at])
    sigma = _SMOOTHED_S * RATE_HZ
    face = gaussian_filter1d(face, sigma, axis=0, mode="constant")
    return gaussian_filter1d(jaw, sigma, mode="constant"), face


def _bump(times: np.ndarray, start: float, length: float) -> np.ndarray:
    """Up to 1 and down again within `length` seconds from `start`."""
    share = np.clip((times - start) / length, 0.0, 1.0)
    return np.sin(np.pi * share) ** 2
