"""`clipactor recover`: the motion of a person in a photograph or a film."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clipactor_node.body import Skinner
    from clipactor_node.perception import PersonWatcher, Recovery, Source

MOTIONS = (".npz", ".glb", ".bvh")
OVERLAYS = (".mp4", ".webp", ".gif", ".png", ".jpg")


def recover(
    file: Annotated[Path, typer.Argument(help="A photograph (jpg, png, ...) or a film (mp4, mov, ...).")],
    out: Annotated[
        list[Path],
        typer.Option(
            help="x.npz (AMASS layout), x.glb, x.bvh: the motion; x.mp4, x.webp, x.gif (x.png, x.jpg of a "
            "photograph): the body over the picture, and from the side. Repeatable."
        ),
    ],
    fov: Annotated[
        float, typer.Option(min=5, max=150, help="Vertical field of view of the camera, degrees.")
    ] = 50.0,
    tilt: Annotated[
        float, typer.Option(min=-80, max=80, help="Degrees by which the camera looks down.")
    ] = 0.0,
    at: Annotated[
        str, typer.Option(help="Whom: X,Y from the top left, each 0 to 1; not given: the largest person.")
    ] = "",
    text: Annotated[
        str,
        typer.Option(
            help="What is known of the pose in words, part by part: 'the person sits, the left hand is on "
            "the hip'. Helps where limbs are hidden."
        ),
    ] = "",
    describer: Annotated[
        str,
        typer.Option(
            help="A function that describes pictures, such as a vision-language model's: module:function. "
            "It is asked about every picture; --text goes before it."
        ),
    ] = "",
) -> None:
    """Recover the motion of the person in FILE and write it to OUT. Nothing leaves this machine."""
    import numpy as np

    from clipactor_node import body as bodies
    from clipactor_node.perception import PersonWatcher, describer_named, open_source

    _check(file, out, text)
    source = open_source(file)
    skinner = bodies.Skinner(bodies.load())
    watcher = PersonWatcher(
        skinner,
        fov,
        float(np.radians(tilt)),
        place(at),
        smooth=False,
        adapt=True,
        describe=describer_named(describer) if describer else None,
        details="hands and face",
    )
    watcher.description = text.strip()
    found = looked_at(source, skinner, watcher)
    for path in out:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        _write(path, found, source, skinner)
        typer.echo(str(path))
    typer.echo(
        f"{len(found.clip)} frames at {found.clip.rate_hz:g} Hz; confidence {found.confidence.mean():.2f}, "
        f"least {found.confidence.min():.2f}"
    )
    for note in found.notes:
        typer.secho(f"note: {note}", fg=typer.colors.YELLOW, err=True)


def looked_at(source: "Source", skinner: "Skinner", watcher: "PersonWatcher") -> "Recovery":
    """What is recovered, with a bar that says how far it is."""
    from rich.console import Console
    from rich.progress import Progress

    from clipactor_node.perception import recover

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"looking at {source.path.name}", total=source.count or None)
        return recover(source, skinner, watcher, lambda done: progress.update(task, completed=done))


@contextmanager
def motions_of_films(paths: list[Path]) -> "Iterator[list[Path]]":
    """The same paths, films replaced by files of the motion that is seen in them, as long as the block runs.

    Raises:
        ClipActorError: a film cannot be read, or nobody is seen in it.
    """
    from clipactor_node.perception import FILMS

    films = [path for path in paths if path.suffix.lower() in FILMS]
    if not films:
        yield paths
        return
    from clipactor_node import body as bodies
    from clipactor_node.perception import PersonWatcher, open_source

    skinner = bodies.Skinner(bodies.load())
    with TemporaryDirectory() as folder:
        motions = []
        for number, path in enumerate(films):
            source = open_source(path)
            found = looked_at(
                source, skinner, PersonWatcher(skinner, smooth=False, adapt=True, details="hands and face")
            )
            motions.append(Path(folder) / str(number) / f"{path.stem}.npz")
            motions[-1].parent.mkdir()
            _write(motions[-1], found, source, skinner)
            for note in found.notes:
                typer.secho(f"note: {path.name}: {note}", fg=typer.colors.YELLOW, err=True)
        yield [path for path in paths if path not in films] + motions


def place(at: str) -> tuple[float, float] | None:
    """ "0.3,0.5" -> two shares; "": None. Raises: ClipActorError: anything else."""
    from clipactor_node.errors import ClipActorError

    if not at:
        return None
    try:
        x, y = (float(part) for part in at.split(","))
        if 0.0 <= x <= 1.0 and 0.0 <= y <= 1.0:
            return x, y
    except ValueError:
        pass
    raise ClipActorError(f"--at {at!r} was given; expected X,Y, each from 0 to 1, like 0.3,0.5")


def _check(file: Path, out: list[Path], text: str) -> None:
    from clipactor_node.errors import ClipActorError, InvalidChoice

    for path in out:
        if path.suffix.lower() not in (*MOTIONS, *OVERLAYS):
            raise InvalidChoice("file type of --out", path.suffix, (*MOTIONS, *OVERLAYS))
        if path.absolute() == file.absolute():
            raise ClipActorError(f"--out {path} is the file that is read; give it another name")
    if text and not any(letter.isalpha() for letter in text):
        raise ClipActorError(f"--text {text!r} holds no words; say what is known of the pose")


def _write(path: Path, found: "Recovery", source: "Source", skinner: "Skinner") -> None:
    import numpy as np

    from clipactor_node.body import export as files

    kind = path.suffix.lower()
    if kind == ".npz":
        arrays = files.amass(skinner.rest_joints, found.clip)
        np.savez_compressed(path, **arrays, confidence=found.confidence)  # type: ignore[arg-type]
    elif kind == ".bvh":
        path.write_text(files.bvh(skinner.rest_joints, found.clip))
    elif kind == ".glb":
        from clipactor_node.cli.dressed_body import DressedBody

        worn = DressedBody.open()
        path.write_bytes(files.glb(worn.whole, worn.surface, found.clip, worn.displacement))
    else:
        _write_overlay(path, found, source, skinner)


def _write_overlay(path: Path, found: "Recovery", source: "Source", skinner: "Skinner") -> None:
    from itertools import islice

    from PIL import Image
    from rich.console import Console
    from rich.progress import track

    from clipactor_node.errors import ClipActorError
    from clipactor_node.perception import overlay
    from clipactor_node.render import write_film

    single = path.suffix.lower() in (".png", ".jpg")
    if single != source.is_photograph:
        kind, wanted = ("photograph", "x.png or x.jpg") if source.is_photograph else ("film", "x.mp4")
        raise ClipActorError(f"--out {path}: the overlay of a {kind} needs another ending; give {wanted}")
    pictures = islice(source.pictures(), found.first, found.first + len(found.clip))
    drawn = (
        overlay(picture, skinner, estimate, found.view)
        for picture, estimate in zip(pictures, found.estimates, strict=True)
    )
    if single:
        Image.fromarray(next(drawn)).save(path)
        return
    console = Console(stderr=True)
    frames = track(drawn, "drawing", total=len(found.clip), console=console, transient=True)
    write_film(path, frames, source.rate_hz)
