"""The outfits that have a name: `models/wardrobe/outfits.toml` and the user's own."""

import logging
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clipactor_node.appearance.garments import PLAIN, Outfit
from clipactor_node.appearance.outfit.outfit_builder import build_outfit
from clipactor_node.appearance.words.outfit_parser import parse_outfit
from clipactor_node.appearance.words.phrases import items
from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models, user_home

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Named:
    """An outfit with a name.

    Fields:
        aliases: other names; wear: what is worn, as a sentence; group: jobs, sports, history, ...
    """

    name: str
    aliases: tuple[str, ...]
    wear: str
    group: str

    @property
    def outfit(self) -> Outfit:
        """What is worn, put together once."""
        return _outfit(self.wear)


@lru_cache(maxsize=1024)
def _outfit(wear: str) -> Outfit:
    return build_outfit(parse_outfit(items(wear)), PLAIN)


def read_file(path: Path) -> list[Named]:
    """The named outfits of a TOML file.

    Raises:
        ModelError: it is not such a file; says which entry is wrong.
    """
    try:
        groups = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"cannot read the outfits in {path}: {error}") from error
    found = []
    for group, entries in groups.items():
        for name, entry in entries.items() if isinstance(entries, dict) else [(group, entries)]:
            if not (isinstance(entry, list) and len(entry) == 2 and all(isinstance(e, str) for e in entry)):
                raise ModelError(
                    f'{path}: "{name}" must be ["other names, ...", "what is worn"], not {entry!r}'
                )
            aliases = tuple(a.strip().lower() for a in entry[0].split(",") if a.strip())
            found.append(Named(name.lower(), aliases, entry[1], group))
    return found


def shipped() -> list[Named]:
    """The outfits that come with the project."""
    return read_file(shipped_models() / "wardrobe" / "outfits.toml")


@lru_cache(maxsize=1)
def by_name() -> dict[str, Named]:
    """Every name and alias (lower case) -> its outfit; the user's `outfits.toml` wins, if it can be read."""
    known = {alias: named for named in shipped() for alias in (named.name, *named.aliases)}
    for named in shipped():
        known[named.name] = named
    own = user_home() / "outfits.toml"
    if own.is_file():
        try:
            known |= {alias: named for named in read_file(own) for alias in (named.name, *named.aliases)}
        except ModelError as error:
            log.warning("%s; going on without it", error)
    return known
