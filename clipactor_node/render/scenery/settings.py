"""Where and when: places, hours and weather, found in words, and the light they bring."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from clipactor_node.errors import InvalidChoice
from clipactor_node.render.environment import Environment

_Color = tuple[float, float, float]


@dataclass(frozen=True)
class Place:
    """Fields:

    ground: of `grounds.GROUNDS`, on which one stands. far: what it becomes `shore_m` behind; "": nothing.
    layers: of `horizon.LAYERS`, the farthest first. room: of `walls.WALLS`; "": outdoors, with a ceiling.
    hour, weather: unless words say otherwise. stone: linear color of what is far away; None: its own.
    bend: how much the shore goes away on the left.
    """

    ground: str
    layers: tuple[str, ...] = ()
    room: str = ""
    far: str = ""
    shore_m: float = 5.0
    ceiling_m: float = 3.2
    hour: str = "day"
    weather: str = "fair"
    stone: _Color | None = None
    bend: float = 0.0


PLACES = {
    "beach": Place("sand", ("islands", "palms"), far="water", shore_m=4.0, bend=0.8),
    "sea": Place("wood", ("islands",), far="water", shore_m=2.4),
    "lake": Place("grass", ("mountains", "hills", "trees"), far="water", shore_m=6.0),
    "harbour": Place("concrete", ("hills",), far="water", shore_m=5.0),
    "desert": Place("sand", ("cliffs", "dunes"), weather="clear", stone=(0.55, 0.38, 0.23)),
    "meadow": Place("grass", ("mountains", "hills", "trees")),
    "park": Place("grass", ("skyline", "trees", "hedge")),
    "garden": Place("grass", ("trees", "hedge")),
    "forest": Place("leaves", ("trees", "trunks")),
    "mountains": Place("dirt", ("peaks", "hills")),
    "snow": Place("snow", ("peaks", "firs"), weather="clear"),
    "arctic": Place("ice", ("bergs",), weather="clear"),
    "city": Place("asphalt", ("skyline", "houses")),
    "rooftop": Place("concrete", ("skyline", "parapet")),
    "village": Place("cobbles", ("hills", "houses")),
    "farm": Place("dirt", ("hills", "trees", "hedge")),
    "road": Place("asphalt", ("mountains", "hills")),
    "stadium": Place("pitch", ("stands",)),
    "jungle": Place("leaves", ("mountains", "trees", "palms")),
    "volcano": Place("lava", ("mountains",), hour="dusk", weather="cloudy", stone=(0.1, 0.075, 0.07)),
    "moon": Place("moon", ("hills",), hour="space", stone=(0.26, 0.26, 0.255)),
    "mars": Place("mars", ("dunes", "cliffs"), hour="mars", weather="clear", stone=(0.4, 0.17, 0.09)),
    "space": Place("stage", (), hour="space"),
    "stage": Place("stage", (), room="curtain", ceiling_m=6.0, hour="spotlight"),
    "living room": Place("wood", (), room="plaster"),
    "office": Place("carpet", (), room="windows", ceiling_m=2.9),
    "classroom": Place("wood", (), room="blackboard"),
    "library": Place("wood", (), room="shelves", ceiling_m=4.0),
    "kitchen": Place("tiles", (), room="tiled", ceiling_m=2.8),
    "gym": Place("court", (), room="bars", ceiling_m=5.0),
    "ballroom": Place("marble", (), room="panels", ceiling_m=5.0),
    "castle": Place("cobbles", (), room="stone", ceiling_m=5.0),
    "loft": Place("concrete", (), room="bricks", ceiling_m=4.0),
}

_WORDS = {
    "beach": "beach shore seaside coast island",
    "sea": "sea ocean",
    "lake": "lake lakeside river riverside pond",
    "harbour": "harbour harbor pier dock quay port",
    "desert": "desert dunes sahara",
    "meadow": "meadow field grass countryside valley nature outdoors",
    "park": "park",
    "garden": "garden yard lawn backyard",
    "forest": "forest woods wood",
    "mountains": "mountain mountains alps summit peak cliff",
    "snow": "snowy ski slope",
    "arctic": "arctic antarctica iceberg ice glacier",
    "city": "city street downtown town crossing",
    "rooftop": "rooftop roof skyscraper skyline",
    "village": "village square market",
    "farm": "farm ranch barn",
    "road": "road highway route motorway",
    "stadium": "stadium pitch football soccer",
    "jungle": "jungle rainforest tropics",
    "volcano": "volcano lava hell",
    "moon": "moon lunar",
    "mars": "mars martian",
    "space": "space stars galaxy universe cosmos",
    "stage": "stage theatre theater concert opera spotlight",
    "living room": "room home house bedroom apartment indoors",
    "office": "office workplace",
    "classroom": "classroom school university",
    "library": "library bookshop",
    "kitchen": "kitchen restaurant bathroom hospital laboratory lab",
    "gym": "gym gymnasium dojo court",
    "ballroom": "ballroom palace hall museum church",
    "castle": "castle dungeon fortress cave",
    "loft": "loft garage workshop studio warehouse cellar",
}
_HOURS = {
    "dawn": "dawn sunrise morning",
    "day": "day noon midday daylight sunny afternoon",
    "sunset": "sunset sundown",
    "dusk": "dusk twilight evening",
    "night": "night midnight moonlight",
}
_WEATHERS = {
    "clear": "clear cloudless",
    "fair": "fair",
    "cloudy": "cloudy clouds overcast grey gray",
    "fog": "fog foggy mist misty haze",
    "rain": "rain rainy raining storm stormy thunderstorm",
    "snowfall": "snowing snowfall blizzard snowstorm",
}
WEATHERS, HOUR_WORDS = tuple(_WEATHERS), tuple(_HOURS)
_NAMES = sorted(
    {
        *PLACES,
        *(
            word
            for table in (_WORDS, _HOURS, _WEATHERS)
            for words in table.values()
            for word in words.split()
        ),
    },
    key=len,
    reverse=True,
)
_NAME = rf"(?:{'|'.join(map(re.escape, _NAMES))})"
_UNDER_THE_MOON = re.compile(r"\bunder (?:the )?(?:full )?(?:moon|stars)\b", re.IGNORECASE)
_PHRASE = re.compile(
    r"\b(?:in front of|on|in|at|by|under|near|beside|before|during|inside|across|against|over)\s+"
    rf"(?:(?:an?|the|some|his|her|their)\s+)?(?:\w+\s+){{0,2}}?{_NAME}(?:\s+{_NAME})*\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hour:
    """Light of an hour: the sky's five rows (`sky.ZENITH` and on), where the sun is and how large, what falls
    on the ground, and lights on the avatar."""

    sky: tuple[_Color, _Color, _Color, _Color, _Color]
    sun: tuple[float, float]  # radians to the right of what lies behind the avatar, and above the horizon
    disc: float
    stars: float
    on_ground: _Color
    night: float
    light: Environment


HOURS = {
    "dawn": Hour(
        ((0.16, 0.26, 0.5), (0.92, 0.62, 0.48), (0.9, 0.5, 0.28), (0.95, 0.74, 0.64), (0.45, 0.36, 0.44)),
        (0.42, 0.05), 0.0003, 0.0, (0.85, 0.72, 0.66), 0.25,
        Environment(floor_shade=1.0, key=(0.98, 0.78, 0.62), fill=(0.22, 0.24, 0.34), sky=(0.34, 0.34, 0.42),
                    ground=(0.24, 0.19, 0.17), rim=0.5),
    ),
    "day": Hour(
        ((0.07, 0.2, 0.55), (0.55, 0.7, 0.88), (0.35, 0.32, 0.25), (0.97, 0.97, 0.98), (0.55, 0.6, 0.68)),
        (-0.9, 0.75), 0.0, 0.0, (1.06, 1.02, 0.95), 0.0,
        Environment(floor_shade=1.0, key=(1.05, 0.99, 0.9), fill=(0.17, 0.2, 0.26), sky=(0.36, 0.4, 0.47),
                    ground=(0.22, 0.22, 0.2), rim=0.25),
    ),
    "sunset": Hour(
        ((0.1, 0.13, 0.32), (0.95, 0.42, 0.16), (1.1, 0.5, 0.16), (1.0, 0.56, 0.36), (0.34, 0.2, 0.28)),
        (0.3, 0.035), 0.0004, 0.0, (0.82, 0.5, 0.36), 0.45,
        Environment(floor_shade=1.0, key=(1.05, 0.68, 0.42), fill=(0.24, 0.18, 0.28), sky=(0.32, 0.25, 0.3),
                    ground=(0.26, 0.15, 0.1), rim=0.75),
    ),
    "dusk": Hour(
        ((0.035, 0.055, 0.16), (0.42, 0.25, 0.34), (0.4, 0.17, 0.14), (0.5, 0.34, 0.42), (0.13, 0.11, 0.2)),
        (0.5, -0.05), 0.0, 0.35, (0.38, 0.33, 0.42), 0.9,
        Environment(floor_shade=1.0, key=(0.68, 0.58, 0.66), fill=(0.2, 0.16, 0.26), sky=(0.22, 0.2, 0.3),
                    ground=(0.12, 0.1, 0.12), rim=0.6),
    ),
    "night": Hour(
        ((0.004, 0.007, 0.02), (0.035, 0.05, 0.1), (0.05, 0.06, 0.08), (0.1, 0.12, 0.17), (0.02, 0.02, 0.05)),
        (-0.45, 0.4), 0.0012, 0.9, (0.12, 0.15, 0.23), 1.0,
        Environment(floor_shade=1.0, key=(0.5, 0.6, 0.85), fill=(0.16, 0.12, 0.2), sky=(0.11, 0.14, 0.22),
                    ground=(0.05, 0.06, 0.08), rim=0.8),
    ),
    "space": Hour(
        ((0.0005, 0.0005, 0.001), (0.0005, 0.0005, 0.001), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        (-0.9, 0.5), 0.0, 1.0, (1.1, 1.1, 1.08), 1.0,
        Environment(floor_shade=1.0, key=(1.3, 1.27, 1.2), fill=(0.05, 0.06, 0.09), sky=(0.06, 0.06, 0.08),
                    ground=(0.16, 0.16, 0.16), rim=0.5),
    ),
    "mars": Hour(
        ((0.42, 0.26, 0.16), (0.72, 0.45, 0.28), (0.2, 0.2, 0.22), (0.8, 0.55, 0.4), (0.5, 0.32, 0.22)),
        (-0.7, 0.5), 0.0004, 0.0, (0.95, 0.85, 0.75), 0.0,
        Environment(floor_shade=1.0, key=(1.0, 0.88, 0.75), fill=(0.22, 0.16, 0.13), sky=(0.4, 0.3, 0.22),
                    ground=(0.28, 0.16, 0.1), rim=0.3),
    ),
    "spotlight": Hour(
        ((0.01, 0.01, 0.015), (0.01, 0.01, 0.015), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        (0.0, 0.9), 0.0, 0.0, (1.0, 0.93, 0.82), 1.0,
        Environment(floor_shade=1.0, key=(1.3, 1.15, 0.95), fill=(0.32, 0.1, 0.26), sky=(0.2, 0.18, 0.22),
                    ground=(0.12, 0.08, 0.07), rim=0.8),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """A place at an hour in some weather. `seed`: other hills and clouds of the same kind."""

    place: str = "meadow"
    hour: str = "day"
    weather: str = "fair"
    seed: int = 0

    def __post_init__(self) -> None:
        for what, given, known in (
            ("place", self.place, PLACES),
            ("hour", self.hour, HOURS),
            ("weather", self.weather, _WEATHERS),
        ):
            if given not in known:
                raise InvalidChoice(what, given, known)

    @property
    def named(self) -> str:
        """In words."""
        hour = "" if self.hour in ("day", "space", "mars", "spotlight") else f" at {self.hour}"
        weather = "" if self.weather in ("fair", "clear") else f", {self.weather}"
        return f"{self.place}{hour}{weather}"


def setting_of(text: str, seed: int = 0) -> Setting | None:
    """The setting that words name; None: they name none.

    Of a sentence only phrases of place and time count ("on a beach", not "a city girl"), of those the last
    place and the first hour and weather; "beach at sunset" is one as a whole.
    """
    text = _UNDER_THE_MOON.sub("at night", text)
    phrases = " ".join(match.group() for match in _PHRASE.finditer(text))
    others = set(re.findall(r"[a-z]+", _PHRASE.sub(" ", text).lower())) - {"a", "an", "the", "and"}
    said = text if others <= set(_NAMES) | {"living", "room"} else phrases
    words = re.findall(r"[a-z]+", said.lower())
    place = _found(reversed(words), _WORDS, said)
    hour = _found(words, _HOURS)
    weather = _found(words, _WEATHERS)
    if place is None and hour is None and weather is None:
        return None
    chosen = Setting(place or ("snow" if weather == "snowfall" else "meadow"), seed=seed)
    known = PLACES[chosen.place]
    if known.hour != "day":
        hour = None if known.hour in ("space", "spotlight", "mars") else hour
    return replace(chosen, hour=hour or known.hour, weather=weather or known.weather)


def without_setting(text: str) -> str:
    """What is left of a sentence without the phrases that say where and when.

    "a cook waves on a beach at night" -> "a cook waves"; the sentence itself if nothing would be left.
    """
    rest = " ".join(_PHRASE.sub(" ", _UNDER_THE_MOON.sub("at night", text)).split()).strip(" ,")
    return rest or text


def _found(words: Iterable[str], table: dict[str, str], text: str = "") -> str | None:
    by_word = {word: name for name, listed in table.items() for word in listed.split()}
    for name in table:
        if " " in name and name in text.lower():
            return name
    return next((by_word[word] for word in words if word in by_word), None)


def sun_of(hour: Hour, heading: float) -> np.ndarray:
    """Unit vector towards the sun; `heading`: radians about +y from +z of what lies behind the avatar."""
    aside, up = hour.sun
    azimuth = heading - aside
    return np.array([np.sin(azimuth) * np.cos(up), np.sin(up), np.cos(azimuth) * np.cos(up)])
