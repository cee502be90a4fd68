"""Finished styles in folders, read by the player in milliseconds, without torch."""

import contextlib
import hashlib
import json
import os
from collections import OrderedDict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import save

from clipactor_node.errors import ClipActorError, StyleError
from clipactor_node.files import remove_folder, replacing_folder
from clipactor_node.home import shipped_models, user_home
from clipactor_node.style.entry import (
    ARRAYS,
    CARD,
    PREVIEW,
    Style,
    StyleCard,
    bytes_of,
    made_for,
    read_card,
    read_style,
    same_look,
)
from clipactor_node.style.quota import UseMarks, make_room

_REMEMBERED = 8
"""Styles whose arrays stay in memory, the latest."""


class StyleCache:
    """Folders of styles seen as one: the first may be written, an earlier one hides a later one's key.

    Args:
        folders: one folder, or several.
    """

    def __init__(self, folders: Path | list[Path]) -> None:
        several = [folders] if isinstance(folders, str | Path) else folders
        self.folders = [Path(folder) for folder in several]
        self.refused: dict[Path, str] = {}
        self._cards: dict[Path, tuple[int, StyleCard]] = {}
        self._styles: OrderedDict[Path, tuple[tuple[int, ...], Style]] = OrderedDict()
        self._marks = UseMarks()

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
                    found[entry.name] = self._read_card(entry)
                except StyleError as error:
                    self.refused[entry] = str(error)
        return sorted(found.values(), key=lambda card: (card.prompt.lower(), card.key))

    def checked(self) -> tuple[list[StyleCard], dict[Path, str]]:
        """`cards` whose arrays are whole too, and the folder of every damaged entry with what is wrong.

        Every file is read: for a look at all of them, not for every command.
        """
        whole = []
        for card in self.cards():
            folder = self.path(card.key)
            try:
                read_style(folder)
                whole.append(card)
            except StyleError as error:
                self.refused[folder] = str(error)
        return whole, dict(sorted(self.refused.items()))

    def made(self, facts: dict[str, Any]) -> StyleCard | None:
        """The newest style of the same request (`Request.facts`), under whatever key; None: there is none.

        Older versions gave "A firefighter." and "a firefighter" different keys.
        """
        found = [card for card in self.cards() if made_for(card, facts)]
        return max(found, key=lambda card: (card.status != "cancelled", card.created), default=None)

    def card(self, key: str) -> StyleCard:
        """The card of a style by its key.

        Raises:
            StyleError: missing or damaged.
        """
        return self._read_card(self.path(key))

    def _read_card(self, folder: Path) -> StyleCard:
        """Read again only if it changed: a player asks with every command, and there may be thousands."""
        try:
            changed = (folder / CARD).stat().st_mtime_ns
        except OSError:
            return read_card(folder)
        known = self._cards.get(folder)
        if known is None or known[0] != changed:
            known = self._cards[folder] = (changed, read_card(folder))
        return known[1]

    def __contains__(self, key: str) -> bool:
        return any((folder / key / CARD).is_file() for folder in self.folders)

    def path(self, key: str) -> Path:
        """The folder of a style.

        Raises:
            StyleError: no such style.
        """
        for folder in self.folders:
            if key and key == Path(key).name and (folder / key / CARD).is_file():
                return folder / key
        looked = ", ".join(map(str, self.folders))
        raise StyleError(f"no style {key!r} in {looked}; `clipactor style list` shows all")

    def own(self, key: str) -> bool:
        """Whether a style is the user's, not one that ships."""
        return self.path(key).parent == self.home != shipped_models() / "styles"

    def checkpoint(self, key: str) -> Path:
        """Where the unfinished state of a style is kept while it is made."""
        return self.home / ".work" / f"{key}.safetensors"

    def find(self, text: str) -> StyleCard:
        """A style by its key, the beginning of its key, its prompt (the newest of that prompt), or a part
        of its prompt.

        Raises:
            StyleError: none, or several.
        """
        cards, wanted, look = self.cards(), " ".join(text.split()).lower(), same_look(text)
        by_key = [card for card in cards if len(wanted) >= 4 and card.key.startswith(wanted)]
        by_prompt = [card for card in cards if look and same_look(card.prompt) == look]
        if len(by_key) == 1:
            return by_key[0]
        if by_prompt:
            return max(by_prompt, key=lambda card: card.created)
        by_part = [card for card in cards if wanted and wanted in card.prompt.lower()]
        if len(by_part) == 1:
            return by_part[0]
        several = len(by_key) or len(by_part)
        what = f"{several} styles fit" if several else "no style is called"
        raise StyleError(f"{what} {text!r}; `clipactor style list` shows keys and prompts")

    def load(self, key: str) -> Style:
        """A style by its key, checked; its arrays are read-only.

        Read again only if it changed: one command asks several times for what it puts on.

        Raises:
            StyleError: missing, damaged, or not a style; names the folder.
        """
        folder = self.path(key)
        try:
            changed = [(folder / name).stat() for name in (CARD, ARRAYS)]
        except OSError:
            return read_style(folder)
        stamp = tuple(figure for file in changed for figure in (file.st_mtime_ns, file.st_size, file.st_ino))
        known = self._styles.pop(folder, None)
        if known is None or known[0] != stamp:
            known = stamp, read_style(folder)
        self._styles[folder] = known
        if self.own(key):  # the shipped ones never go
            self._marks.set(folder)
        if len(self._styles) > _REMEMBERED:
            self._styles.popitem(last=False)
        return known[1]

    def save(self, style: Style, field: dict[str, np.ndarray], preview: bytes = b"") -> Path:
        """Writes a style, whole or not at all, over any of the same key -> its folder.

        Args:
            field: the field's state, name -> array.
            preview: a WebP picture.

        Raises:
            StyleError: the disk is full or the folder is read-only.
        """
        arrays = {
            "colors": style.colors,
            "displacement": style.displacement,
            "template": style.template,
            **{f"field.{name}": np.ascontiguousarray(value) for name, value in field.items()},
        }
        if style.texture is not None:
            arrays["texture"] = np.frombuffer(bytes_of(style.texture), np.uint8)
        place = self.home / style.card.key
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with replacing_folder(place) as made:
                content = save(arrays)
                (made / ARRAYS).write_bytes(content)
                sha = hashlib.sha256(content).hexdigest()
                card = asdict(style.card) | {"arrays_sha256": sha}
                (made / CARD).write_text(json.dumps(card, indent=1) + "\n")
                if preview:
                    (made / PREVIEW).write_bytes(preview)
        except (OSError, SafetensorError) as error:
            raise StyleError(
                f"style {style.card.key} could not be written to {self.home}: {error}. Free some space "
                "(`clipactor style clean` removes styles that are not used), or point CLIPACTOR_HOME at a "
                "folder you can write to, and run the same command: it goes on from its last checkpoint."
            ) from error
        make_room(self.home, keep=style.card.key)
        return place

    def receive(self, key: str, files: dict[str, bytes]) -> Style:
        """Takes over a style that was made elsewhere, whole or not at all, over any of the same key.

        Args:
            files: of its folder, name -> content.

        Raises:
            StyleError: it is not that style, the disk is full, or the folder is read-only.
        """
        if key != Path(key).name or set(files) - {CARD, ARRAYS, PREVIEW}:
            raise StyleError(f"{key!r} with {', '.join(files)} is not a style")
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with replacing_folder(self.home / key) as made:
                for name, content in files.items():
                    (made / name).write_bytes(content)
                style = read_style(made)
        except OSError as error:
            raise StyleError(f"style {key} could not be written to {self.home}: {error}") from error
        make_room(self.home, keep=key)
        return style

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
        remove_folder(place)


def further_folders() -> list[Path]:
    """The folders that CLIPACTOR_STYLES names, in its words; they need not be there."""
    return [Path(place) for place in os.environ.get("CLIPACTOR_STYLES", "").split(os.pathsep) if place]


def open_cache(paths: list[Path] | None = None) -> StyleCache:
    """The user's styles, those in the folders of CLIPACTOR_STYLES, and the shipped ones, as one.

    Args:
        paths: other folders instead; the first may be written.
    """
    if paths is not None:
        return StyleCache(paths)
    folders = [user_home() / "styles", *(place.expanduser() for place in further_folders())]
    with contextlib.suppress(ClipActorError):
        folders.append(shipped_models() / "styles")
    return StyleCache(folders)
