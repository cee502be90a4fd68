"""Animations in FBX, binary or text, read by ufbx (the [fbx] extra).

Every animation stack of the file is a motion. The library turns the scene to metres and y up; what is odd about a
skeleton's rest pose is mended later (rest_pose.py).
"""

from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.formats import file_limits
from clipactor_node.motion.importing.orientation import EXPECTED_WEIGHT
from clipactor_node.motion.importing.placing import FileSays, Given, placed
from clipactor_node.motion.importing.source_motion import SourceMotion
from clipactor_node.motion.importing.world_motion import from_world

_MOST_JOINTS = 2000
_USUAL_RATE_HZ = 30.0
_RATES_HZ = (12.0, 60.0)
_MISSING = (
    "FBX is read by the package ufbx, which is not installed; type: pip install 'clipactor_node[fbx]' "
    "(or convert the file: open it in Blender and export the armature as .glb or .bvh)"
)


def read_all(path: Path, given: Given) -> tuple[SourceMotion, ...]:
    """Every animation of an FBX file that moves a person.

    Raises:
        LibraryError: damaged, without animation, of no person, or ufbx is not installed.
    """
    file_limits.check_file(path)
    try:
        import ufbx
    except ImportError as error:
        raise LibraryError(f"{path.name}: {_MISSING}") from error
    try:
        scene = ufbx.load_file(
            str(path),
            target_axes=ufbx.axes_right_handed_y_up,
            target_unit_meters=1.0,
            space_conversion=ufbx.SpaceConversion.ADJUST_TRANSFORMS,
            ignore_geometry=True,
            ignore_embedded=True,
        )
    except Exception as error:  # the library has its own exceptions for every kind of damage
        raise LibraryError(f"{path.name}: is no whole FBX file ({error})") from error
    stacks = [stack for stack in scene.anim_stacks if stack.time_end > stack.time_begin]
    if not stacks:
        raise LibraryError(f"{path.name}: holds no animation, only a scene; export it with its animation")
    nodes = _skeleton(path.name, scene)
    names = [f"{path.stem} {stack.name}" if len(stacks) > 1 else path.stem for stack in stacks]
    return tuple(
        _motion(name, nodes, stack, _rate(scene), given) for name, stack in zip(names, stacks, strict=True)
    )


def _skeleton(name: str, scene: Any) -> list[Any]:
    """The bones of the scene and what is above them, parents first; all nodes where none is called a bone."""
    nodes = [node for node in scene.nodes if not node.is_root]
    used = {node.typed_id for node in nodes if node.bone is not None} or {node.typed_id for node in nodes}
    above = set()
    for node in nodes:
        if node.typed_id in used:
            while (node := node.parent) is not None and not node.is_root:
                above.add(node.typed_id)
    kept = [node for node in nodes if node.typed_id in used | above]
    if not kept or len(kept) > _MOST_JOINTS:
        raise LibraryError(f"{name}: {len(kept)} joints; expected 1 to {_MOST_JOINTS}")
    trees: dict[int, list[Any]] = {}
    for node in sorted(kept, key=lambda node: node.node_depth):
        root = node
        while root.parent is not None and not root.parent.is_root:
            root = root.parent
        trees.setdefault(root.typed_id, []).append(node)
    return max(trees.values(), key=len)


def _rate(scene: Any) -> float:
    rate = float(scene.settings.frames_per_second or _USUAL_RATE_HZ)
    return min(rate, _RATES_HZ[1]) if rate >= _RATES_HZ[0] else _USUAL_RATE_HZ


def _motion(name: str, nodes: list[Any], stack: Any, rate: float, given: Given) -> SourceMotion:
    seconds = stack.time_end - stack.time_begin
    count = round(seconds * rate) + 1
    file_limits.check_length(name, count, rate)
    times = stack.time_begin + np.arange(count) / rate
    row = {node.typed_id: i for i, node in enumerate(nodes)}
    parents = tuple(row.get(node.parent.typed_id, -1) if node.parent else -1 for node in nodes)
    rest, frames = np.empty((len(nodes), 4, 4)), np.empty((count, len(nodes), 4, 4))
    for i, node in enumerate(nodes):
        own = _matrices([node.local_transform])[0]
        moved = _matrices([node.evaluate_transform(stack.anim, float(time)) for time in times])
        above = parents[i]
        rest[i] = rest[above] @ own if above >= 0 else _above(node) @ own
        frames[:, i] = frames[:, above] @ moved if above >= 0 else _above(node) @ moved
    source = from_world(name, rate, tuple(node.name for node in nodes), parents, rest, frames)
    return placed(source, given, FileSays(1.0, {"y": 0.5 * EXPECTED_WEIGHT}))


def _above(node: Any) -> np.ndarray:
    """(4, 4) of the scene's root, in which the library keeps unit and axes."""
    if node.parent is None:
        return np.eye(4)
    columns = node.parent.node_to_world
    matrix = np.eye(4)
    matrix[:3] = np.array([columns.c0, columns.c1, columns.c2, columns.c3]).T
    return matrix


def _matrices(transforms: list[Any]) -> np.ndarray:
    """(T, 4, 4) of transforms of the library."""
    result = np.zeros((len(transforms), 4, 4))
    turns = Rotation.from_quat(np.array([t.rotation for t in transforms])).as_matrix()
    result[:, :3, :3] = turns * np.array([t.scale for t in transforms])[:, None, :]
    result[:, :3, 3] = [t.translation for t in transforms]
    result[:, 3, 3] = 1.0
    return result
