"""Pictures without a graphics card: rasterizer, camera, light, sheets."""

from clipactor_node.render.contact_sheet import sheet
from clipactor_node.render.filmstrip import strip
from clipactor_node.render.picture import draw

__all__ = ["draw", "sheet", "strip"]
