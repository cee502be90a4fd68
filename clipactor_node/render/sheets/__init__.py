"""Contact sheets and reports: bodies, clips and outfits on one page."""

from clipactor_node.render.sheets.body_sheet import body_sheet
from clipactor_node.render.sheets.clip_report import report_card
from clipactor_node.render.sheets.clip_sheet import contact_sheet
from clipactor_node.render.sheets.outfit_sheet import draw_outfits, outfit_listing, outfit_sheet

__all__ = ["body_sheet", "contact_sheet", "draw_outfits", "outfit_listing", "outfit_sheet", "report_card"]
