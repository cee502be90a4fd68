"""`clipactor wardrobe`: the project's own model of clothes: propose, make data, train."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import numpy as np

    from clipactor_node.appearance.imported import Card

DATA, MODEL = Path("wardrobe-data"), Path("wardrobe-model")

_GARMENTS = Path("models/garments")
"""Of the folder one works in: a clone."""

NEARLY_SEEN = 0.1
"""Radians, all joints together: between two frames of a slow gesture."""

app = typer.Typer(no_args_is_help=True, help="The embedded image-text model of clothes.")


@app.command()
def propose(
    prompt: str = typer.Argument(help="What to wear, in English."),
    picture: Annotated[Path | None, typer.Option(help="Write a PNG of it, front and back.")] = None,
) -> None:
    """Say, and draw, the outfit that a sentence is understood as."""
    from clipactor_node.appearance.outfit import propose_outfit
    from clipactor_node.render.sheets import outfit_lines, write_proposals

    proposed = propose_outfit(prompt)
    for line in outfit_lines(proposed):
        typer.echo(line)
    for note in proposed.notes:
        typer.secho(f"note: {note}", fg=typer.colors.YELLOW, err=True)
    if picture:
        write_proposals([prompt], picture)
        typer.echo(f"{picture}")


@app.command()
def sheet(
    prompts: Annotated[list[str], typer.Argument(help="What to wear, one sentence or more, in English.")],
    out: Annotated[Path, typer.Option(help="Where the picture goes: .png or .webp.")],
    poses: Annotated[
        str, typer.Option(help="Comma separated: stand, walk, crouch, kick, arms up.")
    ] = "stand,walk,crouch,kick,arms up",
    views: Annotated[
        int, typer.Option(min=1, max=4, help="From how many sides; one: poses share a row.")
    ] = 4,
    height: Annotated[int, typer.Option(min=100, max=1600, help="Of one figure, pixels.")] = 420,
    texture: Annotated[
        int, typer.Option(min=256, max=4096, help="Texels along a side of the texture.")
    ] = 2048,
) -> None:
    """Draw clothes of cloth, from several sides and in several poses. Garments are made once and kept."""
    import numpy as np
    from PIL import Image
    from rich.progress import track

    from clipactor_node import body
    from clipactor_node.appearance.outfit import propose_outfit
    from clipactor_node.errors import InvalidChoice
    from clipactor_node.render.sheets import AZIMUTHS, POSES, cloth_sheet

    names = [name.strip() for name in poses.split(",")]
    for name in names:
        if name not in POSES:
            raise InvalidChoice("pose", name, tuple(POSES))
    if out.suffix.lower() not in (".png", ".webp"):
        raise InvalidChoice("file type of --out", out.suffix, (".png", ".webp"))
    rows, size = [], (int(0.62 * height), height)
    for prompt in track(prompts, "dressing and drawing", transient=True):
        outfits = [(prompt, propose_outfit(prompt))]
        rows.append(cloth_sheet(outfits, body.load(), names, AZIMUTHS[:views], size, texture))
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate(rows)).save(out)
    typer.echo(str(out))


@app.command()
def garments(
    out: Annotated[
        Path | None, typer.Option(help="The file of garments to write; without it: the one that ships.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="How many cuts at most, the most worn first.")] = 44,
) -> None:
    """Make the garments that the named outfits wear most, for `models/`: some minutes, on one core."""
    from rich.progress import track

    from clipactor_node import body
    from clipactor_node.appearance.cloth import common_cuts, pack_garments
    from clipactor_node.appearance.outfit import shipped

    out = out or _GARMENTS / "common.zip"
    cuts = common_cuts(named.outfit for named in shipped())[:most]
    pack_garments(out, track(cuts, "cutting and sewing", transient=True), body.load())
    _say_made(out, f"{len(cuts)} garments")


@app.command()
def plain(
    out: Annotated[
        Path | None, typer.Option(help="The file to write; without it: the one that ships.")
    ] = None,
) -> None:
    """Make the plain clothes that are worn from the first frame on, for `models/`; after `garments`."""
    from clipactor_node import body
    from clipactor_node.appearance import write_plain_look
    from clipactor_node.appearance.cloth import dressed
    from clipactor_node.appearance.painting import EVERYDAY
    from clipactor_node.body.export import SkinnedMesh

    out, shipped = out or _GARMENTS / "plain.xz", body.load()
    look = dressed(EVERYDAY, shipped)
    mesh = SkinnedMesh.of(look.whole(), look.picture(), swing=look.swing)
    write_plain_look(out, mesh, shipped)
    _say_made(out, f"{len(mesh.positions)} vertices")


@app.command()
def names(
    out: Annotated[
        Path | None, typer.Option(help="The file to write; without it: the one that ships.")
    ] = None,
) -> None:
    """Encode the names of all outfits, for `models/`: who is not known is compared with them."""
    from clipactor_node.appearance.outfit import NAMES, write_names

    out = out or Path("models") / NAMES
    _say_made(out, f"{write_names(out)} names")


def _say_made(file: Path, what: str) -> None:
    import hashlib

    content = file.read_bytes()
    typer.echo(f"{file}: {what}; for models/registry.toml:")
    typer.echo(f'size = {len(content)}\nsha256 = "{hashlib.sha256(content).hexdigest()}"')


@app.command()
def add(
    source: Annotated[Path, typer.Argument(help="A .mhclo (MakeHuman) or .glb file, a folder, or a .zip.")],
    name: Annotated[str, typer.Option(help="How to call it; as its file says, if not given.")] = "",
    kind: Annotated[
        str, typer.Option(help="Where it is worn, like jacket or hat; as it lies, if not given.")
    ] = "",
) -> None:
    """Keep garments made by others, so that words find them: "a tweed jacket"."""
    from rich.console import Console

    from clipactor_node import body
    from clipactor_node.appearance import imported

    with Console(stderr=True).status("reading, and fitting to the body"):
        done = imported.add(source.expanduser(), body.load(), name, kind)
    for added in done:
        if added.card is not None:
            typer.echo(_card_line(added.card))
        for note in added.notes:
            typer.secho(f"note: {note}", fg=typer.colors.YELLOW, err=True)


@app.command("list")
def list_garments() -> None:
    """Garments made by others that are kept, and the words that mean them."""
    from clipactor_node.appearance import imported

    cards = imported.cards()
    for card in cards:
        typer.echo(_card_line(card))
    if not cards:
        typer.echo("none yet: clipactor wardrobe add FILE|FOLDER|ZIP")


def _card_line(card: "Card") -> str:
    others = [word for word in card.words if word != card.name]
    also = f"; also: {', '.join(others)}" if others else ""
    return f"{card.name}: worn as {card.kind}, {card.vertices} vertices{also}"


@app.command()
def remove(name: Annotated[str, typer.Argument(help="As `wardrobe list` calls it.")]) -> None:
    """Forget a garment made by others."""
    from clipactor_node.appearance import imported

    typer.echo(f"removed: {imported.remove(name).name}")


@app.command()
def data(
    folder: Annotated[Path, typer.Option(help="Where to; an interrupted run goes on.")] = DATA,
    outfits: int = typer.Option(60_000, min=8, help="Dressed bodies to learn from."),
    views: int = typer.Option(12_000, min=8, help="Views of posed bodies to show them on."),
    seed: int = 7,
) -> None:
    """Make the training data: outfits, sentences, views. About 5 GB and 15 minutes on one core."""
    from clipactor_node import body
    from clipactor_node.imagetext.training import DataPlan, generate

    plan = DataPlan(
        outfits=outfits,
        test_outfits=max(64, min(1024, outfits // 8)),
        views=views,
        test_views=max(64, views // 5),
        seed=seed,
    )
    generate(folder, body.load(), _poses(), plan, typer.echo)


@app.command()
def train(
    folder: Annotated[Path, typer.Option(help="The data of `clipactor wardrobe data`.")] = DATA,
    out: Annotated[Path, typer.Option(help="Weights and checkpoint; an interrupted run goes on.")] = MODEL,
    minutes: float = typer.Option(45.0, min=0.1, help="Train at most so long, in all."),
    steps: int = typer.Option(100_000, min=1, help="Train at most so many steps."),
    seed: int = 7,
) -> None:
    """Train the model on two CPU cores, or on a GPU if there is one."""
    from clipactor_node.imagetext.training import TrainPlan, train

    train(folder, out, TrainPlan(steps=steps, minutes=minutes, seed=seed), typer.echo)


def _poses() -> "dict[str, np.ndarray]":
    """ "train" and "test" -> (P, 55, 3) float32: every third frame of the library's clips.

    Gestures begin and end alike: a held-out pose that training has nearly seen is left out.
    """
    import numpy as np
    from scipy.spatial import cKDTree

    from clipactor_node import motion
    from clipactor_node.imagetext.training import is_held_out

    library = motion.open_library()
    found: dict[str, list[np.ndarray]] = {"train": [], "test": []}
    for name in library.names:
        poses = library.load(name).poses[::3]
        found["test" if is_held_out("pose", name) else "train"].append(poses)
    standing = np.zeros((60, 55, 3), np.float32)
    random = np.random.default_rng(0)
    standing[:, 16, 2] = -random.uniform(0.2, 1.3, 60)
    standing[:, 17, 2] = random.uniform(0.2, 1.3, 60)
    found["train"] += [standing]
    train, test = (np.concatenate(found[split]) for split in ("train", "test"))
    away = cKDTree(train.reshape(len(train), -1)).query(test.reshape(len(test), -1))[0]
    return {"train": train, "test": test[away > NEARLY_SEEN]}
