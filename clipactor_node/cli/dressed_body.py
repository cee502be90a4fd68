"""The body that commands draw and export, in the clothes that were asked for."""

from dataclasses import dataclass

import numpy as np

from clipactor_node import body as bodies
from clipactor_node.language import Prompt, as_prompt
from clipactor_node.player import Appearance, AppearanceRequest, AppearanceSelector, of_style
from clipactor_node.style import open_cache

AUTO, NONE = "auto", "none"


@dataclass(frozen=True)
class DressedBody:
    """A dressed body: colors (V, 3) uint8, displacement (V,) metres or None."""

    skinner: bodies.Skinner
    colors: np.ndarray
    displacement: np.ndarray | None
    notes: tuple[str, ...] = ()

    @classmethod
    def open(cls, style: str = NONE, text: str | Prompt = "") -> "DressedBody":
        """The shipped body in the clothes that `text` describes ("auto"), in a cached style, or in plain
        ones ("none").

        Raises:
            StyleError: there is no such style.
            PromptError: the text holds no words, and its clothes are wanted.
        """
        skinner = bodies.Skinner(bodies.load())
        clothes, notes = _clothes(style, text, skinner.body)
        dressed = skinner if clothes.rest_offsets is None else skinner.wearing(clothes.rest_offsets)
        displacement = clothes.displacement if clothes.displacement.any() else None
        return cls(dressed, clothes.colors, displacement, notes)


def _clothes(style: str, text: str | Prompt, body: bodies.Body) -> tuple[Appearance, tuple[str, ...]]:
    if style in (AUTO, NONE):
        selector = AppearanceSelector(body, open_cache())
        request = AppearanceRequest.of(as_prompt(text)) if style == AUTO else None
        return selector.choose(request) if request else (selector.plain, ())
    cache = open_cache()
    return of_style(cache.load(cache.find(style).key), body), ()
