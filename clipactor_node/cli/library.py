"""`clipactor library ...`: see, build, check and extend the motion library."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from clipactor_node.motion import ClipInfo

_WIDEST_NAME = 40
app = typer.Typer(no_args_is_help=True, help="The motion library: list, show, add, check, build.")


@app.command("list")
def list_clips(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List every clip with its length, labels and licence."""
    from clipactor_node.motion import open_library

    library = open_library()
    infos = [library.info(name) for name in library.names]
    if as_json:
        print(json.dumps({"clips": [_record(info) for info in infos], "problems": library.problems}))
        return
    width = min(max(len(info.name) for info in infos), _WIDEST_NAME)
    print(f"{'clip':{width}}  seconds     Hz  loop  licence: labels")
    for info in infos:  # plain lines: a table that is laid out as a whole takes minutes for 100,000 clips
        labels = "; ".join(dict.fromkeys(label.text for label in info.labels))
        loop = "yes" if info.loop else ""
        facts = f"{info.duration_s:7.2f}  {info.rate_hz:5g}  {loop:4}"
        print(f"{info.name:{width}}  {facts}  {info.licence}: {labels}")
    print(f"{len(infos)} clips, {sum(info.duration_s for info in infos):.0f} s")
    for problem in library.problems:
        print(problem)


@app.command("add")
def add_files(
    paths: Annotated[list[Path], typer.Argument(help="Motion files, or folders of them.")],
    labels: Annotated[
        list[Path] | None,
        typer.Option(help="clips.csv, BABEL or caption .json, or a HumanML3D folder. May be repeated."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
    fps: Annotated[
        float | None,
        typer.Option(
            help="Frames per second, whatever the files say; clips.csv's column fps goes before it."
        ),
    ] = None,
    up: Annotated[
        str | None, typer.Option(help="Axis of the files that points up: x, y, z, -x, -y, -z; else found.")
    ] = None,
    front: Annotated[
        str | None,
        typer.Option(help="Axis of the files along which one looks who faces the front; else found."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="TOML file that says which joint is which; docs/motion.md shows one.")
    ] = None,
    prefix: Annotated[str, typer.Option(help="Put before every clip's name, e.g. cmu/.")] = "",
    source: Annotated[str, typer.Option(help="Where the motions come from, for the record.")] = "",
    licence: Annotated[str, typer.Option(help="What may be done with them, for the record.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Import motion: BVH, ASF/AMC, FBX, glTF, VRM(A), SMPL and joint arrays (.npz .npy .pkl .pt), DeepMimic;
    films of a person (.mp4 .mov ...), see `clipactor recover`.

    Exit code 1 if any file failed or was set aside; the others are in the library all the same.
    """
    from clipactor_node.cli.library_import import run_import
    from clipactor_node.cli.recover import motions_of_films
    from clipactor_node.motion.importing import Settings

    settings = Settings(tuple(labels or ()), fps, up, front, mapping, source, licence)
    with motions_of_films(paths) as motions:
        raise typer.Exit(run_import(motions, settings, jobs, prefix, as_json))


@app.command("sources")
def list_sources(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List collections of motions, what may be done with them, and how to get them."""
    from clipactor_node.cli.library_fetch import run_sources

    run_sources(as_json)


@app.command("fetch")
def fetch_source(
    name: Annotated[str, typer.Argument(help="A collection; see `clipactor library sources`.")],
    subjects: Annotated[str, typer.Option(help="Only these people, as in 1-20,35; all if not given.")] = "",
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes that convert.")] = 2,
    connections: Annotated[int, typer.Option(min=1, max=16, help="Files downloaded at once.")] = 6,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it begins.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the downloaded files.")] = False,
    server: Annotated[str, typer.Option(help="Another server with the same layout.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; does not ask.")] = False,
) -> None:
    """Bring a collection into your library: downloaded, converted, labelled. The same command goes on.

    What it will take is said first. Motions that do not pass the library's gate are set aside, with reasons.
    """
    from clipactor_node.cli.library_fetch import run_fetch

    raise typer.Exit(run_fetch(name, subjects, jobs, connections, yes, keep, server, as_json))


@app.command("show")
def show_clip(
    name: Annotated[str, typer.Argument(help="A clip; see `clipactor library list`.")],
    out: Annotated[Path | None, typer.Option(help="The picture to write; CLIP.png if not given.")] = None,
) -> None:
    """Draw a clip: a filmstrip from two sides, and curves of root height, speed and foot contacts."""
    from PIL import Image

    from clipactor_node import body
    from clipactor_node.motion import open_library
    from clipactor_node.render.sheets import draw_clip_report

    clip = open_library().load(name)
    out = out or Path(f"{name.replace('/', '_')}.png")
    Image.fromarray(draw_clip_report(clip, body.Skinner(body.load()))).save(out)
    print(out)


@app.command("describe")
def describe_clip(
    name: Annotated[str, typer.Argument(help="A clip; see `clipactor library list`.")],
    seed: Annotated[int, typer.Option(help="Another one words the same in another way.")] = 0,
    sentences: Annotated[int, typer.Option(min=1, max=12, help="So many about the whole clip.")] = 3,
    mirrored: Annotated[bool, typer.Option("--mirrored", help="As in a mirror: left is right.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say in words what is seen to happen in a clip, and when."""
    from clipactor_node.cli.library_describe import run_describe

    run_describe(name, seed, sentences, mirrored, as_json)


@app.command("check")
def check_clips(
    names: Annotated[list[str] | None, typer.Argument(help="Clips; all if none is named.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure clips again and list what is damaged, unfit, or was set aside. Exit code 1 if any is."""
    from clipactor_node.cli.library_import import run_check

    raise typer.Exit(run_check(names or [], as_json))


@app.command("build")
def build_library(
    out: Annotated[Path | None, typer.Option(help="Where to; the shipped place if not given.")] = None,
    deepmimic: Annotated[Path | None, typer.Option(help="Folder of DeepMimic's motions.")] = None,
    labels: Annotated[
        bool, typer.Option("--labels", help="Only labels and captions; the motions stay as they are.")
    ] = False,
) -> None:
    """Build the shipped library again, for the body as it is, and record it in models/registry.toml.

    The vectors of its labels, by the text encoder that ships, are written with it.
    """
    from clipactor_node import body
    from clipactor_node.home import shipped_models
    from clipactor_node.motion import authoring, open_library
    from clipactor_node.retrieval import write_shipped_vectors
    from clipactor_node.text import load_encoder

    shipped = shipped_models() / "motion" / authoring.BUILTIN
    target = out or shipped
    if labels:
        authoring.label_again(target)
    else:
        skinner = body.Skinner(body.load())
        authoring.build_shipped_library(target, skinner, deepmimic or authoring.deepmimic_folder())
    print(f"{target}: {len(open_library([target]))} clips, {target.stat().st_size} bytes")
    if target == shipped:
        vectors = write_shipped_vectors(open_library([target]), load_encoder("minilm", "int8"))
        for file in (shipped, vectors):
            print(
                f"recorded {file}, sha256 {authoring.record_hash(file, shipped_models() / 'registry.toml')}"
            )


@app.command("sheet")
def contact_sheet(
    out: Annotated[Path, typer.Option(help="The picture to write, .png or .webp.")] = Path("clips.png"),
) -> None:
    """Draw a contact sheet of every clip."""
    from PIL import Image

    from clipactor_node import body
    from clipactor_node.motion import open_library
    from clipactor_node.render.sheets import contact_sheet as draw_sheet

    picture = Image.fromarray(draw_sheet(open_library(), body.Skinner(body.load())))
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".webp":
        picture.save(out, quality=70, method=6)
    else:
        picture.quantize(256, dither=Image.Dither.NONE).save(out, optimize=True)
    print(out)


def _record(info: "ClipInfo") -> dict[str, object]:
    return {
        "name": info.name,
        "duration_s": round(info.duration_s, 4),
        "rate_hz": info.rate_hz,
        "frames": info.frames,
        "loop": info.loop,
        "labels": [[label.text, label.start_s, label.end_s] for label in info.labels],
        "captions": info.captions,
        "source": info.source,
        "licence": info.licence,
        "quality": info.quality,
    }
