"""One motion file into one clip: read, repair, retarget, label, measure."""

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from clipactor_node import body
from clipactor_node.errors import ClipActorError, LibraryError
from clipactor_node.motion.clip import Label, MotionClip
from clipactor_node.motion.importing.annotations import Annotation, AnnotationIndex, Facts
from clipactor_node.motion.importing.formats import asf, bvh, deepmimic, fbx, gltf, smpl, unread
from clipactor_node.motion.importing.label_spans import find_span
from clipactor_node.motion.importing.loops import close_loop, find_loop, loop_gap_m
from clipactor_node.motion.importing.placing import Given
from clipactor_node.motion.importing.quality import faults, measured
from clipactor_node.motion.importing.repair import UnfitMotion, repaired
from clipactor_node.motion.importing.retarget import retarget
from clipactor_node.motion.importing.skeleton_mapping import load_mapping, read_mapping
from clipactor_node.motion.importing.source_motion import SourceMotion
from clipactor_node.motion.importing.trim import trimmed
from clipactor_node.motion.library import codec
from clipactor_node.motion.skin_sample import SkinSample

SUFFIXES = (".amc", ".bvh", *smpl.SUFFIXES, *gltf.SUFFIXES, *fbx.SUFFIXES, ".txt", ".json")
IMPORTED, REPAIRED, QUARANTINED, DUPLICATE, FAILED = (
    "imported",
    "repaired",
    "quarantined",
    "duplicate",
    "failed",
)

_NO_MOTION = ("shape", "stagei", "mean", "std")
_REPORTED_BEYOND = 0.02  # of the frames


@dataclass(frozen=True)
class Settings:
    """What holds for all files of an import."""

    labels: tuple[Path, ...] = ()
    fps: float | None = None
    up: str | None = None
    front: str | None = None
    mapping: Path | None = None
    source: str = ""
    licence: str = ""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one file. `note`: why, what was repaired, or what is doubtful.

    clip: also of a quarantined one. nameless: no label file says anything about it, so that its only label
    is its name. more: the outcomes of the file's other motions, if it has several.
    """

    path: Path
    status: str
    note: str = ""
    clip: MotionClip | None = None
    took_s: float = 0.0
    fingerprint: int = 0
    nameless: bool = False
    more: tuple["Outcome", ...] = ()


class Importer:
    """Turns motion files into clips on one body. Made once per process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        mapping = read_mapping(settings.mapping) if settings.mapping else None
        self.given = Given(settings.fps, settings.up, settings.front, mapping)
        self.annotations = AnnotationIndex.read(list(settings.labels))
        self.skin = SkinSample(body.Skinner(body.load()))

    def run(self, path: Path) -> Outcome:
        """One file. Never raises: what goes wrong is the outcome."""
        started = time.perf_counter()
        facts = self.annotations.facts(path)
        takes: list[Outcome] = []

        def read() -> Outcome:
            given = replace(self.given, rate_hz=facts.fps or self.given.rate_hz)
            motions = read_motions(path, facts, given, self.skin.rest_joints)
            name = facts.name if len(motions) == 1 else None
            takes.extend(_tried(path, partial(self._clip, path, m, facts, name)) for m in motions)
            return replace(takes[0], more=tuple(takes[1:]))

        return replace(_tried(path, read), took_s=time.perf_counter() - started)

    def _clip(self, path: Path, motion: SourceMotion, facts: Facts, name: str | None) -> Outcome:
        doubts = motion.notes
        motion, notes = repaired(motion, motion.mapping or load_mapping(motion.skeleton))
        clip, fit = retarget(motion, self.skin)
        if fit.beyond_limits > _REPORTED_BEYOND:
            notes = (
                *notes,
                f"head or feet were turned as none can be in {fit.beyond_limits:.0%} of the frames",
            )
        source, licence = self.settings.source or path.name, self.settings.licence
        clip = replace(clip, name=name or motion.name, source=source, licence=licence)
        rest_joints = self.skin.rest_joints
        clip = replace(clip, labels=spans_on(clip, facts, rest_joints), captions=facts.captions)
        clip = with_loop(trimmed(clip, rest_joints), rest_joints)
        figures = {**clip.quality, **measured(clip, self.skin)}
        clip = replace(clip, quality=figures)
        reasons = faults(clip, figures)
        status = QUARANTINED if reasons else REPAIRED if notes else IMPORTED
        note = "; ".join((*(reasons or notes), *doubts))
        nameless = not facts.labels and not facts.captions
        return Outcome(path, status, note, clip, fingerprint=fingerprint(clip), nameless=nameless)


def _tried(path: Path, work: Callable[[], Outcome]) -> Outcome:
    """What `work` returns; or, where it raises, why the file is no clip."""
    try:
        return work()
    except UnfitMotion as error:
        return Outcome(path, QUARANTINED, str(error))
    except ClipActorError as error:
        return Outcome(path, FAILED, str(error).removeprefix(f"{path.name}: "))
    except MemoryError:
        return Outcome(path, FAILED, "does not fit into memory; cut it into shorter clips")
    except Exception as error:  # a file must not be able to stop the others
        return Outcome(path, FAILED, f"cannot be read: {type(error).__name__}: {error}")


def read_motions(path: Path, facts: Facts, given: Given, rest_joints: np.ndarray) -> tuple[SourceMotion, ...]:
    """Read a motion file of any known format: most hold one motion, some several.

    Raises:
        LibraryError: the format is not known, or the file is damaged.
    """
    suffix = path.suffix.lower()
    if suffix == ".amc":
        return (asf.read(path, facts.skeleton, given),)
    if suffix == ".bvh":
        return (bvh.read(path, given),)
    if suffix in smpl.SUFFIXES:
        return smpl.read_all(path, rest_joints, given)
    if suffix in gltf.SUFFIXES:
        return gltf.read_all(path, given)
    if suffix in fbx.SUFFIXES:
        return fbx.read_all(path, given)
    if suffix in (".txt", ".json"):
        return (deepmimic.read(path),)
    raise LibraryError(unread.what_it_is(path, SUFFIXES))


def spans_on(clip: MotionClip, facts: Facts, rest_joints: np.ndarray) -> tuple[Label, ...]:
    """Labels within the clip; one without any is called by its name.

    Of several things in one description each gets the span in which it is seen, or else the whole clip.
    """
    annotations = facts.labels or (Annotation(clip.name.replace("_", " ")),)
    end = clip.duration_s
    spans = []
    for one in annotations:
        seen = find_span(one.text, clip, rest_joints) if one.part else None
        start, stop = seen or (one.start_s, end if one.end_s is None else min(one.end_s, end))
        spans.append((one.text, start, stop))
    kept = (Label(text, start, stop) for text, start, stop in spans if text and start < stop)
    return tuple(dict.fromkeys(kept)) or (Label(clip.name, 0.0, end),)


def with_loop(clip: MotionClip, rest_joints: np.ndarray) -> MotionClip:
    """The clip with its cycle closed, if it has one."""
    loop = find_loop(clip, rest_joints)
    if loop is None:
        return clip
    gap = round(loop_gap_m(clip, loop, rest_joints), 5)
    return replace(close_loop(clip, loop), quality={**clip.quality, "seam_m": gap})


def fingerprint(clip: MotionClip) -> int:
    """The same for clips with the same frames."""
    return zlib.crc32(codec.encode(clip.poses, clip.translation))


def motion_files(paths: list[Path]) -> list[Path]:
    """The motion files that paths name: files as they are, folders with all motion files below them."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(p for p in path.rglob("*") if p.is_file() and _may_be_motion(p))
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def _may_be_motion(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix in (".amc", ".bvh", *fbx.SUFFIXES):
        return True
    if suffix in gltf.SUFFIXES:
        return gltf.moves(path)
    if suffix in smpl.SUFFIXES:  # AMASS puts body shapes beside its motions, models their mean and deviation
        return not path.stem.lower().endswith(_NO_MOTION)
    if suffix in (".txt", ".json"):
        with open(path, "rb") as file:
            return deepmimic.looks_like(file.read(4096))
    return False
