"""`clipactor bench going`: where walks end, whether feet slide, and what a tick costs."""

import json
import math
import time
from typing import Annotated

import typer

RATE_HZ = 30.0


def going(
    count: Annotated[int, typer.Option(min=5, help="Random goals within four metres.")] = 60,
    seed: Annotated[int, typer.Option(help="Other goals.")] = 0,
    gait: Annotated[str, typer.Option(help="Clip to walk with.")] = "walk",
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat JSON object.")] = False,
) -> None:
    """Walk from goal to goal and measure errors at the end, sliding feet, and time per tick."""
    figures = measure(count, seed, gait)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:36} {value:.6g}")


def measure(count: int, seed: int, name: str = "walk") -> dict[str, float]:
    """Errors in metres and degrees, shares of frames in contact in which a ball of a foot slides, times."""
    import numpy as np

    from clipactor_node import body, motion
    from clipactor_node.locomotion import Gait, Walker, route_to
    from clipactor_node.motion.blending import Legs, heading_of

    skinner = body.Skinner(body.load())
    legs = Legs(skinner.rest_joints, float(skinner.rest_vertices[:, 1].min()))
    library = motion.open_library()
    clip = library.load(name).resampled(RATE_HZ)
    gait = Gait.of(clip, library.load("idle").resampled(RATE_HZ), legs)
    random = np.random.default_rng(seed)
    walker = Walker(gait, legs, np.zeros(3))
    walker.follow(route_to(walker.place, np.ones(2), 0.0, gait.speed, RATE_HZ))
    walker.tick()  # compiled
    walker.stand(np.zeros(3))
    errors, turns, planned, ticks, slid, low = [], [], [], [], 0, 0
    for _ in range(count):
        goal, heading = random.uniform(-4.0, 4.0, 2), float(random.uniform(-math.pi, math.pi))
        started = time.perf_counter()
        route = route_to(walker.place, goal, heading, gait.speed, RATE_HZ)
        planned.append(time.perf_counter() - started)
        walker.follow(route)
        frames = []
        while not walker.done:
            started = time.perf_counter()
            frames.append(walker.tick())
            ticks.append(time.perf_counter() - started)
        poses, translations = map(np.stack, zip(*frames, strict=True))
        errors.append(float(np.linalg.norm((translations[-1] + legs.pelvis)[[0, 2]] - goal)))
        turns.append(abs(math.degrees(math.remainder(heading_of(poses[-1]) - heading, math.tau))))
        near, slides = motion.sliding(legs.feet(poses, translations).balls, legs.ball_height, RATE_HZ)
        slid, low = slid + int(slides.sum()), low + int(near.sum())
    near, slides = motion.sliding(legs.feet(clip.poses, clip.translation).balls, legs.ball_height, RATE_HZ)
    return {
        "goal_error_max_m": max(errors),
        "heading_error_max_degrees": max(turns),
        "skating": slid / max(low, 1),
        "skating_of_the_clip": float(slides.sum() / max(near.sum(), 1)),
        "tick_p50_ms": 1e3 * float(np.median(ticks)),
        "tick_p99_ms": 1e3 * float(np.quantile(ticks, 0.99)),
        "route_p50_ms": 1e3 * float(np.median(planned)),
        "route_p95_ms": 1e3 * float(np.quantile(planned, 0.95)),
    }
