"""Named expressions, as numbers: coefficients of the face, jaw and eyes, and what moves in them."""

import re
from dataclasses import dataclass, field

import numpy as np

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.errors import InvalidChoice

LARGEST_JAW = 0.42
"""Radians that the jaw is opened at most."""


@dataclass(frozen=True)
class Expression:
    """What a face shows.

    Fields:
        hri: the name that REP 155 (hri_msgs/Expression) has for it, or for what comes nearest.
        coefficients: name of `body.FACE_CHANNELS` -> 0 to 1.
        jaw: radians that the mouth stands open.
        gaze: radians that the eyes are turned to the left and down.
        head: radians that the head is bent forward and to the left shoulder, beyond the pose.
        beat_hz, beat: what pulses, how often a second, and how much of the coefficients and jaw it takes
            away between two pulses: the jerks of a laugh, the trembling of who cries.
        lasts_s: how long it is shown; 0: until another comes.
    """

    hri: str
    coefficients: dict[str, float] = field(default_factory=dict)
    jaw: float = 0.0
    gaze: tuple[float, float] = (0.0, 0.0)
    head: tuple[float, float] = (0.0, 0.0)
    beat_hz: float = 0.0
    beat: float = 0.0
    lasts_s: float = 0.0

    @property
    def face(self) -> np.ndarray:
        """(12,) float32."""
        return face_of(self.coefficients)


def face_of(coefficients: dict[str, float]) -> np.ndarray:
    """(12,) float32 of coefficients by name.

    Raises:
        InvalidChoice: there is no coefficient of that name.
    """
    face = np.zeros(len(FACE_CHANNELS), np.float32)
    for name, value in coefficients.items():
        if name not in FACE_CHANNELS:
            raise InvalidChoice("coefficient of the face", name, FACE_CHANNELS)
        face[FACE_CHANNELS.index(name)] = value
    return face


EXPRESSIONS: dict[str, Expression] = {
    "neutral": Expression("neutral"),
    "smile": Expression("happy", {"smile": 0.75}),
    "grin": Expression("happy", {"smile": 1.0, "mouth_open": 0.12, "blink": 0.12}),
    "happy": Expression("happy", {"smile": 0.8, "brows_up": 0.2, "blink": 0.08}),
    "excited": Expression("excited", {"smile": 0.9, "mouth_open": 0.2, "brows_up": 0.6, "eyes_wide": 0.5}),
    "laugh": Expression(
        "happy", {"smile": 1.0, "mouth_open": 0.4, "blink": 0.45, "brows_up": 0.15}, 0.08,
        head=(-0.08, 0.0), beat_hz=4.5, beat=0.45,
    ),
    "frown": Expression("disappointed", {"frown": 0.8, "brows_down": 0.6}),
    "sad": Expression("sad", {"frown": 0.8, "brows_up": 0.55, "blink": 0.2},
                      gaze=(0.0, 0.12), head=(0.1, 0.0)),
    "cry": Expression(
        "despaired", {"frown": 1.0, "brows_up": 0.7, "blink": 0.6, "mouth_open": 0.22, "sneer": 0.35}, 0.04,
        head=(0.14, 0.0), beat_hz=2.6, beat=0.3,
    ),
    "angry": Expression("angry", {"brows_down": 1.0, "sneer": 0.7, "frown": 0.5, "eyes_wide": 0.25}),
    "surprised": Expression("surprised", {"brows_up": 1.0, "eyes_wide": 1.0, "mouth_open": 0.4}, 0.1),
    "scared": Expression(
        "scared", {"brows_up": 0.8, "eyes_wide": 1.0, "frown": 0.6, "mouth_open": 0.15}, head=(-0.05, 0.0)
    ),
    "disgusted": Expression("disgusted", {"sneer": 1.0, "brows_down": 0.6, "frown": 0.5, "blink": 0.25}),
    "proud": Expression("happy", {"smile": 0.35, "brows_up": 0.25, "blink": 0.15}, head=(-0.08, 0.0)),
    "shy": Expression("embarrassed", {"smile": 0.35, "blink": 0.2}, gaze=(0.15, 0.25), head=(0.14, 0.08)),
    "nervous": Expression("vulnerable", {"brows_up": 0.5, "frown": 0.35, "eyes_wide": 0.35}),
    "tired": Expression("tired", {"blink": 0.5, "frown": 0.25, "mouth_open": 0.08}, head=(0.1, 0.0)),
    "bored": Expression("bored", {"blink": 0.4, "frown": 0.3}, gaze=(0.2, -0.05), head=(0.0, 0.1)),
    "confused": Expression("confused", {"brows_down": 0.5, "frown": 0.35, "pucker": 0.2}, head=(0.0, 0.14)),
    "thinking": Expression("confused", {"brows_down": 0.35, "pucker": 0.35},
                           gaze=(0.25, -0.2), head=(0.0, 0.06)),
    "drunk": Expression("tired", {"blink": 0.42, "smile": 0.35, "mouth_open": 0.12}, head=(0.05, 0.06)),
    "pain": Expression("despaired", {"blink": 0.75, "brows_down": 0.9, "sneer": 0.8, "mouth_open": 0.15},
                       0.03),
    "effort": Expression("neutral", {"brows_down": 0.7, "blink": 0.3, "sneer": 0.5}),
    "asleep": Expression("asleep", {"blink": 1.0}),
    "yawn": Expression("tired", {"blink": 0.85, "mouth_open": 0.55, "brows_up": 0.3}, 0.22, lasts_s=2.6),
    "shout": Expression("furious", {"mouth_open": 0.5, "brows_down": 0.7, "sneer": 0.4}, 0.2),
    "singing": Expression("happy", {"mouth_open": 0.4, "brows_up": 0.4}, 0.08, beat_hz=1.6, beat=0.6),
    "kiss": Expression("happy", {"pucker": 1.0, "blink": 0.5}, lasts_s=1.2),
    "pout": Expression("disappointed", {"pucker": 0.8, "frown": 0.6, "brows_down": 0.4}, head=(0.08, 0.0)),
    "wink": Expression("happy", {"blink_left": 1.0, "smile": 0.45, "brows_down": 0.1}, lasts_s=0.7),
    "wink_right": Expression("happy", {"blink_right": 1.0, "smile": 0.45, "brows_down": 0.1}, lasts_s=0.7),
    "blink": Expression("neutral", {"blink": 1.0}, lasts_s=0.25),
    "eyes_closed": Expression("neutral", {"blink": 1.0}),
    "eyes_open": Expression("neutral"),
    "eyes_wide": Expression("amazed", {"eyes_wide": 1.0, "brows_up": 0.4}),
    "squint": Expression("suspicious", {"blink": 0.55, "brows_down": 0.6}),
    "brows_up": Expression("skeptical", {"brows_up": 1.0}),
    "brows_down": Expression("annoyed", {"brows_down": 1.0}),
    "mouth_open": Expression("neutral", {"mouth_open": 0.6}, 0.15),
    "mouth_closed": Expression("neutral"),
    "cheeks_puffed": Expression("neutral", {"cheeks_puffed": 1.0}),
    "sneer": Expression("annoyed", {"sneer": 1.0, "brows_down": 0.3}),
    "grimace": Expression("disgusted", {"sneer": 0.9, "frown": 0.7, "mouth_open": 0.2, "brows_down": 0.5}),
    "eyes_rolled": Expression("annoyed", {"brows_up": 0.5, "blink": 0.1}, gaze=(0.1, -0.38), lasts_s=1.2),
}  # fmt: skip
"""Expressions by name. The numbers were set by looking at pictures of the shipped body."""

_BY_LABEL = {
    "laugh": "laugh laughs laughing chuckle chuckles giggle giggles",
    "cry": "cry cries crying weep weeps weeping sob sobs sobbing tears",
    "yawn": "yawn yawns yawning drowsy",
    "angry": "angry anger angrily rage furious tantrum argue argues scold",
    "scared": "afraid fear scared frightened cower cowers terrified",
    "surprised": "surprised surprise gasp gasps startle startled shocked amazed",
    "sad": "sad sadly dejected dejectedly disappointed mourn mourns grieve depressed",
    "proud": "proud proudly strut struts swagger triumphant flex",
    "shy": "shy shyly bashful timid",
    "tired": "tired tiredly exhausted weary trudge trudges pant pants drowsily",
    "asleep": "sleep sleeps sleeping asleep nap sleepwalk",
    "kiss": "kiss kisses",
    "shout": "shout shouts shouting yell yells scream screams",
    "singing": "sing sings singing karaoke",
    "drunk": "drunk drunken drunkenly stagger staggers",
    "thinking": "think thinks thinking ponder ponders",
    "excited": "cheer cheers cheering celebrate celebrates",
    "happy": "happy happily dance dances dancing joyfully welcome",
    "pain": "hurt hurts injured pain dizzy",
    "effort": "lift lifts weights push-ups pull-ups heave",
    "disgusted": "disgusted vomit vomits",
    "grimace": "sneeze sneezes cough coughs grimace",
    "smile": "greet greets wave waves selfie hug hugs",
    "confused": "confused shrug shrugs",
}
_OF_WORD = {word: name for name, words in _BY_LABEL.items() for word in words.split()}
_WORD = re.compile(r"[a-z][a-z'-]*")


def expression_of(*texts: str) -> str:
    """The expression that goes with what a clip is called; "": with any.

    Args:
        texts: labels; the first word that has a face decides.
    """
    words = (word for text in texts for word in _WORD.findall(text.lower()))
    return next((_OF_WORD[word] for word in words if word in _OF_WORD), "")
