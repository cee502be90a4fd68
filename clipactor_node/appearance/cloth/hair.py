"""Hair with volume: a field around the skull, in strands, cut along the hairline."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from clipactor_node.appearance.cloth.body_field import Grid
from clipactor_node.appearance.cloth.cutting import Pattern, cut
from clipactor_node.appearance.cloth.sheet import Sheet, averages, largest
from clipactor_node.appearance.cloth.smooth_noise import waves
from clipactor_node.appearance.cloth.surface_nets import surface_nets
from clipactor_node.appearance.painting.per_body import PerBody, on_disk
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import Body, cached_subdivision
from clipactor_node.geometry import vertex_normals


@dataclass(frozen=True)
class Cut:
    """How hair is cut.

    Fields:
        volume: metres off the skull. rough: metres of its locks. curls: metres of its curls.
        spikes: metres of its spikes. part: where it is parted, metres to the left, None: nowhere.
        falls: how far below the middle of the skull it falls, metres; None: it does not.
        fringe: it falls over the forehead. bald: above, as on old heads. back: combed back.
        tied: how the rest of it is tied, see `hair_tails`.
    """

    volume: float = 0.018
    rough: float = 0.0026
    curls: float = 0.0
    spikes: float = 0.0
    part: float | None = None
    falls: float | None = None
    fringe: bool = False
    bald: bool = False
    back: bool = False
    tied: str | None = None


CUTS: dict[str, Cut] = {
    "short": Cut(0.020, part=0.034),
    "buzz": Cut(0.0035, 0.0006),
    "slick": Cut(0.011, 0.0030, back=True),
    "spiky": Cut(0.014, 0.0015, spikes=0.016),
    "curly": Cut(0.026, 0.0008, curls=0.0062),
    "balding": Cut(0.010, 0.0016, bald=True),
    "afro": Cut(0.060, 0.0010, curls=0.0035),
    "mohawk": Cut(0.006),
    "bun": Cut(0.010, 0.0018, back=True, tied="bun"),
    "topknot": Cut(0.008, 0.0018, back=True, tied="topknot"),
    "ponytail": Cut(0.010, 0.0020, back=True, tied="ponytail"),
    "pigtails": Cut(0.011, 0.0020, part=0.0, tied="pigtails"),
    "braid": Cut(0.011, 0.0020, back=True, tied="braid"),
    "bob": Cut(0.019, part=0.0, falls=-0.165),
    "long": Cut(0.019, part=0.0, falls=-0.415),
    "wavy": Cut(0.022, curls=0.0042, part=0.022, falls=-0.36),
    "fringe": Cut(0.020, falls=-0.30, fringe=True),
    "dreadlocks": Cut(0.013, 0.0010, curls=0.0030, tied="dreadlocks"),
}
STYLES = tuple(CUTS)
"""Every style but "bald"."""
_STEP = 0.005
_MIDDLE = np.array((0.0, 0.027, -0.105))
"""The middle of the skull from between the eyes, metres of the open body's head."""


@dataclass(frozen=True)
class Head:
    """The head and shoulders on a fine grid.

    Fields:
        grid, distance: (X, Y, Z) float32 metres to the skin. middle: (3,) of the skull. scale: of the head.
        chin: its height.
    """

    grid: Grid
    distance: np.ndarray
    middle: np.ndarray
    scale: float

    def angles(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Azimuth (0 front, positive left) and elevation seen from the middle of the skull, radians."""
        x, y, z = np.moveaxis((points - self.middle) / self.scale, -1, 0)
        return np.arctan2(x, z + 1e-9), np.arctan2(y, np.hypot(x, z))


def _head_of(body: Body) -> Head:
    surface, fine = surface_coordinates(body), cached_subdivision(body)
    crown = float(surface.levels[8])
    eye = np.array([0.0, *(np.asarray(body.template[surface.eyes], float)[:, 1:].mean(0))])
    scale = (crown - eye[1]) / 0.109
    middle = eye + scale * _MIDDLE
    points = np.asarray(fine.template, float)
    normals = vertex_normals(fine.template, fine.faces).astype(float)
    own = (
        (fine.parts == 0) & (points[:, 1] > middle[1] - 0.62 * scale) & (np.abs(points[:, 0]) < 0.26 * scale)
    )
    points, normals = points[own], normals[own]
    low = middle - scale * np.array((0.235, 0.52, 0.225))
    high = middle + scale * np.array((0.235, 0.20, 0.20))
    x, y, z = (int(n) for n in np.ceil((high - low) / _STEP) + 1)
    grid = Grid(low, (x, y, z), _STEP)

    def distances() -> dict[str, np.ndarray]:
        at = grid.points
        away, index = cKDTree(points).query(at, distance_upper_bound=0.09)
        near = np.isfinite(away)
        out = np.full(len(at), 0.09, np.float32)
        side = ((at[near] - points[index[near]]) * normals[index[near]]).sum(1)
        out[near] = np.where(side < 0, -away[near], away[near])
        deep = np.linalg.norm((at - middle) / scale, axis=1) < 0.055
        return {"distance": np.where(deep, -0.06, out).astype(np.float32).reshape(grid.shape)}

    return Head(grid, on_disk("head", body, distances, per_vertex=False)["distance"], middle, scale)


head_of = PerBody(_head_of)
"""The field around a body's head."""


def falls(style: str) -> bool:
    """Whether hair of a style goes down to neck and back."""
    return CUTS[style].falls is not None or CUTS[style].tied in (
        "ponytail",
        "pigtails",
        "braid",
        "dreadlocks",
    )


def hair_sheet(style: str, body: Body) -> Sheet:
    """The hair of a style, one of `STYLES`, as it grows on the skull; what is tied is in `hair_tails`."""
    head, how = head_of(body), CUTS[style]
    if how.falls is not None:
        return _hanging(head, how, how.falls)
    grid = head.grid
    points = np.stack(np.broadcast_arrays(*grid.axes), -1)
    azimuth, elevation = head.angles(points)
    line = _hairline(points, head, how)
    inside = np.clip(line / (0.030 if how.volume > 0.05 else 0.050), 0, 1)
    up = np.clip(np.degrees(elevation) / 60, 0, 1)
    away = 0.0012 + how.volume * (0.45 + 0.55 * up) * inside**0.7
    if style == "short":
        quiff = np.exp(-(((azimuth - 0.15) / 0.75) ** 2)) * np.exp(
            -(((np.degrees(elevation) - 44) / 17) ** 2)
        )
        away += 0.013 * quiff * inside
    away += _roughness(points, head, how) * np.clip(2 * inside, 0, 1)
    if how.part is not None:
        away -= _parting(points, head, how.part)
    if style == "mohawk":
        ridge = np.exp(-((points[..., 0] / (0.018 * head.scale)) ** 2))
        away += 0.055 * ridge * inside * np.clip(np.degrees(elevation) / 20 + 0.5, 0, 1)
    form = gaussian_filter(head.distance, 0.8) - away * head.scale
    return _finished(form, head, lambda p: _hairline(p, head, how), 4 if how.bald else 1)


def _roughness(points: np.ndarray, head: Head, how: Cut) -> np.ndarray:
    """Locks, curls and spikes, metres."""
    out = how.rough * strands(points, head)
    x, y, z = np.moveaxis((points - head.middle) / head.scale, -1, 0)
    if how.curls:
        lump = (
            np.sin(170 * x + 3 * np.sin(60 * y)) * np.sin(160 * y + 2 * np.sin(70 * z)) * np.sin(165 * z + 1)
        )
        out = out + how.curls * (1.6 * lump + 0.5 * np.sin(95 * x + 80 * z) * np.sin(90 * y + 1))
    if how.spikes:
        azimuth, elevation = head.angles(points)
        spike = waves(0.1 * azimuth * np.cos(elevation), 0.1 * elevation, 0.045, 0.045, 43)
        out = out + how.spikes * np.clip(0.55 * spike, 0, 1.3) * np.clip(elevation / 0.7, 0.15, 1)
    return out


def _parting(points: np.ndarray, head: Head, at: float) -> np.ndarray:
    x, y, z = np.moveaxis((points - head.middle) / head.scale, -1, 0)
    return 0.009 * np.exp(-(((x - at) / 0.007) ** 2)) * np.clip((y - 0.045) / 0.02, 0, 1) * (z > -0.05)


def scalp(points: np.ndarray, style: str, body: Body) -> np.ndarray:
    """How much of the scalp's color is the hair's at points (N, 3) of the skin, (N,) in [0, 1].

    Strands reach beyond the hairline, so that it has no edge.
    """
    head = head_of(body)
    azimuth, elevation = head.angles(points)
    fine = waves(0.1 * azimuth, 0.1 * elevation, 0.0045, 0.05, 41)
    beyond = 0.0015 if CUTS[style].back else 0.004
    return np.clip((_hairline(points, head, CUTS[style]) + beyond + 0.0028 * fine) / 0.010, 0, 1)


def _finished(form: np.ndarray, head: Head, line: Pattern, count: int = 1) -> Sheet:
    sheet = largest(surface_nets(form.astype(np.float32), head.grid.low, head.grid.step))
    mean = averages(len(sheet.vertices), sheet.faces)
    points = sheet.vertices
    for _ in range(2):
        points = points + 0.5 * (mean @ points - points)
    return largest(cut(sheet.moved(points), line), count)


def _hanging(head: Head, how: Cut, end: float) -> Sheet:
    """Hair that falls over ears and neck, down to `end` below the middle of the skull."""
    grid, scale = head.grid, head.scale
    points = np.stack(np.broadcast_arrays(*grid.axes), -1)
    x, y, z = np.moveaxis((points - head.middle) / scale, -1, 0)
    closed = gaussian_filter(grid.closed(head.distance, 0.03), 0.8)
    line = _hairline(points, head, how)
    inside = np.clip(line / 0.042, 0, 1)
    away = 0.0015 + how.volume * inside**0.6 + _roughness(points, head, replace(how, rough=0.0)) * inside
    if how.part is not None:
        away = away - _parting(points, head, how.part)
    cap = closed - away * scale
    skull = np.where((y > -0.075) & (line > -0.002), cap, 0.3)
    fall = skull.copy()
    for row in range(grid.shape[1] - 2, -1, -1):
        height = (grid.low[1] + grid.step * row - head.middle[1]) / scale
        if height < -0.005:
            flare = 0.16 if height > -0.15 else 0.05 if height > -0.25 else -0.10
            fall[:, row] = np.minimum(fall[:, row], fall[:, row + 1] - flare * grid.step)
    front = z - 0.030 - 0.06 * np.clip((-0.005 - y) / 0.2, 0, 1) + 0.07 * np.clip((-0.09 - y) / 0.26, 0, 1)
    fall = np.where(y < -0.005, np.maximum(fall, front * scale), fall)
    form = gaussian_filter(np.minimum(skull, fall), 1.2)
    form -= 0.0028 * strands(points, head) * np.clip((0.075 - y) / 0.10, 0.4, 1)
    form -= (
        (0.010 if how.curls else 0.004)
        * np.sin(9 * np.arctan2(x, z) + 14 * y)
        * np.clip((-0.105 - y) / 0.2, 0, 1)
    )
    low = head.middle[1] + end * scale

    def tips(p: np.ndarray) -> np.ndarray:
        a = p[:, 0] / scale
        return p[:, 1] - low - 0.010 * np.sin(37 * a + 1) - 0.005 * np.sin(91 * a) - 0.30 * np.abs(p[:, 0])

    def over_ears(p: np.ndarray) -> np.ndarray:
        found = _hairline(p, head, how)
        return np.where(p[:, 1] > head.middle[1] - 0.115 * scale, found, np.maximum(found, 0.01))

    return largest(cut(_finished(form, head, over_ears), tips))


def strands(points: np.ndarray, head: Head, seed: int = 3) -> np.ndarray:
    """Relief of locks that run down from the crown, about -1 to 1."""
    azimuth, elevation = head.angles(points)
    random, out = np.random.default_rng(seed), np.zeros(azimuth.shape)
    for often, much in ((9, 1.0), (17, 0.7), (31, 0.45), (53, 0.3)):
        phase = random.uniform(0, 2 * np.pi, 3)
        wind = 1.3 * np.sin(2.1 * elevation + phase[1]) + 0.8 * np.sin(3 * azimuth + phase[2])
        out += much * np.sin(often * azimuth + phase[0] + wind)
    return out / 1.6


_SHORT_LINE = (
    (0, 10, 24, 36, 48, 57, 64, 72, 80, 88, 106, 114, 126, 150, 180),
    (18, 19.5, 22.5, 22, 13, 9, 3, -14, -19, -10, -9, -26, -44, -50, -52),
)
_LONG_LINE = ((0, 10, 28, 46, 56, 66, 76, 90, 180), (18, 19, 22, 17, 8, -14, -60, -89, -89))
_FRINGE_LINE = ((0, 30, 46, 56, 66, 76, 90, 180), (1, 2, 3, 0, -16, -60, -89, -89))


def _hairline(points: np.ndarray, head: Head, how: Cut) -> np.ndarray:
    """Positive on hair, about metres: elevation above a line by azimuth, degrees (0 front, 180 back)."""
    azimuth, elevation = head.angles(points)
    side, high = np.abs(np.degrees(azimuth)), np.degrees(elevation)
    table = _SHORT_LINE if how.falls is None else _FRINGE_LINE if how.fringe else _LONG_LINE
    line = np.interp(side, *table)
    line = (
        line + 0.8 * np.sin(17 * azimuth + 1) + 0.5 * np.sin(41 * azimuth) + 0.35 * np.sin(83 * azimuth + 2)
    )
    if how.fringe:
        line = line + np.where(side < 50, 1.2 * np.sin(60 * azimuth), 0.0)
    out = (high - line) * 0.0016
    if how.bald:  # around the sides and the back alone
        top = np.interp(side, [40, 70, 100, 180], [-5, 12, 22, 26]) + 1.5 * np.sin(31 * azimuth)
        out = np.minimum(out, (top - high) * 0.0016)
    return out
