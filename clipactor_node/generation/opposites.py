"""Sentences that differ in one word and are not so: hard negatives of training, pairs of the tables."""

_OPPOSITES = {
    "side": (("left", "right"), ("right", "left")),
    "direction": (("forward", "backward"), ("ahead", "backward"), ("backwards", "forward"),
                  ("backward", "forward"),
                  ("up", "down"), ("down", "up")),
    "speed": (("slowly", "quickly"), ("quickly", "slowly"), ("fast", "slowly")),
    "count": (("twice", "five times"), ("two times", "five times"), ("three times", "once"),
              ("four times", "once"), ("five times", "twice")),
}  # fmt: skip
"""Kind -> what is exchanged in a sentence to say something that is not so."""

KINDS = tuple(_OPPOSITES)


def opposite(text: str, kind: str) -> str:
    """A sentence with one word of a kind exchanged; "" where it has none."""
    words = f" {text} "
    for one, other in _OPPOSITES[kind]:
        if f" {one} " in words:
            return words.replace(f" {one} ", f" {other} ").strip()
    return ""
