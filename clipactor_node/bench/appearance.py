"""`clipactor bench appearance`: how long dressing in cloth takes, and what posing and swinging it cost."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.bench.timing import median_ms

if TYPE_CHECKING:
    import numpy as np

    from clipactor_node.appearance import Outfit
    from clipactor_node.appearance.cloth import DressedBody
    from clipactor_node.body import Body, Skinner

WORN = {
    "casual": "a man in a t-shirt and blue jeans",
    "suit": "a man in a black suit",
    "gown": "a woman with long hair in a floor-length red gown",
}
GOALS = {
    "from_words_ms": 30.0,
    "made_ms": 2000.0,
    "posed_ms": 0.8,
    "per_vertex_of_bare": 1.0,
    "swing_ms": 1.0,
}
"""What each figure is to be at most. Those of the Marker and of a whole node are in `bench ros`."""


def appearance(
    texture: Annotated[int, typer.Option(min=256, max=4096, help="Texels along a side.")] = 2048,
    frames: Annotated[int, typer.Option(min=10, help="Poses measured one by one.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """Measure dressing in cloth, posing and swinging what came of it, beside the goals; one thread, medians
    of CPU time. The goals of the Marker and of a whole node are measured by `bench ros`."""
    figures = measure(texture, frames)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        goal = GOALS.get(name.split("_", 2)[-1])
        met = "" if goal is None else f"   goal <= {goal:g}: {'met' if value <= goal else 'missed'}"
        typer.echo(f"{name:<44} {value:12.4f}{met}")


def measure(texture: int, frames: int) -> dict[str, float]:
    """Figures by name.

    Keys:
        words_ms: a sentence to an outfit. made_ms: an outfit of garments that exist, made and painted.
        kept_ms: the same from its file, with what poses it. again_ms: while it is in memory.
        from_words_ms: words_ms and kept_ms.
        vertices, posed_ms: of the dressed body. per_vertex_of_bare: its cost per vertex, the bare body's
            being 1; whole_of_bare: its cost, the bare body's being 1.
        nodes, swing_ms: what swings, and what it costs a frame at 30 Hz, moving the mesh along; 0: nothing.
    """
    import numpy as np

    from clipactor_node import body as bodies
    from clipactor_node.appearance.cloth import dressed
    from clipactor_node.appearance.outfit import propose_outfit

    body = bodies.load()
    bare = bodies.Skinner(body)
    poses = np.random.default_rng(0).normal(0, 0.3, (frames, 55, 3)).astype(np.float32)
    figures: dict[str, float] = {"appearance_bare_vertices": float(len(body.template))}
    for name, sentence in WORN.items():
        outfit = propose_outfit(sentence).outfit
        look = dressed(outfit, body, texture)
        skinner = look.skinner()

        own = _dressing(sentence, outfit, body, texture)
        own["vertices"] = float(len(skinner.rest_vertices))
        own["posed_ms"], ratio = _beside(skinner, bare, poses)
        own["whole_of_bare"] = ratio
        own["per_vertex_of_bare"] = ratio * len(body.template) / len(skinner.rest_vertices)
        own["nodes"], own["swing_ms"] = _swinging(look, skinner, poses)
        figures |= {f"appearance_{name}_{key}": value for key, value in own.items()}
    return figures


def _dressing(sentence: str, outfit: "Outfit", body: "Body", texture: int) -> dict[str, float]:
    from clipactor_node.appearance.cloth import dressed, forget_recent, made
    from clipactor_node.appearance.outfit import propose_outfit

    def kept(_: int) -> None:
        forget_recent()
        dressed(outfit, body, texture).skinner()

    found = {
        "words_ms": _ms(lambda _: propose_outfit(sentence), 5),
        "made_ms": _ms(lambda _: made(outfit, body, texture), 3),
        "kept_ms": _ms(kept, 9),
        "again_ms": _ms(lambda _: dressed(outfit, body, texture), 9),
    }
    return found | {"from_words_ms": found["words_ms"] + found["kept_ms"]}


def _swinging(look: "DressedBody", skinner: "Skinner", poses: "np.ndarray") -> tuple[float, float]:
    """Nodes of what swings, and milliseconds of a step at 30 Hz, from one pose to the next."""
    import numpy as np

    from clipactor_node.body import Swing

    swing = Swing.of(skinner, look.swing[look.seen] / np.float32(255))
    if swing is None:
        return 0.0, 0.0
    transforms = skinner.transforms(0.3 * poses, np.zeros((len(poses), 3), np.float32))
    vertices, frames = skinner.vertices(transforms[0]), len(poses)

    def step(frame: int) -> None:
        swing.add(swing.step(transforms[frame % frames], 1 / 30), vertices)

    return float(len(swing.offsets)), _ms(step, frames)


def _beside(one: "Skinner", other: "Skinner", poses: "np.ndarray") -> tuple[float, float]:
    """Milliseconds of posing one skinner, and as a multiple of the other's, measured in turns."""
    import numpy as np

    spent = np.zeros((len(poses), 2))
    for number, pose in enumerate(poses):
        for which, skinner in enumerate((one, other)):
            transforms = skinner.transforms(pose, np.zeros(3, np.float32))
            start = time.thread_time()
            skinner.vertices(transforms)
            spent[number, which] = time.thread_time() - start
    return float(np.median(spent[:, 0])) * 1e3, float(np.median(spent[:, 0] / spent[:, 1]))


def _ms(work: Callable[[int], object], repeats: int) -> float:
    """Of the CPU time of this thread, which other programs on the machine do not lengthen."""
    return median_ms(work, repeats, time.thread_time)
