"""Contact sheets and reports: bodies, clips and outfits on one page."""

from clipactor_node.render.sheets.body_sheet import body_sheet
from clipactor_node.render.sheets.clip_report import draw_clip_report
from clipactor_node.render.sheets.clip_sheet import contact_sheet

__all__ = ["body_sheet", "contact_sheet", "draw_clip_report"]
