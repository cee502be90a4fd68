"""What `clipactor render` writes: moments in a picture, or a film."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from clipactor_node.cli.dressed_body import DressedBody
from clipactor_node.cli.render_performance import Performance
from clipactor_node.cli.waiting import progress
from clipactor_node.render import (
    Environment,
    FilmActor,
    draw_figures,
    facing,
    film_camera,
    film_frames,
    sheet,
    strip,
    swung,
    write_film,
)

_APART = 1.1  # metres between people of one picture


@dataclass(frozen=True)
class Look:
    """How it is drawn: size of a panel in pixels, radians of the views from where the first person faces,
    kind of camera, surroundings; whether cloth swings in films."""

    size: tuple[int, int]
    angles: Sequence[float]
    camera: str
    environment: Environment
    transparent: bool
    cloth_motion: bool = True


@dataclass(frozen=True)
class Scene:
    """Who is seen together: dressed bodies and what they perform; the first one's text is the caption."""

    text: str
    people: Sequence[tuple[DressedBody, Performance]]

    def actors(
        self, azimuth: float, moment: int | None = None, frames: int = 1, rate_hz: float = 0.0
    ) -> list[FilmActor]:
        """Side by side, as seen from `azimuth`; one moment held for so many frames, if it is given.

        Args:
            rate_hz: of the frames, in which cloth swings; 0: it does not.
        """
        right = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)], np.float32)
        actors = []
        for index, (worn, performance) in enumerate(self.people):
            beside = (index + 1) // 2 * (1 if index % 2 else -1)
            transforms, faces = performance.transforms.copy(), performance.faces
            if moment is not None:
                at = min(moment, len(transforms) - 1)
                transforms, faces = (np.repeat(a[at : at + 1], frames, axis=0) for a in (transforms, faces))
            transforms[..., :3, 3] += _APART * beside * right
            swing = swung(worn.skinner, worn.swing, transforms, rate_hz) if rate_hz else None
            actors.append(FilmActor(worn.skinner, transforms, worn.colors, worn.displacement, faces, swing))
        return actors

    def azimuth(self, angle: float) -> float:
        """Radians about +y from +z of an angle from where the first person faces at first."""
        return angle + facing(self.people[0][1].transforms[0, 0, :3, 2])

    def moments(self, count: int) -> list[int]:
        """Frames of the first person at equal distances, once it is under way; one: the middle."""
        first = self.people[0][1]
        last = len(first.transforms) - 1
        if count == 1:
            return [(first.entry + last) // 2]
        return [int(moment) for moment in np.linspace(first.entry, last, count).round()]


def reach(scenes: Sequence[Scene]) -> float:
    """Metres that anybody goes from the origin."""
    ways = [performance.transforms[:, 0, [0, 2], 3] for scene in scenes for _, performance in scene.people]
    return float(max(np.linalg.norm(way, axis=1).max() for way in ways))


def write_picture(scenes: Sequence[Scene], out: Path, look: Look, count: int, title: str | None) -> None:
    """Moments at equal distances, one row per scene and view."""
    rows = [_row(scene, angle, look, count) for scene in scenes for angle in look.angles]
    if look.transparent:
        Image.fromarray(np.concatenate(rows)).save(out, optimize=True)
        return
    captions = None
    if len(scenes) > 1:
        captions = [scene.text for scene in scenes for _ in look.angles]
    image = sheet(rows, captions, columns=1, title=title, background=look.environment.background)
    Image.fromarray(image).save(out, optimize=True)


def _row(scene: Scene, angle: float, look: Look, count: int) -> np.ndarray:
    width, height = look.size
    if len(scene.people) == 1 and count > 1:
        worn, performance = scene.people[0]
        moments = scene.moments(count)
        return strip(
            worn.skinner,
            worn.colors,
            performance.transforms[moments],
            angle,
            width=width,
            height=height,
            displacement=worn.displacement,
            face=performance.faces[moments],
            environment=look.environment,
            transparent=look.transparent,
        )
    edges = np.linspace(0, width, count + 1).round().astype(int)
    panels, azimuth = [], scene.azimuth(angle)
    for moment, room in zip(scene.moments(count), np.diff(edges), strict=True):
        actors = scene.actors(azimuth, moment)
        camera = film_camera(
            "fixed", [(a.skinner, a.transforms) for a in actors], azimuth, (int(room), height)
        )
        figures = [actor.figure(0) for actor in actors]
        panels.append(draw_figures(figures, camera.at(0), look.environment, look.transparent))
    return np.concatenate(panels, axis=1)


def write_video(
    scenes: Sequence[Scene],
    out: Path,
    look: Look,
    rate_hz: float,
    turns_s: float | None,
    sound: Path | None = None,
) -> None:
    """One panel per scene and view, side by side.

    Args:
        turns_s: seconds in which the camera goes around one moment that is held; None: the whole motion.
    """
    panels = []
    even = look.size[0] // 2 * 2, look.size[1] // 2 * 2  # H.264 halves colors
    for scene in scenes:
        for angle in look.angles:
            frames = round(turns_s * rate_hz) if turns_s else 1
            azimuth = scene.azimuth(angle)
            moment = scene.moments(1)[0] if turns_s else None
            actors = scene.actors(azimuth, moment, frames, rate_hz if look.cloth_motion else 0.0)
            moving = [(actor.skinner, actor.transforms) for actor in actors]
            panels.append((actors, film_camera(look.camera, moving, azimuth, even)))
    pictures = film_frames(panels, look.environment, look.transparent)
    if len(scenes) > 1 and not look.transparent:
        captions = [scene.text for scene in scenes for _ in look.angles]
        below = _captions(captions, even, look.environment)
        pictures = (np.concatenate([picture, below]) for picture in pictures)
    count = max(len(actor.transforms) for actors, _ in panels for actor in actors)
    write_film(out, progress(pictures, "drawing", count), rate_hz, sound)


def _captions(captions: Sequence[str], size: tuple[int, int], environment: Environment) -> np.ndarray:
    """A line of captions as wide as the panels above it."""
    empty = [np.zeros((2, size[0], 3), np.uint8)] * len(captions)
    line = sheet(empty, captions, columns=len(captions), background=environment.background)[2:]
    return line[: len(line) // 2 * 2]
