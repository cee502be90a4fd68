"""`clipactor scene --model`: the avatar, and a setting painted around it by a local diffusion model."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import numpy as np


def outpaint(
    text: str, out: Path, model: Path, size: tuple[int, int], azimuth: float, seed: int, min_confidence: float
) -> None:
    """Draw the avatar and its gray body with one camera, paint around, paste, write.

    Args:
        size: pixels, multiples of 8. azimuth: radians from where the avatar heads.

    Raises:
        ClipActorError: not a picture, or a size that is no multiple of 8. ModelError: see `open_image_model`.
    """
    import numpy as np
    from PIL import Image

    from clipactor_node.cli.waiting import waiting
    from clipactor_node.errors import ClipActorError

    if out.suffix.lower() != ".png":
        raise ClipActorError(f"--model and --out {out} were given; a model paints one picture: write .png")
    if size[0] % 8 or size[1] % 8:
        raise ClipActorError(
            f"--size {size[0]}x{size[1]} given; a diffusion model needs multiples of 8, like 768x512"
        )
    with waiting("opening the diffusion model") as status:
        from clipactor_node.render.outpainting import open_image_model, paint_around

        opened = open_image_model(model)
        if not opened.trained:
            typer.echo(
                "note: the model has no adapted.pt: it never learnt to see the avatar, which is only pasted",
                err=True,
            )
        status.update("drawing the avatar")
        avatar, gray = _drawn(text, size, azimuth, min_confidence)
        status.update("painting the setting")
        picture = paint_around(opened, avatar, gray, text, seed)
    Image.fromarray(np.asarray(picture)).save(out, optimize=True)
    typer.echo(str(out))


def _drawn(
    text: str, size: tuple[int, int], azimuth: float, min_confidence: float
) -> "tuple[np.ndarray, np.ndarray]":
    """The avatar (H, W, 4) and its gray body (H, W, 3), uint8, in the middle of what it does."""
    import numpy as np

    from clipactor_node.body import Skinner, load
    from clipactor_node.cli.dressed_body import DressedBody
    from clipactor_node.cli.render_output import Scene
    from clipactor_node.cli.render_performance import Performer
    from clipactor_node.render import FilmActor, draw_figures, environment_named, film_camera
    from clipactor_node.render.scenery import without_setting

    said = without_setting(text)
    skinner = Skinner(load())
    worn = DressedBody.open("auto", said)
    scene = Scene(said, [(worn, Performer.open(min_confidence).perform(skinner, said, 30.0))])
    (actor,) = scene.actors(scene.azimuth(azimuth), scene.moments(1)[0])
    camera = film_camera("fixed", [(actor.skinner, actor.transforms)], scene.azimuth(azimuth), size).at(0)
    plain = np.full((len(skinner.rest_vertices), 3), 150, np.uint8)
    studio = environment_named("studio")
    gray = FilmActor(skinner, actor.transforms, plain, None, actor.faces)
    return draw_figures([actor.figure(0)], camera, studio, True), draw_figures(
        [gray.figure(0)], camera, studio
    )
