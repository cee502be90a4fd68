"""Named schedules."""

import math
from dataclasses import replace

from clipactor_node.errors import InvalidChoice
from clipactor_node.style.frames import LONGEST
from clipactor_node.style.schedule import FieldSpec, Framing, Level, Schedule, ViewPlan, Weights

CLOSE_UPS = (
    Framing(0.60, 2.1),
    Framing(0.17, 1.1, ("spine2", "neck")),
    Framing(0.13, 1.1, ("left_knee", "right_knee")),
    Framing(0.10, 0.6, ("head",)),
)
"""Mostly the whole body, else its upper half, its legs or its head."""

PUBLISHED_VIEWS = ViewPlan(
    framings=(Framing(1.0, 4.0 * math.tan(math.radians(30.0)), ("pelvis",)),), background="white"
)
"""Cameras at a distance of 2 from the pelvis that see 60 degrees, on white: the authors' defaults."""
PUBLISHED_WEIGHTS = Weights(laplacian=750.0)
"""The authors weigh 250 against one semantic term for the three frames together; here there is one for
each, as in the paper's algorithm 1."""

PRESETS: dict[str, Schedule] = {
    # As published: 24 views, 264 images, 1,500 iterations, every frame scored, the best three, however near.
    "paper": Schedule(
        propose=False, spacing=0, scored_frames=LONGEST, views=PUBLISHED_VIEWS, weights=PUBLISHED_WEIGHTS
    ),
    # Fewer copies of the same views, a higher rate, and a stop when nothing improves any more.
    "gpu-fast": Schedule(
        iterations=400,
        learning_rate=1e-3,
        decay_every=60,
        precision="bf16",
        patience=6,
        levels=(
            Level("full", "color", 1),
            Level("local", "color", 2, crop=0.4),
            Level("geometry", "grey", 1, crop=0.1),
        ),
    ),
    # Six images an iteration: the text lays out the clothes, the pictures refine their colors.
    "cpu-preview": Schedule(
        iterations=120,
        scored_frames=24,
        moves_surface=False,
        subdivisions=0,
        learning_rate=1e-3,
        precision="bf16",
        report_every=10,
        patience=4,
        field=FieldSpec(frequencies=64, sigma=1.0, width=128, trunk=4, branch=1, reach=0.08),
        views=ViewPlan(per_frame=2, size=192, elevation=(-15.0, 30.0), framings=CLOSE_UPS, light_jitter=1.0),
        levels=(Level("full", "color", 1, perspective=0.3, distortion=0.2),),
        weights=Weights(laplacian=0.0, total_variation=0.3, saturation=0.05, readout=1.0, proposal=2.0),
    ),
    # The outfit that the words describe, as it is painted; nothing is optimized.
    "proposal": Schedule(iterations=0, scored_frames=1, subdivisions=0),
}


# The same on what is worn, clothes of cloth on the body: texture by texel, displacement by vertex.
PRESETS["dressed-preview"] = replace(PRESETS["cpu-preview"], surface="dressed")
PRESETS["dressed"] = replace(PRESETS["gpu-fast"], surface="dressed", subdivisions=0)

EMBEDDED_PRESETS = ("proposal", "cpu-preview", "dressed-preview")
"""Presets for the embedded model, which runs on any computer; the others are for CLIP."""


def suiting(device: str, at_most: int = 0) -> str:
    """The preset that "auto" stands for.

    Without a GPU that is the painted outfit: what the embedded model refines in minutes cannot be seen, or
    is a stain (docs/style.md). Who asks for a number of iterations gets `cpu-preview`.

    Args:
        device: of torch. at_most: iterations that were asked for.
    """
    if device.startswith("cuda"):
        return "gpu-fast"
    return "cpu-preview" if at_most else "proposal"


def preset(name: str) -> Schedule:
    """The schedule of that name.

    Raises:
        InvalidChoice: no such preset; lists them.
    """
    if name not in PRESETS:
        raise InvalidChoice("style preset", name, PRESETS)
    return PRESETS[name]
