"""What people see and press: a page of NiceGUI elements around the picture."""

from clipactor_node.stage.page.layout import add_page
from clipactor_node.stage.page.scene import Scene

__all__ = ["Scene", "add_page"]
