"""Pictures of finished styles, alone and side by side. A door of its own: who plays draws none."""

from clipactor_node.style.pictures.comparison import differences, side_by_side
from clipactor_node.style.pictures.contact_sheet import contact_sheet, views_of

__all__ = ["contact_sheet", "differences", "side_by_side", "views_of"]
