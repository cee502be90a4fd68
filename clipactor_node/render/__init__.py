"""Pictures and films without a graphics card: light, floor, sheets, a camera that follows."""

from clipactor_node.render.albedo import Textured
from clipactor_node.render.contact_sheet import sheet
from clipactor_node.render.facing import facing
from clipactor_node.render.film import FollowingCamera, film_frames, write_film
from clipactor_node.render.filmstrip import strip
from clipactor_node.render.picture import draw

__all__ = ["FollowingCamera", "Textured", "draw", "facing", "film_frames", "sheet", "strip", "write_film"]
