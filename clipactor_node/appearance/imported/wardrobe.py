"""Garments made by others, kept in `CLIPACTOR_HOME/wardrobe`: a folder for each, found by words."""

import contextlib
import hashlib
import json
import logging
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from safetensors.numpy import load_file, save_file
from scipy import sparse

from clipactor_node.appearance.imported.makehuman import read_makehuman
from clipactor_node.appearance.imported.raw import GarmentFileError, RawGarment
from clipactor_node.appearance.imported.rigged import read_rigged
from clipactor_node.appearance.imported.unpacking import garment_files
from clipactor_node.appearance.kinds import KINDS
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.appearance.words import GARMENTS
from clipactor_node.body import Body
from clipactor_node.errors import InvalidChoice
from clipactor_node.files import remove_folder, replacing_folder
from clipactor_node.home import user_home

log = logging.getLogger(__name__)
_CARD, _MESH, _PICTURE = "garment.json", "garment.safetensors", "picture.png"


@dataclass(frozen=True)
class Card:
    """What is known of a garment without reading it.

    Fields:
        name: how it is called, and with which words it is asked for. words: others that mean it.
        kind: of `garments.KINDS`: where it is worn. color: its mean, sRGB.
        key: of its content and of the body it was fitted to.
        vertices: how many. source: the file it came from.
    """

    name: str
    words: tuple[str, ...]
    kind: str
    color: tuple[int, int, int]
    key: str
    vertices: int
    source: str


@dataclass(frozen=True)
class Added:
    """What became of one file: its card, or None and why not; notes."""

    path: Path
    card: Card | None
    notes: tuple[str, ...]


def wardrobe_folder() -> Path:
    """Where garments are kept."""
    return user_home() / "wardrobe"


def add(source: Path, body: Body, name: str = "", kind: str = "") -> list[Added]:
    """Read garments and keep them; of several, those that can be worn. The same name replaces an older one.

    Args:
        source: a `.mhclo` or `.glb` file, a folder, or a ZIP.
        name, kind: of the garment, if it is one; "": as its file says, or as its mesh lies.

    Raises:
        GarmentFileError: the file (or every one of them) cannot be worn. InvalidChoice: no such kind.
    """
    if kind and kind not in KINDS:
        raise InvalidChoice("kind of garment", kind, KINDS)
    done = []
    with garment_files(source) as paths:
        if name and len(paths) > 1:
            raise GarmentFileError(
                f"{source} holds {len(paths)} garments, and one name was given: add them one by one"
            )
        for path in paths:
            try:
                read = read_rigged if path.suffix.lower() == ".glb" else read_makehuman
                raw = read(path, body)
                done.append(Added(path, _keep(raw, path, body, name, kind), raw.notes))
            except GarmentFileError as error:
                if len(paths) == 1:
                    raise
                done.append(Added(path, None, (str(error),)))
    if all(added.card is None for added in done):
        raise GarmentFileError(f"none of {len(done)} garments in {source} can be worn: {done[0].notes[0]}")
    return done


def _keep(raw: RawGarment, path: Path, body: Body, name: str, kind: str) -> Card:
    called = (
        " ".join(re.findall(r"[\w'-]+", (name or raw.name).lower().replace("_", " ")))[:60]
        or path.stem.lower()
    )
    kind = kind or kind_of(raw, body, path.parts[-3:])
    digest = hashlib.sha256(body.sha256.encode())
    for array in (raw.vertices, raw.faces, raw.uv, raw.uv_faces, raw.picture, raw.hides):
        digest.update(np.ascontiguousarray(array).tobytes())
    color = tuple(int(value) for value in np.median(raw.picture.reshape(-1, 3), axis=0))
    card = Card(
        called,
        _words(called, raw.tags, kind),
        kind,
        (color[0], color[1], color[2]),
        digest.hexdigest()[:20],
        len(raw.vertices),
        path.name,
    )
    held = sparse.csr_array(raw.held)
    arrays = {
        "vertices": raw.vertices,
        "faces": raw.faces,
        "uv": raw.uv,
        "uv_faces": raw.uv_faces,
        "held_starts": held.indptr.astype(np.int32),
        "held_ids": held.indices.astype(np.int32),
        "held_shares": held.data.astype(np.float32),
        "hides": raw.hides.astype(np.uint8),
    }
    if raw.weights is not None:
        arrays["weights"] = raw.weights.astype(np.float32)
    folder = wardrobe_folder() / re.sub(r"\W+", "-", called)
    wardrobe_folder().mkdir(parents=True, exist_ok=True)
    with replacing_folder(folder) as part:
        save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()}, part / _MESH)
        Image.fromarray(raw.picture).save(part / _PICTURE)
        (part / _CARD).write_text(json.dumps(asdict(card), indent=1), encoding="utf-8")
    return card


def _words(name: str, tags: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Its name without numbers, and "TAG KIND" of every tag, such as "tweed jacket"."""
    plain = re.sub(r"\d+", "", name).strip()
    found = [name, *([plain] if plain and plain not in GARMENTS else [])]
    found += [f"{tag} {kind}" for tag in tags if tag not in _DULL and kind not in tag]
    return tuple(dict.fromkeys(found))


_DULL = ("", "male", "female", "young", "old", "clothes", "clothing")
"""Tags that tell one garment from no other."""


def kind_of(raw: RawGarment, body: Body, folders: tuple[str, ...] = ()) -> str:
    """What it must be: as its name or tags say, if that agrees with where it lies; else by where it lies.

    Args:
        folders: that it comes from: MakeHuman keeps its hair in one of that name.
    """
    surface = surface_coordinates(body)
    low, high = np.percentile(raw.vertices[:, 1], [2, 98])
    zone = _zone(low, high, surface.y_at(2), surface.y_at(3.3), surface.y_at(4.4), surface.y_at(6.2))
    said = f" {raw.name} {' '.join(raw.tags)} "
    if zone == "head" and ("hair" in folders or " hair " in said):
        return "hair"
    for word in sorted(GARMENTS, key=len, reverse=True):
        wears = GARMENTS[word]
        if len(wears) == 1 and f" {word} " in said and KINDS[wears[0].kind].slot in _SLOTS[zone]:
            return wears[0].kind
    return _USUAL[zone]


_SLOTS = {
    "head": ("headwear", "hair", "eyewear", "mask", "beard"),
    "feet": ("shoes", "socks"),
    "legs": ("bottom",),
    "trunk": ("top", "outer", "vest", "cape", "overvest"),
    "whole": ("dress", "outer"),
}
_USUAL = {"head": "hat", "feet": "shoes", "legs": "trousers", "trunk": "shirt", "whole": "cassock"}


def _zone(low: float, high: float, knee: float, hips: float, ribs: float, neck: float) -> str:
    if low > neck:
        return "head"
    if high < knee:
        return "feet"
    if high < ribs:
        return "legs"
    return "trunk" if low > hips - 0.25 else "whole"


def cards() -> list[Card]:
    """Everything that is kept, by name; what is damaged is left out, and said in the log."""
    found = []
    for path in sorted(wardrobe_folder().glob(f"*/{_CARD}")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            card = Card(**{**told, "words": tuple(told["words"]), "color": tuple(told["color"])})
            if card.kind in KINDS:
                found.append(card)
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("%s is damaged (%s) and is not worn", path.parent, error)
    return found


def remove(name: str) -> Card:
    """Forget a garment.

    Raises:
        InvalidChoice: there is none of that name.
    """
    known = {card.name: card for card in cards()}
    card = known.get(name.lower())
    if card is None:
        raise InvalidChoice("garment", name, known)
    remove_folder(wardrobe_folder() / re.sub(r"\W+", "-", card.name))
    return card


def by_words() -> dict[str, Card]:
    """Every phrase that means a garment -> its card. Read again when the folder has changed."""
    folder = wardrobe_folder()
    with contextlib.suppress(OSError):
        stamp = (str(folder), folder.stat().st_mtime_ns)
        if _KNOWN.get("stamp") != stamp:
            _KNOWN.update(
                stamp=stamp, words={word: card for card in cards() for word in (*card.words, card.name)}
            )
        words: dict[str, Card] = _KNOWN["words"]
        return words
    return {}


_KNOWN: dict[str, Any] = {}


def kept_garment(key: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Arrays and picture (H, W, 3) of the garment with that key.

    Raises:
        GarmentFileError: it is not there any more, or damaged.
    """
    name = next((card.name for card in cards() if card.key == key), None)
    if name is None:
        raise GarmentFileError("a garment of the wardrobe was removed; say again what to wear")
    folder = wardrobe_folder() / re.sub(r"\W+", "-", name)
    try:
        with Image.open(folder / _PICTURE) as picture:
            return load_file(folder / _MESH), np.asarray(picture.convert("RGB"))
    except Exception as error:  # safetensors and Pillow raise all kinds
        raise GarmentFileError(f"the garment {name!r} is damaged ({error}); add it again") from error
