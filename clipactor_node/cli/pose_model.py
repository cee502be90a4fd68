"""`clipactor pose-model`: pairs of text and pose, and the training of what `clipactor pose` uses."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import numpy as np

app = typer.Typer(no_args_is_help=True, help="Prior, diffusion and space of poses: data, training, export.")
PAIRS, RUNS = Path("pose-pairs"), Path("pose-runs")
_PRIOR, _DIFFUSION, _WORDS = RUNS / "pose-prior", RUNS / "pose-diffusion", RUNS / "pose-words"
Pairs = Annotated[Path, typer.Option(help="The folder of `clipactor pose-model data`.")]


@app.command()
def data(
    folder: Annotated[Path, typer.Option(help="Where to.")] = PAIRS,
    motion: Annotated[Path, typer.Option(help="The data of `clipactor motion-model data`.")] = Path(
        "motion-data"
    ),
    add: Annotated[
        list[Path] | None, typer.Option(help="A file .npz of poses and texts (docs/poses.md); repeatable.")
    ] = None,
    per_clip: Annotated[int, typer.Option(min=1, max=500, help="Poses of a clip, at most.")] = 20,
    sentences: Annotated[int, typer.Option(min=1, max=8, help="About each pose, from its kinematics.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed draws the same sentences.")] = 7,
) -> None:
    """Choose distinct poses of clips, describe them by their kinematics, and encode what is said of them."""
    from clipactor_node.cli.waiting import waiting
    from clipactor_node.generation.training import load_data
    from clipactor_node.generation.training.poses import write_pairs
    from clipactor_node.text import load_encoder

    with waiting("reading the motion data") as status:
        made = write_pairs(
            load_data(motion), _rest_joints(), folder, load_encoder("minilm"), add or (), per_clip, sentences,
            seed, lambda what, done, total: status.update(f"{what}: {done} of {total}"),
        )  # fmt: skip
    typer.echo(f"{folder}: {len(made.rows)} poses, {len(made.texts)} sentences, {len(made.frames)} frames")


@app.command()
def train(
    what: Annotated[str, typer.Argument(help="pose-prior, pose-diffusion or pose-words.")],
    out: Annotated[Path | None, typer.Option(help="The run folder; an interrupted run goes on.")] = None,
    folder: Pairs = PAIRS,
    representation: Annotated[
        str, typer.Option(help="Of the diffusion: latent, 6d, or 6d-prior (6d, then through the prior).")
    ] = "6d-prior",
    kinematics: Annotated[
        bool, typer.Option("--kinematics/--no-kinematics", help="Train on sentences from kinematics, too.")
    ] = True,
    prior: Annotated[Path, typer.Option(help="Run folder of the prior, for latent.")] = _PRIOR,
    steps: Annotated[int, typer.Option(min=1, help="Of training.")] = 6000,
    batch: Annotated[int, typer.Option(min=2, help="Poses in a step.")] = 96,
    rate: Annotated[float, typer.Option(min=0.0, help="Greatest learning rate.")] = 1e-3,
    width: Annotated[int, typer.Option(min=16, help="Of the transformer, a multiple of 8.")] = 96,
    layers: Annotated[int, typer.Option(min=1, help="Of the transformer.")] = 3,
    check_every: Annotated[int, typer.Option(min=1, help="Steps between validations.")] = 500,
    patience: Annotated[int, typer.Option(min=0, help="Validations without gain; 0: all steps.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed trains the same weights.")] = 7,
) -> None:
    """Train on the CPU; minutes. Ctrl-C keeps what there is, and the same command goes on."""
    from clipactor_node.cli.motion_model import with_bar
    from clipactor_node.generation.training.poses import PoseConfig, load_pairs, train_pose_model

    config = PoseConfig(
        what, representation, kinematics, steps, batch, rate, width, layers, heads=_heads(width),
        check_every=check_every, patience=patience, seed=seed,
    )  # fmt: skip
    target, pairs, rest = out or RUNS / what, load_pairs(folder), _rest_joints()
    with_bar(lambda say: train_pose_model(pairs, rest, target, config, prior, say), target, steps)


@app.command()
def export(
    folder: Pairs = PAIRS,
    prior: Annotated[Path, typer.Option(help="Run folder of pose-prior.")] = _PRIOR,
    diffusion: Annotated[Path, typer.Option(help="Run folder of pose-diffusion.")] = _DIFFUSION,
    words: Annotated[Path, typer.Option(help="Run folder of pose-words.")] = _WORDS,
    out: Annotated[Path | None, typer.Option(help="Where to; your own models if not given.")] = None,
) -> None:
    """Write the five ONNX graphs that play."""
    from clipactor_node.cli.waiting import waiting
    from clipactor_node.generation.poses import POSES_FOLDER
    from clipactor_node.generation.training.poses import export_pose_models, load_pairs
    from clipactor_node.home import user_home

    target = out or user_home() / "models" / POSES_FOLDER
    with waiting("exporting"):
        manifest = export_pose_models(load_pairs(folder), prior, diffusion, words, target)
    for name, file in manifest.files.items():
        typer.echo(f"{target / name}: {file.size} bytes, sha256 {file.sha256}")


def _heads(width: int) -> int:
    """Heads of so wide a transformer.

    Raises:
        ClipActorError: the width is no multiple of 8.
    """
    from clipactor_node.errors import ClipActorError

    if width % 8:
        raise ClipActorError(f"--width {width} given; expected a multiple of 8")
    return 4


def _rest_joints() -> "np.ndarray":
    from clipactor_node import body

    return body.Skinner(body.load()).rest_joints
