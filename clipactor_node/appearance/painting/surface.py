"""Where every vertex of a body lies: anatomical coordinates, the same on every body."""

from dataclasses import dataclass, fields, replace

import numpy as np
from scipy import sparse

from clipactor_node.appearance.painting.arrays import Floats, Joints
from clipactor_node.appearance.painting.per_body import PerBody
from clipactor_node.body import Body
from clipactor_node.geometry import JOINT_INDEX, vertex_normals

HEIGHTS = ("sole", "ankle", "knee", "crotch", "waist", "armpit", "neck", "chin", "crown")

_NOT_PER_VERTEX = ("neighbours", "levels", "reaches", "neck", "shoulder")


@dataclass(frozen=True)
class Surface:
    """Anatomical coordinates of the V vertices of a body's T-pose; metres, SMPL axes.

    side: |x|; x, y, z: the template; normal: (V, 3); head: (V, 3) |x|, y and z from between the eyes,
    in units of the open body's metres; edge: mean length of the edges at a vertex; neighbours: (V, V)
    sparse, rows that take the mean of a vertex's neighbours; around: metres
    around the limb or trunk; along: metres along it; front: positive in front of the trunk's and
    legs' axes; outward: of a leg, from its axis; arm, leg, skull: bool; eyes: bool, both eyeballs;
    eye_angle: radians from the middle of the iris.
    """

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    side: np.ndarray
    normal: np.ndarray
    head: np.ndarray
    edge: np.ndarray
    neighbours: sparse.csr_array
    around: np.ndarray
    along: np.ndarray
    front: np.ndarray
    outward: np.ndarray
    arm: np.ndarray
    leg: np.ndarray
    skull: np.ndarray
    eyes: np.ndarray
    eye_angle: np.ndarray
    inside: np.ndarray
    levels: np.ndarray
    reaches: np.ndarray
    neck: np.ndarray
    shoulder: np.ndarray

    def y_at(self, height: float) -> float:
        """The y of an anatomical height (see `garments`), metres."""
        return float(np.interp(height, np.arange(9), self.levels))

    def x_at(self, arm: float) -> float:
        """The |x| of a place on the arm (see `garments`), metres; extended beyond both ends."""
        if arm < 0:
            return float(self.reaches[0] + arm * (self.reaches[1] - self.reaches[0]))
        return float(np.interp(arm, np.arange(4), self.reaches))

    def at(self, chosen: np.ndarray) -> "Surface":
        """Some of the vertices, (V,) bool, without `neighbours`."""
        count = len(self.x)
        own = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _NOT_PER_VERTEX}
        some = {name: value[chosen] for name, value in own.items() if len(value) == count}
        return replace(self, neighbours=sparse.csr_array((0, 0)), **some)

    def moved(self, away: np.ndarray) -> "Surface":
        """Where cloth lies that stands off by (V,) metres and hangs around both legs at once."""
        x, y, z = np.stack([self.x, self.y, self.z]) + away * self.normal.T
        around = np.where(self.arm, self.around, np.arctan2(x, z + 0.01) * 0.13)
        along = np.where(self.arm, self.along, y)
        return replace(self, x=x, y=y, z=z, side=np.abs(x), around=around, along=along)


def _coordinates_of(body: Body) -> Surface:
    points = np.asarray(body.template, np.float32)
    anatomy = _Anatomy.of(body)
    weight = np.asarray(body.weights)

    def of(*names: str) -> np.ndarray:
        columns = [i for n, i in JOINT_INDEX.items() if any(n.endswith(e) for e in names)]
        return weight[:, columns].sum(1)

    eyes, angle = _eyes(points, of("eye_smplhf"), anatomy.at)
    parts = getattr(body, "parts", None)
    inside = (parts == 1) if parts is not None and len(parts) == len(points) else np.zeros(len(points), bool)
    return anatomy.surface(
        points,
        vertex_normals(points, body.faces),
        edge=_edges(points, np.asarray(body.faces)),
        neighbours=_neighbours(len(points), np.asarray(body.faces)),
        skull=of("head", "jaw") > 0.5,
        eyes=eyes,
        eye_angle=angle,
        inside=inside,
    )


@dataclass(frozen=True)
class _Anatomy:
    """A body's joints by name, and the heights and reaches between which lengths are told."""

    at: Joints
    levels: np.ndarray
    reaches: np.ndarray

    @classmethod
    def of(cls, body: Body) -> "_Anatomy":
        points = np.asarray(body.template, np.float32)
        joints = body.joints(points)
        at = {name: joints[index] for name, index in JOINT_INDEX.items()}
        ends = [at["left_shoulder"][0], at["left_elbow"][0], at["left_wrist"][0], np.abs(points[:, 0]).max()]
        return cls(at, _levels(points, at), np.array(ends, np.float32))

    def surface(
        self,
        points: np.ndarray,
        normal: np.ndarray,
        *,
        edge: np.ndarray,
        neighbours: sparse.csr_array,
        skull: np.ndarray,
        eyes: np.ndarray,
        eye_angle: np.ndarray,
        inside: np.ndarray,
    ) -> Surface:
        at, levels, reaches = self.at, self.levels, self.reaches
        x, y, z = points.T
        side = np.abs(x)
        arm = (side > reaches[0] * 0.95) & (y > levels[4])
        leg = y < levels[3] - 0.005
        hip, knee, ankle = (np.abs(at["left_" + n]) * [1, -1, 1] for n in ("hip", "knee", "ankle"))
        legs_y = [ankle[1], knee[1], hip[1]]
        leg_x = np.interp(y, legs_y, [ankle[0], knee[0], hip[0]]).astype(np.float32)
        leg_z = np.interp(y, legs_y, [at["left_ankle"][2], at["left_knee"][2], at["left_hip"][2]]).astype(
            np.float32
        )
        arm_y = np.interp(side, reaches[:3], [at[f"left_{n}"][1] for n in ("shoulder", "elbow", "wrist")])
        arm_z = np.interp(side, reaches[:3], [at[f"left_{n}"][2] for n in ("shoulder", "elbow", "wrist")])
        around = np.arctan2(x, z + 0.01) * 0.13
        around = np.where(leg, np.arctan2(side - leg_x, z - leg_z) * 0.07, around)
        around = np.where(arm, np.arctan2(y - arm_y, z - arm_z) * 0.05, around)
        eye = 0.5 * (at["left_eye_smplhf"] + at["right_eye_smplhf"])
        scale = 0.109 / max(float(levels[8] - eye[1]), 1e-3)
        return Surface(
            x,
            y,
            z,
            side,
            normal,
            (np.stack([side, y - eye[1], z - eye[2]], 1) * scale).astype(np.float32),
            edge,
            neighbours,
            around.astype(np.float32),
            np.where(arm, side, y).astype(np.float32),
            np.where(leg, z - leg_z, z + 0.005).astype(np.float32),
            (side - leg_x).astype(np.float32),
            arm,
            leg,
            skull,
            eyes,
            eye_angle,
            inside,
            levels,
            reaches,
            at["neck"],
            at["left_shoulder"],
        )


def surface_at(
    body: Body,
    points: np.ndarray,
    normal: np.ndarray,
    edge: np.ndarray,
    *,
    skull: np.ndarray | None = None,
    eyes: np.ndarray | None = None,
    eye_angle: np.ndarray | None = None,
    inside: np.ndarray | None = None,
) -> Surface:
    """The coordinates of N points on or near a body, such as the texels of what it wears.

    Args:
        points: (N, 3) metres in its T-pose. normal: (N, 3). edge: (N,) metres between neighbouring points.
        skull, eyes, inside: (N,) bool; eye_angle: (N,) radians; None: none of them is there.

    Returns:
        coordinates without `neighbours`: what hangs cannot be computed from them.
    """
    nowhere = np.zeros(len(points), bool)
    return _anatomy(body).surface(
        np.asarray(points, np.float32),
        np.asarray(normal, np.float32),
        edge=np.asarray(edge, np.float32),
        neighbours=sparse.csr_array((0, 0)),
        skull=nowhere if skull is None else skull,
        eyes=nowhere if eyes is None else eyes,
        eye_angle=np.full(len(points), np.pi, np.float32) if eye_angle is None else eye_angle,
        inside=nowhere if inside is None else inside,
    )


def _levels(points: Floats, at: Joints) -> np.ndarray:
    """The y of `HEIGHTS`, increasing."""
    middle = points[(np.abs(points[:, 0]) < 0.012) & (points[:, 1] < at["pelvis"][1])]
    hip = 0.5 * (at["left_hip"][1] + at["right_hip"][1])
    crotch = middle[:, 1].min() if len(middle) else hip - 0.09
    levels = [
        points[:, 1].min(),
        at["left_ankle"][1],
        at["left_knee"][1],
        crotch,
        at["spine1"][1] - 0.03,
        at["left_shoulder"][1] - 0.1,
        at["neck"][1] - 0.01,
        at["neck"][1] + 0.03,
        points[:, 1].max(),
    ]
    return np.maximum.accumulate(np.array(levels, np.float32) + np.arange(9, dtype=np.float32) * 1e-5)


def _eyes(points: np.ndarray, weight: Floats, at: Joints) -> tuple[np.ndarray, np.ndarray]:
    eyes = weight > 0.5
    centre = np.where(points[:, :1] > 0, at["left_eye_smplhf"], at["right_eye_smplhf"])
    offset = points - centre
    return eyes, np.arctan2(np.hypot(offset[:, 0], offset[:, 1]), offset[:, 2]).astype(np.float32)


def _edges(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Mean length of the edges at every vertex, (V,) float32."""
    total, count = np.zeros(len(points)), np.zeros(len(points))
    for a, b in ((0, 1), (1, 2), (2, 0)):
        length = np.linalg.norm(points[faces[:, a]] - points[faces[:, b]], axis=1)
        for end in (a, b):
            total += np.bincount(faces[:, end], length, len(points))
            count += np.bincount(faces[:, end], minlength=len(points))
    return (total / np.maximum(count, 1)).astype(np.float32)


def _neighbours(count: int, faces: np.ndarray) -> sparse.csr_array:
    """(V, V), rows that average over the vertices an edge away."""
    ends = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    one, other = np.concatenate([ends, ends[:, ::-1]]).T
    beside = sparse.coo_array((np.ones(len(one), np.float32), (one, other)), (count, count)).tocsr()
    beside.data = 1.0 / np.repeat(np.diff(beside.indptr), np.diff(beside.indptr)).astype(np.float32)
    return beside


_anatomy = PerBody(_Anatomy.of)

surface_coordinates = PerBody(_coordinates_of)
"""The anatomical coordinates of a body of any resolution; kept for the last few bodies."""
