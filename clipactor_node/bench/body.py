"""`clipactor bench body`: milliseconds per frame of posing the body, beside the smplx package."""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.bench.timing import median_ms

if TYPE_CHECKING:
    import numpy as np

    from clipactor_node.body import Body


def body(
    model: Annotated[Path | None, typer.Option(help="A body file; the shipped body if not given.")] = None,
    frames: Annotated[int, typer.Option(min=10, help="Poses measured one by one.")] = 300,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """Measure transforms, skinning and normals, plain and subdivided; one thread, medians of CPU time."""
    figures = measure(model, frames)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<44} {value:12.4f}")
    if "body_smplx_ms" not in figures:
        typer.echo("The smplx package is not installed (extra [style]): nothing to compare with.")


def measure(model: Path | None, frames: int) -> dict[str, float]:
    """Figures by name; `_ms` are milliseconds per frame."""
    from clipactor_node import body as bodies

    plain = bodies.load(model)
    figures: dict[str, float] = {}
    figures["body_load_ms"] = _median_ms(lambda _: bodies.load(model), 5)
    for name, body_ in (("", plain), ("subdivided_", bodies.cached_subdivision(plain))):
        figures |= {f"body_{name}{key}": value for key, value in _of_one(body_, frames).items()}
    figures["body_face_layer_ms"] = _face_layer_ms(frames)
    reference = _smplx_ms(plain, min(frames, 60))
    if reference is not None:
        figures["body_smplx_ms"] = reference
        ours = figures["body_transforms_ms"] + figures["body_vertices_ms"]
        figures["body_times_faster_than_smplx"] = reference / ours
    return figures


def _of_one(body: "Body", frames: int) -> dict[str, float]:
    import numpy as np

    from clipactor_node.body import FACE_CHANNELS, Skinner

    face = np.full(len(FACE_CHANNELS), 0.3, np.float32)  # more than any expression moves at once
    skinner = Skinner(body)
    poses, zero = _poses(frames), np.zeros(3, np.float32)
    transforms = skinner.transforms(poses, np.zeros((frames, 3), np.float32))
    vertices = skinner.vertices(transforms[0])
    batch = transforms[: min(frames, 60)]
    bare = Skinner(_without_correctives(body))
    return {
        "vertex_count": float(len(body.template)),
        "transforms_ms": _median_ms(lambda t: skinner.transforms(poses[t], zero), frames),
        "vertices_ms": _median_ms(lambda t: skinner.vertices(transforms[t]), frames),
        "vertices_with_face_ms": _median_ms(lambda t: skinner.vertices(transforms[t], face), frames),
        "vertices_without_correctives_ms": _median_ms(lambda t: bare.vertices(transforms[t]), frames),
        "normals_ms": _median_ms(lambda _: skinner.normals(vertices), frames),
        "clip_vertices_ms": _median_ms(lambda _: skinner.vertices(batch), 5) / len(batch),
    }


def _face_layer_ms(frames: int) -> float:
    """One tick of a face that laughs, speaks, blinks and looks about."""
    import numpy as np

    from clipactor_node.face import FaceLayer, Speech

    layer, pose = FaceLayer(), np.zeros((55, 3), np.float32)
    layer.show("laugh")
    layer.say(Speech("good morning everybody, how are you today? " * 10))
    return _median_ms(lambda _: layer.tick(1.0 / 30.0, pose), frames)


def _without_correctives(body: "Body") -> "Body":
    from dataclasses import replace

    return replace(body, correctives=None)


def _smplx_ms(body: "Body", frames: int) -> float | None:
    """The smplx package on the same body, one pose at a time, one thread."""
    try:
        import smplx
        import torch
    except ModuleNotFoundError as error:
        if error.name not in ("smplx", "torch"):
            raise
        return None
    from clipactor_node.body import write_smplx

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "SMPLX_NEUTRAL.npz"
        write_smplx(body, path)
        model = smplx.create(str(path), "smplx", use_pca=False, flat_hand_mean=True, num_betas=10)
    poses = torch.from_numpy(_poses(frames))

    def pose(t: int) -> None:
        whole = poses[t : t + 1]
        model(
            global_orient=whole[:, 0],
            body_pose=whole[:, 1:22].flatten(1),
            jaw_pose=whole[:, 22],
            leye_pose=whole[:, 23],
            reye_pose=whole[:, 24],
            left_hand_pose=whole[:, 25:40].flatten(1),
            right_hand_pose=whole[:, 40:].flatten(1),
        )

    with torch.no_grad():
        return _median_ms(pose, frames)


def _poses(frames: int) -> "np.ndarray":
    import numpy as np

    return np.random.default_rng(0).normal(0, 0.3, (frames, 55, 3)).astype(np.float32)


def _median_ms(work: Callable[[int], object], repeats: int) -> float:
    """Of the CPU time of this thread, which other programs on the machine do not lengthen."""
    return median_ms(work, repeats, time.thread_time)
