"""Named colors of cloth, hair and skin, and how far apart two colors look."""

import numpy as np

Color = tuple[int, int, int]
"""sRGB, 0-255."""

BASIC: dict[str, Color] = {
    "red": (200, 24, 34), "orange": (240, 120, 20), "yellow": (245, 210, 40), "green": (30, 135, 55),
    "blue": (28, 72, 190), "purple": (110, 40, 150), "pink": (240, 130, 175), "brown": (110, 68, 38),
    "black": (24, 24, 27), "white": (242, 242, 240), "grey": (128, 130, 133), "beige": (218, 198, 164),
}  # fmt: skip
"""The twelve colors everybody tells apart."""

NAMED: dict[str, Color] = BASIC | {
    "scarlet": (215, 30, 20), "crimson": (165, 16, 40), "maroon": (105, 20, 32), "burgundy": (100, 16, 42),
    "wine": (100, 20, 45), "ruby": (170, 15, 50), "cherry": (185, 20, 45), "rust": (165, 72, 32),
    "brick": (150, 60, 48), "terracotta": (195, 98, 72), "coral": (245, 115, 95), "salmon": (245, 145, 122),
    "peach": (250, 195, 160), "apricot": (245, 180, 120), "tangerine": (242, 130, 25),
    "amber": (240, 170, 30), "gold": (208, 166, 52), "mustard": (205, 160, 42), "lemon": (248, 228, 85),
    "ochre": (196, 132, 45), "lime": (145, 210, 40), "olive": (102, 105, 42), "khaki": (176, 160, 115),
    "mint": (165, 222, 190), "emerald": (15, 140, 92), "teal": (15, 120, 125), "turquoise": (50, 195, 190),
    "cyan": (40, 195, 220), "aqua": (85, 205, 215), "azure": (60, 140, 225), "sky": (130, 190, 235),
    "navy": (24, 34, 78), "indigo": (58, 42, 125), "cobalt": (20, 70, 165), "denim": (48, 80, 135),
    "sapphire": (20, 60, 150), "violet": (125, 62, 180), "lavender": (190, 172, 225),
    "lilac": (198, 165, 214),
    "mauve": (165, 120, 155), "plum": (110, 42, 92), "magenta": (200, 30, 130), "fuchsia": (215, 40, 140),
    "rose": (228, 110, 130),
    "tan": (200, 165, 120), "camel": (190, 145, 92), "sand": (215, 195, 150),
    "cream": (245, 235, 210), "ivory": (245, 240, 222), "chocolate": (80, 46, 28), "coffee": (95, 65, 45),
    "chestnut": (110, 55, 32), "copper": (178, 102, 58), "bronze": (150, 106, 55), "silver": (184, 188, 194),
    "charcoal": (58, 60, 65), "slate": (92, 104, 118), "steel": (125, 138, 150), "blonde": (215, 178, 105),
    "auburn": (115, 48, 30), "ginger": (190, 92, 38), "ebony": (30, 26, 24), "graphite": (70, 72, 76),
    "forest": (30, 80, 45), "bottle": (16, 72, 50), "royal": (38, 66, 175), "neon": (190, 245, 40),
}  # fmt: skip

SAME: dict[str, str] = {
    "gray": "grey", "golden": "gold", "blond": "blonde", "fair": "blonde", "silvery": "silver",
    "ebony": "black", "jet": "black", "snow": "white", "off-white": "cream", "nude": "beige",
    "light blue": "sky", "sky blue": "sky", "baby blue": "sky", "pale blue": "sky", "dark blue": "navy",
    "navy blue": "navy", "midnight blue": "navy", "royal blue": "royal", "electric blue": "cobalt",
    "cobalt blue": "cobalt", "denim blue": "denim", "forest green": "forest", "dark green": "forest",
    "bottle green": "bottle", "racing green": "bottle", "lime green": "lime", "mint green": "mint",
    "olive green": "olive", "olive drab": "olive", "army green": "olive", "military green": "olive",
    "emerald green": "emerald", "neon green": "neon", "neon yellow": "neon", "hi-vis yellow": "neon",
    "fluorescent yellow": "neon", "high-visibility yellow": "neon", "blood red": "crimson",
    "wine red": "wine", "dark red": "maroon", "brick red": "brick", "cherry red": "cherry",
    "hot pink": "fuchsia", "baby pink": "pink", "blush": "pink", "dark brown": "chocolate",
    "light brown": "camel", "chocolate brown": "chocolate", "off white": "cream", "jet black": "black",
    "dark grey": "charcoal", "dark gray": "charcoal", "light grey": "silver", "light gray": "silver",
    "bluegreen": "teal", "blue-green": "teal", "mustard yellow": "mustard", "sandy": "sand",
    "strawberry blonde": "copper", "platinum": "cream", "brunette": "chestnut", "redheaded": "ginger",
    "aquamarine": "turquoise", "vermilion": "scarlet", "vermillion": "scarlet", "carmine": "crimson",
    "taupe": "camel", "ecru": "cream", "eggplant": "plum", "aubergine": "plum", "periwinkle": "lavender",
    "reddish": "red", "bluish": "blue", "greenish": "green", "brownish": "brown", "greyish": "grey",
    "yellowish": "yellow", "pinkish": "pink", "purplish": "purple", "orangish": "orange",
}  # fmt: skip
"""Other ways to write a name of `NAMED`."""

SHADES = ("light", "pale", "pastel", "soft", "dark", "deep", "bright", "vivid", "neon", "faded", "dusty")
"""Words that change the color they stand before."""

SKIN: dict[str, Color] = {
    "pale": (238, 205, 185),
    "light": (228, 188, 160),
    "medium": (202, 152, 118),
    "tan": (178, 124, 88),
    "brown": (136, 90, 62),
    "dark": (92, 60, 44),
}


def color_named(name: str) -> Color | None:
    """The color called `name`, shades included ("dark olive"); None when there is none."""
    name = name.lower().strip()
    name = SAME.get(name, name)
    if name in NAMED:
        return NAMED[name]
    shade, _, rest = name.partition(" ")
    base = color_named(rest) if shade in SHADES and rest else None
    return None if base is None else shaded(base, shade)


def shaded(color: Color, shade: str) -> Color:
    """`color` as one of `SHADES` makes it."""
    mixes = {
        "light": ((255, 255, 255), 0.45),
        "pale": ((255, 255, 255), 0.55),
        "pastel": ((255, 255, 255), 0.55),
        "soft": ((255, 255, 255), 0.3),
        "dark": ((0, 0, 0), 0.45),
        "deep": ((0, 0, 0), 0.35),
        "faded": ((185, 185, 185), 0.35),
        "dusty": ((150, 140, 140), 0.35),
    }
    if shade in mixes:
        other, share = mixes[shade]
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(color, other, strict=True))
        return red, green, blue
    low, high = min(color), max(max(color), 1)  # bright, vivid, neon: as saturated as it can be
    scale = 250 / high
    red, green, blue = (round(max(c * scale - 0.5 * low, 0)) for c in color)
    return red, green, blue


def lab(colors: np.ndarray) -> np.ndarray:
    """(..., 3) sRGB in 0-255 -> (..., 3) float64 CIELAB, white point D65."""
    srgb = np.asarray(colors, np.float64) / 255.0
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1
    )


def distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """CIE76 difference of (..., 3) sRGB colors in 0-255; 2 is just visible, 100 is black to white."""
    return np.linalg.norm(lab(a) - lab(b), axis=-1)


def nearest_basic(color: Color) -> str:
    """The name in `BASIC` that looks nearest."""
    names = list(BASIC)
    return names[int(np.argmin(distance(np.array([BASIC[n] for n in names]), np.array(color))))]


def nearest_name(color: Color) -> str:
    """The name in `NAMED` that looks nearest."""
    return SPEAKABLE[int(np.argmin(np.linalg.norm(_LABS - lab(np.array(color)), axis=-1)))]


_ONLY_WITH_A_NOUN = {"royal", "bottle", "forest", "neon", "ebony", "snow", "steel", "cherry"}
SPEAKABLE = [name for name in NAMED if name not in _ONLY_WITH_A_NOUN]
"""The names in `NAMED` that can stand alone before a garment."""

_LABS = lab(np.array([NAMED[name] for name in SPEAKABLE]))
