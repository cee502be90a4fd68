"""Which of the names that are known is meant: by spelling, and by meaning where there is an encoder."""

import re
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz

from clipactor_node.errors import PromptError
from clipactor_node.text import Encoder

_SURE, _ALIKE = 100.0, 70.0
_CLOSE = 4.0  # points within which two names are equally likely
_MEANT, _MEANT_LEAD = 0.5, 0.06  # cosines
_MOST_ENCODED = 200
_SHOWN = 8
_FILLERS = frozenset(
    ["link", "frame", "tf", "the", "a", "an", "base", "footprint", "joint", "of", "at", "in", "on"]
)


def name_meant(said: str, names: Sequence[str], encoder: Encoder | None = None) -> str:
    """The known name that somebody means.

    Args:
        said: such as "door"; finds `front_door_link`.
        names: all that are known.
        encoder: for what spelling does not tell: "the entrance" is the door; None: spelling alone.

    Raises:
        PromptError: none is like it, or several are equally; the message names them.
    """
    if said in names:
        return said
    ranked = sorted(((_likeness(said, name), name) for name in names), key=lambda pair: (-pair[0], pair[1]))
    if ranked and ranked[0][0] >= _ALIKE:
        best = ranked[0][0]
        equal = [name for score, name in ranked if score > best - _CLOSE]
        if len(equal) == 1 or (best >= _SURE and ranked[1][0] < _SURE):
            return ranked[0][1]
        raise PromptError(f"{said!r} may be {_listed(equal)}; say which, by its whole name")
    meant = _by_meaning(said, names, encoder)
    if meant:
        return meant
    known = f"known are {_listed([name for _, name in ranked])}" if ranked else "no names are known"
    raise PromptError(f"nothing is known that is called {said!r}; {known}")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _words(name: str) -> list[str]:
    """Words of a name: of `front_door_link` front and door, of `FrontDoor/2` front, door, 2."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+", name)
    words = [part.lower() for part in parts]
    return [word for word in words if word not in _FILLERS] or words


def _likeness(said: str, name: str) -> float:
    """0 to 100."""
    asked, own = _words(said), _words(name)
    if not asked or not own:
        return 0.0
    if asked == own:
        return _SURE
    if "".join(asked) == "".join(own):
        return _SURE - 0.5
    pairs = [max(_word_likeness(word, other) for other in own) for word in asked]
    known = sum(pairs) / len(pairs)
    if min(pairs) < 78.0:
        return 0.5 * known
    extra = max(len(own) - len(asked), 0)
    return known - 3.0 - min(2.0 * extra, 8.0)


def _word_likeness(word: str, other: str) -> float:
    if word == other or word + "s" == other or other + "s" == word:
        return 100.0
    if len(word) < 3 or word.isdigit() or other.isdigit():
        return 0.0
    return float(fuzz.ratio(word, other))


def _by_meaning(said: str, names: Sequence[str], encoder: Encoder | None) -> str:
    if encoder is None or not names or len(names) > _MOST_ENCODED:
        return ""
    texts = [" ".join(_words(name)) for name in names]
    vectors = encoder.encode([" ".join(_words(said)), *texts])
    cosines = vectors[1:] @ vectors[0]
    order = np.argsort(-cosines)
    lead = cosines[order[0]] - (cosines[order[1]] if len(order) > 1 else 0.0)
    sure = cosines[order[0]] >= _MEANT and lead >= _MEANT_LEAD
    return names[int(order[0])] if sure else ""
