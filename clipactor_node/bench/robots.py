"""`clipactor bench robots`: how fast and how closely a robot follows."""

import json
from typing import Annotated

import typer

CLIPS = ("walk", "wave", "squat", "dance_a", "cartwheel")
AVATAR_HZ = 30.0


def robots(
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
    urdf: Annotated[str, typer.Option(help="URDF file, or the name of a robot that ships.")] = "",
) -> None:
    """Retarget some clips to a robot; one core."""
    from clipactor_node import body as bodies
    from clipactor_node.motion import open_library
    from clipactor_node.robots import GENERIC, open_robot, retarget_clip

    robot, skinner, library = open_robot(urdf or GENERIC), bodies.Skinner(bodies.load()), open_library()
    figures: dict[str, float] = {}
    for name in CLIPS:
        clip = library.load(name)
        transforms = skinner.transforms(clip.poses, clip.translation)
        said = retarget_clip(robot, skinner, transforms, clip.rate_hz).figures()
        figures |= {
            f"{name}_frames_per_second": said["frames_per_second"],
            f"{name}_times_real_time": said["frames_per_second"] / AVATAR_HZ,
            f"{name}_foot_error_mm_mean": (said["left_foot_error_mm_mean"] + said["right_foot_error_mm_mean"])
            / 2,
            f"{name}_hand_error_mm_mean": (said["left_hand_error_mm_mean"] + said["right_hand_error_mm_mean"])
            / 2,
            f"{name}_limit_violations": said["position_limit_violations"] + said["speed_limit_violations"],
        }
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<36} {value:10.2f}")
