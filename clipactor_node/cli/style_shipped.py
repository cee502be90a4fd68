"""`clipactor style build-shipped`: the styles in models/styles and their page docs/styles.md."""

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clipactor_node.errors import ClipActorError
from clipactor_node.home import shipped_models
from clipactor_node.style import Job, StyleCache, StyleCard

_HEAD = """# Shipped styles

Made by the project with its embedded image-text model, on a CPU. Each row of a picture is one frame of the
motion, seen from the front, the left, the back and the right. `clipactor style build-shipped` makes this page
and everything on it; the command under a picture makes that style alone, in your own folder.

The score is the cosine of pictures and text, from fixed views: first of the outfit that the model proposed
from the words alone, then of what the optimization made of it. A higher score is not always a better
picture: look.
"""


def build(listing: Path | None, threads: int, only: str) -> Iterator[str]:
    """Makes every style of the list that is not there yet -> a line for each."""
    from clipactor_node.cli.style_work import StyleMaker

    folder = shipped_models() / "styles"
    entries = read_list(listing or folder / "prompts.toml")
    maker = StyleMaker("embedded", "cpu", "auto", threads)
    cache, cards = StyleCache([folder]), []
    for entry in entries:
        if only and only not in entry["prompt"]:
            continue
        request = maker.request(Job(entry["prompt"], entry["preset"], entry["seed"]), entry["clip"])
        card = maker.optimize(request, cache).card
        cards.append(card)
        scores = f"{card.proposal_score:.4f} -> {card.score:.4f}"
        yield f"{card.key}  {card.prompt}: {scores}, {card.seconds:.0f} s"
    shutil.rmtree(folder / ".work", ignore_errors=True)
    if not only:
        for card in cache.cards():
            if card.key not in {made.key for made in cards}:
                cache.remove(card.key)
                yield f"removed {card.key}  {card.prompt}: no longer on the list, or made otherwise"
        page = folder.parent.parent / "docs" / "styles.md"
        page.write_text(gallery(cards))
        yield f"page: {page}"


def read_list(path: Path) -> list[dict[str, Any]]:
    """The entries of a list: prompt, preset, seed and clip of each.

    Raises:
        ClipActorError: the file is missing or not such a list.
    """
    try:
        content = tomllib.loads(path.read_text())
        return [content.get("defaults", {}) | entry for entry in content["style"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ClipActorError(
            f"{path} is not a list of styles ({error}); see models/styles/prompts.toml"
        ) from error


def gallery(cards: list[StyleCard]) -> str:
    """The page docs/styles.md."""
    parts = [_HEAD]
    for card in cards:
        parts.append(
            f"## {card.prompt}\n\n![{card.prompt}](../models/styles/{card.key}/preview.webp)\n\n"
            f"Score {card.proposal_score:.3f} -> {card.score:.3f}, colors moved by {100 * card.moved:.1f} %, "
            f"{card.iterations} iterations in {card.seconds:.0f} s.\n\n"
            + "".join(f"- {event}\n" for event in card.events)
            + f'\n```\nclipactor style optimize "{card.prompt}" --preset {card.preset} --seed {card.seed} '
            f"--clip {card.clip} --threads {card.made_with['threads']}\n```\n"
        )
    return "\n".join(parts)
