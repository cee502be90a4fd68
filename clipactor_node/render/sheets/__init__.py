"""Contact sheets and reports: bodies, clips and outfits on one page."""

from clipactor_node.render.sheets.body_views import body_sheet
from clipactor_node.render.sheets.clip_report import draw_clip_report
from clipactor_node.render.sheets.clip_sheet import contact_sheet
from clipactor_node.render.sheets.cloth_sheet import AZIMUTHS, POSES, cloth_sheet, pose_named
from clipactor_node.render.sheets.outfit_sheet import outfit_lines, write_dressed, write_proposals

__all__ = [
    "AZIMUTHS",
    "POSES",
    "body_sheet",
    "cloth_sheet",
    "contact_sheet",
    "pose_named",
    "outfit_lines",
    "draw_clip_report",
    "write_dressed",
    "write_proposals",
]
