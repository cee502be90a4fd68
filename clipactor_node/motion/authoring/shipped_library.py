"""Builds the shipped library: authored gestures, DeepMimic's motion capture, and what is made of it."""

import hashlib
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from clipactor_node.body import Skinner
from clipactor_node.errors import LibraryError
from clipactor_node.motion.authoring.derived import RECIPES, derived_clips
from clipactor_node.motion.authoring.gesture import animate, read_gestures
from clipactor_node.motion.clip import Label, MotionClip
from clipactor_node.motion.importing.formats import deepmimic
from clipactor_node.motion.importing.loops import close_loop, loop_gap_m, tightest_loop
from clipactor_node.motion.importing.retarget import retarget
from clipactor_node.motion.library.pack import SUFFIX, Pack, write_pack
from clipactor_node.motion.skin_sample import SkinSample

BUILTIN = f"builtin{SUFFIX}"
GESTURES = Path(__file__).with_name("gestures")
_CAPTURES = Path(__file__).with_name("builtin.toml")


def deepmimic_folder() -> Path:
    """Where pybullet keeps DeepMimic's motions.

    Raises:
        LibraryError: pybullet is not installed.
    """
    spec = importlib.util.find_spec("pybullet_data")
    if spec is None or not spec.submodule_search_locations:
        raise LibraryError(
            "DeepMimic's motions come with pybullet, which is not installed; type: pip install pybullet, "
            "or name the folder that holds humanoid3d_walk.txt"
        )
    return Path(next(iter(spec.submodule_search_locations))) / "data" / "motions"


def builtin_clips(skinner: Skinner, motions: Path) -> Iterator[MotionClip]:
    """Every clip that ships, in a fixed order: gestures, captures, then what is made of captures."""
    sole = float(skinner.rest_vertices[:, 1].min())
    for gesture in read_gestures(GESTURES):
        yield animate(gesture, skinner.rest_joints, sole)
    captured = {clip.name: clip for clip in captures(skinner, motions)}
    yield from captured.values()
    yield from derived_clips(captured, skinner)


def captures(skinner: Skinner, motions: Path) -> Iterator[MotionClip]:
    """DeepMimic's motions on the body of `skinner`.

    Raises:
        LibraryError: a motion is missing from the folder.
    """
    table = tomllib.loads(_CAPTURES.read_text())
    common = table.pop("_common")
    skin = SkinSample(skinner)
    for stem, facts in table.items():
        found = sorted(motions.rglob(f"{stem}.txt"))
        if not found:
            raise LibraryError(f"{motions} holds no {stem}.txt; name the folder of DeepMimic's motions")
        clip, _ = retarget(deepmimic.read(found[0]), skin)
        if facts.get("cycle"):
            clip = _one_cycle(clip, skinner)
        labels = tuple(Label(text, 0.0, clip.duration_s) for text in facts["labels"])
        yield replace(clip, name=facts["name"], labels=labels, captions=tuple(facts["captions"]), **common)


def label_again(path: Path) -> None:
    """Give the clips of a shipped library the labels and captions written now; poses stay as they are.

    Raises:
        LibraryError: a clip of it is described nowhere.
    """
    described = {g.name: (tuple(g.labels), tuple(g.captions)) for g in read_gestures(GESTURES)}
    for table in (_CAPTURES, RECIPES):
        for section, facts in tomllib.loads(table.read_text(encoding="utf-8")).items():
            if "labels" in facts:
                name = facts.get("name", section)
                described[name] = (tuple(facts["labels"]), tuple(facts["captions"]))
    pack = Pack(path)
    missing = sorted(set(pack.names) - described.keys())
    if missing:
        raise LibraryError(
            f"{path} holds clips that nobody describes: {', '.join(missing[:5])}; build it again"
        )
    clips = []
    for clip in map(pack.load, range(len(pack))):
        texts, captions = described[clip.name]
        labels = tuple(Label(text, 0.0, clip.duration_s) for text in texts)
        clips.append(replace(clip, labels=labels, captions=captions))
    write_pack(path, clips)


def _one_cycle(clip: MotionClip, skinner: Skinner) -> MotionClip:
    """A clip that is about one cycle, cut where its ends are most alike, and closed there."""
    clip = clip.slice(*tightest_loop(clip, skinner.rest_joints, margin=0.06))
    whole = (0.0, clip.duration_s)
    gap = round(loop_gap_m(clip, whole, skinner.rest_joints), 5)
    return replace(close_loop(clip, whole), quality={**clip.quality, "seam_m": gap})


def record_hash(path: Path, registry: Path) -> str:
    """Write size and hash of a file that ships into its entry of models/registry.toml; returns the hash.

    Raises:
        LibraryError: the registry has no entry of it.
    """
    data, text = path.read_bytes(), registry.read_text(encoding="utf-8")
    digest = hashlib.sha256(data).hexdigest()
    name = path.relative_to(registry.parent).as_posix()
    head, found, entry = text.partition(f'file = "{name}"\n')
    if not found:
        raise LibraryError(f"{registry} has no entry whose file is {name}; add one")
    entry = re.sub(r"(?m)^size = \d+$", f"size = {len(data)}", entry, count=1)
    entry = re.sub(r'(?m)^sha256 = "\w+"$', f'sha256 = "{digest}"', entry, count=1)
    registry.write_text(head + found + entry, encoding="utf-8")
    return digest


def build_shipped_library(path: Path, skinner: Skinner, motions: Path) -> None:
    """Write the shipped library to `path`; the same inputs give the same bytes."""
    write_pack(path, builtin_clips(skinner, motions))
