"""`clipactor warm`: compile and index beforehand what everybody would wait for at the first start."""

from collections.abc import Callable

import typer


def warm() -> None:
    """Compile the loops and index the labels that playing and drawing need; `make setup` does it."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from clipactor_node.compiling import announced

    compiled = 0
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task("")

        def show(line: str) -> None:
            progress.update(task, description=line)
            if not progress.console.is_terminal:
                typer.echo(line)

        def say(loop: str, number: int) -> None:
            nonlocal compiled
            compiled = number
            show(f"compiling {loop} ({number})")

        with announced(say):
            for what, prepare in STEPS.items():
                show(f"preparing {what}")
                prepare()
    typer.echo(f"ready to play: {f'{compiled} loops were' if compiled else 'nothing had to be'} compiled")


def _body() -> None:
    import numpy as np

    from clipactor_node import body as bodies
    from clipactor_node.geometry import JOINT_COUNT

    skinner = bodies.Skinner(bodies.load())
    soles = bodies.SolePoints(skinner)
    poses, translations = np.zeros((2, JOINT_COUNT, 3), np.float32), np.zeros((2, 3), np.float32)
    skinner.transforms(poses, translations)
    transforms = skinner.transforms(poses[0], translations[0])
    skinner.normals(skinner.vertices(transforms, np.ones(len(bodies.FACE_CHANNELS), np.float32)))
    positions = bodies.joint_positions(transforms, None, float(soles(transforms)[..., 2].min()))
    bodies.joint_positions(transforms, positions, 0.0)
    bodies.link_transforms(transforms)
    upright = np.array([0.0, 0.0, 0.0, 1.0])
    bodies.transforms_from_positions(skinner.rest_joints, positions, np.zeros(3), upright)
    bodies.urdf(skinner)


def _motions() -> None:
    """A walk and a wave, dressed and talking: what is compiled for playing, and vectors of labels."""
    from clipactor_node import body as bodies
    from clipactor_node.face import Speech
    from clipactor_node.motion import open_library
    from clipactor_node.player import AppearanceSelector, Player
    from clipactor_node.retrieval import open_retriever
    from clipactor_node.style import open_cache

    body, library = bodies.load(), open_library()
    selector = AppearanceSelector(body, open_cache())
    selector.warm_up()
    player = Player(library, open_retriever(library)[0], bodies.Skinner(body), selector=selector)
    player.command("a firefighter walks forward, then waves", loop=False)
    player.face.say(Speech("hello"))
    for _ in range(2 * player.motion.frames):
        player.tick()
    player.command("walk one metre forward")
    for _ in range(60):
        player.drive(0.2, 0.0, 0.0)
        player.tick()


def _pictures() -> None:
    import numpy as np

    from clipactor_node import body as bodies
    from clipactor_node.geometry import JOINT_COUNT
    from clipactor_node.player import plain
    from clipactor_node.render import strip

    body = bodies.load()
    skinner, clothes = bodies.Skinner(body), plain(body)
    pose, translation = np.zeros((1, JOINT_COUNT, 3), np.float32), np.zeros((1, 3), np.float32)
    transforms = skinner.transforms(pose, translation)
    strip(skinner, clothes.colors, transforms, 0.0, width=64, height=64, displacement=clothes.displacement)


def _cloth() -> None:
    """What dresses in cloth, in the process that sews and in commands; and what poses and draws it."""
    import numpy as np

    from clipactor_node import body as bodies
    from clipactor_node.appearance import cloth, shipped_plain_look
    from clipactor_node.geometry import JOINT_COUNT
    from clipactor_node.render import Textured, strip

    body = bodies.load()
    cloth.warm_up(body)
    look = shipped_plain_look(body)
    image = None if look is None else look.image()
    if look is None or image is None:
        return
    skinner, texture = look.skinner(), Textured(image, look.uv, look.uv_faces, look.image("normal"))
    pose, translation = np.zeros((1, JOINT_COUNT, 3), np.float32), np.zeros((1, 3), np.float32)
    transforms = skinner.transforms(pose, translation)
    strip(skinner, texture, transforms, 0.0, width=64, height=64)
    swing = bodies.Swing(skinner, np.linspace(0, 1, len(skinner.rest_vertices)))
    swing.step(transforms[0], 0.0)
    swing.add(swing.step(transforms[0], 1 / 30), skinner.vertices(transforms[0]))


STEPS: dict[str, Callable[[], None]] = {
    "the body": _body,
    "motions, labels and clothes": _motions,
    "pictures": _pictures,
    "clothes of cloth": _cloth,
}
"""What is prepared, in which order."""
