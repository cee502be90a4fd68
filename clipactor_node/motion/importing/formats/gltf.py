"""Animations in glTF: .glb and .gltf, VRM avatars that move, and VRM animations (.vrma).

Every animation of the file is a motion. The rest pose is that of the nodes; glTF has metres and y up.
"""

import base64
import binascii
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pygltflib
from scipy.spatial.transform import Rotation, Slerp

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.formats import file_limits
from clipactor_node.motion.importing.formats.vrm import vrm_mapping
from clipactor_node.motion.importing.orientation import EXPECTED_WEIGHT
from clipactor_node.motion.importing.placing import FileSays, Given, placed
from clipactor_node.motion.importing.source_motion import SourceMotion
from clipactor_node.motion.importing.world_motion import from_world, unique

SUFFIXES = (".glb", ".gltf", ".vrma", ".vrm")
_MOST_JOINTS = 2000
_RATES_HZ = (24.0, 60.0)
_USUAL_RATE_HZ = 30.0
_SAME_TIME_S = 1e-4  # times of keys have single precision
_TYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


def read_all(path: Path, given: Given, origin: Path | None = None) -> tuple[SourceMotion, ...]:
    """Every animation of a glTF file that moves a person; the first says which were left out.

    Args:
        origin: the file that the user knows, if this one was made from it.

    Raises:
        LibraryError: damaged, without animation, or of no person.
    """
    origin = origin or path
    scene = _Scene(path, origin.name)
    animations = scene.gltf.animations or []
    if not animations:
        raise LibraryError(f"{origin.name}: holds no animation, only a scene; export it with its animation")
    several = len(animations) > 1
    motions, refused = [], []
    for number, animation in enumerate(animations, 1):
        name = f"{origin.stem} {animation.name or number}" if several else origin.stem
        try:
            motions.append(scene.motion(name, animation, given))
        except LibraryError as error:  # files hold cameras and single poses beside what people do
            refused.append(error)
    if not motions:
        raise refused[0]
    if refused:
        left_out = "; ".join(str(error) for error in refused[:3]) + ("; ..." if len(refused) > 3 else "")
        notes = (*motions[0].notes, f"left out {len(refused)} of {len(animations)} animations ({left_out})")
        motions[0] = replace(motions[0], notes=notes)
    return tuple(motions)


def moves(path: Path) -> bool:
    """Whether a file is glTF and names animations; scenes do not."""
    with open(path, "rb") as file:
        head = file.read(20)
        size = int.from_bytes(head[12:16], "little") if head[:4] == b"glTF" else file_limits.LARGEST_TEXT
        content = head + file.read(min(size, file_limits.LARGEST_TEXT))
    return b'"animations"' in content


@dataclass(frozen=True, eq=False)
class _Channel:
    """Keys of one property of a node: times (K,), values (K, N), or (K, 3, N) for cubic splines."""

    times: np.ndarray
    values: np.ndarray
    kind: str


class _Scene:
    """One file: its nodes, in an order in which parents come first."""

    def __init__(self, path: Path, name: str) -> None:
        self.name, self.folder = name, path.parent
        file_limits.check_file(path)
        if path.stat().st_size > file_limits.LARGEST_ARRAY:
            raise LibraryError(f"{name}: is larger than {file_limits.LARGEST_ARRAY / 1e6:.0f} MB")
        try:
            binary = path.read_bytes()[:4] == b"glTF"
            self.gltf = (
                pygltflib.GLTF2().load_binary(str(path)) if binary else pygltflib.GLTF2().load_json(str(path))
            )
            self.nodes = self.gltf.nodes or []
            self.parent = self._parents()
        except LibraryError:
            raise
        except Exception as error:  # a damaged file fails in every way there is
            raise LibraryError(f"{name}: is no whole glTF file ({error})") from error
        self._buffers: dict[int, bytes] = {}

    def _parents(self) -> list[int]:
        parent = [-1] * len(self.nodes)
        for index, node in enumerate(self.nodes):
            for child in node.children or []:
                if not 0 <= child < len(parent) or parent[child] >= 0 or child == index:
                    raise LibraryError(f"{self.name}: its nodes form no tree")
                parent[child] = index
        for start in range(len(parent)):
            steps, at = 0, start
            while (at := parent[at]) >= 0:
                steps += 1
                if steps > len(parent):
                    raise LibraryError(f"{self.name}: its nodes form no tree")
        return parent

    def motion(self, name: str, animation: pygltflib.Animation, given: Given) -> SourceMotion:
        """One animation, placed."""
        channels = self._channels(animation)
        times = [channel.times for one in channels.values() for channel in one.values()]
        if not times or max(len(t) for t in times) < 2:
            raise LibraryError(f"{name}: its animation turns and moves no node over time")
        start, end = min(t[0] for t in times), max(t[-1] for t in times)
        rate = _rate(times)
        file_limits.check_length(self.name, round((end - start) * rate) + 1, rate)
        at = start + np.arange(max(round((end - start) * rate), 1) + 1) / rate
        order = self._order(set(channels))
        row = {node: i for i, node in enumerate(order)}
        parents = tuple(row.get(self.parent[node], -1) for node in order)
        rest, frames = np.empty((len(order), 4, 4)), np.empty((len(at), len(order), 4, 4))
        for i, node in enumerate(order):
            own = self._local(node)
            moved = self._moved(node, channels.get(node, {}), at)
            above = parents[i]
            rest[i] = rest[above] @ own if above >= 0 else own
            frames[:, i] = frames[:, above] @ moved if above >= 0 else moved
        names = unique(tuple(self.nodes[node].name or f"node {node}" for node in order))
        source = from_world(name, rate, names, parents, rest, frames)
        mapping = vrm_mapping(self.gltf.extensions or {}, {node: names[row[node]] for node in order})
        return placed(source, given, FileSays(1.0, {"y": EXPECTED_WEIGHT}, mapping))

    def _order(self, moved: set[int]) -> list[int]:
        """The nodes of the tree that moves most: animated ones, joints of skins, and what is between and
        above."""
        used = set(moved)
        for skin in self.gltf.skins or []:
            used |= set(skin.joints or [])
        for node in list(used):
            while (node := self.parent[node]) >= 0:
                used.add(node)
        trees: dict[int, list[int]] = {}
        for node in used:
            root = node
            while self.parent[root] >= 0:
                root = self.parent[root]
            trees.setdefault(root, []).append(node)
        tree = set(max(trees.values(), key=lambda nodes: len(moved & set(nodes))))
        if len(tree) > _MOST_JOINTS:
            raise LibraryError(f"{self.name}: {len(tree)} joints; at most {_MOST_JOINTS} are read")
        order: list[int] = []
        waiting = [node for node in sorted(tree) if self.parent[node] < 0]
        while waiting:
            node = waiting.pop()
            order.append(node)
            waiting += [child for child in reversed(self.nodes[node].children or []) if child in tree]
        return order

    def _local(self, node: int) -> np.ndarray:
        """(4, 4) of a node in its parent, at rest."""
        given = self.nodes[node]
        if given.matrix:
            return np.array(given.matrix, float).reshape(4, 4).T
        return _matrices(
            np.array(given.translation or (0.0, 0.0, 0.0), float)[None],
            np.array(given.rotation or (0.0, 0.0, 0.0, 1.0), float)[None],
            np.array(given.scale or (1.0, 1.0, 1.0), float)[None],
        )[0]

    def _moved(self, node: int, channels: dict[str, _Channel], at: np.ndarray) -> np.ndarray:
        """(T or 1, 4, 4) of a node in its parent."""
        if not channels:
            return self._local(node)[None]
        given = self.nodes[node]
        rest = {
            "translation": given.translation or (0.0, 0.0, 0.0),
            "rotation": given.rotation or (0.0, 0.0, 0.0, 1.0),
            "scale": given.scale or (1.0, 1.0, 1.0),
        }
        values = [
            _sampled(channels[key], at, key == "rotation")
            if key in channels
            else np.broadcast_to(np.array(value, float), (len(at), len(value)))
            for key, value in rest.items()
        ]
        return _matrices(*values)

    def _channels(self, animation: pygltflib.Animation) -> dict[int, dict[str, _Channel]]:
        """Node -> property -> keys."""
        found: dict[int, dict[str, _Channel]] = {}
        for channel in animation.channels or []:
            node, key = channel.target.node, channel.target.path
            if node is None or key not in ("translation", "rotation", "scale"):
                continue
            sampler = animation.samplers[channel.sampler]
            kind = sampler.interpolation or "LINEAR"
            times = self._accessor(sampler.input)[:, 0]
            values = self._accessor(sampler.output)
            if kind == "CUBICSPLINE":
                values = values.reshape(len(times), 3, -1)
            if len(values) != len(times) or not len(times) or (np.diff(times) < 0).any():
                raise LibraryError(
                    f"{self.name}: an animation has {len(times)} times for {len(values)} values"
                )
            if not (np.isfinite(values).all() and np.isfinite(times).all()):
                raise LibraryError(f"{self.name}: an animation holds values that are not finite")
            found.setdefault(node, {})[key] = _Channel(times, values, kind)
        return found

    def _accessor(self, index: int) -> np.ndarray:
        """(N, width) float64 numbers of an accessor."""
        accessor = self.gltf.accessors[index]
        if accessor.bufferView is None or accessor.sparse is not None:
            raise LibraryError(
                f"{self.name}: an animation is stored sparsely, which is not read; export it plainly"
            )
        view = self.gltf.bufferViews[accessor.bufferView]
        if view.extensions and any("meshopt" in key for key in view.extensions):
            raise LibraryError(f"{self.name}: is compressed (meshopt); export it without compression")
        kind, width = np.dtype(_TYPES[accessor.componentType]), _WIDTHS[accessor.type]
        start = (view.byteOffset or 0) + (accessor.byteOffset or 0)
        stride = view.byteStride or kind.itemsize * width
        content = self._buffer(view.buffer)
        size = stride * (accessor.count - 1) + kind.itemsize * width if accessor.count else 0
        if start + size > len(content):
            raise LibraryError(f"{self.name}: is truncated: an animation lies beyond its end")
        rows = np.ndarray((accessor.count, width), kind, content, start, (stride, kind.itemsize))
        values = rows.astype(float)
        return values / np.iinfo(kind).max if accessor.normalized and kind.kind in "iu" else values

    def _buffer(self, index: int) -> bytes:
        if index not in self._buffers:
            self._buffers[index] = self._read_buffer(self.gltf.buffers[index].uri)
        return self._buffers[index]

    def _read_buffer(self, uri: str | None) -> bytes:
        if uri is None:
            return self.gltf.binary_blob() or b""
        if uri.startswith("data:"):
            try:
                return base64.b64decode(uri.split(",", 1)[1])
            except (IndexError, binascii.Error) as error:
                raise LibraryError(f"{self.name}: holds a damaged buffer ({error})") from error
        beside = self.folder / Path(uri).name
        if Path(uri).name != uri or not beside.is_file():
            raise LibraryError(f"{self.name}: its numbers are in {uri!r}, which is not beside it")
        return beside.read_bytes()


def _rate(times: list[np.ndarray]) -> float:
    """Frames per second at which the densest channel is keyed; sparse keys are sampled at 30."""
    densest = max(times, key=len)
    steps = np.diff(densest)
    step = float(np.median(steps[steps > 1e-6])) if (steps > 1e-6).any() else 0.0
    rate = 1.0 / step if step > 0 else _USUAL_RATE_HZ
    rate = float(round(rate)) if abs(rate - round(rate)) < 0.02 else rate
    return _USUAL_RATE_HZ if rate < _RATES_HZ[0] - 0.5 else min(rate, _RATES_HZ[1])


def _sampled(channel: _Channel, at: np.ndarray, turns: bool) -> np.ndarray:
    """(T, N) values of a channel at times (T,), held before its first and after its last key."""
    times, values = channel.times, channel.values
    last = np.clip(np.searchsorted(times, at + _SAME_TIME_S, side="right") - 1, 0, len(times) - 1)
    if len(times) == 1 or channel.kind == "STEP":
        return values[last] if values.ndim == 2 else values[last, 1]
    first = np.minimum(last, len(times) - 2)
    span = np.maximum(times[first + 1] - times[first], 1e-9)
    share = np.clip((at - times[first]) / span, 0.0, 1.0)[:, None]
    if channel.kind == "CUBICSPLINE":
        start, leave = values[first, 1], values[first, 2] * span[:, None]
        end, arrive = values[first + 1, 1], values[first + 1, 0] * span[:, None]
        s2, s3 = share**2, share**3
        return (
            (2 * s3 - 3 * s2 + 1) * start
            + (s3 - 2 * s2 + share) * leave
            + (3 * s2 - 2 * s3) * end
            + (s3 - s2) * arrive
        )
    if not turns:
        return values[first] + share * (values[first + 1] - values[first])
    keep = np.concatenate([[True], np.diff(times) > 0])
    clipped = np.clip(at, times[0], times[-1])
    return (
        Slerp(times[keep], Rotation.from_quat(values[keep]))(clipped).as_quat()
        if keep.sum() > 1
        else values[last]
    )


def _matrices(translation: np.ndarray, quaternion: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """(T, 3), (T, 4) x y z w, (T, 3) -> (T, 4, 4)."""
    result = np.zeros((len(translation), 4, 4))
    length = np.linalg.norm(quaternion, axis=-1, keepdims=True)
    quaternion = np.where(length > 1e-9, quaternion, [0.0, 0.0, 0.0, 1.0])
    result[:, :3, :3] = Rotation.from_quat(quaternion).as_matrix() * scale[:, None, :]
    result[:, :3, 3] = translation
    result[:, 3, 3] = 1.0
    return result
