"""How far recovered joints are from the true ones, as the literature counts it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from clipactor_node.body import load
from clipactor_node.geometry import heading_from_matrix, matrix_from_axis_angle
from clipactor_node.motion import Library
from clipactor_node.perception.adaptation import Adapter, Conditions
from clipactor_node.perception.estimate import Estimate, Estimator
from clipactor_node.perception.landmarks import Landmarks
from clipactor_node.perception.measuring.rendered import (
    OUTFITS,
    SETUPS,
    Dressed,
    Scene,
    covered,
    draw_scene,
    held_out_names,
)
from clipactor_node.perception.recovery_model import BODY_JOINTS
from clipactor_node.perception.refine import refined
from clipactor_node.perception.tracker import BodyTracker
from clipactor_node.perception.view import View, seen_by
from clipactor_node.perception.wording import facts, sentences

DESCENT = ("closed form", "first estimate", "keypoints from closed form", "keypoints")
"""The closed form; corrected by what was learnt; and each of them refined by keypoints, without diffusion."""
ABLATION = {
    "from noise": Conditions(first=False),
    "with image": Conditions(keypoints=False, text=False),
    "with keypoints": Conditions(image=False, text=False),
    "with text": Conditions(image=False, keypoints=False),
    "without image": Conditions(image=False),
    "without keypoints": Conditions(keypoints=False),
    "without text": Conditions(text=False),
    "all conditions": Conditions(),
}
"""The diffusion under the conditions of Table II of Xu et al., in its order."""
_WITHOUT_DIFFUSION = ("with text", "all conditions")
WAYS = (*DESCENT, *ABLATION)
HIDDEN = (0.0, 0.2, 0.4)
_SIDE = 320


def mpjpe(found: np.ndarray, true: np.ndarray) -> float:
    """Mean distance in mm of joints (J, 3) in metres, the first of both laid upon each other."""
    off = (found - found[0]) - (true - true[0])
    return 1000.0 * float(np.linalg.norm(off, axis=1).mean())


def pa_mpjpe(found: np.ndarray, true: np.ndarray) -> float:
    """The same after the best rotation, scale and shift (Procrustes)."""
    a, b = found - found.mean(0), true - true.mean(0)
    u, values, vt = np.linalg.svd(a.T @ b)
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt)) or 1.0])
    scale = float((values * signs).sum()) / max(float((a**2).sum()), 1e-12)
    return 1000.0 * float(np.linalg.norm(scale * a @ (u * signs) @ vt - b, axis=1).mean())


@dataclass(frozen=True)
class Result:
    """One picture.

    Fields:
        wanted, hidden: the share of the person that was to be hidden, and that is.
        errors: way of `WAYS` -> MPJPE and PA-MPJPE, mm; empty: nobody was seen.
    """

    wanted: float
    hidden: float
    errors: dict[str, tuple[float, float]]


def measure(
    library: Library,
    moments: int,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> list[Result]:
    """Recover people in drawn pictures of clips that nothing was learnt from.

    Args:
        moments: pictures per camera set-up and appearance, each with three shares hidden.
        progress: told how many of all pictures are done.
    """
    body = load()
    people = [Dressed.of(body, outfit) for outfit in OUTFITS]
    estimator = Estimator(people[0].skinner)  # clothes have no say in the joints
    closed = Estimator(people[0].skinner, learned=False)
    adapter = Adapter(estimator)
    tracker = BodyTracker()
    results = []
    total = moments * len(SETUPS) * len(OUTFITS) * len(HIDDEN)
    for scene, person, wanted, rng in _scenes(library, people, moments, seed):
        shown = covered(scene, person, wanted, rng) if wanted else scene
        tracker.forget()
        seen = tracker(shown.picture)
        errors = {} if seen is None else _errors(seen, shown, closed, estimator, adapter)
        results.append(Result(wanted, shown.hidden, errors))
        progress(len(results), total)
    return results


def _scenes(
    library: Library, people: list[Dressed], moments: int, seed: int
) -> Iterator[tuple[Scene, Dressed, float, np.random.Generator]]:
    names = held_out_names(library.names)
    for number, setup in enumerate(SETUPS):
        for who, person in enumerate(people):
            for moment in range(moments):
                rng = np.random.default_rng([seed, number, who, moment])
                clip = library.load(names[int(rng.integers(len(names)))])
                frame = int(rng.integers(len(clip)))
                pose = clip.poses[frame]
                transforms = person.skinner.transforms(pose, clip.translation[frame])
                heading = float(heading_from_matrix(matrix_from_axis_angle(pose[0])))
                camera = setup.camera(transforms[:, :3, 3], heading, _SIDE)
                scene = draw_scene(person, transforms, camera, 0.0, rng)
                for hidden in HIDDEN:
                    yield scene, person, hidden, rng


def _errors(
    seen: Landmarks, scene: Scene, closed: Estimator, learnt: Estimator, adapter: Adapter
) -> dict[str, tuple[float, float]]:
    view = View.of(scene.camera)
    true = seen_by(scene.camera, scene.transforms)[:BODY_JOINTS, :3, 3]
    plain, first = closed(seen, view), learnt(seen, view)
    descent = (plain, first, refined(closed, plain, seen, view), refined(learnt, first, seen, view))
    found = dict(zip(DESCENT, descent, strict=True))
    said = description_of(scene)
    for way, conditions in ABLATION.items():
        if not adapter.diffuses and way not in _WITHOUT_DIFFUSION:
            continue
        found[way] = adapter(first, seen, view, said, conditions)

    def compared(estimate: Estimate) -> tuple[float, float]:
        joints = learnt.joints(estimate.local, estimate.pelvis)[:BODY_JOINTS, :3, 3]
        return mpjpe(joints, true), pa_mpjpe(joints, true)

    return {way: compared(estimate) for way, estimate in found.items()}


def description_of(scene: Scene, seed: int = 0) -> str:
    """What somebody who knows the pose would say of it, part by part, in the words of `wording`."""
    world = scene.transforms[:BODY_JOINTS]
    return ". ".join(sentences(facts(world[:, :3, 3], world[:, :3, :3]), seed))
