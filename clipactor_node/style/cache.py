"""Finished styles on disk: read by the player in milliseconds, without torch.

<styles>/<key>/style.json            the card: what was asked, how it was made, how it went
<styles>/<key>/style.safetensors     colors (V, 3) uint8, displacement (V,) float16, template, field.*
<styles>/<key>/preview.png
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from clipactor_node.errors import ClipActorError, StyleError
from clipactor_node.home import shipped_models, user_home

FORMAT = "clipactor style 1"
DISPLACEMENT_LIMIT = 0.1
_CARD, _ARRAYS, _PREVIEW = "style.json", "style.safetensors", "preview.png"


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
    """

    key: str
    prompt: str
    seed: int
    preset: str
    schedule: dict
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
    made_with: dict
    created: str
    arrays_sha256: str = ""
    format: str = FORMAT


@dataclass(frozen=True)
class Style:
    """What the player puts on a body.

    colors: (V, 3) uint8, sRGB. displacement: (V,) float16, metres along the posed vertex normal.
    template: (V, 3) float16, metres: the T-pose the arrays belong to.
    """

    card: StyleCard
    colors: np.ndarray
    displacement: np.ndarray
    template: np.ndarray

    def __post_init__(self) -> None:
        count = self.card.vertices
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


def style_key(prompt: str, seed: int, schedule: dict, model: str, body: str, frames: str) -> str:
    """16 hex digits: the same for the same request, whoever makes it and wherever it runs."""
    asked = {
        "format": FORMAT, "prompt": " ".join(prompt.split()), "seed": seed, "schedule": schedule,
        "model": model, "body": body, "frames": frames,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


class StyleCache:
    """Folders of styles seen as one: the first may be written, an earlier one hides a later one's key.

    Args:
        folders: one folder, or several.
    """

    def __init__(self, folders: Path | list[Path]) -> None:
        several = [folders] if isinstance(folders, str | Path) else folders
        self.folders = [Path(folder) for folder in several]
        self.refused: dict[Path, str] = {}

    @property
    def home(self) -> Path:
        """The folder that new styles are written to."""
        return self.folders[0]

    def cards(self) -> list[StyleCard]:
        """Every readable style, by prompt then key; what cannot be read is named in `refused`."""
        found: dict[str, StyleCard] = {}
        self.refused = {}
        for folder in self.folders:
            for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
                if entry.name.startswith(".") or not entry.is_dir() or entry.name in found:
                    continue
                try:
                    found[entry.name] = read_card(entry)
                except StyleError as error:
                    self.refused[entry] = str(error)
        return sorted(found.values(), key=lambda card: (card.prompt.lower(), card.key))

    def __contains__(self, key: str) -> bool:
        return any((folder / key / _CARD).is_file() for folder in self.folders)

    def path(self, key: str) -> Path:
        """The folder of a style.

        Raises:
            StyleError: no such style.
        """
        for folder in self.folders:
            if key and key == Path(key).name and (folder / key / _CARD).is_file():
                return folder / key
        looked = ", ".join(map(str, self.folders))
        raise StyleError(f"no style {key!r} in {looked}; `clipactor style list` shows all")

    def find(self, text: str) -> StyleCard:
        """A style by its key, the beginning of its key, or its prompt (the newest of that prompt).

        Raises:
            StyleError: none, or several keys begin like that.
        """
        cards, wanted = self.cards(), " ".join(text.split()).lower()
        by_key = [card for card in cards if len(wanted) >= 4 and card.key.startswith(wanted)]
        by_prompt = [card for card in cards if card.prompt.lower() == wanted]
        if len(by_key) == 1:
            return by_key[0]
        if by_prompt:
            return max(by_prompt, key=lambda card: card.created)
        what = f"{len(by_key)} styles begin with" if by_key else "no style is called"
        raise StyleError(f"{what} {text!r}; `clipactor style list` shows keys and prompts")

    def load(self, key: str) -> Style:
        """A style by its key, checked.

        Raises:
            StyleError: missing, damaged, or not a style; names the folder.
        """
        return read_style(self.path(key))

    def save(self, style: Style, field: dict[str, np.ndarray], preview: bytes = b"") -> Path:
        """Writes a style, whole or not at all, over any of the same key -> its folder.

        Args:
            field: the field's state, name -> array.
            preview: a PNG.

        Raises:
            StyleError: the disk is full or the folder is read-only.
        """
        arrays = {
            "colors": style.colors, "displacement": style.displacement, "template": style.template,
            **{f"field.{name}": np.ascontiguousarray(value) for name, value in field.items()},
        }  # fmt: skip
        place = self.home / style.card.key
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with _beside(place) as made:
                content = save(arrays)
                (made / _ARRAYS).write_bytes(content)
                sha = hashlib.sha256(content).hexdigest()
                card = asdict(style.card) | {"arrays_sha256": sha}
                (made / _CARD).write_text(json.dumps(card, indent=1) + "\n")
                if preview:
                    (made / _PREVIEW).write_bytes(preview)
                _replace_folder(made, place)
        except (OSError, SafetensorError) as error:
            raise StyleError(
                f"style {style.card.key} could not be written to {self.home}: {error}. Free some space, or "
                "point CLIPACTOR_HOME at a folder you can write to, and run the same command: it goes on "
                "from its last checkpoint."
            ) from error
        return place

    def remove(self, key: str) -> None:
        """Deletes a style of the user's own.

        Raises:
            StyleError: missing, or shipped (read-only).
        """
        place = self.path(key)
        if place.parent != self.home:
            raise StyleError(
                f"style {key} is shipped in {place.parent}; only styles in {self.home} can be removed"
            )
        grave = Path(tempfile.mkdtemp(prefix=".removed-", dir=self.home))
        os.replace(place, grave / key)
        shutil.rmtree(grave, ignore_errors=True)


def open_cache(paths: list[Path] | None = None) -> StyleCache:
    """The user's styles and the shipped ones as one; `paths`: other folders, the first may be written."""
    if paths is not None:
        return StyleCache(paths)
    folders = [user_home() / "styles"]
    with contextlib.suppress(ClipActorError):
        folders.append(shipped_models() / "styles")
    return StyleCache(folders)


def read_card(folder: Path) -> StyleCard:
    """The card of a style's folder.

    Raises:
        StyleError: it is missing, damaged, or of another format.
    """
    path = folder / _CARD
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        raise StyleError(f"{folder} is not a style: it has no {_CARD}") from None
    except (OSError, ValueError) as error:
        raise StyleError(
            f"{path} is damaged ({error}); remove {folder} and optimize the style again"
        ) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        given = content.get("format") if isinstance(content, dict) else type(content).__name__
        raise StyleError(f"{path} is not a style of this version: format {given!r}, expected {FORMAT!r}")
    names = {field.name for field in fields(StyleCard)}
    if set(content) != names:
        odd = ", ".join(sorted(set(content) ^ names))
        raise StyleError(f"{path} is damaged: missing or unknown entries {odd}")
    if content["key"] != folder.name:
        raise StyleError(f"{path} belongs to style {content['key']!r}, not to the folder it lies in")
    return StyleCard(**content)


def read_style(folder: Path) -> Style:
    """The style in a folder, its arrays checked against the card.

    Raises:
        StyleError: see `StyleCache.load`.
    """
    card, path = read_card(folder), folder / _ARRAYS
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != card.arrays_sha256:
            raise StyleError(f"{path} is damaged: its checksum is not the one in {_CARD}; optimize it again")
        with safe_open(path, "np") as file:
            arrays = {name: file.get_tensor(name) for name in ("colors", "displacement", "template")}
        return Style(card, **arrays)
    except (OSError, SafetensorError, KeyError) as error:
        raise StyleError(f"{path} cannot be read: {error}; optimize the style again") from error
    except StyleError as error:
        raise StyleError(f"style in {folder} refused: {error}") from error


def read_field(folder: Path) -> dict[str, np.ndarray]:
    """The field's state of a style: name -> array, as it was saved."""
    try:
        with safe_open(folder / _ARRAYS, "np") as file:
            names = [name for name in file.keys() if name.startswith("field.")]  # noqa: SIM118 (no dict)
            return {name.removeprefix("field."): file.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise StyleError(f"{folder / _ARRAYS} cannot be read: {error}; optimize the style again") from error


@contextlib.contextmanager
def _beside(place: Path):
    """A new folder on the same disk, gone afterwards if it was not moved into place."""
    made = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _replace_folder(made: Path, place: Path) -> None:
    """Moves a folder into place; whoever reads meanwhile sees the old one, none, or the new one."""
    os.chmod(made, 0o755)
    old = made.with_name(made.name + "-old")
    with contextlib.suppress(FileNotFoundError):
        os.replace(place, old)
    os.replace(made, place)
    shutil.rmtree(old, ignore_errors=True)
