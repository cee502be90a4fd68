"""Building the open body: `build_open_body` makes the `Body` that `models/body/open_body.npz` holds."""

from clipactor_node.body.build.assemble import build_open_body
from clipactor_node.body.build.base_mesh import write_base_mesh
from clipactor_node.body.build.figures import figure_directions

__all__ = ["build_open_body", "figure_directions", "write_base_mesh"]
