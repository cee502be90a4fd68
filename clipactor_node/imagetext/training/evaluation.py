"""How good the model is on outfits, names, color pairs and poses it has never seen."""

from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import normalize

from clipactor_node.appearance import BASIC, distance
from clipactor_node.imagetext.embedded.model import EmbeddedModel
from clipactor_node.imagetext.embedded.network import DIMENSION
from clipactor_node.imagetext.embedded.readout_targets import CUTS, PARTS, SIZE
from clipactor_node.imagetext.training.data import Split, load
from clipactor_node.imagetext.training.pictures import pictures

GALLERY = 64


def retrieval(model: EmbeddedModel, folder: Path, seed: int = 0) -> dict[str, float]:
    """(a) Text to picture among 64, and (b) accuracy of the readouts, on held-out data.

    All views are of held-out poses. Figures: recall at 1 and 5 for one view and for the mean of four, by
    what is held out (pair of colors, name), with the grammar's layout and with the tokens alone.
    """
    split = load(folder, "test")
    rows = {
        "pair": [i for i, why in enumerate(split.held_out) if why == "pair"],
        "name": [i for i, why in enumerate(split.held_out) if why == "name"],
    }
    random = np.random.default_rng(seed)
    found: dict[str, float] = {}
    with torch.no_grad():
        images = _embed_views(model, split, 4, random)
        text = model.embed(split.tokens, split.lengths, split.layouts)
        blind = model.embed(split.tokens, split.lengths, np.zeros_like(split.layouts))
        for held, chosen in rows.items():
            chosen = _different(split, chosen)
            for kind, sentences in (("", text), (" tokens only", blind)):
                for views, name in ((4, "mean4"), (1, "one")):
                    mean = normalize(images[:, :views].mean(1), dim=1)
                    one, five = _recall(sentences, mean, chosen, random)
                    found[f"{held} {name} R@1{kind}"] = one
                    found[f"{held} {name} R@5{kind}"] = five
        wanted = torch.from_numpy(np.array(split.readouts))
        found |= _accuracy("image", model.readout(images.mean(1)), wanted)
        found |= _accuracy("text", model.readout(text), wanted)
        found |= _accuracy("tokens only", model.readout(blind), wanted)
        found |= _accuracy("grammar", torch.from_numpy(np.array(split.layouts[:, :SIZE])), wanted)
        mean = torch.from_numpy(np.array(split.readouts)).mean(0, keepdim=True)
        found |= _accuracy("mean guess", mean.expand(len(split), -1), wanted)
    return found


def _embed_views(model: EmbeddedModel, split: Split, views: int, random: np.random.Generator) -> torch.Tensor:
    """(N, views, 256) of every outfit, each in `views` random whole-body and close views."""
    rows = []
    for start in range(0, len(split), 32):
        colors = np.repeat(np.asarray(split.colors[start : start + 32]), views, 0)
        chosen = random.integers(len(split.views), size=len(colors))
        images = pictures(split.views, chosen, colors, random)
        rows.append(model.encode_image(torch.from_numpy(images)).reshape(-1, views, DIMENSION))
    return torch.cat(rows)


def _different(split: Split, rows: list[int]) -> list[int]:
    """One row for each outfit: a gallery must not hold the answer twice, under another name."""
    kept: list[int] = []
    layouts = np.asarray(split.layouts[:, :SIZE])
    for row in rows:
        if all(np.abs(layouts[row] - layouts[other]).mean() > 0.005 for other in kept):
            kept.append(row)
    return kept


def _recall(
    text: torch.Tensor, images: torch.Tensor, rows: list[int], random: np.random.Generator
) -> tuple[float, float]:
    """Recall at 1 and 5 of each row's picture among `GALLERY`, over random galleries."""
    hits, count = np.zeros(2), 0
    size = min(GALLERY, len(rows))
    for _ in range(12):
        chosen = random.choice(rows, size, replace=False)
        order = (text[chosen] @ images[chosen].T).argsort(1, descending=True)
        place = (order == torch.arange(size)[:, None]).float().argmax(1)
        hits += [(place < 1).sum().item(), (place < 5).sum().item()]
        count += size
    return float(hits[0] / count), float(hits[1] / count)


def _accuracy(source: str, read: torch.Tensor, wanted: torch.Tensor) -> dict[str, float]:
    """Color error and share of right basic colors per part, share of right cuts."""
    found = {}
    parts = 3 * len(PARTS)
    a = read[:, :parts].clamp(0, 1).reshape(len(read), -1, 3).numpy() * 255
    b = wanted[:, :parts].reshape(len(wanted), -1, 3).numpy() * 255
    basic = np.array(list(BASIC.values()))
    for k, part in enumerate(PARTS):
        found[f"{source} {part} color error"] = float(np.abs(a[:, k] - b[:, k]).mean() / 255)
        name = [distance(x[:, None, k], basic[None]).argmin(1) for x in (a, b)]
        found[f"{source} {part} color right"] = float((name[0] == name[1]).mean())
    for k, cut in enumerate(CUTS):
        off = (read[:, parts + k] - wanted[:, parts + k]).abs()
        limit = {"sleeve": 0.18, "hem": 0.17}.get(cut, 0.5)
        found[f"{source} {cut} right"] = float((off < limit).float().mean())
    return found
