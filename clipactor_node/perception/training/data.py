"""Examples to learn from: drawn people, what the landmark network sees of them, and the truth."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from clipactor_node.body import load
from clipactor_node.geometry import heading_from_matrix, matrix_from_axis_angle
from clipactor_node.motion import Library
from clipactor_node.perception.landmarks import find_landmarks
from clipactor_node.perception.measuring import CameraSetup, Dressed, Scene, covered, draw_scene, held_out
from clipactor_node.perception.models import Network
from clipactor_node.perception.regions import Region

_SIDE = 256
_CHUNK = 200
_HIDDEN = (0.0, 0.1, 0.25, 0.4, 0.5)
"""Shares hidden: a moment is drawn once and seen so often."""
_OUTFITS = (
    "a doctor in white", "a woman in a yellow summer dress", "a man in shorts and a green shirt",
    "a nurse", "a police officer", "a woman in a black coat", "a runner in a tank top", "a chef",
)  # fmt: skip
"""Other ones than those that recovery is measured with."""


def make_examples(library: Library, folder: Path, count: int, seed: int = 0) -> None:
    """Draw `count` moments of clips that are not held out and write files of 200 each; those there stay.

    Every file is an .npz: picture (N, 33, 2) pixels, world (N, 33, 3), visibility (N, 33), presence (N,),
    camera (N, 8): position, target, fov in degrees, side in pixels; pose (N, 55, 3), translation (N, 3),
    hidden (N,).
    """
    folder.mkdir(parents=True, exist_ok=True)
    network = Network("pose_landmark_full")
    body = load()
    people = [Dressed.of(body, outfit) for outfit in _OUTFITS]
    names = [name for name in library.names if not held_out(name)]
    for chunk in range(-(-count // _CHUNK)):
        path = folder / f"{seed:03d}-{chunk:04d}.npz"
        if path.exists():
            continue
        rng = np.random.default_rng([seed, chunk])
        rows = [
            row
            for _ in range(_CHUNK // len(_HIDDEN))
            for row in _examples(library, names, people, network, rng)
        ]
        arrays = {key: np.stack([row[key] for row in rows]) for key in rows[0]}
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # none is numpy's allow_pickle


def _examples(
    library: Library,
    names: Sequence[str],
    people: Sequence[Dressed],
    network: Network,
    rng: np.random.Generator,
) -> Iterator[dict[str, np.ndarray]]:
    """One moment as it is, and with boxes in front."""
    clip = library.load(names[int(rng.integers(len(names)))])
    person = people[int(rng.integers(len(people)))]
    frame = int(rng.integers(len(clip)))
    pose, translation = clip.poses[frame], clip.translation[frame]
    transforms = person.skinner.transforms(pose, translation)
    heading = float(heading_from_matrix(matrix_from_axis_angle(pose[0])))
    setup = CameraSetup(rng.uniform(-np.pi, np.pi), np.radians(rng.uniform(-8, 36)), rng.uniform(30, 72))
    camera = setup.camera(transforms[:, :3, 3], heading, _SIDE)
    scene = draw_scene(person, transforms, camera, 0.0, rng)
    for share in _HIDDEN:
        shown = covered(scene, person, share, rng) if share else scene
        seen = find_landmarks(network, shown.picture, _region(shown, rng))
        yield {
            "picture": seen.picture,
            "world": seen.world,
            "visibility": seen.visibility,
            "presence": np.array(seen.presence),
            "camera": np.array([*camera.position, *camera.target, camera.fov, _SIDE]),
            "pose": pose,
            "translation": translation,
            "hidden": np.array(shown.hidden),
        }


def _region(scene: Scene, rng: np.random.Generator) -> Region:
    """About the region that a detector would give: around the hips, turned along the trunk; the less exact
    the more is hidden."""
    points = scene.camera.homogeneous(scene.transforms[:, :3, 3])
    points = points[:, :2] / points[:, 2:]
    middle, neck = points[[1, 2]].mean(0), points[12]
    radius = 1.15 * float(np.linalg.norm(points - middle, axis=1).max())
    along = (neck - middle) / max(float(np.linalg.norm(neck - middle)), 1.0)
    angle = rng.normal(0.0, 0.1 + 0.3 * scene.hidden)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = rng.normal(0.0, 0.05 + 0.15 * scene.hidden, 2) * radius
    rim = middle + turn @ along * radius * rng.uniform(0.9 - 0.4 * scene.hidden, 1.12 + 0.3 * scene.hidden)
    return Region.of_circle(middle + shift, rim + shift, 0.5 * np.pi, 1.25)
