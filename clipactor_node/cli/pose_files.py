"""Files of `clipactor pose`: pictures, GLBs and SMPL-X parameters of poses made from words."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from clipactor_node.cli.dressed_body import DressedBody
    from clipactor_node.generation.poses import PoseMade, PoseMaker
    from clipactor_node.motion import MotionClip

PICTURE, MODEL, PARAMETERS = ".png", ".glb", ".npz"
ENDINGS = (PICTURE, MODEL, PARAMETERS)


@dataclass(frozen=True)
class Order:
    """How poses are made and drawn: the options of the command; size in pixels, azimuth in radians."""

    samples: int
    seed: int
    count: int
    size: tuple[int, int]
    azimuth: float
    style: str


@dataclass(frozen=True)
class PoseWriter:
    """Makes and writes poses; opened once, however many texts."""

    maker: "PoseMaker"

    @classmethod
    def open(cls) -> "PoseWriter":
        """Load the body and the text encoder."""
        from clipactor_node.body import Skinner, load
        from clipactor_node.generation.poses import PoseMaker
        from clipactor_node.text import load_encoder

        return cls(PoseMaker(Skinner(load()), load_encoder()))

    def write(self, text: str, out: Path, order: Order) -> tuple[list[str], tuple[str, ...]]:
        """Make the poses of a text and write them; what was made, and what to mind.

        Raises:
            ClipActorError: no pose can be made of it, see `PoseMaker.make`.
        """
        from clipactor_node.cli.dressed_body import DressedBody
        from clipactor_node.errors import PromptError
        from clipactor_node.generation.poses import describes_body, refused_reason
        from clipactor_node.language import parse

        prompt = parse(text)
        acts = any(layer.verb for step in prompt.plan for layer in step)
        if why := refused_reason(text, acts):
            raise PromptError(why)
        wanted = " and ".join(prompt.actions) if acts and prompt.appearance else text
        made = self.maker.several(wanted, order.count, order.samples, order.seed)
        if out.suffix.lower() == PARAMETERS:  # of the mean shape: nothing is to be dressed for them
            paths = _paths(out, len(made))
            for path, one in zip(paths, made, strict=True):
                _write_parameters(path, _clip(text, one.pose, one.translation), self.maker)
            return [*_lines(text, made), *map(str, paths)], made[0].notes
        limbs = describes_body(prompt.appearance)  # "arms crossed" says nothing of clothes
        dressed = DressedBody.open(order.style, "a person stands" if limbs else prompt)
        if out.suffix.lower() == PICTURE:
            _draw(out, made, dressed, order)
            return [*_lines(text, made), str(out)], (*made[0].notes, *dressed.notes)
        for path, one in zip(paths := _paths(out, len(made)), made, strict=True):
            _write_model(path, text, one, dressed)
        return [*_lines(text, made), *map(str, paths)], (*made[0].notes, *dressed.notes)


def _lines(text: str, made: "list[PoseMade]") -> list[str]:
    return [f"{text!r} -> {how}" for how in dict.fromkeys(one.how for one in made)]


def _paths(out: Path, count: int) -> list[Path]:
    return [out] if count == 1 else [out.with_stem(f"{out.stem}-{n + 1}") for n in range(count)]


def checked(out: Path, text: str) -> None:
    """Refuse what cannot be written.

    Raises:
        ClipActorError: another kind of file, no folder, or no words.
    """
    from clipactor_node.errors import ClipActorError, InvalidChoice

    if not text.strip():
        raise ClipActorError(
            "no words were given; say how somebody is, such as 'stands like a superhero', or --prompts"
        )
    if out.suffix.lower() not in ENDINGS:
        raise InvalidChoice("file type of --out", out.suffix, ENDINGS)
    if not out.absolute().parent.is_dir():
        raise ClipActorError(f"--out {out}: there is no folder {out.absolute().parent}; make it first")


def _draw(out: Path, made: "list[PoseMade]", dressed: "DressedBody", order: Order) -> None:
    import numpy as np
    from PIL import Image

    from clipactor_node.render import strip

    width, height = order.size
    poses = np.stack([one.pose for one in made])
    translations = dressed.translations(poses, np.stack([one.translation for one in made]))
    transforms = dressed.skinner.transforms(poses, translations)
    panels = [
        strip(dressed.skinner, dressed.colors, one[None], order.azimuth, width=width, height=height,
              displacement=dressed.displacement)
        for one in transforms
    ]  # fmt: skip
    Image.fromarray(np.concatenate(panels, axis=1)).save(out, optimize=True)


def _clip(text: str, pose: "np.ndarray", translation: "np.ndarray") -> "MotionClip":
    """A pose (55, 3) at a place (3,) as a clip of one frame."""
    from clipactor_node.motion import MotionClip

    return MotionClip("pose", 30.0, pose[None], translation[None], captions=(" ".join(text.split())[:200],))


def _write_parameters(out: Path, clip: "MotionClip", maker: "PoseMaker") -> None:
    import numpy as np

    from clipactor_node.body.export import amass

    fields = amass(maker.floor.legs.rest_joints, clip)
    np.savez_compressed(out, **fields)  # type: ignore[arg-type]  # none is allow_pickle


def _write_model(out: Path, text: str, made: "PoseMade", dressed: "DressedBody") -> None:
    from clipactor_node.cli.clip_file import write_clip

    translation = dressed.translations(made.pose[None], made.translation[None])[0]
    write_clip(out, _clip(text, made.pose, translation), dressed, 1024)
