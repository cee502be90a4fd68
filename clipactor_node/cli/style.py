"""`clipactor style`: clothes from text: optimize, list, show, compare, ablate, surfaces, remove, clean."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from clipactor_node.cli.style_batch import Profile, batch
from clipactor_node.cli.style_cache import clean, list_styles

app = typer.Typer(no_args_is_help=True, help="Clothes from text: optimize, look at, compare, remove.")
app.command()(batch)
app.command("list")(list_styles)
app.command()(clean)

Preset = Annotated[
    str,
    typer.Option(
        help="Schedule: paper, gpu-fast, cpu-preview, or proposal (as painted from the words, nothing is "
        "optimized), dressed or dressed-preview (gpu-fast and cpu-preview on clothes of cloth); auto: "
        "gpu-fast with a GPU, else proposal."
    ),
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same bytes on the same machine.")]
Clip = Annotated[
    str, typer.Option(help="Motion to dress: a clip's name, or 'standing'; else the prompt's own.")
]
Model = Annotated[
    str, typer.Option(help="embedded, open_clip, open_clip:<architecture>/<pretrained>; else the preset's.")
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1.")]
Backend = Annotated[str, typer.Option(help="Rasterizer: auto, numba, pytorch3d, nvdiffrast.")]
Threads = Annotated[int, typer.Option(min=1, help="Processor threads to use.")]
Iterations = Annotated[int | None, typer.Option(min=1, help="Other than the preset's.")]


@app.command()
def optimize(
    prompt: Annotated[
        str, typer.Argument(help="What the avatar looks like: 'a firefighter in a red helmet'.")
    ],
    preset: Preset = "auto",
    seed: Seed = 0,
    clip: Clip = "",
    profile: Profile = "auto",
    model: Model = "",
    device: Device = "auto",
    backend: Backend = "auto",
    threads: Threads = 2,
    cost_only: Annotated[bool, typer.Option("--cost-only", help="Say what it would take, and stop.")] = False,
) -> None:
    """Optimize a style for PROMPT and put it into the cache.

    Ctrl-C keeps the best state so far as a usable style; the same command goes on from there.
    """
    from clipactor_node.cli.style_work import StyleMaker
    from clipactor_node.style import Job, open_cache

    maker = StyleMaker(model, device, backend, threads)
    request = maker.request(Job(prompt, preset, seed), clip, profile)
    if cost_only:
        typer.echo(maker.cost_line(request, maker.cost(request)))
        return
    cache = open_cache()
    style = maker.optimize(request, cache)
    card = style.card
    typer.echo(
        f"{card.key}  {card.status}: score {card.score:.4f} (it started at {card.proposal_score:.4f}, "
        f"colors moved by {100 * card.moved:.1f} %), {card.images:,} images, {card.seconds:.0f} s"
    )
    for event in card.events:
        typer.secho(f"note: {event}", fg=typer.colors.YELLOW, err=True)
    typer.echo(f"{cache.path(card.key) / 'preview.webp'}")


@app.command()
def show(
    style: Annotated[str, typer.Argument(help="Key, beginning of a key, or prompt.")],
    out: Annotated[Path, typer.Option(help="Where to write the contact sheet.")] = Path("style.png"),
    clip: Clip = "standing",
) -> None:
    """Draw a style from four sides in three frames of a motion."""
    from PIL import Image

    from clipactor_node.cli.style_frames import content_chooser
    from clipactor_node.jobs import frames_of
    from clipactor_node.style import Job, open_cache
    from clipactor_node.style.pictures import contact_sheet

    cache = open_cache()
    card = cache.find(style)
    frames = frames_of(content_chooser(clip)(Job(card.prompt)))
    thirds = [round(i * (len(frames) - 1) / 2) for i in range(3)]
    Image.fromarray(contact_sheet(cache.load(card.key), frames, thirds)).save(out)
    facts = {
        name: value for name, value in asdict(card).items() if name not in ("losses", "scores", "schedule")
    }
    for name, value in facts.items():
        typer.echo(f"{name}: {value}")
    typer.echo(f"picture: {out}")


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="Key, beginning of a key, or prompt.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    out: Annotated[Path, typer.Option(help="Where to write both, side by side.")] = Path("compare.png"),
) -> None:
    """Say in what two styles differ, and draw them side by side."""
    from PIL import Image

    from clipactor_node.body import load
    from clipactor_node.style import open_cache, standing_frames
    from clipactor_node.style.pictures import differences, side_by_side

    cache = open_cache()
    one, other = (cache.load(cache.find(name).key) for name in (first, second))
    frames = standing_frames(load())
    for line in differences(one, other, frames.body.template):
        typer.echo(line)
    Image.fromarray(side_by_side([one, other], frames)).save(out)
    typer.echo(f"picture: {out}")


@app.command()
def ablate(
    prompt: Annotated[str, typer.Argument(help="What the avatar looks like.")],
    preset: Preset = "cpu-preview",
    seed: Seed = 0,
    clip: Clip = "",
    profile: Profile = "auto",
    model: Model = "",
    device: Device = "auto",
    backend: Backend = "auto",
    threads: Threads = 2,
    iterations: Iterations = None,
    out: Annotated[Path, typer.Option(help="Folder of the styles and of ablation.png.")] = Path("ablation"),
) -> None:
    """Optimize PROMPT with everything, and again without each part (Fig. 9), and compare."""
    from clipactor_node.cli.style_work import StyleMaker, ablation
    from clipactor_node.style import Job

    maker = StyleMaker(model, device, backend, threads)
    job = Job(prompt, preset, seed, at_most=iterations or 0)
    for line in ablation(maker, maker.request(job, clip, profile), out):
        typer.echo(line)


@app.command()
def surfaces(
    prompt: Annotated[str, typer.Argument(help="What the avatar looks like.")],
    preset: Preset = "cpu-preview",
    seed: Seed = 0,
    clip: Clip = "",
    profile: Profile = "auto",
    model: Model = "",
    device: Device = "auto",
    backend: Backend = "auto",
    threads: Threads = 2,
    iterations: Iterations = None,
    out: Annotated[Path, typer.Option(help="Folder of the styles and of surfaces.png.")] = Path("surfaces"),
) -> None:
    """Optimize PROMPT on as many vertices as SMPL and SMPL-X have, on the subdivided body, and on what is
    worn (the paper's Fig. a), and compare."""
    from clipactor_node.cli.style_work import StyleMaker, on_surfaces
    from clipactor_node.style import Job

    maker = StyleMaker(model, device, backend, threads)
    job = Job(prompt, preset, seed, at_most=iterations or 0)
    for line in on_surfaces(maker, maker.request(job, clip, profile), out):
        typer.echo(line)


@app.command()
def remove(style: Annotated[str, typer.Argument(help="Key, beginning of a key, or prompt.")]) -> None:
    """Delete one of the user's own styles."""
    from clipactor_node.style import open_cache

    cache = open_cache()
    card = cache.find(style)
    cache.remove(card.key)
    typer.echo(f"removed {card.key} ({card.prompt})")


@app.command("build-shipped")
def build_shipped(
    listing: Annotated[Path | None, typer.Option(help="A list like models/styles/prompts.toml.")] = None,
    threads: Threads = 1,
    only: Annotated[str, typer.Option(help="Only the prompt that contains this.")] = "",
) -> None:
    """Make the styles that ship with ClipActor, and their page in the docs. For its developers."""
    from clipactor_node.cli.style_shipped import build

    for line in build(listing, threads, only):
        typer.echo(line)
