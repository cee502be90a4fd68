"""`clipactor robot`: a motion on a humanoid robot, from its URDF, without ROS."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import numpy as np

    from clipactor_node.body import Skinner
    from clipactor_node.robots import RobotClip


def robot(
    motion: Annotated[str, typer.Argument(help="A clip's name, or what to do in plain words.")],
    urdf: Annotated[str, typer.Option(help="URDF file, or the name of a robot that ships.")] = "",
    mapping: Annotated[
        Path | None, typer.Option(help="TOML file of links; else beside the URDF, or guessed.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the frames: x.csv or x.npz.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw moments of both: x.png.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """Retarget MOTION to a robot and say how well it follows."""
    import json

    from clipactor_node import body as bodies
    from clipactor_node.errors import InvalidChoice
    from clipactor_node.robots import FILE_TYPES, GENERIC, open_robot, retarget_clip

    if out is not None and out.suffix.lower() not in FILE_TYPES:
        raise InvalidChoice("file type of --out", out.suffix, FILE_TYPES)
    if picture is not None and picture.suffix.lower() != ".png":
        raise InvalidChoice("file type of --picture", picture.suffix, (".png",))
    machine = open_robot(urdf or GENERIC, mapping)
    for problem in machine.problems:
        typer.secho(f"note: {problem}", fg=typer.colors.YELLOW, err=True)
    skinner = bodies.Skinner(bodies.load())
    transforms, rate_hz = _performed(skinner, motion)
    clip = retarget_clip(machine, skinner, transforms, rate_hz)
    if out is not None:
        clip.write(out)
    if picture is not None:
        _draw(clip, skinner, transforms, picture)
    typer.echo(json.dumps(clip.figures()) if as_json else _table(clip))


def _performed(skinner: "Skinner", motion: str) -> "tuple[np.ndarray, float]":
    """(T, 55, 4, 4) joint transforms and their rate, of a clip or of a text that is performed once."""
    from clipactor_node.cli.render_performance import Performer
    from clipactor_node.motion import open_library

    library = open_library()
    if motion in library:
        clip = library.load(motion)
        return skinner.transforms(clip.poses, clip.translation), clip.rate_hz
    performance = Performer.open().perform(skinner, motion, rate_hz=30.0)
    return performance.transforms[performance.entry :], 30.0


def _table(clip: "RobotClip") -> str:
    figures = clip.figures()
    lines = [
        f"{clip.robot.description.name}: {len(clip.frames)} frames at {clip.rate_hz:g} Hz, "
        f"{len(clip.robot.joint_names)} joints, {figures['frames_per_second']:.0f} frames per second",
        "",
        f"{'position error, mm':<24}{'mean':>10}{'max':>10}",
    ]
    for name in clip.errors():
        mean, largest = figures[f"{name}_error_mm_mean"], figures[f"{name}_error_mm_max"]
        lines.append(f"{name.replace('_', ' '):<24}{mean:>10.1f}{largest:>10.1f}")
    samples = clip.positions.size
    lines += ["", f"{f'joints in frames ({samples})':<24}{'held back':>10}{'violated':>10}"]
    for what in ("position", "speed"):
        held, violated = figures[f"held_by_{what}_limit"], figures[f"{what}_limit_violations"]
        lines.append(f"{what + ' limits':<24}{held:>10d}{violated:>10d}")
    return "\n".join(
        [
            *lines,
            "",
            f"{'soles below the floor':<24}{figures['sole_below_floor_mm_max']:>10.1f} mm at most",
            f"{'standing soles slide':<24}{figures['sole_slide_mm_s_mean']:>10.1f} mm/s on average "
            f"(the avatar's, scaled: {figures['avatar_slide_mm_s_mean']:.1f})",
            f"{'shins apart':<24}{figures['shins_apart_mm_min']:>10.1f} mm at least",
        ]
    )


def _draw(clip: "RobotClip", skinner: "Skinner", transforms: "np.ndarray", path: Path) -> None:
    """Five moments, from the front and from the side."""
    import numpy as np
    from PIL import Image

    from clipactor_node.appearance.painting import plain_clothes
    from clipactor_node.robots import RobotLook, side_by_side

    look = RobotLook(clip.robot)
    for problem in look.problems[:3]:
        typer.secho(f"note: not drawn: {problem}", fg=typer.colors.YELLOW, err=True)
    clothes = plain_clothes(skinner.body)
    dressed = skinner if clothes.rest_offsets is None else skinner.wearing(clothes.rest_offsets)
    moments = np.linspace(0, len(clip.frames) - 1, 7).round().astype(int)[1:6]
    frames = [clip.frames[moment] for moment in moments]
    rows = [
        side_by_side(look, frames, dressed, clothes.srgb, transforms[moments], azimuth, (1500, 420))
        for azimuth in (0.4, 1.5)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate(rows)).save(path, optimize=True)
