"""The picture behind somebody: of every pixel what its ray meets, a room, ground, things far away, or sky."""

import math
from dataclasses import dataclass, replace

import numba
import numpy as np

from clipactor_node.geometry import Camera
from clipactor_node.render.environment import Environment
from clipactor_node.render.scenery.falling import fall
from clipactor_node.render.scenery.grounds import GROUNDS, WATER, ground
from clipactor_node.render.scenery.horizon import DISTANCES_M, LAYERS, layer
from clipactor_node.render.scenery.noise import fractal, over, smooth
from clipactor_node.render.scenery.settings import HOURS, PLACES, Setting, sun_of
from clipactor_node.render.scenery.sky import HORIZON, sky
from clipactor_node.render.scenery.walls import WALLS, room_seen

_CLOUDS = {"clear": 0.0, "fair": 0.42, "cloudy": 0.85, "fog": 0.0, "rain": 1.0, "snowfall": 1.0}
_SIGHT_M = {
    "clear": 30000.0,
    "fair": 14000.0,
    "cloudy": 9000.0,
    "fog": 38.0,
    "rain": 900.0,
    "snowfall": 260.0,
}
_GREY = {"cloudy": 0.45, "fog": 0.7, "rain": 0.8, "snowfall": 0.7}
_AIRLESS = ("moon", "space")
_WET = 0.3


@dataclass(frozen=True)
class Scenery:
    """A setting around somebody who stands at the origin, seen by cameras that look about one way.

    Fields:
        setting: where and when.
        heading: radians about +y from +z that point from the cameras past the avatar.
        room_m: half of a room's width, and how far behind the origin its wall is.
    """

    setting: Setting
    heading: float = math.pi
    room_m: tuple[float, float] = (5.2, 4.6)

    def before(self, azimuth: float, reach_m: float = 0.0) -> "Scenery":
        """The same, laid out for cameras that stand at an azimuth (radians about +y from +z).

        Args:
            reach_m: how far from the origin somebody goes; rooms are as large as that needs.
        """
        half, back = self.room_m
        room = max(half, reach_m + 2.0), max(back, reach_m + 1.5)
        return replace(self, heading=azimuth + math.pi, room_m=room)

    @property
    def environment(self) -> Environment:
        """The light on somebody there, greyer in bad weather."""
        light = replace(HOURS[self.setting.hour].light, backdrop=self)
        grey = _GREY.get(self.setting.weather, 0.0)
        if PLACES[self.setting.place].room or not grey:
            return light
        key = np.array(light.key) * (1.0 - 0.45 * grey)
        even = key + 0.6 * grey * (key.mean() - key)
        above = np.array(light.sky) * (1.0 + 0.4 * grey)
        return replace(light, key=tuple(even.tolist()), sky=tuple(above.tolist()))

    def behind(self, camera: Camera) -> np.ndarray:
        """What a camera sees where nobody stands: (H, W, 3) float32 linear light."""
        place, hour = PLACES[self.setting.place], HOURS[self.setting.hour]
        weather = self.setting.weather
        out = np.empty((camera.height, camera.width, 3), np.float32)
        colors = _greyed(np.array(hour.sky), 0.0 if place.room else _GREY.get(weather, 0.0))
        far = GROUNDS.index(place.far) if place.far else -1
        sight = math.inf if self.setting.place in _AIRLESS else _SIGHT_M[weather]
        cloudy = 0.0 if self.setting.hour in ("space", "spotlight") else _CLOUDS[weather]
        starry = hour.stars if weather in ("clear", "fair") else 0.0
        _paint(
            out,
            camera.axes,
            camera.focal,
            np.array(camera.position),
            self.heading,
            GROUNDS.index(place.ground),
            far,
            place.shore_m,
            place.bend,
            np.array([LAYERS.index(one) for one in place.layers], np.int64),
            np.array(place.stone or (-1.0, -1.0, -1.0)),
            WALLS.index(place.room) if place.room else -1,
            place.ceiling_m,
            *self.room_m,
            colors,
            sun_of(hour, self.heading),
            hour.disc if weather in ("clear", "fair") else 0.0,
            cloudy,
            starry,
            np.array(hour.on_ground) * (1.0 - 0.4 * _GREY.get(weather, 0.0)),
            hour.night,
            sight,
            weather == "rain" and not place.room,
            self.setting.hour == "spotlight",
            self.setting.seed * 1009 + 17,
        )
        if not place.room and weather in ("rain", "snowfall"):
            fall(out, weather == "rain", float(colors[HORIZON].mean()), self.setting.seed)
        return out


def _greyed(colors: np.ndarray, grey: float) -> np.ndarray:
    mean = colors.mean(axis=1, keepdims=True)
    dull = mean * np.array([0.97, 1.0, 1.04])
    level = 1.0 - 0.25 * grey
    mixed = level * (colors + grey * (dull - colors))
    mixed[0] += grey * (0.7 * mixed[1] - mixed[0])  # an even lid of cloud
    mixed[2] *= 1.0 - grey
    return mixed


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _paint(
    out: np.ndarray,
    axes: np.ndarray,
    focal: float,
    eye: np.ndarray,
    heading: float,
    near: int,
    far: int,
    shore: float,
    bend: float,
    layers: np.ndarray,
    stone: np.ndarray,
    room: int,
    ceiling: float,
    half: float,
    back: float,
    colors: np.ndarray,
    sun: np.ndarray,
    disc: float,
    clouds: float,
    stars: float,
    light: np.ndarray,
    night: float,
    sight: float,
    wet: bool,
    spot: bool,
    seed: int,
) -> None:
    height, width = out.shape[:2]
    sine, cosine = math.sin(heading), math.cos(heading)
    for i in range(height):
        below = (i + 0.5 - 0.5 * height) / focal
        for j in range(width):
            right = (j + 0.5 - 0.5 * width) / focal
            x = axes[2, 0] + right * axes[0, 0] + below * axes[1, 0]
            y = axes[2, 1] + right * axes[0, 1] + below * axes[1, 1]
            z = axes[2, 2] + right * axes[0, 2] + below * axes[1, 2]
            size = math.sqrt(x * x + y * y + z * z)
            x, y, z = x / size, y / size, z / size
            # The scene's own axes: b goes away from the cameras, a to their right.
            ray_a, ray_b = sine * z - cosine * x, sine * x + cosine * z
            eye_a, eye_b = sine * eye[2] - cosine * eye[0], sine * eye[0] + cosine * eye[2]
            red, green, blue = 0.0, 0.0, 0.0
            hit = math.inf
            if room >= 0:
                red, green, blue, hit = room_seen(
                    eye_a, eye[1], eye_b, ray_a, y, ray_b, room, ceiling, half, back, focal, light, spot, seed
                )
            at = -eye[1] / y if y < -1e-5 and eye[1] > 0.0 else math.inf
            if at < hit:
                a, b = eye_a + at * ray_a, eye_b + at * ray_b
                footprint = at / (focal * max(-y, 0.02))
                kind, edge = near, 0.0
                if far >= 0:
                    edge = _beyond_shore(a, b, shore, bend, seed)
                    if edge > 0.0:
                        kind = far
                red, green, blue, gloss, glow = ground(kind, a, b, footprint, seed)
                red, green, blue = red * light[0], green * light[1], blue * light[2]
                if wet and kind != WATER:
                    red, green, blue, gloss = 0.55 * red, 0.55 * green, 0.55 * blue, gloss + _WET
                if far >= 0 and kind == near and edge > -1.2:  # wet sand, and foam at the edge
                    damp = smooth(-1.2, -0.1, edge)
                    red, green, blue = (
                        red * (1.0 - 0.5 * damp),
                        green * (1.0 - 0.5 * damp),
                        blue * (1.0 - 0.5 * damp),
                    )
                    gloss += 0.1 * damp
                if gloss > 0.0:
                    mirrored = _mirrored(
                        x, y, z, ray_a, ray_b, a, b, kind, footprint, colors, sun, clouds, layers, stone,
                        room, light, night,
                        focal, sight, seed,
                    )  # fmt: skip
                    fresnel = gloss * (0.12 + 0.88 * (1.0 + y) ** 4)
                    if kind == WATER:
                        fresnel = 0.06 + 0.94 * (1.0 + y) ** 3
                    red += fresnel * (mirrored[0] - red)
                    green += fresnel * (mirrored[1] - green)
                    blue += fresnel * (mirrored[2] - blue)
                if kind == far and edge < 0.5:
                    foam = (1.0 - smooth(0.0, 0.5, edge)) * smooth(
                        0.3, 0.55, fractal(a * 3.0, b * 3.0, seed + 9, 4, footprint * 3.0)
                    )
                    red, green, blue = over(
                        red, green, blue, foam, light[0] * 0.85, light[1] * 0.88, light[2] * 0.9
                    )
                if glow > 0.0:
                    red, green, blue = red + 2.2 * glow, green + 0.42 * glow, blue + 0.04 * glow
                if spot:
                    pool = 0.14 + 0.86 * (1.0 - smooth(1.1, 2.6, math.sqrt(a * a + b * b)))
                    red, green, blue = red * pool * 3.0, green * pool * 3.0, blue * pool * 3.0
                hit = at
                if room < 0:
                    haze = 1.0 - math.exp(-at / sight) if sight < math.inf else 0.0
                    if y > -0.02 and sight < math.inf:
                        haze = max(haze, smooth(-0.006, 0.0, y) * 0.8)
                    red += haze * (colors[HORIZON, 0] - red)
                    green += haze * (colors[HORIZON, 1] - green)
                    blue += haze * (colors[HORIZON, 2] - blue)
            if room < 0:
                if hit == math.inf:
                    red, green, blue = sky(colors, x, y, z, sun, disc, clouds, stars, seed)
                flat = math.sqrt(x * x + z * z)
                for k in range(len(layers)):
                    distance = DISTANCES_M[layers[k]]
                    if flat < 1e-3 or hit < distance:
                        continue
                    up = eye[1] + distance * y / flat
                    if up < 0.0:
                        continue
                    angle = math.atan2(ray_a, ray_b)
                    if far >= 0 and distance < 100.0:  # nothing grows in the water
                        step = 9.0 / distance
                        root = (math.floor(angle / step) + 0.5) * step
                        if (
                            _beyond_shore(
                                distance * math.sin(root), distance * math.cos(root), shore, bend, seed
                            )
                            > 0.0
                        ):
                            continue
                    p, q, r, seen = _far_away(
                        layers[k],
                        angle,
                        up,
                        distance,
                        focal,
                        night,
                        stone,
                        light,
                        colors,
                        sight,
                        seed + 31 * k,
                    )
                    red, green, blue = over(red, green, blue, seen, p, q, r)
            out[i, j, 0], out[i, j, 1], out[i, j, 2] = red, green, blue


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _beyond_shore(a: float, b: float, shore: float, bend: float, seed: int) -> float:
    """Metres beyond the line where the ground ends."""
    return b - shore - bend * max(-a - 1.0, 0.0) ** 2 - (fractal(a * 0.3, 0.0, seed + 2, 3, 0.0) - 0.5)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _far_away(
    kind: int, angle: float, up: float, distance: float, focal: float, night: float, stone: np.ndarray,
    light: np.ndarray, colors: np.ndarray, sight: float, seed: int,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Light of something far away in a direction, dimmed by the air between, and how much of it is there."""
    red, green, blue, covered, own = layer(kind, distance * (angle + 40.0), up, distance / focal, night, seed)
    if covered <= 0.0:
        return 0.0, 0.0, 0.0, 0.0
    if stone[0] >= 0.0:
        shade = min(2.0 * (red + green + blue), 1.15)
        red, green, blue = shade * stone[0], shade * stone[1], shade * stone[2]
    red, green, blue = red * light[0] + 1.1 * own, green * light[1] + 0.75 * own, blue * light[2] + 0.32 * own
    haze = 1.0 - math.exp(-distance / sight) if sight < math.inf else 0.0
    red += haze * (colors[HORIZON, 0] - red)
    green += haze * (colors[HORIZON, 1] - green)
    blue += haze * (colors[HORIZON, 2] - blue)
    return red, green, blue, covered


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _mirrored(
    x: float, y: float, z: float, ray_a: float, ray_b: float, a: float, b: float, kind: int, footprint: float,
    colors: np.ndarray, sun: np.ndarray, clouds: float, layers: np.ndarray, stone: np.ndarray, room: int,
    light: np.ndarray, night: float, focal: float, sight: float, seed: int,
) -> tuple[float, float, float]:  # fmt: skip
    """What a glossy ground sends back: sky and what stands before it, through waves where it is water; in a
    room an even light."""
    if room >= 0:
        return 0.55 * light[0], 0.53 * light[1], 0.5 * light[2]
    up, tilt, slope = -y, 0.0, 0.0
    if kind == WATER:
        calm = 1.0 - smooth(0.2, 2.5, footprint)
        tilt = calm * 0.34 * (fractal(a * 0.9, b * 1.8, seed + 4, 4, footprint) - 0.5)
        slope = calm * 0.34 * (fractal(a * 0.9 + 31.0, b * 1.8, seed + 5, 4, footprint) - 0.5)
        up = max(up + abs(tilt), 0.01)
    size = math.sqrt((x + slope) ** 2 + up * up + (z + tilt) ** 2)
    p, q, r = sky(colors, (x + slope) / size, up / size, (z + tilt) / size, sun, 0.0, clouds, 0.0, seed)
    if kind == WATER:
        toward = max(((x + slope) * sun[0] + up * sun[1] + (z + tilt) * sun[2]) / size, 0.0)
        glint = 1.3 * toward**220
        angle, flat = math.atan2(ray_a, ray_b) + 0.6 * slope, math.sqrt(x * x + z * z)
        for k in range(len(layers)):
            distance = DISTANCES_M[layers[k]]
            if distance < 50.0:
                continue
            high = distance * up / max(flat, 1e-3)
            u, v, w, seen = _far_away(
                layers[k], angle, high, distance, focal, night, stone, light, colors, sight, seed + 31 * k
            )
            p, q, r = p + seen * (u - p), q + seen * (v - q), r + seen * (w - r)
        return p + glint, q + 0.8 * glint, r + 0.6 * glint
    return p, q, r
