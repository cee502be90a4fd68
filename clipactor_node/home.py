"""Where files live: the shipped, read-only `models/` and the user's own folder."""

import os
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_data_path

from clipactor_node.errors import ModelError

T = TypeVar("T")


def user_home() -> Path:
    """The folder of what users add: libraries, styles, downloaded models, caches.

    `CLIPACTOR_HOME` if set, else the platform's user data folder. Not created here.
    """
    given = os.environ.get("CLIPACTOR_HOME")
    return Path(given).expanduser() if given else user_data_path("clipactor")


def shipped_models() -> Path:
    """The read-only folder `models/` that came with the package.

    It lies beside the package in a source checkout, and under `share/clipactor_node` in an
    installed one (colcon's prefixes first, then Python's own).

    Raises:
        ModelError: it is in none of these places.
    """
    source = Path(__file__).resolve().parent.parent / "models"
    prefixes = [p for p in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if p]
    installed = [Path(p) / "share" / "clipactor_node" / "models" for p in (*prefixes, sys.prefix)]
    for folder in (source, *installed):
        if (folder / "registry.toml").is_file():
            return folder
    looked = ", ".join(map(str, (source, *installed)))
    raise ModelError(f"no models/registry.toml found; looked in: {looked}. Reinstall clipactor_node.")


def registered(table: str, record: type[T]) -> tuple[T, ...]:
    """The rows of a table of models/registry.toml; keys that a record has no field for are left out.

    Args:
        table: such as `model`. record: a dataclass; its lists are tuples.

    Raises:
        ModelError: the registry cannot be read.
    """
    path = shipped_models() / "registry.toml"
    known = {f.name for f in fields(record)}  # type: ignore[arg-type]  # a dataclass
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get(table, [])
        return tuple(record(**{k: _frozen(v) for k, v in row.items() if k in known}) for row in rows)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise ModelError(f"cannot read {path}: {error}; restore it from the package") from error


def _frozen(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value
