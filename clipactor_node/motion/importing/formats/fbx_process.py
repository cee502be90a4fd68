"""Reads one FBX file in a process of its own and writes its skeleton and animations to standard output.

ufbx is a native library behind young bindings: in a process of its own a crash costs one file. This file is
run
by its path and imports nothing of the package. Output: an .npz with names (J,), parents (J,), stacks (S,),
rates (S,), rest (J, 4, 4) and frames0, frames1, ... (T, J, 4, 4) in metres, y up. Exit code 3: the reason is
the
last line of standard error.
"""

import gc
import io
import os
import sys
from typing import Any

import numpy as np
import ufbx

MOST_JOINTS = 2000
REFUSED = 3
_USUAL_RATE_HZ = 30.0
_RATES_HZ = (12.0, 60.0)


def main(path: str, longest_s: float) -> None:
    """Write what the file at `path` holds; animations longer than `longest_s` are refused."""
    scene = ufbx.load_file(
        path,
        target_axes=ufbx.axes_right_handed_y_up,
        target_unit_meters=1.0,
        space_conversion=ufbx.SpaceConversion.ADJUST_TRANSFORMS,
        ignore_geometry=True,
        ignore_embedded=True,
    )
    stacks = [scene.anim_stacks[i] for i in range(len(scene.anim_stacks))]
    nodes = skeleton([scene.nodes[i] for i in range(len(scene.nodes))])
    rate = rate_of(scene)
    row = {node.typed_id: i for i, node in enumerate(nodes)}
    above = [parent_of(node) for node in nodes]
    parents = [row.get(node.typed_id, -1) if node is not None else -1 for node in above]
    result: dict[str, Any] = {"names": [node.name for node in nodes], "parents": parents}
    rest = [matrices([node.local_transform]) for node in nodes]
    result["rest"] = in_world(nodes, parents, rest)[0]
    names = []
    for stack in stacks:
        start, end = span(scene, stack)
        if end - start > longest_s:
            refuse(f"an animation lasts {end - start:.0f} s; at most {longest_s:.0f} s are read")
        times = start + np.arange(round((end - start) * rate) + 1) / rate
        if len(times) < 2:
            continue
        animation = stack.anim
        local = [matrices([node.evaluate_transform(animation, float(t)) for t in times]) for node in nodes]
        result[f"frames{len(names)}"] = in_world(nodes, parents, local)
        names.append(stack.name)
    result["stacks"], result["rates"] = np.array(names, str), [rate] * len(names)
    buffer = io.BytesIO()
    np.savez(buffer, **result)
    sys.stdout.buffer.write(buffer.getbuffer())
    sys.stdout.buffer.flush()


def refuse(reason: str) -> None:
    """End with a reason."""
    print(reason, file=sys.stderr, flush=True)
    os._exit(REFUSED)


_kept: list[Any] = []  # objects of the library must not be taken down while others are in use


def parent_of(node: Any) -> Any:
    """The node above one, or None."""
    parent = node.parent
    _kept.append(parent)
    return parent


def skeleton(nodes: list[Any]) -> list[Any]:
    """The bones of the largest tree and what is above them, parents first; all nodes where none is a bone."""
    _kept.extend(nodes)
    inner = [node for node in nodes if not node.is_root]
    attributes = [node.bone for node in inner]
    _kept.extend(attributes)
    bones = [n for n, bone in zip(inner, attributes, strict=True) if bone is not None] or inner
    trees: dict[int, dict[int, Any]] = {}
    for node in bones:
        line = [node]
        while (above := parent_of(line[-1])) is not None and not above.is_root:
            line.append(above)
        trees.setdefault(line[-1].typed_id, {}).update({n.typed_id: n for n in line})
    kept = list(max(trees.values(), key=len).values()) if trees else []
    if not 0 < len(kept) <= MOST_JOINTS:
        refuse(f"{len(kept)} joints; expected 1 to {MOST_JOINTS}")
    return sorted(kept, key=lambda node: node.node_depth)


def rate_of(scene: Any) -> float:
    """Frames per second of the scene; what no capture has becomes 30, and at most 60 are sampled."""
    settings = scene.settings
    rate = float(settings.frames_per_second or _USUAL_RATE_HZ)
    return min(rate, _RATES_HZ[1]) if rate >= _RATES_HZ[0] else _USUAL_RATE_HZ


def span(scene: Any, stack: Any) -> tuple[float, float]:
    """Seconds from the first to the last moment of an animation; of all keys, where the file does not say."""
    if stack.time_end > stack.time_begin:
        return stack.time_begin, stack.time_end
    curves = [scene.anim_curves[i] for i in range(len(scene.anim_curves))]
    keys = [
        curve.keyframes[i].time
        for curve in curves
        for i in (0, len(curve.keyframes) - 1)
        if len(curve.keyframes)
    ]
    return (min(keys), max(keys)) if keys else (0.0, 0.0)


def in_world(nodes: list[Any], parents: list[int], local: list[np.ndarray]) -> np.ndarray:
    """(T, J, 4, 4) of nodes in the world from those in their parents, (T, 4, 4) each."""
    world = np.empty((len(local[0]), len(nodes), 4, 4))
    for i, node in enumerate(nodes):
        world[:, i] = (world[:, parents[i]] if parents[i] >= 0 else above_all(node)) @ local[i]
    return world


def above_all(node: Any) -> np.ndarray:
    """(4, 4) of the scene's root, in which the library keeps unit and axes."""
    result = np.eye(4)
    parent = parent_of(node)
    if parent is not None:
        columns = parent.node_to_world
        result[:3] = np.array([columns.c0, columns.c1, columns.c2, columns.c3]).T
    return result


def matrices(transforms: list[Any]) -> np.ndarray:
    """(T, 4, 4) of transforms of the library."""
    x, y, z, w = np.array([t.rotation for t in transforms], float).T
    scale = np.array([t.scale for t in transforms], float)
    result = np.zeros((len(transforms), 4, 4))
    columns = (
        (1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)),
        (2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)),
        (2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)),
    )
    for j, column in enumerate(columns):
        result[:, :3, j] = np.stack(column, axis=1) * scale[:, j, None]
    result[:, :3, 3] = [t.translation for t in transforms]
    result[:, 3, 3] = 1.0
    return result


if __name__ == "__main__":
    gc.disable()  # the bindings crash when they are collected; the process is short
    try:
        main(sys.argv[1], float(sys.argv[2]))
    except Exception as error:  # said in one line; the file is refused with it
        refuse(" ".join(str(error).split()) or type(error).__name__)
    os._exit(0)  # the bindings may crash when Python takes them down
