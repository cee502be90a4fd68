"""What a style optimization does, as data: field, views, pictures, weights, steps. Needs no torch."""

from dataclasses import asdict, dataclass
from typing import Any

from clipactor_node.errors import StyleError
from clipactor_node.geometry import JOINT_INDEX


def _require(holds: bool, spec: object) -> None:
    if not holds:
        raise StyleError(f"impossible value in {spec}")


@dataclass(frozen=True)
class FieldSpec:
    """Shape of the field G_theta. The defaults are the published ones.

    frequencies, sigma: rows and standard deviation of the Fourier matrix.
    width, trunk, branch: neurons per layer, layers shared by both outputs, layers of each output.
    symmetric: the left side looks like the right one (the field sees |x|).
    reach: how far the outputs before tanh may leave a proposal; None, or without one: as far as they like.
    """

    frequencies: int = 256
    sigma: float = 8.0
    width: int = 256
    trunk: int = 5
    branch: int = 2
    symmetric: bool = True
    reach: float | None = None

    def __post_init__(self) -> None:
        sizes = min(self.frequencies, self.width, self.trunk, self.branch)
        _require(sizes >= 1 and self.sigma > 0 and (self.reach is None or self.reach > 0), self)


@dataclass(frozen=True)
class Framing:
    """What a camera looks at: the middle of some joints (none: of the whole body), and how much it sees.

    share: how often, relative to the other framings of a plan.
    height_m: how many metres of the target the picture covers from top to bottom.
    """

    share: float
    height_m: float
    joints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = all(name in JOINT_INDEX for name in self.joints)
        _require(known and self.share > 0 and self.height_m > 0, self)


WHOLE_BODY = Framing(1.0, 2.1)
"""A standing body fills nine tenths: as a mesh of radius 1 does from distance 2 at 60 degrees."""


@dataclass(frozen=True)
class ViewPlan:
    """How cameras are drawn. The defaults are the published ones.

    per_frame: N, cameras per frame and iteration; the first looks from the front.
    size: side of the rendered picture, pixels.
    fov: field of view, degrees; with a framing's height it gives the distance.
    azimuth_std: standard deviation about the front, degrees.
    elevation: lowest and highest, degrees, uniform.
    framings: drawn by their shares; the first view of a frame takes the first.
    light_jitter: how far the light wanders from view to view; 0: fixed.
    background: "white", or "random": one color per iteration.
    """

    per_frame: int = 8
    size: int = 224
    fov: float = 60.0
    azimuth_std: float = 90.0
    elevation: tuple[float, float] = (-30.0, 30.0)
    framings: tuple[Framing, ...] = (WHOLE_BODY,)
    light_jitter: float = 0.0
    background: str = "random"

    def __post_init__(self) -> None:
        sane = self.per_frame >= 1 and self.size >= 8 and 0 < self.fov < 180 and len(self.framings) >= 1
        angles = -90 < self.elevation[0] <= self.elevation[1] < 90
        _require(sane and angles and self.background in ("white", "random"), self)


@dataclass(frozen=True)
class Level:
    """One kind of picture that the text is compared with; the defaults are T_global of the paper.

    name: "full", "local" or "geometry".
    picture: "color", or "grey" for geometry alone.
    repeats: how many differently warped copies of every view are encoded in one iteration.
    crop: share of the area that a random crop keeps, of an aspect between 3:4 and 4:3, stretched to a
        square; 1: no crop.
    perspective: probability of a random perspective of the cropped picture.
    distortion: how far its corners move inwards, at most, as a share of half the side.
    """

    name: str
    picture: str
    repeats: int
    crop: float = 1.0
    perspective: float = 0.8
    distortion: float = 0.5

    def __post_init__(self) -> None:
        warp = 0 <= self.perspective <= 1 and 0 <= self.distortion < 1 and 0 < self.crop <= 1
        _require(warp and self.repeats >= 1 and self.picture in ("color", "grey"), self)


PUBLISHED_LEVELS = (
    Level("full", "color", 3),
    Level("local", "color", 4, crop=0.4),
    Level("geometry", "grey", 4, crop=0.1),
)


@dataclass(frozen=True)
class Weights:
    """How much each term counts; 0 switches it off and costs nothing.

    semantic: Eq. 4, summed over frames, levels and repeats.
    laplacian: mean length of the uniform Laplacian of the displaced content meshes, per frame, as published.
    relief: mean size of the Laplacian of the displacement alone, in metres: spares fingers and noses.
    total_variation: mean color step along the edges of the template.
    saturation: mean square of the color logits: keeps colors off the corners of the cube.
    readout: what the model reads from the pictures against what it reads from the text, if it can.
    proposal: mean square distance of the logits from where the field started.
    """

    semantic: float = 1.0
    laplacian: float = 250.0
    relief: float = 0.0
    total_variation: float = 0.0
    saturation: float = 0.0
    readout: float = 0.0
    proposal: float = 0.0


SURFACES = ("body", "smpl", "smplx", "dressed")
"""The body itself; as many of its vertices as SMPL (6,890) or SMPL-X (10,475) has; the body in clothes."""


@dataclass(frozen=True)
class Schedule:
    """Everything that determines an optimization but the prompt, the frames, the model and the seed.

    iterations: at most; 0: the proposal is the style.
    frames: k, how many content meshes.
    sampling: "text": those most like the text; "random": the paper's ablation; "centre": its base model.
    spacing: least distance of two of them, in frames.
    scored_frames: how many frames of the motion are scored, evenly spread.
    attention: weigh views by their foreground (Eq. 5); off: the plain mean of Eq. 4.
    decoupled: the field sees the T-pose; off: the first content mesh, as in the paper's ablation.
    moves_surface: optimize the displacement; off: it stays where it starts.
    propose: start from the model's proposal, if it makes any.
    surface: one of `SURFACES`, which the field is laid on.
    subdivisions: of template and content meshes, where that is the body.
    learning_rate, decay, decay_every: Adam's rate is learning_rate * decay ** (iteration // decay_every).
    precision: "fp32", or "bf16" where the device computes it fast.
    report_every: iterations between scores, snapshots and checkpoints.
    patience: reports without a better score before it stops early; 0: never.
    """

    iterations: int = 1500
    frames: int = 3
    sampling: str = "text"
    spacing: int = 15
    scored_frames: int = 60
    attention: bool = True
    decoupled: bool = True
    moves_surface: bool = True
    propose: bool = True
    subdivisions: int = 1
    learning_rate: float = 5e-4
    decay: float = 0.9
    decay_every: int = 100
    precision: str = "fp32"
    report_every: int = 25
    patience: int = 0
    field: FieldSpec = FieldSpec()
    views: ViewPlan = ViewPlan()
    levels: tuple[Level, ...] = PUBLISHED_LEVELS
    weights: Weights = Weights()
    surface: str = "body"

    def __post_init__(self) -> None:
        counts = self.iterations >= 0 and min(self.frames, self.scored_frames, self.report_every) >= 1
        rates = self.learning_rate > 0 and 0 < self.decay <= 1 and self.decay_every >= 1
        names = self.sampling in ("text", "random", "centre") and self.precision in ("fp32", "bf16")
        ranges = self.spacing >= 0 and 0 <= self.subdivisions <= 2 and self.patience >= 0
        _require(counts and rates and names and ranges and len(self.levels) >= 1, self)
        _require(self.surface in SURFACES and (self.surface == "body" or not self.subdivisions), self)

    def facts(self) -> dict[str, Any]:
        """As plain data, for cards and keys; older cards name no surface, so the body is not named."""
        facts = asdict(self)
        if self.surface == "body":
            del facts["surface"]
        return facts

    @property
    def images_per_iteration(self) -> int:
        """How many pictures the image encoder sees in one iteration, if the motion has enough frames."""
        return self.frames * self.views.per_frame * sum(level.repeats for level in self.levels)
