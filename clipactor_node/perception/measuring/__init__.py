"""Drawn people whose pose is known, and how far recovered poses are from it."""

from clipactor_node.perception.measuring.accuracy import HIDDEN, WAYS, Result, measure, mpjpe, pa_mpjpe
from clipactor_node.perception.measuring.rendered import (
    OUTFITS,
    SETUPS,
    CameraSetup,
    Dressed,
    Scene,
    covered,
    draw_scene,
    held_out,
    held_out_names,
)

__all__ = [
    "HIDDEN",
    "OUTFITS",
    "SETUPS",
    "WAYS",
    "CameraSetup",
    "Dressed",
    "Result",
    "Scene",
    "covered",
    "draw_scene",
    "held_out",
    "held_out_names",
    "measure",
    "mpjpe",
    "pa_mpjpe",
]
