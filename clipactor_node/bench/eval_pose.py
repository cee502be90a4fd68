"""`clipactor eval pose`: how good poses from words are, on subjects that training never saw."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import numpy as np

    from clipactor_node.generation.poses import PosePrior, PoseSpace
    from clipactor_node.generation.training.poses import PosePairs

PAPER = {
    "TEMOS": (4.6, 0.17), "MotionCLIP": (12.06, 0.145), "AvatarCLIP": (13.28, 0.162), "MDM": (11.16, 0.15),
    "PAS (6D+VPoser)": (6.25, 0.16), "PAS (VPoser)": (7.27, 0.164),
}  # fmt: skip
"""Table 1 of the paper, FPD and CLIPSIM, on other data and in other spaces: beside ours, not against it."""


def pose(
    folder: Annotated[Path, typer.Option(help="The pairs of `clipactor pose-model data`.")] = Path(
        "pose-pairs"
    ),
    model: Annotated[
        list[Path] | None,
        typer.Option(help="Folders of `clipactor pose-model export`, one row each; default: what plays."),
    ] = None,
    texts: Annotated[int, typer.Option(min=8, max=2000, help="Held-out captions, at most.")] = 200,
    samples: Annotated[int, typer.Option(min=1, max=50, help="For each, of which the best is taken.")] = 5,
    seed: Annotated[int, typer.Option(help="The same seed makes the same poses.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """Frechet pose distance, text similarity, R-precision and joint limits on held-out poses."""
    from rich.console import Console

    from clipactor_node.generation.poses import poses_folder
    from clipactor_node.generation.training.poses import load_pairs

    rows: dict[str, dict[str, float]] = {}
    with Console(stderr=True).status("making poses for held-out captions") as status:
        data = load_pairs(folder)
        judge = poses_folder()
        for path in model or [judge]:
            status.update(f"making poses with {path.name}")
            rows[path.name] = _measured(data, path, judge, texts, samples, seed)
        rows["held-out poses"] = _real(data, judge, texts)
        prior = _prior(data, judge)
    if as_json:
        flat = {f"{name}_{key}": value for name, row in rows.items() for key, value in row.items()}
        typer.echo(json.dumps(flat | prior))
        return
    keys = list(next(iter(rows.values())))
    typer.echo(f"{'':28}" + "".join(f"{key:>12}" for key in keys))
    for name, row in rows.items():
        typer.echo(f"{name:28}" + "".join(f"{row[key]:12.3f}" for key in keys))
    typer.echo(", ".join(f"{key} {value:.1f}" for key, value in prior.items()))
    typer.echo("the paper's, with other data and spaces (FPD, CLIPSIM): "
               + "; ".join(f"{name} {fpd:g}, {sim:g}" for name, (fpd, sim) in PAPER.items()))  # fmt: skip


def _held_out(data: "PosePairs", most: int) -> "tuple[np.ndarray, list[str], np.ndarray]":
    """Numbers of held-out poses, a caption of each by people or else from kinematics, and its vector."""
    import numpy as np

    chosen = [int(i) for i in data.of("test", "unknown") if data.told[i] or data.seen[i]]
    draw = np.random.default_rng(11)
    chosen = sorted(draw.permutation(chosen)[:most].tolist())
    numbers = [(data.seen[i] or data.told[i])[0] if k % 2 else (data.told[i] or data.seen[i])[0]
               for k, i in enumerate(chosen)]  # fmt: skip
    return np.array(chosen), [data.texts[n] for n in numbers], data.vectors[0, numbers]


def _measured(
    data: "PosePairs", folder: Path, judge: Path, texts: int, samples: int, seed: int
) -> dict[str, float]:
    import numpy as np

    from clipactor_node.generation.poses import PoseDiffusion, PosePrior, PoseSpace

    chosen, captions, vectors = _held_out(data, texts)
    diffusion, prior, space = PoseDiffusion(folder), PosePrior(judge), PoseSpace(judge)
    said = space.texts(captions, vectors)
    best = []
    for number, (caption, vector) in enumerate(zip(captions, vectors, strict=True)):
        rows = diffusion.sample(caption, vector, samples, seed + number)
        best.append(rows[int((space.poses(rows) @ said[number]).argmax())])
    made = np.stack(best)
    return _figures(data, prior, space, said, made)


def _real(data: "PosePairs", judge: Path, texts: int) -> dict[str, float]:
    """The same figures of the held-out poses themselves: what a perfect model would reach."""
    from clipactor_node.generation.poses import PosePrior, PoseSpace

    chosen, captions, vectors = _held_out(data, texts)
    prior, space = PosePrior(judge), PoseSpace(judge)
    said, rows = space.texts(captions, vectors), data.rows[chosen]
    return _figures(data, prior, space, said, rows)


def _figures(
    data: "PosePairs", prior: "PosePrior", space: "PoseSpace", said: "np.ndarray", rows: "np.ndarray"
) -> dict[str, float]:
    """Of poses (N, 132), row by row for captions in the space that both share, (N, 128)."""
    import numpy as np

    from clipactor_node import body
    from clipactor_node.generation.poses import (
        beyond_limits,
        frechet_distance,
        poses_of,
        r_precision,
        share_beyond,
    )

    skinner = body.Skinner(body.load())
    real = data.rows[data.of("test", "unknown")]
    found = r_precision(said, space.poses(rows))
    return {
        "FPD": frechet_distance(prior.encode(rows)[0], prior.encode(real)[0]),
        "similarity": float((said * space.poses(rows)).sum(axis=1).mean()),
        "R@1": found[1],
        "R@3": found[3],
        "beyond": share_beyond(np.array([beyond_limits(pose, skinner) for pose in poses_of(rows)])),
    }


def _prior(data: "PosePairs", judge: Path) -> dict[str, float]:
    """Mean joint error of the prior on held-out poses, millimetres."""
    import numpy as np

    from clipactor_node import body
    from clipactor_node.generation.poses import PosePrior, joints_of

    rows = data.rows[data.of("test", "unknown")]
    rest = body.Skinner(body.load()).rest_joints
    through = PosePrior(judge).through(rows)
    apart = np.linalg.norm(joints_of(rows, rest)[0] - joints_of(through, rest)[0], axis=-1)
    return {"prior_error_mm": 1000.0 * float(apart.mean()), "poses": float(len(rows))}
