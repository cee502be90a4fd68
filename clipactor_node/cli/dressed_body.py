"""The body that commands draw and export, in the clothes that were asked for."""

from dataclasses import dataclass

import numpy as np

from clipactor_node import body as bodies
from clipactor_node.appearance.painting import EVERYDAY
from clipactor_node.body.export import Picture
from clipactor_node.errors import ClipActorError, InvalidChoice
from clipactor_node.language import Prompt, as_prompt
from clipactor_node.player import Appearance, AppearanceRequest, AppearanceSelector, of_style
from clipactor_node.render import Textured
from clipactor_node.style import open_cache, worn_in

AUTO, NONE = "auto", "none"
PAINT, CLOTH = "paint", "cloth"
CLOTHES = (CLOTH, PAINT)
"""Clothes are meshes of their own with a texture, or are painted on the body."""


@dataclass(frozen=True)
class DressedBody:
    """A dressed body.

    Fields:
        skinner: poses what is seen. whole: poses every vertex of its body, for files.
        colors: (V, 3) uint8, or a picture laid on it. surface: the same for files.
        displacement: (V,) metres or None.
        swing: (V,) from 0, where it moves with the body, to 1, where it hangs free; None: nothing does.
        notes: what the user should know.
        betas: the shape that the words ask for; empty: the mean shape. Paint is on that alone.
    """

    skinner: bodies.Skinner
    whole: bodies.Skinner
    colors: np.ndarray | Textured
    surface: np.ndarray | Picture
    displacement: np.ndarray | None
    notes: tuple[str, ...] = ()
    betas: tuple[float, ...] = ()
    swing: np.ndarray | None = None

    def translations(self, poses: np.ndarray, translations: np.ndarray) -> np.ndarray:
        """(T, 3) metres with which this shape moves as the mean shape does: (T, 55, 3), (T, 3)."""
        if not self.betas:
            return translations
        return bodies.Stature(bodies.load(), self.betas).translations(poses, translations)

    @classmethod
    def open(
        cls,
        style: str = NONE,
        text: str | Prompt = "",
        clothes: str | None = None,
        texture: int | None = None,
        person: int = 0,
    ) -> "DressedBody":
        """The shipped body in the clothes that `text` describes ("auto"), in a cached style, or in plain
        ones ("none").

        Args:
            clothes: one of `CLOTHES`; None: cloth; for a cached style what it was made on.
            texture: texels along a side of the picture on cloth; None: `TEXTURE`.
            person: which of the people whom the words describe, see `ProposedOutfit.betas`.

        Raises:
            InvalidChoice: no such kind of clothes. ClipActorError: a painted style in cloth.
            StyleError: there is no such style.
            PromptError: the text holds no words, and its clothes are wanted.
        """
        if clothes is None:
            clothes = CLOTH if style in (AUTO, NONE) or _on_clothes(style) else PAINT
        if clothes not in CLOTHES:
            raise InvalidChoice("kind of clothes", clothes, CLOTHES)
        if clothes == CLOTH:
            return cls._in_cloth(style, text, texture, person)
        skinner = bodies.Skinner(bodies.load())
        worn, notes = _clothes(style, text, skinner.body)
        request = AppearanceRequest.of(as_prompt(text)) if style == AUTO else None
        if request is not None and request.proposed.outfit.figure:
            said = ", ".join(request.proposed.outfit.figure)
            notes = (*notes, f"painted clothes keep the mean shape; for {said}: --clothes cloth")
        dressed = skinner if worn.rest_offsets is None else skinner.wearing(worn.rest_offsets)
        displacement = worn.displacement if worn.displacement.any() else None
        return cls(dressed, dressed, worn.colors, worn.colors, displacement, notes)

    @classmethod
    def _in_cloth(cls, style: str, text: str | Prompt, texture: int | None, person: int) -> "DressedBody":
        from clipactor_node.appearance import cloth  # a third of a second that paint does not need

        request = AppearanceRequest.of(as_prompt(text)) if style == AUTO else None
        if style in (AUTO, NONE):
            outfit = request.proposed.outfit if request else EVERYDAY
            dressed = cloth.dressed(outfit, bodies.load(), texture or cloth.TEXTURE)
        elif _on_clothes(style):
            cache = open_cache()
            dressed = worn_in(cache.load(cache.find(style).key), bodies.load())
        else:
            raise ClipActorError(
                f"--clothes cloth and --style {style!r} were given; this style is painted on the body: leave "
                "one of them out, or optimize one on clothes (the preset dressed-preview)"
            )
        looks = Textured(dressed.texture, dressed.body.uv, dressed.body.uv_faces, dressed.normal)
        notes = request.proposed.notes if request else ()
        betas = request.proposed.betas(bodies.load(), person) if request else ()
        swing = dressed.swing[dressed.seen] / np.float32(255)
        return cls(
            dressed.skinner(betas), dressed.whole(betas), looks, dressed.picture(), None, notes, betas, swing
        )


def _on_clothes(style: str) -> bool:
    """Whether a cached style was made on clothes of cloth.

    Raises:
        StyleError: there is no such style.
    """
    return bool(open_cache().find(style).geometry)


def _clothes(style: str, text: str | Prompt, body: bodies.Body) -> tuple[Appearance, tuple[str, ...]]:
    if style in (AUTO, NONE):
        selector = AppearanceSelector(body, open_cache())
        request = AppearanceRequest.of(as_prompt(text)) if style == AUTO else None
        return selector.choose(request) if request else (selector.plain, ())
    cache = open_cache()
    return of_style(cache.load(cache.find(style).key), body), ()
