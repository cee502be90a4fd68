"""What an accessory is made of and lies on: the body, and the form of all that is worn beneath it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from clipactor_node.appearance.cloth.binding import Anchors, anchors_of, hanging_weights, weights_of
from clipactor_node.appearance.cloth.body_field import BodyField, Grid, body_field, softened
from clipactor_node.appearance.cloth.cutting import Pattern
from clipactor_node.appearance.cloth.folds import fold_heights
from clipactor_node.appearance.cloth.forms import form_of
from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.appearance.cloth.hair import Head, head_of
from clipactor_node.appearance.cloth.sewing import sewn
from clipactor_node.appearance.cloth.sheet import Sheet
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.cloth.tailoring import assembled
from clipactor_node.appearance.cloth.unwrapping import facing_front, laid_flat
from clipactor_node.appearance.garments import Piece
from clipactor_node.appearance.painting.surface import Surface, surface_at, surface_coordinates
from clipactor_node.body import Body
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX

_CLOSING = 0.045
_AWAY = 9.0


@dataclass(frozen=True)
class Wearing:
    """One accessory that is being made.

    Fields:
        piece: what it is. body: on whom. beneath: the cuts that it lies on.
    """

    piece: Piece
    body: Body
    beneath: tuple[GarmentSpec, ...]

    @cached_property
    def surface(self) -> Surface:
        """Coordinates of the body."""
        return surface_coordinates(self.body)

    @cached_property
    def field(self) -> BodyField:
        """Distances to the skin."""
        return body_field(self.body)

    @property
    def grid(self) -> Grid:
        """That of the field."""
        return self.field.grid

    @cached_property
    def head(self) -> Head:
        """The head on a fine grid."""
        return head_of(self.body)

    @cached_property
    def form(self) -> np.ndarray:
        """(X, Y, Z) distance to all that is worn beneath, and to the skin where nothing is."""
        forms = [softened(self.grid.closed(self.field.whole, 0.02), 1.0)]
        forms += [form_of(spec, self.field, self.surface) for spec in self.beneath]
        return np.minimum.reduce(forms)

    @cached_property
    def trunk(self) -> np.ndarray:
        """The same without arms, bridging dents as stiff things do."""
        forms = [softened(self.grid.closed(self.field.armless, _CLOSING), 1.2)]
        forms += [form_of(spec, self.field, self.surface) for spec in self.beneath]
        near = np.abs(self.grid.axes[0]) < float(self.surface.shoulder[0]) + 0.05
        return np.where(near, np.minimum.reduce(forms), np.maximum(forms[0], 0.02)).astype(np.float32)

    def height(self, anatomical: float) -> float:
        """Metres, see `garments`."""
        return self.surface.y_at(anatomical)

    def depth_at(self, x: float, y: float, side: float = 1.0, form: np.ndarray | None = None) -> float:
        """z where a line from far in front (side 1) or behind (-1) meets the form at x, y."""
        z = np.linspace(0.45 * side, -0.3 * side, 300)
        points = np.stack([np.full(300, x), np.full(300, y), z], 1)
        values = self.grid.sample(self.trunk if form is None else form, points)
        inside = np.flatnonzero(values < 0)
        return float(z[inside[0]]) if len(inside) else 0.0

    def shell(
        self,
        lines: list[Pattern],
        lift: float,
        count: int = 1,
        trim: int = 0,
        thick: float = 0.003,
        form: np.ndarray | None = None,
        grid: Grid | None = None,
        hangs: bool = False,
    ) -> GarmentMesh:
        """A layer `lift` metres over the form within the lines, and over the folds of what is beneath."""
        form, grid = (self.trunk if form is None else form), grid or self.grid
        sheet = sewn((form - lift).astype(np.float32), grid, lines, count)
        sheet = sheet.moved(sheet.vertices + self._folds(sheet)[:, None] * sheet.normals)
        return self.bound(sheet, trim, thick, hangs=hangs)

    def _folds(self, sheet: Sheet) -> np.ndarray:
        at = surface_at(self.body, sheet.vertices, sheet.normals, np.zeros(len(sheet.vertices)))
        return np.max(
            [np.zeros(len(at.x)), *(fold_heights(s, at) for s in self.beneath if s.family != "cape")], axis=0
        )

    def bound(
        self,
        sheet: Sheet,
        trim: int = 0,
        thick: float = 0.003,
        smoothing: int = 8,
        hangs: bool = False,
        hides: np.ndarray | None = None,
    ) -> GarmentMesh:
        """Held to the skin beneath."""
        body, surface = self.body, self.surface
        chosen = (body.parts == 0) & ~surface.arm
        if sheet.vertices[:, 0].max() > float(surface.shoulder[0]) + 0.05:
            chosen = body.parts == 0
        anchors = anchors_of(sheet, body, np.flatnonzero(chosen), smoothing)
        weights, free = weights_of(anchors, body), np.zeros(len(sheet.vertices))
        if hangs:
            low, high = self.height(3), self.height(3.7)
            free = np.clip((high - sheet.vertices[:, 1]) / (high - low), 0, 1)
            weights = hanging_weights(weights, sheet, surface)
        return self.made(sheet, anchors, weights, free, trim, thick, hides)

    def rigid(
        self, sheet: Sheet, joints: dict[str, float], trim: int = 0, thick: float = 0.0015
    ) -> GarmentMesh:
        """Moved by joints alone; shapes of the body move it as a whole."""
        body, points = self.body, np.asarray(self.body.template, float)
        chosen = np.flatnonzero(body.parts == 0)
        near = cKDTree(points[chosen]).query(sheet.vertices.mean(0), k=40)[1]
        rows = np.repeat(np.arange(len(sheet.vertices)), len(near))
        share = np.full(len(rows), 1.0 / len(near))
        shape = (len(sheet.vertices), len(points))
        columns = np.tile(chosen[near], len(sheet.vertices))
        anchors = Anchors(sparse.coo_array((share, (rows, columns)), shape).tocsr())
        weights = np.zeros((len(sheet.vertices), JOINT_COUNT))
        for joint, much in joints.items():
            weights[:, JOINT_INDEX[joint]] = much
        return self.made(sheet, anchors, weights, np.ones(len(sheet.vertices)), trim, thick, None)

    def on_skull(
        self, sheet: Sheet, trim: int = 0, thick: float = 0.0015, hides: np.ndarray | None = None
    ) -> GarmentMesh:
        """Rigid on the head, held to the upper skull, which no expression moves."""
        body, surface = self.body, self.surface
        up = surface.head[:, 1]
        skull = np.flatnonzero((body.parts == 0) & surface.skull & (up > 0.035))
        anchors = anchors_of(sheet, body, skull, 2)
        weights = np.zeros((len(sheet.vertices), JOINT_COUNT))
        weights[:, JOINT_INDEX["head"]] = 1.0
        return self.made(sheet, anchors, weights, np.ones(len(sheet.vertices)), trim, thick, hides)

    def skin_tight(
        self, sheet: Sheet, source: np.ndarray, trim: int = 0, thick: float = 0.002
    ) -> GarmentMesh:
        """Cut from the skin itself at `source` (V', 3) metres: every finger keeps its own cloth."""
        points = np.asarray(self.body.template, float)
        away, index = cKDTree(points).query(source, k=3)
        share = 1.0 / (away + 0.0006) ** 3
        share /= share.sum(1, keepdims=True)
        rows = np.repeat(np.arange(len(source)), 3)
        shape = (len(source), len(points))
        anchors = Anchors(sparse.coo_array((share.ravel(), (rows, index.ravel())), shape).tocsr())
        weights = weights_of(anchors, self.body)
        return self.made(sheet, anchors, weights, np.zeros(len(source)), trim, thick, None)

    def made(
        self,
        sheet: Sheet,
        anchors: Anchors,
        weights: np.ndarray,
        free: np.ndarray,
        trim: int,
        thick: float,
        hides: np.ndarray | None,
    ) -> GarmentMesh:
        """Laid flat and put together."""
        count = len(self.body.template)
        front = facing_front(sheet)[sheet.faces].sum(1) > 0
        hidden = np.zeros(count, bool) if hides is None else hides
        sinks = np.zeros(count, np.float32)
        flat = laid_flat(sheet, front)
        return assembled(
            sheet, flat, anchors, weights, free, hidden, sinks, trim, thick, 2 * thick, seams=False
        )
