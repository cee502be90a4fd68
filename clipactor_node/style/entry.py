"""One style on disk: its card, its arrays, its key. Needs no torch.

<key>/style.json            the card: what was asked, how it was made, how it went
<key>/style.safetensors     colors (V, 3) uint8, displacement (V,) float16, template, field.*; on clothes also
                            texture, a PNG as uint8
<key>/preview.webp
"""

import hashlib
import io
import json
import unicodedata
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import numpy as np
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load

from clipactor_node.errors import StyleError

FORMAT = "clipactor style 1"
DISPLACEMENT_LIMIT = 0.1
CARD, ARRAYS, PREVIEW = "style.json", "style.safetensors", "preview.webp"


@dataclass(frozen=True)
class StyleCard:
    """What is known about a style without opening its arrays.

    key: hash of everything that determines the result (`style_key`).
    prompt, seed, preset, schedule: what was asked; the schedule as plain data.
    model, body, frames: ids or hashes of the image-text model, the body file, the posed frames.
    clip: the motion the frames came from, or "".
    vertices, subdivisions: of the mesh that the arrays belong to.
    status: "complete", "plateau", "cancelled" or "out of tries".
    iterations, images, seconds: how far it went and what it took.
    score, proposal_score, moved: cosine with the text at the end and at the start (fixed views), and
        mean change of color (0 to 1) between them.
    losses, scores: curves; losses per iteration, scores as [iteration, score].
    events: what happened on the way that somebody should know.
    made_with: versions, device, rendering backend.
    arrays_sha256: of style.safetensors.
    geometry: of the clothes whose texture it has (`surfaces.geometry_of`); "": it lies on the body.
    """

    key: str
    prompt: str
    seed: int
    preset: str
    schedule: dict[str, Any]
    model: str
    body: str
    frames: str
    clip: str
    vertices: int
    subdivisions: int
    status: str
    iterations: int
    images: int
    seconds: float
    score: float
    proposal_score: float
    moved: float
    losses: list[float]
    scores: list[list[float]]
    events: list[str]
    made_with: dict[str, Any]
    created: str
    arrays_sha256: str = ""
    geometry: str = ""
    format: str = FORMAT


@dataclass(frozen=True)
class Style:
    """What the player puts on a body.

    colors: (V, 3) uint8, sRGB. displacement: (V,) float16, metres along the posed vertex normal.
    template: (V, 3) float16, metres: the T-pose the arrays belong to.
    texture: (S, S, 3) uint8, sRGB, of the clothes that `card.geometry` names; None: it lies on the body.
    """

    card: StyleCard
    colors: np.ndarray
    displacement: np.ndarray
    template: np.ndarray
    texture: np.ndarray | None = None

    def __post_init__(self) -> None:
        count = self.card.vertices
        if (self.texture is not None) != bool(self.card.geometry):
            raise StyleError("a texture needs to say of which clothes it is, and the other way round")
        for name, shape, kind in (
            ("colors", (count, 3), np.uint8),
            ("displacement", (count,), np.float16),
            ("template", (count, 3), np.float16),
        ):
            array = getattr(self, name)
            if array.shape != shape or array.dtype != kind:
                raise StyleError(f"{name} is {array.dtype} {array.shape}, expected {np.dtype(kind)} {shape}")
        if not np.abs(self.displacement).max(initial=0) <= DISPLACEMENT_LIMIT + 1e-3:
            raise StyleError(f"displacement leaves [-{DISPLACEMENT_LIMIT}, {DISPLACEMENT_LIMIT}] metres")


_ARTICLES = ("a", "an", "the")
_AROUND = " \t.,;:!?…\"'`´“”„‘’«»()[]"


def same_look(prompt: str) -> str:
    """A prompt without what changes no look: capitals, blanks, an article, punctuation around it.

    "A firefighter", "a firefighter." and "firefighter" ask for the same.
    """
    words = " ".join(unicodedata.normalize("NFKC", prompt).casefold().split()).strip(_AROUND)
    article, _, rest = words.partition(" ")
    return (rest if rest and article in _ARTICLES else words) or " ".join(prompt.split())


def style_key(prompt: str, seed: int, schedule: dict[str, Any], model: str, body: str, frames: str) -> str:
    """16 hex digits: the same for the same request, whoever makes it and wherever it runs."""
    asked = {
        "format": FORMAT,
        "prompt": same_look(prompt),
        "seed": seed,
        "schedule": schedule,
        "model": model,
        "body": body,
        "frames": frames,
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


_DECIDES = ("seed", "schedule", "model", "body", "frames")
"""What determines a style, besides the words."""


def made_for(card: StyleCard, facts: dict[str, Any]) -> bool:
    """Whether a style answers a request (`Request.facts`), under whatever key: older ones had others."""
    if same_look(card.prompt) != same_look(facts["prompt"]):
        return False
    asked = json.loads(json.dumps({name: facts[name] for name in _DECIDES}))  # tuples become lists
    return all(getattr(card, name) == asked[name] for name in _DECIDES)


def read_card(folder: Path) -> StyleCard:
    """The card of a style's folder.

    Raises:
        StyleError: it is missing, damaged, or of another format.
    """
    path = folder / CARD
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        raise StyleError(f"{folder} is not a style: it has no {CARD}") from None
    except (OSError, ValueError) as error:
        raise StyleError(
            f"{path} is damaged ({error}); remove {folder} and optimize the style again"
        ) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        given = content.get("format") if isinstance(content, dict) else type(content).__name__
        raise StyleError(f"{path} is not a style of this version: format {given!r}, expected {FORMAT!r}")
    content.setdefault("geometry", "")  # not known to those who wrote older ones
    names = {field.name for field in fields(StyleCard)}
    if set(content) != names:
        odd = ", ".join(sorted(set(content) ^ names))
        raise StyleError(f"{path} is damaged: missing or unknown entries {odd}")
    if odd := _wrong_kinds(content):
        raise StyleError(f"{path} is damaged: {odd}")
    if content["key"] != folder.name:
        raise StyleError(f"{path} belongs to style {content['key']!r}, not to the folder it lies in")
    return StyleCard(**content)


def _wrong_kinds(content: dict[str, Any]) -> str:
    """Entries of a card that are not what `StyleCard` says, in words; "": there are none."""
    odd = []
    for name, hint in get_type_hints(StyleCard).items():
        kind = get_origin(hint) or hint
        kinds = (int, float) if kind is float else (kind,)
        if not isinstance(content[name], kinds) or (isinstance(content[name], bool) and kind is not bool):
            odd.append(f"{name} is {type(content[name]).__name__}, expected {kind.__name__}")
    return ", ".join(odd)


def read_style(folder: Path) -> Style:
    """The style in a folder, its arrays checked against the card.

    Raises:
        StyleError: see `StyleCache.load`.
    """
    card, path = read_card(folder), folder / ARRAYS
    try:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != card.arrays_sha256:
            raise StyleError(f"{path} is damaged: its checksum is not the one in {CARD}; optimize it again")
        tensors = load(content)
        arrays = {name: tensors[name] for name in ("colors", "displacement", "template")}
        if card.geometry:
            arrays["texture"] = picture_of(tensors["texture"].tobytes())
        for array in arrays.values():
            array.setflags(write=False)
        return Style(card, **arrays)
    except (OSError, SafetensorError, KeyError) as error:
        raise StyleError(f"{path} cannot be read: {error}; optimize the style again") from error
    except StyleError as error:
        raise StyleError(f"style in {folder} refused: {error}") from error


def bytes_of(texture: np.ndarray) -> bytes:
    """A texture (S, S, 3) uint8 as a PNG."""
    file = io.BytesIO()
    Image.fromarray(texture).save(file, "PNG")
    return file.getvalue()


def picture_of(content: bytes) -> np.ndarray:
    """The counterpart of `bytes_of`.

    Raises:
        OSError: it is no picture.
    """
    return np.array(Image.open(io.BytesIO(content)).convert("RGB"))


def read_field(folder: Path) -> dict[str, np.ndarray]:
    """The field's state of a style: name -> array, as it was saved."""
    try:
        with safe_open(folder / ARRAYS, "np") as file:
            names = [name for name in file.keys() if name.startswith("field.")]  # noqa: SIM118 (no dict)
            return {name.removeprefix("field."): file.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise StyleError(f"{folder / ARRAYS} cannot be read: {error}; optimize the style again") from error
