"""Pictures and films without a graphics card: light, floor, sheets, cameras."""

from clipactor_node.render.albedo import Textured
from clipactor_node.render.cameras import CAMERAS, FilmCamera, FixedCamera, FollowingCamera, film_camera
from clipactor_node.render.contact_sheet import sheet
from clipactor_node.render.environment import ENVIRONMENTS, STUDIO, Environment
from clipactor_node.render.facing import facing
from clipactor_node.render.film import FILMS, FilmActor, film_frames, swung, write_film
from clipactor_node.render.filmstrip import strip
from clipactor_node.render.named_environment import environment_named
from clipactor_node.render.picture import Figure, draw, draw_figures

__all__ = [
    "CAMERAS",
    "ENVIRONMENTS",
    "FILMS",
    "STUDIO",
    "Environment",
    "Figure",
    "FilmActor",
    "FilmCamera",
    "FixedCamera",
    "FollowingCamera",
    "Textured",
    "draw",
    "draw_figures",
    "environment_named",
    "facing",
    "film_camera",
    "film_frames",
    "sheet",
    "strip",
    "swung",
    "write_film",
]
