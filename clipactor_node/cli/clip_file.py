"""A motion clip as a file that other programs open: GLB, BVH or SMPL-X parameters."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from clipactor_node.body import export as files

if TYPE_CHECKING:
    from clipactor_node.cli.dressed_body import DressedBody
    from clipactor_node.motion import MotionClip

KINDS = (".glb", ".bvh", ".npz")


def write_clip(out: Path, clip: "MotionClip", dressed: "DressedBody", texture: int) -> None:
    """Write a clip in one of `KINDS`, as the ending of `out` says.

    Args:
        texture: texels along a side of the picture in a GLB.
    """
    kind, joints = out.suffix.lower(), dressed.skinner.rest_joints
    if kind == ".glb":
        out.write_bytes(files.glb(dressed.whole, dressed.surface, clip, dressed.displacement, texture))
    elif kind == ".bvh":
        out.write_text(files.bvh(joints, clip))
    else:
        np.savez_compressed(out, **files.amass(joints, clip))  # type: ignore[arg-type]  # none is allow_pickle
