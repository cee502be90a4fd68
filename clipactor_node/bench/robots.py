"""`clipactor bench robots`: how fast and how closely a robot follows, and whether it finds back."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from clipactor_node.body import Skinner
    from clipactor_node.motion import Library
    from clipactor_node.robots import Robot

CLIPS = ("walk", "wave", "squat", "dance_a", "cartwheel")
AVATAR_HZ = 30.0
STANDS_S = 60.0
"""How long the avatar stands still after all clips, before the robot is compared with how it stood before."""


def robots(
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
    urdf: Annotated[str, typer.Option(help="URDF file, or the name of a robot that ships.")] = "",
    mapping: Annotated[
        str, typer.Option(help="TOML file of its links; else beside the URDF, or guessed.")
    ] = "",
    every_clip: Annotated[
        bool,
        typer.Option(
            "--every-clip",
            help="Also play every clip, cut one after the other, then stand for a minute, and say how far "
            "the robot is from how it stood before.",
        ),
    ] = False,
) -> None:
    """Retarget some clips to a robot; one core."""
    from clipactor_node import body as bodies
    from clipactor_node.motion import open_library
    from clipactor_node.robots import GENERIC, open_robot, retarget_clip

    robot = open_robot(urdf or GENERIC, mapping or None)
    skinner, library = bodies.Skinner(bodies.load()), open_library()
    figures: dict[str, float] = {}
    for name in CLIPS:
        clip = library.load(name)
        transforms = skinner.transforms(clip.poses, clip.translation)
        said = retarget_clip(robot, skinner, transforms, clip.rate_hz).figures()
        figures |= {
            f"{name}_frames_per_second": said["frames_per_second"],
            f"{name}_times_real_time": said["frames_per_second"] / AVATAR_HZ,
            f"{name}_limit_violations": said["position_limit_violations"] + said["speed_limit_violations"],
        }
        for part in ("foot", "hand"):
            sides = [said.get(f"{side}_{part}_error_mm_mean") for side in ("left", "right")]
            known = [value for value in sides if value is not None]
            if known:
                figures[f"{name}_{part}_error_mm_mean"] = sum(known) / len(known)
    if every_clip:
        figures |= finds_back(robot, skinner, library, library.names)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<36} {value:10.3f}")


def finds_back(
    robot: "Robot", skinner: "Skinner", library: "Library", clips: tuple[str, ...], stands_s: float = STANDS_S
) -> dict[str, float]:
    """Stand, play clips cut one after the other, stand again.

    Returns:
        Over the clips: mean position errors in mm, and the fastest joint as a share of its speed limit. At
        the end: how much farther from their targets the parts are than at the start (mm, the worst), and
        how far the joints are from where they were (rad or m, the farthest).
    """
    import numpy as np

    from clipactor_node.robots import Retargeter

    idle = library.load("idle")
    standing = skinner.transforms(idle.poses[:1], idle.translation[:1])[0]
    retargeter, period_s = Retargeter(robot, skinner), 1.0 / AVATAR_HZ
    speeds = np.array([joint.velocity for joint in robot.description.joints])
    for _ in range(10):
        first = retargeter.follow(standing, period_s)
    last, fastest, errors = first, 0.0, []
    for name in clips:
        clip = library.load(name)
        for transforms in skinner.transforms(clip.poses, clip.translation):
            frame = retargeter.follow(transforms, 1.0 / clip.rate_hz)
            moved = np.abs(frame.positions - last.positions) * clip.rate_hz
            fastest, last = max(fastest, float((moved / speeds).max())), frame
            errors.append(frame.errors)
    for _ in range(round(stands_s * AVATAR_HZ)):
        last = retargeter.follow(standing, period_s)
    return {
        **{
            f"every_clip_{part}_error_mm_mean": 1e3 * float(np.mean([e[part] for e in errors]))
            for part in first.errors
        },
        "every_clip_fastest_of_limit": fastest,
        "afterwards_error_mm_more": 1e3
        * max(last.errors[part] - first.errors[part] for part in first.errors),
        "afterwards_joints_off": float(np.abs(last.positions - first.positions).max()),
    }
