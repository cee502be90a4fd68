"""One motion file into one clip: read, repair, retarget, judge, label."""

import time
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from clipactor_node import body
from clipactor_node.errors import ClipActorError, LibraryError
from clipactor_node.motion.clip import Label, MotionClip
from clipactor_node.motion.importing.annotations import Facts, LabelBook, Said
from clipactor_node.motion.importing.formats import asf, bvh, deepmimic, smpl
from clipactor_node.motion.importing.label_spans import found
from clipactor_node.motion.importing.loops import closed, find_loop, seam_m
from clipactor_node.motion.importing.quality import faults, measured
from clipactor_node.motion.importing.repair import UnfitMotion, repaired
from clipactor_node.motion.importing.retarget import retarget
from clipactor_node.motion.importing.skeleton_mapping import load_mapping
from clipactor_node.motion.importing.source_motion import SourceMotion
from clipactor_node.motion.importing.trim import trimmed
from clipactor_node.motion.library import codec
from clipactor_node.motion.skin_sample import Surface

SUFFIXES = (".amc", ".bvh", ".npz", ".txt", ".json")
IMPORTED, REPAIRED, QUARANTINED, DUPLICATE, FAILED = (
    "imported",
    "repaired",
    "quarantined",
    "duplicate",
    "failed",
)

_SEEN_BEYOND = 0.02  # of the frames


@dataclass(frozen=True)
class Settings:
    """What holds for all files of an import."""

    labels: tuple[Path, ...] = ()
    fps: float | None = None
    source: str = ""
    licence: str = ""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one file. `note`: why, or what was repaired. `clip`: also of a quarantined one."""

    path: Path
    status: str
    note: str = ""
    clip: MotionClip | None = None
    took_s: float = 0.0
    fingerprint: int = 0


class Importer:
    """Turns motion files into clips on one body. Made once per process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.book = LabelBook.read(list(settings.labels))
        self.surface = Surface(body.Skinner(body.load()))

    def run(self, path: Path) -> Outcome:
        """One file. Never raises: what goes wrong is the outcome."""
        started = time.perf_counter()
        try:
            outcome = self._run(path)
        except UnfitMotion as error:
            outcome = Outcome(path, QUARANTINED, str(error))
        except ClipActorError as error:
            outcome = Outcome(path, FAILED, str(error).removeprefix(f"{path.name}: "))
        except MemoryError:
            outcome = Outcome(path, FAILED, "does not fit into memory; cut it into shorter clips")
        except Exception as error:  # a file must not be able to stop the others
            outcome = Outcome(path, FAILED, f"cannot be read: {type(error).__name__}: {error}")
        return replace(outcome, took_s=time.perf_counter() - started)

    def _run(self, path: Path) -> Outcome:
        facts = self.book.facts(path)
        motion = read_motion(path, facts, self.settings.fps, self.surface.rest_joints)
        motion, notes = repaired(motion, load_mapping(motion.skeleton))
        clip, fit = retarget(motion, self.surface)
        if fit.beyond > _SEEN_BEYOND:
            notes = (*notes, f"head or feet were turned as none can be in {fit.beyond:.0%} of the frames")
        source, licence = self.settings.source or path.name, self.settings.licence
        clip = replace(clip, name=facts.name or motion.name, source=source, licence=licence)
        rest_joints = self.surface.rest_joints
        clip = replace(clip, labels=spans_on(clip, facts, rest_joints), captions=facts.captions)
        clip = with_loop(trimmed(clip, rest_joints), rest_joints)
        figures = {**clip.quality, **measured(clip, self.surface)}
        clip = replace(clip, quality=figures)
        reasons = faults(clip, figures)
        status = QUARANTINED if reasons else REPAIRED if notes else IMPORTED
        return Outcome(path, status, "; ".join(reasons or notes), clip, fingerprint=fingerprint(clip))


def read_motion(path: Path, facts: Facts, fps: float | None, rest_joints: np.ndarray) -> SourceMotion:
    """Read a motion file of any known format.

    Raises:
        LibraryError: the format is not known, or the file is damaged.
    """
    rate = facts.fps or fps
    suffix = path.suffix.lower()
    if suffix == ".amc":
        return asf.read(path, facts.skeleton, rate)
    if suffix == ".bvh":
        return bvh.read(path, rate)
    if suffix == ".npz":
        return smpl.read(path, rest_joints, rate)
    if suffix in (".txt", ".json"):
        return deepmimic.read(path)
    raise LibraryError(f"{path.suffix or 'no suffix'}: expected one of {', '.join(SUFFIXES)}")


def spans_on(clip: MotionClip, facts: Facts, rest_joints: np.ndarray) -> tuple[Label, ...]:
    """Labels within the clip; one without any is called by its name.

    Of several things in one description each gets the span in which it is seen, or else the whole clip.
    """
    said = facts.labels or (Said(clip.name.replace("_", " ")),)
    end = clip.duration_s
    spans = []
    for s in said:
        seen = found(s.text, clip, rest_joints) if s.part else None
        start, stop = seen or (s.start_s, end if s.end_s is None else min(s.end_s, end))
        spans.append((s.text, start, stop))
    kept = (Label(text, start, stop) for text, start, stop in spans if text and start < stop)
    return tuple(dict.fromkeys(kept)) or (Label(clip.name, 0.0, end),)


def with_loop(clip: MotionClip, rest_joints: np.ndarray) -> MotionClip:
    """The clip with its cycle closed, if it has one."""
    loop = find_loop(clip, rest_joints)
    if loop is None:
        return clip
    seam = round(seam_m(clip, loop, rest_joints), 5)
    return replace(closed(clip, loop), quality={**clip.quality, "seam_m": seam})


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
    if path.suffix.lower() in (".amc", ".bvh"):
        return True
    if path.suffix.lower() == ".npz":  # AMASS puts body shapes beside its motions
        return not path.stem.endswith(("shape", "stagei"))
    if path.suffix.lower() in (".txt", ".json"):
        with open(path, "rb") as file:
            return deepmimic.looks_like(file.read(4096))
    return False
