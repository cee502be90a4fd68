"""Light, floor and camera; the floor glides along, so that the avatar stays in view."""

import numpy as np
import numpy.typing as npt
import viser

NODE = "/stage"
"""The part of viser's scene that glides; what lies below it moves along."""
_FOLLOW_S = 0.35  # it closes in on the avatar with this time constant


class Environment:
    """The surroundings of the avatar, in metres, ROS axes.

    Rather than moving everybody's camera, which belongs to who looks, floor and avatar are moved back by
    what the avatar walks.

    Fields:
        follow: whether it does; else the floor stays put and the avatar may walk out of view.
    """

    def __init__(self, server: viser.ViserServer) -> None:
        self.follow = True
        self._server = server
        self._offset = np.zeros(2)
        scene = server.scene
        scene.set_up_direction("+z")
        scene.configure_environment_map(hdri=None)  # viser's own is fetched from the internet
        scene.configure_default_lights(enabled=False)
        self._frame = scene.add_frame(NODE, show_axes=False)
        scene.add_grid(
            f"{NODE}/floor",
            infinite_grid=True,
            fade_distance=14.0,
            cell_size=0.5,
            section_size=1.0,
            cell_color=(226, 228, 232),
            section_color=(206, 209, 214),
            shadow_opacity=0.25,
            plane_color=(240, 241, 244),
            plane_opacity=1.0,
        )
        scene.add_light_hemisphere(
            "/light/sky", sky_color=(255, 255, 255), ground_color=(196, 190, 184), intensity=2.1
        )
        for name, position, color, intensity in (  # a directional light shines towards the origin
            ("key", (3.0, -1.5, 4.5), (255, 246, 232), 1.9),
            ("fill", (1.5, 4.0, 1.5), (228, 236, 255), 0.7),
            ("rim", (-4.0, 1.0, 3.0), (255, 255, 255), 0.5),
        ):
            scene.add_light_directional(
                f"/light/{name}",
                color=color,
                intensity=intensity,
                position=position,
                cast_shadow=name == "key",
            )
        server.initial_camera.position = (4.0, 1.6, 1.6)
        server.initial_camera.look_at = (0.0, 0.4, 0.9)  # the controls cover the right
        server.initial_camera.fov = np.radians(40.0)

    def track(self, place: npt.NDArray[np.float64], seconds: float) -> None:
        """Glide towards `place` (x, y in map), `seconds` after the last call."""
        target = np.asarray(place[:2], np.float64) if self.follow else np.zeros(2)
        step = 1.0 - np.exp(-max(seconds, 0.0) / _FOLLOW_S)
        away = target - self._offset
        if np.linalg.norm(away) > 3.0:  # the avatar was put elsewhere: cut, do not chase
            step = 1.0
        if np.linalg.norm(away) > 1e-4:
            self._offset = self._offset + step * away
            self._frame.position = (-self._offset[0], -self._offset[1], 0.0)
