"""Whether a colored mesh shows what a sentence asks for: colors part by part, sleeves and hems.

The fixed sentences and what is right for each are in `models/wardrobe/prompts.toml`.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clipactor_node.appearance import NAMED, SKIN, distance
from clipactor_node.appearance.painting import Surface, surface_coordinates
from clipactor_node.body import Body
from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models
from clipactor_node.imagetext.embedded.readout_targets import PARTS, part_masks, read_mesh

TOLERANCE = 25.0
"""CIE76 distance up to which a color counts as the named one: navy is 25 from black, red 60 from orange."""

SLEEVES = {"none": (-0.5, 0.15), "short": (0.3, 1.0), "long": (1.55, 2.1)}
HEMS = {"long": (0.0, 1.35), "knee": (1.7, 2.3), "short": (1.95, 2.85)}
"""Where a sleeve and a leg may end, in the lengths of `garments`."""


@dataclass(frozen=True)
class Prompt:
    """A fixed sentence: its group, the colors allowed for each part, its sleeve and hem (or None)."""

    text: str
    group: str
    parts: dict[str, tuple[str, ...]]
    sleeve: str | None
    hem: str | None


@dataclass(frozen=True)
class Check:
    """One thing that is right or wrong: what was wanted, and how far off it is."""

    part: str
    wanted: str
    off: float
    right: bool


@lru_cache(maxsize=1)
def prompts() -> tuple[Prompt, ...]:
    """The forty fixed sentences.

    Raises:
        ModelError: the file is missing or damaged.
    """
    path = shipped_models() / "wardrobe" / "prompts.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["prompt"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"cannot read the fixed prompts in {path}: {error}") from error
    found = []
    for entry in entries:
        parts = {part: tuple(c.strip() for c in entry[part].split(",")) for part in PARTS if part in entry}
        found.append(Prompt(entry["text"], entry["group"], parts, entry.get("sleeve"), entry.get("hem")))
    return tuple(found)


def check(prompt: Prompt, colors: np.ndarray, body: Body) -> list[Check]:
    """Everything that can be checked of a mesh in `colors` (V, 3), 0-1, V that of `body`."""
    surface = surface_coordinates(body)
    seen = dict(zip(PARTS, 255 * read_mesh(colors, part_masks(surface)), strict=True))
    checks = []
    for part, allowed in prompt.parts.items():
        off = min(_off(seen[part], name, seen["face"]) for name in allowed)
        checks.append(Check(part, " or ".join(allowed), off, off <= TOLERANCE))
    if prompt.sleeve:
        end = sleeve_end(colors, surface, seen)
        low, high = SLEEVES[prompt.sleeve]
        checks.append(Check("sleeve", prompt.sleeve, max(low - end, end - high, 0.0), low <= end <= high))
    if prompt.hem:
        end = hem_end(colors, surface, seen)
        low, high = HEMS[prompt.hem]
        checks.append(Check("hem", prompt.hem, max(low - end, end - high, 0.0), low <= end <= high))
    return checks


def _off(seen: np.ndarray, name: str, face: np.ndarray) -> float:
    """Distance of a color from a name; "white+blue" is half of each, "skin" the medium skin or the face's."""
    if name == "skin":
        return float(min(distance(seen, np.array(SKIN["medium"])), distance(seen, face)))
    wanted = np.mean([NAMED[part] for part in name.split("+")], axis=0)
    return float(distance(seen, wanted))


def sleeve_end(colors: np.ndarray, s: Surface, seen: dict[str, np.ndarray]) -> float:
    """Where on the arm the cloth of the shoulder turns into skin: -0.1 (no sleeve) to 2."""
    cloth = seen["upper arm"] if _differs(seen["upper arm"], seen["hand"]) else seen["chest"]
    bins = np.arange(0.05, 2.0, 0.1)
    at = [s.arm & (np.abs(s.side - s.x_at(b)) < 0.05 * (s.x_at(b + 0.5) - s.x_at(b - 0.5))) for b in bins]
    return _last(colors, at, bins, cloth, seen["face"], -0.1, 0.05)


def hem_end(colors: np.ndarray, s: Surface, seen: dict[str, np.ndarray]) -> float:
    """Where on the leg the cloth of the thigh turns into something else: 3 (nothing) down to 0."""
    bins = np.arange(2.85, 0.95, -0.1)
    at = [s.leg & (s.y < s.y_at(b + 0.05)) & (s.y > s.y_at(b - 0.05)) for b in bins]
    return _last(colors, at, bins, seen["thigh"], seen["face"], 2.95, -0.05)


def _last(
    colors: np.ndarray,
    places: list[np.ndarray],
    bins: np.ndarray,
    cloth: np.ndarray,
    skin: np.ndarray,
    before: float,
    half: float,
) -> float:
    """The end of the first run of places that do not look like skin; a single one may be a stripe."""
    seen = [
        (value, 255 * colors[place].mean(0)) for place, value in zip(places, bins, strict=True) if place.any()
    ]
    bare = [distance(color, skin) < min(20.0, distance(color, cloth)) for _, color in seen]
    end = before
    for k, (value, _) in enumerate(seen):
        if bare[k] and (k + 1 == len(seen) or bare[k + 1]):
            break
        end = value + half
    return float(end)


def _differs(a: np.ndarray, b: np.ndarray) -> bool:
    return float(distance(a, b)) > 12


def share_right(checks: list[Check]) -> float:
    """Share of the checks that are right; 1 if there are none."""
    return sum(c.right for c in checks) / len(checks) if checks else 1.0
