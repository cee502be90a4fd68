"""Pairs of text and pose (PAS, 3.2, in small), from the data of `clipactor motion-model data`.

rows.npy     (N, 132) float32 poses, see `generation.poses.rows_of`
texts.npy    (2 S, D) float32 unit vectors of the base text encoder, mirrored texts after the others
all.npy      (M, 132) float32 every other frame of the clips, for the prior
index.json   of each pose its clip, split and texts; the splits of `all.npy`

Poses of other sources join by a file .npz with
    poses   (N, 22, 3), (N, 24, 3), (N, 52, 3) or (N, 55, 3) axis-angle of SMPL, SMPL-H or SMPL-X, or flat
            rows of 66, 72, 156 or 165 numbers; y up; the heading does not matter
    texts   (N,) or (N, K) strings, "" where a pose has fewer
    split   (N,) strings of train, validate, test, unknown; optional, else all train
"""

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clipactor_node.errors import ClipActorError, LibraryError
from clipactor_node.files import replacing, write_whole
from clipactor_node.generation.poses import facts_of, joints_of, rows_of, rows_of_features, sentences
from clipactor_node.generation.training.data import SPLITS, TRAIN, Progress, Split
from clipactor_node.geometry import JOINT_COUNT
from clipactor_node.motion import swapped_sides
from clipactor_node.text import Encoder

_DISTINCT_M = 0.05
"""Mean distance of the joints from which two poses of a clip are two."""
_LONGEST_ROWS = 130
"""Rows of a stretch whose texts say what a single frame of it shows."""
_TOLD = 4
_BODIES = (22, 24, 52, JOINT_COUNT)


@dataclass(frozen=True, eq=False)
class PosePairs:
    """What `write_pairs` wrote.

    Fields:
        rows: (N, 132); seen, told: of each pose the texts from kinematics and those by people, by number.
        splits: (N,) of each pose; clips: (N,) names.
        vectors: (2, S, D) of the texts and of the mirrored texts.
        frames: (M, 132) and frame_splits (M,) for the prior.
    """

    rows: np.ndarray
    seen: tuple[tuple[int, ...], ...]
    told: tuple[tuple[int, ...], ...]
    splits: np.ndarray
    clips: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: np.ndarray
    frames: np.ndarray
    frame_splits: np.ndarray
    encoder: str
    digest: str

    def of(self, *splits: str) -> np.ndarray:
        """Numbers of the poses of some splits."""
        return np.flatnonzero(np.isin(self.splits, splits))


def distinct_frames(joints: np.ndarray, most: int, least_m: float = _DISTINCT_M) -> np.ndarray:
    """Frames that differ from each other: each as far as possible from those before.

    Args:
        joints: (T, 22, 3) metres from the pelvis. least_m: mean distance of the joints between any two.

    Returns:
        (K,) sorted, K at most `most`; moments of rest are preferred to moments of haste.
    """
    flat = joints.reshape(len(joints), -1)
    speed = np.linalg.norm(np.gradient(joints, axis=0), axis=-1).mean(1) if len(joints) > 1 else np.zeros(1)
    calm = 1.0 / (1.0 + 20.0 * speed)
    chosen = [int(np.argmax(calm))]
    distance = np.full(len(joints), np.inf)
    while len(chosen) < most:
        step = np.linalg.norm((flat - flat[chosen[-1]]).reshape(len(flat), -1, 3), axis=-1).mean(1)
        distance = np.minimum(distance, step)
        following = int(np.argmax(distance * (0.5 + calm)))
        if distance[following] < least_m:
            break
        chosen.append(following)
    return np.sort(chosen)


def write_pairs(
    data: Split,
    rest_joints: np.ndarray,
    folder: Path,
    encoder: Encoder,
    extra: Sequence[Path] = (),
    per_clip: int = 20,
    count: int = 3,
    seed: int = 7,
    progress: Progress = lambda what, done, total: None,
) -> PosePairs:
    """Choose poses, describe them and encode what is said of them.

    Args:
        extra: further pairs, see above. per_clip: poses of a clip at most; count: sentences for each.

    Raises:
        ClipActorError: a file of further pairs is none.
    """
    texts: dict[str, int] = {}
    rows: list[np.ndarray] = []
    records: list[dict[str, object]] = []
    known = {text: i for i, text in enumerate(data.texts)}

    def add(row: np.ndarray, clip: str, split: str, told: Sequence[str], key: str) -> None:
        joints, turns = joints_of(row[None], rest_joints)
        said = sentences(facts_of(joints[0], turns[0], rest_joints), f"{seed}/{key}", count)
        numbers = [[texts.setdefault(text, len(texts)) for text in group] for group in (said, told)]
        records.append({"clip": clip, "split": split, "seen": numbers[0], "told": numbers[1]})
        rows.append(row)

    covering = _covering(data)
    for done, clip in enumerate(data.clips):
        progress("choosing poses", done, len(data.clips))
        first, last = int(str(clip["first"])), int(str(clip["last"]))
        own = rows_of_features(np.asarray(data.features[first:last]))
        for frame in distinct_frames(joints_of(own, rest_joints)[0], per_clip):
            told = covering(done, first + int(frame))
            add(own[frame], str(clip["name"]), str(clip["split"]), told, f"{clip['name']}/{frame}")
    for path in extra:
        for number, (row, said, split) in enumerate(zip(*read_pairs(path), strict=True)):
            add(row, path.name, split, said, f"{path.name}/{number}")
    frames = np.concatenate(
        [
            rows_of_features(np.asarray(data.features[int(str(c["first"])) : int(str(c["last"])) : 2]))
            for c in data.clips
        ]
    )
    counts = [-(-(int(str(c["last"])) - int(str(c["first"]))) // 2) for c in data.clips]
    frame_splits = np.repeat([SPLITS.index(str(c["split"])) for c in data.clips], counts)
    vectors = _encoded(list(texts), known, data.vectors, encoder, progress)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {"rows.npy": np.stack(rows), "texts.npy": vectors, "all.npy": frames}
    for name, array in arrays.items():
        with replacing(folder / name) as part, part.open("wb") as stream:
            np.save(stream, array)
    index = {
        "encoder": encoder.id, "motion_data": data.digest, "texts": list(texts), "poses": records,
        "frame_splits": frame_splits.tolist(),
    }  # fmt: skip
    write_whole(folder / "index.json", json.dumps(index).encode())
    return load_pairs(folder)


def read_pairs(path: Path) -> tuple[np.ndarray, list[tuple[str, ...]], list[str]]:
    """Pairs of a file: rows (N, 132), of each pose its texts and its split.

    Raises:
        ClipActorError: it is no such file.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            poses, texts = np.asarray(file["poses"], np.float32), np.asarray(file["texts"])
            splits = [str(s) for s in file["split"]] if "split" in file else [TRAIN] * len(poses)
        if poses.ndim == 2 and poses.shape[1] % 3 == 0:
            poses = poses.reshape(len(poses), -1, 3)
        if poses.ndim != 3 or poses.shape[1] not in _BODIES or poses.shape[2] != 3:
            raise ValueError(f"poses of shape {poses.shape}; expected (N, 22, 24, 52 or 55, 3)")
        if not np.isfinite(poses).all() or len(texts) != len(poses) or len(splits) != len(poses):
            raise ValueError(
                f"{len(poses)} poses, {len(texts)} texts, {len(splits)} splits, or no finite numbers"
            )
        if set(splits) - set(SPLITS):
            raise ValueError(f"split {sorted(set(splits) - set(SPLITS))[0]!r}; expected {', '.join(SPLITS)}")
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise ClipActorError(
            f"{path} holds no pairs of text and pose ({str(error)[:110]}); it needs poses and texts: "
            "see docs/poses.md"
        ) from error
    whole = np.zeros((len(poses), JOINT_COUNT, 3), np.float32)
    whole[:, :22] = poses[:, :22]
    said = [tuple(str(t) for t in np.atleast_1d(one) if str(t).strip()) for one in texts]
    return rows_of(whole), said, splits


def load_pairs(folder: Path) -> PosePairs:
    """What `write_pairs` wrote.

    Raises:
        ClipActorError: it is not there, or not whole.
    """
    try:
        text = (folder / "index.json").read_bytes()
        index = json.loads(text)
        rows, vectors, frames = (
            np.load(folder / name, allow_pickle=False) for name in ("rows.npy", "texts.npy", "all.npy")
        )
        poses = index["poses"]
        if len(poses) != len(rows) or len(index["frame_splits"]) != len(frames):
            raise ValueError("its files do not belong together")
        return PosePairs(
            rows,
            tuple(tuple(p["seen"]) for p in poses),
            tuple(tuple(p["told"]) for p in poses),
            np.array([p["split"] for p in poses]),
            tuple(p["clip"] for p in poses),
            tuple(index["texts"]),
            vectors.reshape(2, len(index["texts"]), -1),
            frames,
            np.array(SPLITS)[np.array(index["frame_splits"], int)],
            index["encoder"],
            hashlib.sha256(text).hexdigest(),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise ClipActorError(
            f"{folder} holds no whole pairs ({str(error)[:90]}); type: clipactor pose-model data"
        ) from error


def _covering(data: Split) -> Callable[[int, int], list[str]]:
    """(clip, row) -> what people wrote about the shortest stretch that holds that row."""
    by_clip: dict[int, list[tuple[int, int, tuple[int, ...]]]] = {}
    for window in data.windows:
        if window.told:
            by_clip.setdefault(window.clip, []).append((window.first, window.last, window.told))

    def told(clip: int, row: int) -> list[str]:
        around = [w for w in by_clip.get(clip, []) if w[0] <= row < w[1] and w[1] - w[0] <= _LONGEST_ROWS]
        around.sort(key=lambda w: w[1] - w[0])
        numbers = list(dict.fromkeys(number for w in around for number in w[2]))
        if not numbers:
            numbers = [int(n) for n in data.clips[clip]["told"]]  # type: ignore[attr-defined]
        random.Random(f"{clip}/{row}").shuffle(numbers)
        return [data.texts[n] for n in numbers[:_TOLD]]

    return told


def _encoded(
    texts: list[str], known: dict[str, int], vectors: np.ndarray, encoder: Encoder, progress: Progress
) -> np.ndarray:
    """(2 S, D): vectors of texts and of mirrored ones; those that the motion data has are not made again."""
    found: dict[str, np.ndarray] = {}
    for text, number in known.items():
        found.setdefault(text, vectors[0, number])
        found.setdefault(swapped_sides(text), vectors[1, number])
    both = [*texts, *map(swapped_sides, texts)]
    missing = sorted({text for text in both if text not in found}, key=len)
    for start in range(0, len(missing), 256):
        progress("encoding sentences", start, len(missing))
        part = missing[start : start + 256]
        found.update(zip(part, encoder.encode(part), strict=True))
    if not both:
        raise LibraryError("no pose is left to train on; add clips, or keep fewer subjects out")
    return np.stack([found[text] for text in both]).astype(np.float32)
