"""`clipactor motion-model`: train what brings motion and words into one space, and see how good it is."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from clipactor_node.generation.training import Split

DATA, RUNS = Path("motion-data"), Path("motion-runs")
RUN, GENERATOR, EVALUATOR = RUNS / "motion-text", RUNS / "motion-generator", RUNS / "evaluator"
KINDS = ("extractors", "generator")
_COLUMNS = (1, 2, 3, 5, 10)

app = typer.Typer(
    no_args_is_help=True, help="Motion and words in one space: data, train, eval, export, list."
)


@app.command()
def data(
    folder: Annotated[Path, typer.Option(help="Where to.")] = DATA,
    library: Annotated[
        list[Path] | None, typer.Option(help="Clip packs or folders of them; default: yours.")
    ] = None,
    validate: Annotated[str, typer.Option(help="Subjects for early stopping, comma separated: 127.")] = "",
    test: Annotated[str, typer.Option(help="Subjects for the tables, of kinds that training has.")] = "",
    unknown: Annotated[str, typer.Option(help="Subjects for the tables, of kinds that it has not.")] = "",
    splits: Annotated[
        Path | None, typer.Option(help="A folder with train.txt, val.txt, test.txt, as HumanML3D has them.")
    ] = None,
    sentences: Annotated[int, typer.Option(min=1, max=6, help="About each window, from its kinematics.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed draws the same sentences.")] = 7,
) -> None:
    """Make training data of a library: features at 20 Hz, windows, and sentences about each."""
    from clipactor_node import body
    from clipactor_node.cli.waiting import waiting
    from clipactor_node.generation.training import DataPlan, write_data
    from clipactor_node.motion import open_library
    from clipactor_node.text import load_encoder

    first, second, third = (
        tuple(filter(None, map(str.strip, given.split(",")))) for given in (validate, test, unknown)
    )
    plan = DataPlan(first, second, third, sentences=sentences, seed=seed, splits=splits)
    with waiting("opening the library") as status:
        made = write_data(
            open_library(library or None),
            body.Skinner(body.load()).rest_joints,
            folder,
            plan,
            load_encoder("minilm"),
            lambda what, done, total: status.update(f"{what}: {done} of {total}"),
        )
    typer.echo(f"{folder}: {len(made.clips)} clips, {len(made.windows)} windows, {len(made.texts)} sentences")


@app.command()
def train(
    what: Annotated[str, typer.Option(help="extractors, or generator, which they guide.")] = "extractors",
    out: Annotated[
        Path | None, typer.Option(help=f"The run folder; an interrupted run goes on.  (default: in {RUNS})")
    ] = None,
    folder: Annotated[Path, typer.Option(help="The data of `clipactor motion-model data`.")] = DATA,
    motion: Annotated[str, typer.Option(help="gru (AdaQF's extractor) or limbs (MoCLIP's head).")] = "gru",
    text: Annotated[
        str, typer.Option(help="sentence (a head on frozen vectors), words (a GRU), tuned (MoCLIP).")
    ] = "sentence",
    base: Annotated[
        str, typer.Option(help="minilm, clip, or random: for --text words and tuned, and for size paper.")
    ] = "minilm",
    width: Annotated[int, typer.Option(min=16, help="Of the motion network, a multiple of 16.")] = 128,
    steps: Annotated[
        int, typer.Option(min=0, help="Train at most so many steps; 0: 3000, or what the size says.")
    ] = 0,
    batch: Annotated[int, typer.Option(min=0, help="Windows in a step; 0: 64, or what the size says.")] = 0,
    rate: Annotated[
        float, typer.Option(min=0.0, help="Greatest learning rate; 0: 6e-4, or what the size says.")
    ] = 0.0,
    tether: Annotated[float, typer.Option(min=0.0, help="Weight of the tethering loss, for tuned.")] = 1.0,
    size: Annotated[str, typer.Option(help="Of the generator: small (what ships) or paper.")] = "small",
    guide: Annotated[Path, typer.Option(help="Run folder of the extractors that guide a generator.")] = RUN,
    lambda_motion: Annotated[
        float, typer.Option(min=0.0, help="Weight of L_M (equation 5), for a generator.")
    ] = 10.0,
    lambda_text: Annotated[
        float, typer.Option(min=0.0, help="Weight of L_T; both 0: squared error alone.")
    ] = 2.0,
    full: Annotated[
        bool, typer.Option("--full", help="Tune all of the text encoder instead of LoRA (size paper).")
    ] = False,
    patience: Annotated[int, typer.Option(min=0, help="Validations without gain; 0: all steps.")] = 12,
    check_every: Annotated[int, typer.Option(min=1, help="Steps between validations.")] = 100,
    seed: Annotated[int, typer.Option(help="The same seed trains the same weights.")] = 7,
) -> None:
    """Train on the CPU, or on a GPU if there is one. Ctrl-C keeps what there is."""
    from clipactor_node.errors import InvalidChoice
    from clipactor_node.generation.training import (
        Config,
        GeneratorConfig,
        load_data,
        train_generator,
    )
    from clipactor_node.generation.training import train as train_extractors

    if what not in KINDS:
        raise InvalidChoice("--what", what, KINDS)
    found = load_data(folder)
    if what == "extractors":
        config = Config(motion=motion, text=text, base=base, width=width, steps=steps or 3000,
                        batch=batch or 64, learning_rate=rate or 6e-4, tether=tether, patience=patience,
                        check_every=check_every, seed=seed)  # fmt: skip
        with_bar(lambda say: train_extractors(found, out or RUN, config, say), out or RUN, config.steps)
        return
    sized = GeneratorConfig.of_size(size)
    sized = replace(sized, iterations=steps or sized.iterations, batch=batch or sized.batch, base=base,
                    learning_rate=rate or sized.learning_rate, lambda_motion=lambda_motion,
                    lambda_text=lambda_text, full=full, patience=patience, check_every=check_every,
                    seed=seed)  # fmt: skip
    sized = replace(sized, decay_at=min(sized.decay_at, int(0.75 * sized.iterations)))
    guided = guide if lambda_motion or lambda_text else None
    target = out or GENERATOR
    with_bar(lambda say: train_generator(found, target, sized, guided, say), target, sized.iterations)


def with_bar(run: "Callable[[Callable[[dict[str, float]], None]], Path]", out: Path, steps: int) -> None:
    """Train with a bar that tells the time left and a line for each validation."""
    from rich.console import Console
    from rich.progress import Progress

    from clipactor_node.cli.interrupt import INTERRUPTED

    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("training", total=steps)

        def say(entry: dict[str, float]) -> None:
            progress.update(task, completed=entry["step"])
            progress.console.print("  ".join(f"{key} {value:.4g}" for key, value in entry.items()))

        try:
            best = run(say)
        except KeyboardInterrupt:
            typer.echo(f"interrupted; the same command goes on from the checkpoint in {out}", err=True)
            raise typer.Exit(INTERRUPTED) from None
    typer.echo(f"{best}")


@app.command("eval")
def evaluate_run(
    run: Annotated[Path, typer.Argument(help="A run folder; see `clipactor motion-model list`.")],
    folder: Annotated[Path, typer.Option(help="The data of `clipactor motion-model data`.")] = DATA,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tables of a run; the same as `clipactor eval motion`."""
    from clipactor_node.bench import evaluation

    evaluation("motion")(run=run, folder=folder, second=False, as_json=as_json)


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="A run folder: extractors (--text sentence) or a generator.")],
    folder: Annotated[Path, typer.Option(help="The data it was trained on.")] = DATA,
    out: Annotated[Path | None, typer.Option(help="Where to; your own models if not given.")] = None,
    last: Annotated[
        bool, typer.Option("--last", help="Of a generator: the last weights, not the best by validation.")
    ] = False,
) -> None:
    """Write the ONNX graphs that play; a generator's weights in 16 bits."""
    from clipactor_node.cli.waiting import waiting
    from clipactor_node.generation import GENERATOR_FOLDER, OWN_FOLDER
    from clipactor_node.generation.training import (
        calibrated,
        export_generator,
        export_model,
        facts_of,
        load_data,
        load_generator,
        load_pair,
    )
    from clipactor_node.home import user_home

    facts = facts_of(run, last)
    generates = facts["what"] == "generator"
    target = out or user_home() / "models" / (GENERATOR_FOLDER if generates else OWN_FOLDER)
    with waiting("exporting"):
        found: Split = load_data(folder)
        if generates:
            manifest = export_generator(load_generator(found, run, last), found, target, facts)
        else:
            net = load_pair(found, run)
            manifest = export_model(net, found, target, {**facts, **calibrated(net, found)})
    for name, file in manifest.files.items():
        typer.echo(f"{target / name}: {file.size} bytes, sha256 {file.sha256}")


@app.command()
def ablate(
    table: Annotated[str, typer.Argument(help="components, lambdas, shares or extractors.")],
    out: Annotated[Path, typer.Option(help="Where the runs and their figures go; what is done is kept.")] = (
        RUNS / "ablation"
    ),
    folder: Annotated[Path, typer.Option(help="The data of `clipactor motion-model data`.")] = DATA,
    steps: Annotated[int, typer.Option(min=4, help="Of each run.")] = 300,
    guide: Annotated[Path, typer.Option(help="Run folder of the extractors that guide.")] = RUN,
    evaluator: Annotated[
        Path, typer.Option(help="Run folder of the extractors that measure; others than the guide.")
    ] = EVALUATOR,
    repetitions: Annotated[int, typer.Option(min=1, help="With other noise each.")] = 5,
    windows: Annotated[int, typer.Option(min=32, help="Of the test clips, at most.")] = 64,
    seed: Annotated[int, typer.Option(help="The same seed trains the same weights.")] = 7,
) -> None:
    """Repeat an ablation of the paper in short runs of equal length; print the table."""
    from rich.console import Console

    from clipactor_node.generation.training import Measuring, as_table, load_data, load_pair
    from clipactor_node.generation.training import ablate as repeat

    found = load_data(folder)
    judge = None if table == "extractors" else load_pair(found, evaluator)
    how = Measuring(windows=windows, repetitions=repetitions)
    with Console(stderr=True).status(table) as status:
        made = repeat(found, table, out, steps, guide, judge, how,
                      lambda row, what: status.update(f"{row.name}: {what}"), seed=seed)  # fmt: skip
    typer.echo(as_table(table, made))


@app.command("list")
def list_runs(
    folder: Annotated[Path, typer.Option(help="Where the run folders lie.")] = RUNS,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List runs: how far they are and how good on the validation clips."""
    from clipactor_node.generation.training import list_runs as found_in

    found = found_in(folder)
    if as_json:
        rows = [{"folder": str(r.folder), "step": r.step, "best": r.best, **r.config} for r in found]
        typer.echo(json.dumps(rows))
        return
    for one in found:
        config = one.config["config"]
        if one.config.get("what") == "generator":
            kind, steps = f"generator {config['width']} x {config['layers']}", config["iterations"]
        else:
            kind, steps = f"{config['motion']} + {config['text']} ({config['base']})", config["steps"]
        typer.echo(f"{one.folder}: {kind}, step {one.step} of {steps}, best {one.best:.3f}")
    if not found:
        typer.echo(f"no runs in {folder}; type: clipactor motion-model train")
