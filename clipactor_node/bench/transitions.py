"""`clipactor bench transitions`: do feet slide when one motion follows on another?"""

import json
import time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import numpy as np

    from clipactor_node.body import Skinner

RATE_HZ = 30.0
WATCHED = 18
"""Frames after a switch: 0.6 s."""


def transitions(
    count: Annotated[int, typer.Option(min=10, help="Random switches between random clips.")] = 300,
    seed: int = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat JSON object.")] = False,
) -> None:
    """Switch between clips at random and compare the feet with those of the clips themselves."""
    figures = measure(count, seed)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:36} {value:.6g}")


def measure(count: int, seed: int) -> dict[str, float]:
    """Share of frames in contact in which the ball of a foot moves over 2.5 cm, and what a switch costs."""
    import numpy as np

    from clipactor_node import body, motion, retrieval
    from clipactor_node.player import Player, at_rate

    library = motion.open_library()
    skinner = body.Skinner(body.load())
    player = Player(library, retrieval.open_retriever(library)[0], skinner, RATE_HZ)
    random = np.random.default_rng(seed)
    contact = _Contact(skinner)
    clips = {name: at_rate(library.load(name), RATE_HZ) for name in library.names}
    for clip in clips.values():
        contact.add("clips", clip.poses, clip.translation)
    took = []
    for _ in range(count):
        name = str(random.choice(library.names))
        before = player.tick()
        started = time.perf_counter()
        player.command(name)
        took.append(time.perf_counter() - started)
        frames = [before, *(player.tick() for _ in range(int(random.integers(WATCHED, 90))))][: WATCHED + 1]
        poses, paths = (np.stack([getattr(f, kind) for f in frames]) for kind in ("pose", "translation"))
        clip = clips[name]
        own = clip.poses[: WATCHED + 1], clip.translation[: WATCHED + 1]
        for kind in ("", *(["_upright"] if contact.upright(paths) else [])):
            contact.add(f"transitions{kind}", poses, paths)
            contact.add(f"same_frames_of_the_clips{kind}", *own)
    return {
        **{f"{kind}_skating": slid / max(low, 1) for kind, (slid, low) in contact.counts.items()},
        "switch_p50_ms": 1e3 * float(np.median(took)),
        "switch_p95_ms": 1e3 * float(np.quantile(took, 0.95)),
    }


class _Contact:
    """Counts frames in which a foot is on the floor, and those in which it slides there."""

    def __init__(self, skinner: "Skinner") -> None:
        from clipactor_node.motion.blending import Legs

        self._legs = Legs(skinner.rest_joints, float(skinner.rest_vertices[:, 1].min()))
        self.counts: dict[str, tuple[int, int]] = {}

    def upright(self, translation: "np.ndarray") -> bool:
        """Whether nobody kneels, sits or lies in any frame."""
        return bool((self._legs.pelvis[1] + translation[:, 1]).min() > 0.6 * self._legs.height)

    def add(self, kind: str, poses: "np.ndarray", translation: "np.ndarray") -> None:
        from clipactor_node.motion import sliding

        balls = self._legs.feet(poses, translation).balls
        low, slides = sliding(balls, self._legs.ball_height, RATE_HZ)
        slid, all_low = self.counts.get(kind, (0, 0))
        self.counts[kind] = slid + int(slides.sum()), all_low + int(low.sum())
